"""Exception lists: parties for whom the score is answered otherwise, as the pack declares, with their days.

A minimal-risk list lowers the level and spares waivable selection; a watch list raises level and score.
Neither touches mandatory profiles or the random share. Who stands on a list is confidential.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daliz.engine.features import Grain, Kind, Vocabulary
from daliz.engine.pack.border import NamedList
from daliz.engine.pack.control import Direction
from daliz.engine.pack.read_border import read_source
from daliz.engine.pack.reader import Entry
from daliz.language import N_, Text


class ListKind(StrEnum):
    """What an exception list is for."""

    MINIMAL_RISK = "minimal_risk"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Listed:
    """One who stands on a list, and on which days, both included."""

    id: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class ExceptionList:
    """A list and what it does.

    Attributes:
        code: stable name.
        kind: minimal risk or watch.
        name: what people call it.
        by: the name of the vocabulary whose value is looked up, at declaration grain.
        members: who stands on it, by id; of one id several spans may be stated.
        level: minimal risk: the level is at most this; watch: at least this. None leaves it.
        spares: minimal risk: directions whose waivable profiles select nobody on the list.
        log_odds: watch: what is added to the log odds of every chance, 0 or more.
        source: the public law it rests on.
    """

    code: str
    kind: ListKind
    name: Text
    by: str
    members: tuple[Listed, ...]
    level: str | None
    spares: frozenset[str]
    log_odds: float
    source: Text


def read_exception_lists(
    root: Entry,
    *,
    lists: Mapping[str, NamedList],
    vocabulary: Vocabulary,
    directions: Mapping[str, Direction],
    levels: Collection[str],
    laws: Mapping[str, Text],
) -> dict[str, ExceptionList]:
    """Return the exception lists by code; none where the pack has no such section."""
    named = [n for n, f in vocabulary.items() if f.kind is Kind.TEXT and f.grain is Grain.DECLARATION]
    found = {}
    for code, entry in root.coded("exception_lists", optional=True):
        kind = entry.member("kind", ListKind)
        minimal = kind is ListKind.MINIMAL_RISK
        one = ExceptionList(
            code=code,
            kind=kind,
            name=entry.words("name"),
            by=entry.reference("by", N_("name of a declaration"), named),
            members=_members(entry, lists),
            level=entry.choice("level", levels) if entry.has("level") else None,
            spares=_spares(entry, directions) if minimal else frozenset(),
            log_odds=0.0 if minimal else entry.number("log_odds", 0, 10, default=0.0),
            source=read_source(entry, laws),
        )
        entry.asked.add("level")
        if one.level is None and not one.spares and not one.log_odds:
            template = N_("{code} does nothing; state a level, {effect}")
            effect = "spares" if minimal else "log_odds"
            entry.problems.add("pack-exception-list", entry.node.place, template, code=code, effect=effect)
        entry.close()
        found[code] = one
    return found


def _spares(entry: Entry, directions: Mapping[str, Direction]) -> frozenset[str]:
    codes = entry.references("spares", N_("direction"), directions, optional=True)
    for found in entry.scalars("spares", optional=True):
        direction = directions.get(found.text)
        if direction is not None and not direction.deferrable:
            template = N_("control of {direction} never waits, so no list spares it")
            entry.problems.add("pack-exception-list", found.place, template, direction=found.text)
    return frozenset(codes)


def _members(entry: Entry, lists: Mapping[str, NamedList]) -> tuple[Listed, ...]:
    """Return who is listed: by a named list for days common to all, or one by one with days of their own."""
    if entry.has("list") == entry.has("members"):
        template = N_("an exception list states either list, with valid_from and valid_until, or members")
        entry.problems.add("pack-exception-list", entry.node.place, template)
        entry.asked |= {"list", "members", "valid_from", "valid_until"}
        return ()
    if entry.has("list"):
        entry.asked.add("members")
        code = entry.reference("list", N_("list"), lists)
        span = _span(entry)
        ids = lists[code].members if code in lists else ()
        return tuple(Listed(one, *span) for one in ids)
    entry.asked.add("list")
    members = []
    for one in entry.entries("members"):
        members.append(Listed(one.text("id"), *_span(one)))
        one.close()
    return tuple(members)


def _span(entry: Entry) -> tuple[date, date]:
    first, last = entry.day("valid_from"), entry.day("valid_until")
    if last < first:
        template = N_("valid_until lies before valid_from")
        entry.problems.add("pack-exception-list", entry.place("valid_until"), template)
    return first, last
