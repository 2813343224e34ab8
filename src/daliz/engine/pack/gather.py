"""Gathers a pack's files into one mapping of sections and a list of profiles; lays an overlay over them.

Each YAML file at the top of a pack holds one or more sections; each file under ``profiles`` is one
profile. An overlay has the same layout: what stands in it under a code replaces the base's entry of that
code, a profile replaces the base's of the same id and must have a higher version, and
``pack: {replaces: [profiles, lists]}`` drops whole sections of the base first, and
``pack: {retires: [ID]}`` single profiles of the base; nothing is ever taken out that is not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daliz.engine.pack.document import Listing, Mapped, Node, Scalar, read_document
from daliz.engine.pack.problems import Place, Problems
from daliz.language import N_

MAX_FILES: Final = 5_000

SECTIONS: Final = (
    "pack", "laws", "regions", "offices", "holidays", "procedures", "directions", "corridors", "measures",
    "disclosure", "deviations", "lists", "code_lists", "vocabulary", "contracts", "policy",
    "models", "exception_lists", "simplified_procedures", "threats", "risk_groups", "subjects",
    "objects", "higher_risk", "risk_areas", "clearance", "profiles",
)  # fmt: skip
"""What a pack's files may hold at their top."""


_SPENT: Final = ("replaces", "retires")
"""Keys of an overlay's section ``pack`` that say what becomes of the base."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """A pack's sections and profiles before they are read."""

    sections: Mapped
    profiles: tuple[Mapped, ...]

    @property
    def retired(self) -> tuple[Scalar, ...]:
        """The ids of the base's profiles that an overlay takes out."""
        return self.named("retires")

    def named(self, key: str) -> tuple[Scalar, ...]:
        """Return the single values listed under ``key`` of the section ``pack``."""
        pack = self.sections.entries.get("pack")
        listed = pack.entries.get(key) if isinstance(pack, Mapped) else None
        return (
            tuple(node for node in listed.items if isinstance(node, Scalar))
            if isinstance(listed, Listing)
            else ()
        )


def gather(path: Path, problems: Problems) -> Gathered:
    """Return what the files of the pack at ``path`` (a directory or one file) hold."""
    entries: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    profiles: list[Mapped] = []
    for file, name in _files(path, problems):
        document = read_document(file, name, problems)
        if document is None:
            continue
        if file.parent.name == "profiles" and file.parent != path:
            profiles.append(document)
            continue
        for key, node in document.entries.items():
            at = document.keys[key]
            if key not in SECTIONS:
                problems.unknown("pack-unknown-section", at, N_("section"), key, SECTIONS)
            elif key in entries:
                problems.add(
                    "pack-section-twice", at, N_("{key} stands already in {other}"), key=key, other=keys[key]
                )
            else:
                entries[key], keys[key] = node, at
    listed = entries.pop("profiles", None)
    if isinstance(listed, Listing):
        profiles.extend(node for node in listed.items if isinstance(node, Mapped))
    elif listed is not None:
        problems.add("pack-shape", listed.place, N_("{key} is a list of mappings"), key="profiles")
    return Gathered(Mapped(Place(str(path)), entries, keys), tuple(profiles))


def overlaid(base: Gathered, over: Gathered, problems: Problems) -> Gathered:
    """Return the base with the overlay's entries in place of its own."""
    dropped = _dropped(over, problems)
    entries = {key: node for key, node in base.sections.entries.items() if key not in dropped}
    keys = {key: place for key, place in base.sections.keys.items() if key in entries}
    for key, node in over.sections.entries.items():
        below = entries.get(key)
        entries[key] = (
            _merged(below, node) if isinstance(below, Mapped) and isinstance(node, Mapped) else node
        )
        keys[key] = over.sections.keys[key]
    profiles = {} if "profiles" in dropped else {identity(node): node for node in base.profiles}
    _retire(profiles, over, problems)
    for node in over.profiles:
        below = profiles.get(identity(node))
        if below is not None and _version(node) <= _version(below):
            template = N_("version {version} of {id} does not follow version {before} of the base; raise it")
            problems.add(
                "pack-overlay-version", node.place, template,
                version=_version(node), id=identity(node), before=_version(below),
            )  # fmt: skip
        profiles[identity(node)] = node
    return Gathered(Mapped(over.sections.place, entries, keys), tuple(profiles.values()))


def _retire(profiles: dict[str, Mapped], over: Gathered, problems: Problems) -> None:
    """Take the profiles out that the overlay retires; what it retires is there and is not its own."""
    own = {identity(node) for node in over.profiles}
    for node in over.retired:
        if node.text in own:
            template = N_("{id} is retired and replaced at once; do one of the two")
            problems.add("pack-overlay-retired", node.place, template, id=node.text)
        elif node.text not in profiles:
            problems.unknown("pack-unknown-profile", node.place, N_("profile"), node.text, profiles)
        else:
            del profiles[node.text]


def identity(profile: Mapped) -> str:
    """Return the id of a profile before it is read; its place if it has none."""
    node = profile.entries.get("id")
    return node.text if isinstance(node, Scalar) else str(profile.place)


def _version(profile: Mapped) -> int:
    node = profile.entries.get("version")
    return int(node.text) if isinstance(node, Scalar) and node.text.isdecimal() else 0


def _merged(base: Mapped, over: Mapped) -> Mapped:
    """Return the base's entries with those of the overlay replaced; what is spent by that is left out."""
    entries = {key: node for key, node in {**base.entries, **over.entries}.items() if key not in _SPENT}
    keys = {key: place for key, place in {**base.keys, **over.keys}.items() if key not in _SPENT}
    return Mapped(over.place, entries, keys)


def _dropped(over: Gathered, problems: Problems) -> frozenset[str]:
    names = []
    for node in over.named("replaces"):
        if node.text not in SECTIONS or node.text == "pack":
            problems.unknown("pack-unknown-section", node.place, N_("section"), node.text, SECTIONS[1:])
        names.append(node.text)
    return frozenset(names)


def _files(path: Path, problems: Problems) -> Sequence[tuple[Path, str]]:
    """Return the files with their names as told: as given, then relative to the pack; in order of names."""
    if path.is_file():
        return [(path, str(path))]
    found = [
        file
        for file in sorted([*path.glob("*.yaml"), *path.glob("*.yml"), *(path / "profiles").rglob("*.yaml")])
        if file.is_file()
    ]
    if len(found) > MAX_FILES:
        problems.add("pack-too-large", Place(str(path)), N_("more than {bound} files"), bound=MAX_FILES)
    return [(file, str(file)) for file in found[:MAX_FILES]]
