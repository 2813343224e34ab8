"""Loads a country pack, or tells everything that is wrong with it."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import daliz
from daliz.engine.official import ListError, OfficialLists, Shelf
from daliz.engine.official.log import FOLDER, LOG
from daliz.engine.pack.cases import check_cases
from daliz.engine.pack.clearance import read_clearance
from daliz.engine.pack.document import Listing, Mapped, Scalar, canonical
from daliz.engine.pack.exception_lists import read_exception_lists
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.gather import Gathered, gather, identity, overlaid
from daliz.engine.pack.model_policy import read_models
from daliz.engine.pack.overlay import Overlay
from daliz.engine.pack.pack import Pack
from daliz.engine.pack.problems import PackError, PackNotFoundError, Place, Problem, Problems
from daliz.engine.pack.profile import Profile
from daliz.engine.pack.read_border import (
    COUNTRY,
    read_code_lists,
    read_contracts,
    read_holidays,
    read_lists,
    read_offices,
    read_procedures,
    read_vocabulary,
)
from daliz.engine.pack.read_control import read_corridors, read_directions, read_disclosure, read_measures
from daliz.engine.pack.read_policy import read_capacity, read_policy
from daliz.engine.pack.read_profile import Border, read_profile
from daliz.engine.pack.read_register import read_register
from daliz.engine.pack.reader import CODE, Entry
from daliz.engine.pack.references import check_references
from daliz.engine.pack.simplified import read_simplified
from daliz.language import LANGUAGES, N_

PACKS: Final = Path(daliz.__file__).parent / "packs"
"""Where the packs that come with Daliz lie."""

TEMPLATE: Final = PACKS / "template"
"""The pack that ``daliz pack new`` copies; it is right but nobody's."""

CURRENCY: Final = re.compile(r"[A-Z]{3}")


def pack_codes() -> tuple[str, ...]:
    """Return the codes of the packs that come with Daliz."""
    found = {path.parent.name for path in PACKS.glob("*/pack.yaml")}
    return tuple(sorted(found - {TEMPLATE.name}))


def load_pack(code_or_path: str | Path, *, overlay: Path | None = None) -> Pack:
    """Return the pack, read and checked.

    Args:
        code_or_path: code of a pack that comes with Daliz (``kz``), or the path of a directory or file.
        overlay: directory of an administration's own data, laid over the pack.

    Raises:
        PackNotFoundError: there is no such pack.
        PackError: something in it is not right; the error lists everything. Of a pack with an overlay
            it tells places and codes only: ``check_pack`` is for whoever may read the overlay.
    """
    path = _located(code_or_path)
    problems = Problems()
    pack = _read(path, overlay, problems)
    if problems.found or pack is None:
        raise PackError(str(path), problems.sorted(), overlay=overlay)
    return pack


def check_pack(code_or_path: str | Path, *, overlay: Path | None = None) -> list[Problem]:
    """Return everything that is wrong with a pack, in the order of its places; empty if nothing is.

    Raises:
        PackNotFoundError: there is no such pack.
    """
    problems = Problems()
    _read(_located(code_or_path), overlay, problems)
    return problems.sorted()


def _located(code_or_path: str | Path) -> Path:
    if isinstance(code_or_path, str) and CODE.fullmatch(code_or_path) and (PACKS / code_or_path).is_dir():
        return PACKS / code_or_path
    path = Path(code_or_path)
    if not path.exists():
        raise PackNotFoundError(
            N_("no pack {found!r}: neither one of {known} nor a path"),
            found=str(code_or_path), known=", ".join(pack_codes()),
        )  # fmt: skip
    return path


def _read(path: Path, overlay: Path | None, problems: Problems) -> Pack | None:
    """Read everything in the order in which one thing names another."""
    base = gathered = gather(path, problems)
    own: Gathered | None = None
    if overlay is not None:
        if not overlay.exists():
            raise PackNotFoundError(N_("the overlay does not exist"))
        own = gather(overlay, problems)
        gathered = overlaid(base, own, problems)
    shelves = _shelves([path, *([overlay] if overlay is not None else [])], problems)
    official = OfficialLists.of(shelves)
    root = Entry(gathered.sections, problems)
    head = root.entry("pack")
    laws, regions = root.coded_words("laws"), root.coded_words("regions")
    code_lists = read_code_lists(root, laws)
    directions = read_directions(root, code_lists)
    corridors = read_corridors(root)
    policy_entry = root.entry("policy")
    capacity = read_capacity(policy_entry)
    measures = read_measures(root, {c.code: c for c in corridors}, tuple(capacity))
    lists, vocabulary = read_lists(root, laws), read_vocabulary(root)
    currency = head.text("currency", pattern=CURRENCY)
    expressions = Expressions(
        vocabulary, {code: named.kind for code, named in lists.items()}, currency or "XXX"
    )
    policy = read_policy(
        policy_entry,
        capacity=capacity,
        measures=measures,
        directions=directions,
        violation_types=code_lists["violation_types"].members if "violation_types" in code_lists else (),
        lists=lists,
        expressions=expressions,
    )
    offices = read_offices(root, regions)
    register = read_register(root, laws, policy.levels)
    simplified = read_simplified(root, directions, laws, expressions)
    border = Border(
        offices=offices,
        directions=directions,
        corridors={c.code: c for c in corridors},
        measures=measures,
        laws=laws,
        policy=policy,
        expressions=expressions,
        risk_areas=register.areas,
        simplified=simplified,
    )
    profiles = _profiles(gathered, border, problems)
    holidays = read_holidays(root)
    code = head.text("code", pattern=CODE)
    pack = Pack(
        code=code,
        name=head.words("name"),
        version=head.text("version"),
        notice=head.words("notice"),
        zone=_zone(head),
        currency=currency,
        languages=_languages(head),
        regions=regions,
        offices=offices,
        holidays=frozenset(day for holiday in holidays for day in holiday.dates),
        holiday_names=holidays,
        procedures=read_procedures(root),
        directions=directions,
        corridors=corridors,
        measures=measures,
        disclosure=read_disclosure(root, laws),
        lists=lists,
        code_lists=code_lists,
        vocabulary=vocabulary,
        contracts=read_contracts(root, expressions),
        policy=policy,
        laws=laws,
        profiles=profiles,
        models=read_models(root),
        exception_lists=read_exception_lists(
            root,
            lists=lists,
            vocabulary=vocabulary,
            directions=directions,
            levels=policy.levels.levels,
            laws=laws,
        ),
        country=head.text("country", optional=True, pattern=COUNTRY) or code[:2].upper(),
        deviations=root.coded_words("deviations") if root.has("deviations") else {},
        simplified=simplified,
        register=register,
        clearance=read_clearance(root, laws, tuple(capacity)),
        fingerprint=_fingerprint(gathered, official),
        official=official,
        rates_hold_days=head.whole("rates_hold_days") if head.has("rates_hold_days") else 0,
        overlay=None if own is None else _overlay(base, own, shelves, problems),
    )
    head.close()
    check_references(pack, _places(gathered), problems, whole=len(profiles) == len(gathered.profiles))
    check_cases(pack, _places(gathered), problems)
    return pack


