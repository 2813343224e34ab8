"""Simplified procedures: for whom clearance is eased, and from which kinds of waivable control.

What is eased is decided by the pack, not by the officer: where a simplified procedure holds for a
declaration, the waivable profiles of the directions it names do not fire. Mandatory profiles and the random
share hold for everyone, and directions whose control never waits (bans, intellectual property) are never
eased.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from daliz.engine.indicators import Expression
from daliz.engine.pack.control import Direction
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.read_border import read_source
from daliz.engine.pack.reader import Entry
from daliz.language import N_, Text


@dataclass(frozen=True, slots=True)
class SimplifiedProcedure:
    """An easing of clearance.

    Attributes:
        code: stable name.
        name: what people call it.
        terms: who may use it and what it asks of him in return.
        when: for which declarations it holds, at declaration grain.
        eases: codes of the directions whose waivable profiles do not fire.
        source: the public law it rests on.
    """

    code: str
    name: Text
    terms: Text
    when: Expression
    eases: tuple[str, ...]
    source: Text


def read_simplified(
    root: Entry, directions: Mapping[str, Direction], laws: Mapping[str, Text], expressions: Expressions
) -> dict[str, SimplifiedProcedure]:
    """Return the simplified procedures by code; none where the pack has no such section."""
    procedures = {}
    for code, entry in root.coded("simplified_procedures", optional=True):
        eases = entry.references("eases", N_("direction"), directions)
        for found in entry.scalars("eases"):
            direction = directions.get(found.text)
            if direction is not None and not direction.deferrable:
                template = N_("control of {direction} never waits, so no simplified procedure eases it")
                entry.problems.add("pack-simplified", found.place, template, direction=found.text)
        when = expressions.read(entry, "when", whole=True)
        name, terms, source = entry.words("name"), entry.words("terms"), read_source(entry, laws)
        entry.close()
        if when is not None:
            procedures[code] = SimplifiedProcedure(code, name, terms, when, eases, source)
    return procedures


def eased(
    exclusions: Expression | None,
    direction: str,
    procedures: Mapping[str, SimplifiedProcedure],
    expressions: Expressions,
) -> Expression | None:
    """Return what takes an item out of a waivable profile: its own exclusions or a simplified procedure."""
    parts = [exclusions.text] if exclusions is not None else []
    parts += [procedure.when.text for procedure in procedures.values() if direction in procedure.eases]
    return expressions.parse(" OR ".join(f"({part})" for part in parts)) if parts else None
