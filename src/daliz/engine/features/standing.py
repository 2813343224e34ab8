"""Answers of ledgers that stand on one day and are carried on to the next, instead of asked of all history.

Between two days few rows begin or cease to count, and only they are looked at. What stands is kept by key:
sums as additions and subtractions, different values with how often each is there, first and last days as
such. A first or last day that ceases to count (its declaration was amended) is sought anew for its key.
Measures of a ledger that are kept alike share a table and the statement that carries it on.

An amended declaration that asks is answered outright: what stands has its own earlier version in it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daliz.engine.features import outright
from daliz.engine.features.ledger import Distinct, First, Last, Ledger, Measure, Sum

_REMADE: Final = 28
"""Days that are carried on before all is made anew, so that additions do not heap up."""

Run = Callable[[Sequence[str]], None]
Count = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class _Alike:
    """Measures that are kept in one table, a column each.

    Attributes:
        ledger: whose they are.
        source: relation of their rows.
        measures: by label; all sums, all numbers of different values of the same column, or all first and
            last days among the same rows.
    """

    ledger: Ledger
    source: str
    measures: Mapping[str, Measure]

    @property
    def table(self) -> str:
        """Its name."""
        return f"standing_{self.ledger.name}_{'_'.join(self.measures)}"

    @property
    def first(self) -> Measure:
        """One of them, for what they have in common."""
        return next(iter(self.measures.values()))


class Standing:
    """What some ledgers answer on ``day``, in tables ``standing_<ledger>_<measures>``."""

    def __init__(self, ledgers: Collection[Ledger], names: Collection[str]) -> None:
        """Begin with nothing made.

        Args:
            ledgers: those asked by day.
            names: features wanted of them.
        """
        self._kept = {ledger.name: _kept_alike(ledger, ledger.needed(names)) for ledger in ledgers}
        self._carried = 0
        self.day: int | None = None

    def outdate(self, earliest: int) -> None:
        """Forget what stands if something that counts on its day arrived: a row of day ``earliest``."""
        if self.day is not None and earliest < self.day:
            self.day = None

    def carry(self, day: int, run: Run, count: Count) -> None:
        """Have the answers stand on ``day``.

        Args:
            day: the day.
            run: runs statements in order.
            count: returns the one number that a query gives.
        """
        if day == self.day:
            return
        then, self.day = self.day, None
        self._carry(then, day, run, count)
        self.day = day

    def _carry(self, then: int | None, day: int, run: Run, count: Count) -> None:
        self._carried += 1
        if self._carried > _REMADE:
            then = None
        everything = [alike for kept in self._kept.values() for alike in kept]
        if then is None:
            self._carried = 0
            run([_made(alike) for alike in everything])
            run([_carried_on(alike, None, day) for alike in everything])
            return
        sources = sorted({alike.source for alike in everything})
        run([_changed(source, everything, then, day) for source in sources])
        ceased: dict[str, bool] = {}
        for alike in everything:
            if isinstance(alike.first, First | Last):
                gone = f"FROM changed_{alike.source} WHERE {_ceases(alike.first, then, day)}"
                if gone not in ceased:
                    ceased[gone] = bool(count(f"SELECT count(*) {gone}"))
                if ceased[gone]:
                    run(_sought(alike, then, day))
            run([_carried_on(alike, then, day)])
        run([f"DROP TABLE changed_{source}" for source in sources])

    def answers(self, ledger: Ledger, *, apart: bool) -> list[str]:
        """Return the statements that make ``<ledger>_at``, as ``outright.answers`` does, of what stands.

        Args:
            ledger: one of those kept.
            apart: whether anyone asks apart.
        """
        kept = self._kept[ledger.name]
        measures = {label: m for alike in kept for label, m in alike.measures.items()}
        columns = [
            f"coalesce({label}, 0) AS {label}" if isinstance(m, Sum | Distinct) else label
            for label, m in measures.items()
        ]
        at = (
            f"CREATE TABLE {ledger.name}_at AS "
            f"SELECT {ledger.key_list}, moment, apart, {', '.join(columns)} FROM {ledger.name}_asked "
            f"{' '.join(f'LEFT JOIN ({_stood(alike)}) USING (asking)' for alike in kept)} WHERE apart IS NULL"
        )
        if not apart or self.day is None:
            return [at]
        told = outright.told(ledger, measures, self.day, which="apart IS NOT NULL")
        return [at, f"INSERT INTO {ledger.name}_at {told}"]


def _kept_alike(ledger: Ledger, measures: Mapping[str, Measure]) -> list[_Alike]:
    """Put measures together that share a table."""
    groups: dict[tuple[str, ...], dict[str, Measure]] = {}
    for label, m in measures.items():
        groups.setdefault(_kept_as(m), {})[label] = m
    return [_Alike(ledger, source, group) for (_, source, *_), group in groups.items()]


def _kept_as(measure: Measure) -> tuple[str, ...]:
    """Return what measures that share a table have in common: kind, source, and which rows count."""
    match measure:
        case Sum():
            return "sum", measure.source
        case Distinct():
            return "distinct", measure.source, measure.of
        case First() | Last():
            return "extreme", measure.source, measure.since, measure.until, measure.where, measure.of


def _changed(source: str, everything: Collection[_Alike], then: int, day: int) -> str:
    """Return the statement that makes ``changed_<source>``: what counts on one of the two days only.

    Days are looked at before anything else of a row is read: few rows of a long history change.
    """
    between = f"BETWEEN {min(then, day)} AND {max(then, day) - 1}"
    changes = {
        f"{moment} {between}"
        for alike in everything
        if alike.source == source
        for m in alike.measures.values()
        for moment in (m.since, m.until)
    }
    rows = f"SELECT rowid FROM {source} WHERE {' OR '.join(sorted(changes))}"
    return f"CREATE TABLE changed_{source} AS SELECT * FROM {source} WHERE rowid IN ({rows})"


def _carried_on(alike: _Alike, then: int | None, day: int) -> str:
    """Return the statement that adds what begins to count and takes off what ceases to."""
    relation = alike.source if then is None else f"changed_{alike.source}"
    differs = {
        label: f"{m.where} AND {m.of} IS NOT NULL AND {_counts(m, day)} <> {_counts(m, then)}"
        for label, m in alike.measures.items()
    }
    keys, amounts = alike.ledger.key_list, []
    if isinstance(alike.first, Distinct):
        keys += f", {alike.first.of}"
    for label, m in alike.measures.items():
        now, counted = _counts(m, day), f"CAST({m.of} AS {alike.ledger.amount})"
        match m:
            case Sum():
                amounts.append(
                    f"coalesce(sum(CASE WHEN {now} THEN {counted} ELSE -{counted} END) "
                    f"FILTER ({differs[label]}), 0)"
                )
            case Distinct():
                amounts.append(
                    f"coalesce(sum(CASE WHEN {now} THEN 1 ELSE -1 END) FILTER ({differs[label]}), 0)"
                )
            case First() | Last():
                amounts.append(f"{_pick(m)}({m.of}) FILTER ({differs[label]} AND {now})")
    anything = " OR ".join(f"({condition})" for condition in dict.fromkeys(differs.values()))
    return (
        f"INSERT INTO {alike.table} SELECT {keys}, {', '.join(amounts)} FROM {relation} "
        f"WHERE ({anything}) AND {alike.ledger.known_key(relation)} GROUP BY {keys}"
    )


def _counts(measure: Measure, day: int | None) -> str:
    """Return the condition that a row counts on ``day``; none does on no day."""
    return "false" if day is None else f"({measure.since} < {day} AND {measure.until} >= {day})"


def _ceases(measure: Measure, then: int, now: int) -> str:
    return f"{measure.where} AND {_counts(measure, then)} AND NOT {_counts(measure, now)}"


def _pick(measure: Measure) -> str:
    return "min" if isinstance(measure, First) else "max"


def _made(alike: _Alike) -> str:
    """Return the statement that makes the empty table of measures."""
    columns = [alike.ledger.key_list]
    if isinstance(alike.first, Distinct):
        columns.append(f"{alike.first.of} AS value")
    for label, m in alike.measures.items():
        match m:
            case Sum():
                columns.append(f"CAST(0 AS {alike.ledger.amount}) AS {label}")
            case Distinct():
                columns.append(f"CAST(0 AS BIGINT) AS {label}")
            case First() | Last():
                columns.append(f"{m.of} AS {label}")
    return f"CREATE OR REPLACE TABLE {alike.table} AS SELECT {', '.join(columns)} FROM {alike.source} LIMIT 0"


def _sought(alike: _Alike, then: int, now: int) -> list[str]:
    """Return the statements that seek first and last days anew for the keys of which one ceases to count."""
    keys, table, source = alike.ledger.key_list, alike.table, alike.source
    extremes = ", ".join(f"{_pick(m)}({m.of})" for m in alike.measures.values())
    return [
        (
            f"CREATE OR REPLACE TABLE sought AS SELECT DISTINCT {keys} FROM changed_{source} c "
            f"WHERE {_ceases(alike.first, then, now)} AND {alike.ledger.known_key('c')}"
        ),
        f"DELETE FROM {table} t USING sought s WHERE {alike.ledger.same_key('t', 's')}",
        (
            f"INSERT INTO {table} SELECT {keys}, {extremes} FROM {source} SEMI JOIN sought USING ({keys}) "
            f"WHERE {alike.first.where} AND {_counts(alike.first, now)} GROUP BY {keys}"
        ),
    ]


def _stood(alike: _Alike) -> str:
    """Return the query of what stands for each of those who ask and do not ask apart."""
    ledger, labels = alike.ledger, alike.measures
    joined = (
        f"FROM (SELECT * FROM {ledger.name}_asked WHERE apart IS NULL) a "
        f"JOIN {alike.table} s ON {ledger.same_key('a', 's')}"
    )
    match alike.first:
        case Sum():
            sums = ", ".join(f"CAST(sum(s.{label}) AS {ledger.amount}) AS {label}" for label in labels)
            return f"SELECT a.asking, {sums} {joined} GROUP BY a.asking"
        case Distinct():
            there = ", ".join(f"sum(s.{label}) AS {label}" for label in labels)
            counts = ", ".join(f"count(*) FILTER ({label} > 0) AS {label}" for label in labels)
            each = f"SELECT a.asking, {there} {joined} GROUP BY a.asking, s.value"
            return f"SELECT asking, {counts} FROM ({each}) GROUP BY asking"
        case First() | Last():
            extremes = ", ".join(f"{_pick(m)}(s.{label}) AS {label}" for label, m in labels.items())
            return f"SELECT a.asking, {extremes} {joined} GROUP BY a.asking"
