"""Was the random share the one that the committed key draws? Anybody with the revealed key can say."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import pyarrow as pa

from daliz.engine.allocation.decay import shares_of
from daliz.engine.allocation.draw import DrawKey
from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from daliz.engine.pack import Pack, ProfileKind
from daliz.engine.records.columns import column_of, rows_where
from daliz.engine.records.files import Source
from daliz.engine.scoring.firing import holds
from daliz.language import N_, Message

_OF_ITSELF: Final = frozenset({"declaration", "item", "calendar"})
"""Groups of features that a declaration answers alone, without history."""

Version: TypeAlias = tuple[str, int]
"""declaration_id and version."""


@dataclass(frozen=True, slots=True)
class DrawReport:
    """What a draw should have been against what was recorded.

    Attributes:
        key_id: name of the key.
        same_key: the key is the one that was committed to, and every decision names it.
        declarations: how many were in the draw.
        strata: stratum → declarations in it and those drawn.
        drawn: declarations that the key draws.
        missing: drawn by the key, but not recorded as drawn.
        extra: recorded as drawn, but not drawn by the key.
        undecided: in the declarations assessed but not in the decisions, or the other way round.
        misplaced: recorded in another stratum than the declaration belongs to.
        mismarked: marked as controlled at random where no such control is ordered, or the reverse.
    """

    key_id: str
    same_key: bool
    declarations: int
    strata: Mapping[str, tuple[int, int]]
    drawn: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    undecided: tuple[str, ...]
    misplaced: tuple[str, ...]
    mismarked: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the recorded draw is the committed key's, to the last declaration."""
        wrong = (self.missing, self.extra, self.undecided, self.misplaced, self.mismarked)
        return self.same_key and not any(wrong)

    def lines(self, lang: str) -> Iterator[str]:
        """Yield the report in sentences."""
        for message in self._messages():
            yield message.text(lang)

    def _messages(self) -> Iterator[Message]:
        yield Message(
            N_("{drawn} of {n} declarations are drawn by key {key_id}."),
            {"drawn": self.drawn, "n": self.declarations, "key_id": self.key_id},
        )
        for code, (inside, drawn) in sorted(self.strata.items()):
            yield Message(N_("Stratum {code}: {drawn} of {n}."), {"code": code, "drawn": drawn, "n": inside})
        if not self.same_key:
            yield Message(N_("The key is not the one that was committed to before the draw."), {})
        for template, numbers in (
            (N_("Drawn by the key but not recorded: {n}, such as {examples}."), self.missing),
            (N_("Recorded as drawn but not drawn by the key: {n}, such as {examples}."), self.extra),
            (
                N_("Without a decision, or decided without a declaration: {n}, such as {examples}."),
                self.undecided,
            ),
            (
                N_("Recorded in a stratum that is not the declaration's own: {n}, such as {examples}."),
                self.misplaced,
            ),
            (
                N_("Marked otherwise than the control ordered at random: {n}, such as {examples}."),
                self.mismarked,
            ),
        ):
            if numbers:
                yield Message(template, {"n": len(numbers), "examples": ", ".join(numbers[:5])})
        yield (
            Message(N_("The draw is right."), {}) if self.holds else Message(N_("The draw is NOT right."), {})
        )


def verify_draw(
    decisions: pa.Table,
    measures: pa.Table,
    declarations: Source,
    pack: Pack,
    *,
    key: DrawKey,
    commitment: str,
    period: tuple[date, date],
    profiles_of: date | None = None,
) -> DrawReport:
    """Draw every recorded decision again.

    A drawn declaration must have a row of the random share among its measures: ordered, or waived where
    there was no officer time at all. That covers both directions, so that nobody is added to the draw or
    taken from it unseen. Of an adapted share the decisions tell how great it was; what they tell beyond the
    pack's floor and cap does not count. Nor may a declaration leave the draw by having no decision, or a
    stratum that is not its own: strata are found anew, unless their conditions ask for history.

    Args:
        decisions: as recorded.
        measures: as recorded.
        declarations: those that were assessed.
        pack: the pack that was in force, for the strata and the days of their random profiles.
        key: the revealed key.
        commitment: the hash published before the draw.
        period: first and last day that were assessed.
        profiles_of: the day whose profiles decided, if one was stated.
    """
    versions = _versions(decisions)
    days = column_of(decisions, "day", date)
    strata: list[str | None] = decisions["stratum"].to_pylist()
    recorded = dict(zip(versions, strata, strict=True))
    found = _strata(declarations, pack, period)
    told = shares_of(decisions)
    shares = {
        (stratum.code, day): min(max(told.get(stratum.code, stratum.share), stratum.share), stratum.cap)
        for stratum in pack.policy.random.strata
        for day in set(days)
        if any(
            p.kind is ProfileKind.RANDOM and p.stratum == stratum.code and p.in_force(profiles_of or day)
            for p in pack.profiles
        )
    }
    should = {
        number
        for (number, _), stratum, day in zip(versions, strata, days, strict=True)
        if stratum is not None and key.draw("random", number) < shares.get((stratum, day), 0.0)
    }
    drawn_rows = rows_where(measures, "capacity", "random")
    did = set(column_of(drawn_rows, "declaration_id", str))
    opened = set(_versions(rows_where(drawn_rows, "status", "ordered")))
    marked = {v for v, yes in zip(versions, column_of(decisions, "in_random", bool), strict=True) if yes}
    of_stratum = {number: stratum for (number, _), stratum in recorded.items()}
    inside, drawn = Counter(of_stratum.values()), Counter(of_stratum[number] for number in should)
    named = set(decisions["key_id"].to_pylist())
    return DrawReport(
        key_id=key.key_id,
        same_key=key.commitment == commitment and named <= {key.key_id},
        declarations=len(of_stratum),
        strata={code: (n, drawn[code]) for code, n in inside.items() if code is not None},
        drawn=len(should),
        missing=tuple(sorted(should - did)),
        extra=tuple(sorted(did - should)),
        undecided=_numbers(recorded.keys() ^ found.keys()),
        misplaced=_numbers({v for v in recorded.keys() & found.keys() if found[v] not in ("", recorded[v])}),
        mismarked=_numbers(marked ^ opened),
    )


def _versions(table: pa.Table) -> list[Version]:
    return list(zip(column_of(table, "declaration_id", str), column_of(table, "version", int), strict=True))


def _numbers(versions: set[Version]) -> tuple[str, ...]:
    return tuple(sorted({number for number, _ in versions}))


def _strata(declarations: Source, pack: Pack, period: tuple[date, date]) -> dict[Version, str | None]:
    """Find the stratum of each version that was to be assessed; "" where history would have to be asked."""
    conditions = {stratum.code: stratum.when for stratum in pack.policy.random.strata}
    names = frozenset[str]().union(*(when.names for when in conditions.values()))
    facts = build_facts(
        declarations,
        None,
        zone=pack.zone,
        holidays=pack.holidays,
        first_day=period[0],
        last_day=period[1],
        names=names,
        extra=[f for f in pack.vocabulary.values() if f.name not in VOCABULARY],
    )
    versions = _versions(facts)
    if any(pack.vocabulary[name].group not in _OF_ITSELF for name in names):
        return dict.fromkeys(versions, "")
    inside = holds(facts, conditions, pack)
    return {
        version: next((code for code in conditions if inside[code][row]), None)
        for row, version in reversed(list(enumerate(versions)))
    }
