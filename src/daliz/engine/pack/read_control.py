"""Reads corridors, measures, directions and what may be disclosed."""

import re
from collections.abc import Mapping

from daliz.engine.pack.border import CodeList
from daliz.engine.pack.control import EXTENTS, Corridor, Direction, DisclosableReason, Measure
from daliz.engine.pack.problems import Place
from daliz.engine.pack.read_border import read_source
from daliz.engine.pack.reader import CODE, Entry
from daliz.language import N_, Text

COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_corridors(root: Entry) -> tuple[Corridor, ...]:
    """Return the corridors from the freest to the strictest."""
    corridors: list[Corridor] = []
    seen: dict[int, Place] = {}
    for code, entry in root.coded("corridors"):
        strictness = entry.whole("strictness")
        if strictness in seen:
            template = N_("strictness {found} stands already on line {line}; each corridor has its own")
            entry.problems.add(
                "pack-strictness",
                entry.place("strictness"),
                template,
                found=strictness,
                line=seen[strictness].line,
            )
        seen[strictness] = entry.place("strictness")
        share = entry.number("published_share", 0, 1) if entry.has("published_share") else None
        entry.asked.add("published_share")
        corridors.append(
            Corridor(
                code=code,
                name=entry.words("name"),
                strictness=strictness,
                releases_automatically=entry.flag("releases_automatically"),
                published_share=share,
                colour=entry.text("colour", pattern=COLOUR),
                icon=entry.text("icon"),
            )
        )
        entry.close()
    return tuple(sorted(corridors, key=lambda corridor: corridor.strictness))


def read_measures(
    root: Entry, corridors: Mapping[str, Corridor], forms: tuple[str, ...]
) -> dict[str, Measure]:
    """Return the measures by code.

    Args:
        root: the pack.
        corridors: by code.
        forms: the forms of control that have officers' time.
    """
    measures = {}
    for code, entry in root.coded("measures"):
        form = entry.reference("form", N_("form"), forms, optional=True) or None
        ensures = entry.flag("ensures", default=False)
        if ensures == (form is not None):
            template = N_(
                "a measure has a form of control, or it ensures control (ensures: true); one of the two"
            )
            entry.problems.add("pack-measure-form", entry.node.place, template)
        measures[code] = Measure(
            code=code,
            name=entry.words("name"),
            form=form,
            ensures=ensures,
            extent=(entry.choice("extent", EXTENTS) if entry.has("extent") else None) or None,
            minutes=entry.number("minutes", 0, 10_000, above=True),
            delay_hours=entry.number("delay_hours", 0, 10_000),
            corridor=entry.reference("corridor", N_("corridor"), corridors),
            deferrable=entry.flag("deferrable", default=False),
            instruction=entry.words("instruction"),
        )
        entry.asked.add("extent")
        entry.close()
    return measures


def read_directions(root: Entry, code_lists: Mapping[str, CodeList]) -> dict[str, Direction]:
    """Return what profiles guard against, by code; types of violation are those of the pack's list."""
    violations = code_lists["violation_types"].members if "violation_types" in code_lists else {}
    directions = {}
    for code, entry in root.coded("directions"):
        directions[code] = Direction(
            code=code,
            name=entry.words("name"),
            violation_types=entry.references("violation_types", N_("violation type"), violations),
            non_fiscal=entry.flag("non_fiscal", default=False),
            deferrable=entry.flag("deferrable", default=True),
        )
        entry.close()
    return directions


def read_disclosure(root: Entry, laws: Mapping[str, Text]) -> tuple[DisclosableReason, ...]:
    """Return the reasons that a declarant may be told, in their order."""
    reasons = []
    for code, entry in root.coded("disclosure"):
        if CODE.fullmatch(code):
            reasons.append(DisclosableReason(code, entry.words("name"), read_source(entry, laws)))
        entry.close()
    return tuple(reasons)
