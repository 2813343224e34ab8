"""Published models as a person and as a program read them."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from daliz.engine.estimators.registry import Entry, Manifest, Registry, SigningKey
from daliz.language import N_, DalizError, translate


@dataclass(frozen=True, slots=True)
class State:
    """A published model and what was done to it since.

    Attributes:
        manifest: what was published.
        entries: acts on this model, the earliest first.
        in_force: whether it scores now.
        folder: where it lies.
    """

    manifest: Manifest
    entries: tuple[Entry, ...]
    in_force: bool
    folder: Path

    def card(self, lang: str) -> str:
        """Return the card as it was published."""
        return (self.folder / f"card.{lang}.md").read_text(encoding="utf-8")


def models_of(registry: Registry, name: str, key: SigningKey | None) -> Iterator[State]:
    """Yield every model of a line."""
    log, current = registry.log(name, key=key), registry.current(name, key=key)
    for manifest in registry.manifests(name):
        yield _state(registry, manifest, log, current)


def state_of(registry: Registry, name: str, version: str | None, key: SigningKey | None) -> State:
    """Return one model, found to be what was published."""
    manifest = registry.verify(name, version, key=key)
    return _state(registry, manifest, registry.log(name, key=key), registry.current(name, key=key))


def _state(registry: Registry, manifest: Manifest, log: Sequence[Entry], current: str | None) -> State:
    return State(
        manifest,
        tuple(entry for entry in log if entry.folder == manifest.folder),
        manifest.folder == current,
        registry.directory / manifest.name / manifest.folder,
    )


def model_data(state: State) -> dict[str, Any]:
    """Return a model for programs; the keys are stable."""
    manifest = asdict(state.manifest)
    kept = ("name", "version", "content", "made_by", "made_at", "engine", "key_id", "files")
    acts = [
        {"act": entry.act, "approved_by": entry.approved_by, "at": entry.at, "from_day": entry.from_day}
        for entry in state.entries
    ]
    return {
        "folder": state.manifest.folder,
        "in_force": state.in_force,
        **{name: manifest[name] for name in kept},
        "acts": acts,
    }


def model_line(state: State, lang: str) -> str:
    """Say one model of a list."""
    manifest = state.manifest
    said = translate(
        N_("{name} {version}, {folder}: made by {person} at {at}"), lang, name=manifest.name,
        version=manifest.version, folder=manifest.folder, person=manifest.made_by, at=manifest.made_at,
    )  # fmt: skip
    if not state.in_force:
        return said
    return (
        said
        + "; "
        + translate(N_("in force, approved by {person}"), lang, person=state.entries[-1].approved_by)
    )


def card_lines(state: State, lang: str, *, signed: bool) -> Iterator[str]:
    """Say all of one model: its card, and what was done to it since it was published."""
    yield from state.card(lang).rstrip().splitlines()
    yield from ("", translate(N_("## Since it was published"), lang), "")
    yield "- " + translate(
        N_("made by {person} at {at}"), lang, person=state.manifest.made_by, at=state.manifest.made_at
    )
    for entry in state.entries:
        template = (
            N_("put in force from {day} on by {person} at {at}")
            if entry.act == "put in force"
            else N_("retired from {day} on by {person} at {at}")
        )
        yield "- " + translate(template, lang, person=entry.approved_by, at=entry.at, day=entry.from_day)
    if not state.in_force:
        yield "- " + translate(N_("not in force"), lang)
    yield ""
    yield _trust(lang, signed=signed)


def verdict_data(
    registry: Registry, name: str | None, version: str | None, key: SigningKey | None, lang: str
) -> Iterator[dict[str, Any]]:
    """Yield, for every model that is asked for, whether it is what was published, and what is not."""
    if name is not None:
        yield _verdict(registry, name, version, key, lang)
        return
    for line in registry.names():
        yield from (
            _verdict(registry, line, path.name, key, lang)
            for path in sorted((registry.directory / line).iterdir())
            if path.is_dir() and not path.name.startswith(".")
        )


def _verdict(
    registry: Registry, name: str, version: str | None, key: SigningKey | None, lang: str
) -> dict[str, Any]:
    why = None
    files = 0
    try:
        files = len(registry.verify(name, version, key=key).files)
        registry.log(name, key=key)
    except DalizError as error:
        why = {"code": error.code, "message": error.text(lang)}
    return {"name": name, "version": version, "holds": why is None, "files": files, "error": why}


def verdict_lines(verdicts: Sequence[dict[str, Any]], lang: str, *, signed: bool) -> Iterator[str]:
    """Say what holds and what does not."""
    for verdict in verdicts:
        named = " ".join(filter(None, (verdict["name"], verdict["version"])))
        if verdict["holds"]:
            yield translate(N_("{model}: holds, files: {n}"), lang, model=named, n=verdict["files"])
        else:
            yield translate(
                N_("{model}: does NOT hold. {why}"), lang, model=named, why=verdict["error"]["message"]
            )
    if not verdicts:
        yield translate(N_("No model is published here."), lang)
    yield _trust(lang, signed=signed)


def _trust(lang: str, *, signed: bool) -> str:
    if signed:
        return translate(N_("Signatures were held against the key."), lang)
    return translate(
        N_("Only hashes were compared; give the key with --key to hold signatures against it."), lang
    )