def _profiles(gathered: Gathered, border: Border, problems: Problems) -> tuple[Profile, ...]:
    profiles = []
    seen: dict[tuple[str, int], Place] = {}
    for node in gathered.profiles:
        profile = read_profile(Entry(node, problems), border)
        if profile is None:
            continue
        key = (profile.id, profile.version)
        if key in seen:
            template = N_("{id} version {version} stands already at {other}")
            problems.add(
                "pack-profile-twice",
                node.place,
                template,
                id=profile.id,
                version=profile.version,
                other=seen[key],
            )
            continue
        seen[key] = node.place
        profiles.append(profile)
    return tuple(sorted(profiles, key=lambda profile: (profile.id, profile.version)))


def _places(gathered: Gathered) -> Mapping[str, Place]:
    """Return where each section (by name), profile (by id) and case (by ``id/name``) stands."""
    places = {identity(node): node.place for node in gathered.profiles}
    for node in gathered.profiles:
        cases = node.entries.get("cases")
        for case in cases.items if isinstance(cases, Listing) else ():
            name = case.entries.get("name") if isinstance(case, Mapped) else None
            if isinstance(name, Scalar):
                places[f"{identity(node)}/{name.text}"] = name.place
    for section, held in gathered.sections.entries.items():
        places[section] = gathered.sections.keys[section]
        if isinstance(held, Mapped):
            places |= {f"{section}.{key}": place for key, place in held.keys.items()}
    return {"": gathered.sections.place, **places}


def _zone(head: Entry) -> str:
    name = head.text("zone")
    if name:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            template = N_("{found!r} is not a time zone; write its IANA name, such as Asia/Almaty")
            head.problems.add("pack-zone", head.place("zone"), template, found=name)
    return name


def _languages(head: Entry) -> tuple[str, ...]:
    found = head.texts("languages")
    if head.has("languages") and set(found) != set(LANGUAGES):
        template = N_("the languages are {known}; every text is in each")
        head.problems.add("pack-languages", head.place("languages"), template, known=", ".join(LANGUAGES))
    return found


def _shelves(directories: Sequence[Path], problems: Problems) -> list[Shelf]:
    """Open the official lists of the pack and of its overlay; what is not as it was loaded is noted."""
    shelves = []
    for directory in directories:
        at = Place(str(directory / FOLDER / LOG))
        try:
            shelf = Shelf.of(directory)
        except ListError as error:
            problems.add("pack-list", at, N_("{reason}"), reason=error.message)
            continue
        for _, wrong in shelf.check():
            problems.add("pack-list", at, N_("{reason}"), reason=wrong.message)
        shelves.append(shelf)
    return shelves


def _overlay(base: Gathered, own: Gathered, shelves: Sequence[Shelf], problems: Problems) -> Overlay:
    """Describe the overlay; it may not turn the pack into another country's."""
    below, over = (Entry(part.sections, Problems()).entry("pack", optional=True) for part in (base, own))
    if over.has("code") and over.text("code") != below.text("code"):
        template = N_("an overlay keeps the code of its pack, {code}")
        problems.add("pack-overlay-code", over.place("code"), template, code=below.text("code"))
    content = b"\n".join([canonical(own.sections), *sorted(canonical(node) for node in own.profiles)])
    return Overlay.of(
        base, own, content=content, fingerprint=_fingerprint(own, OfficialLists.of(shelves[1:])),
        version=below.text("version"),
    )  # fmt: skip


def _fingerprint(gathered: Gathered, official: OfficialLists) -> str:
    """Return the SHA-256 of the content; neither order of keys or files, nor comments, change it."""
    digest = hashlib.sha256(canonical(gathered.sections))
    for content in sorted(canonical(profile) for profile in gathered.profiles):
        digest.update(b"\n" + content)
    if official.fingerprint:
        digest.update(b"\nlists " + official.fingerprint.encode())
    return digest.hexdigest()
