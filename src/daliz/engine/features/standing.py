"""Answers of ledgers that stand on one day and are carried on to the next, instead of asked of all history.

Between two days few rows begin or cease to count, and only they are looked at. What stands is kept by key:
sums as additions and subtractions, different values with how often each is there, first and last days as
such. A first or last day that ceases to count (its declaration was amended) is sought anew for its key.

An amended declaration that asks is answered outright: what stands has its own earlier version in it.
"""

from collections.abc import Callable, Collection, Sequence
from typing import Final

from daliz.engine.features import outright
from daliz.engine.features.ledger import Distinct, First, Last, Ledger, Measure, Sum

_REMADE: Final = 28
"""Days that are carried on before all is made anew, so that additions do not heap up."""

Run = Callable[[Sequence[str]], None]
Count = Callable[[str], int | None]


class Standing:
    """What some ledgers answer on ``day``, in tables ``standing_<ledger>_<measure>``."""

    def __init__(self, ledgers: Collection[Ledger], names: Collection[str]) -> None:
        """Begin with nothing made.

        Args:
            ledgers: those asked by day.
            names: features wanted of them.
        """
        self._ledgers = {ledger.name: (ledger, ledger.needed(names)) for ledger in ledgers}
        self._carried = 0
        self.day: int | None = None

    @property
    def sources(self) -> frozenset[str]:
        """The common inputs that are looked at."""
        return frozenset(m.source for _, measures in self._ledgers.values() for m in measures.values())

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
        if then is None:
            self._carried = 0
        else:
            run([self._changed(source, then, day) for source in sorted(self.sources)])
        ceased: dict[tuple[str, str, str], bool] = {}
        for ledger, measures in self._ledgers.values():
            for label, measure in measures.items():
                if then is None:
                    run([_made(ledger, label, measure)])
                elif isinstance(measure, First | Last):
                    same = (measure.source, measure.since, measure.until)
                    if same not in ceased:
                        gone = f"FROM changed_{measure.source} WHERE {_ceases(measure, then, day)}"
                        ceased[same] = bool(count(f"SELECT count(*) {gone}"))
                    if ceased[same]:
                        run(_sought(ledger, label, measure, then, day))
                run([_carried_on(ledger, label, measure, then, day)])
        if then is not None:
            run([f"DROP TABLE changed_{source}" for source in sorted(self.sources)])

    def answers(self, ledger: Ledger, *, apart: bool) -> list[str]:
        """Return the statements that make ``<ledger>_at``, as ``outright.answers`` does, of what stands.

        Args:
            ledger: one of those kept.
            apart: whether anyone asks apart.
        """
        _, measures = self._ledgers[ledger.name]
        columns, joins = [], []
        for label, measure in measures.items():
            counted = isinstance(measure, Sum | Distinct)
            columns.append(f"coalesce({label}, 0) AS {label}" if counted else label)
            joins.append(f"LEFT JOIN ({_stood(ledger, label, measure)}) USING (asking)")
        at = (
            f"CREATE TABLE {ledger.name}_at AS "
            f"SELECT {ledger.key_list}, moment, apart, {', '.join(columns)} "
            f"FROM {ledger.name}_asked {' '.join(joins)} WHERE apart IS NULL"
        )
        if not apart or self.day is None:
            return [at]
        told = outright.told(ledger, measures, self.day, which="apart IS NOT NULL")
        return [at, f"INSERT INTO {ledger.name}_at {told}"]

    def _changed(self, source: str, then: int, day: int) -> str:
        """Return the statement that makes ``changed_<source>``: what counts on one of the two days only."""
        between = f"BETWEEN {min(then, day)} AND {max(then, day) - 1}"
        changes = {
            f"{moment} {between}"
            for _, measures in self._ledgers.values()
            for m in measures.values()
            if m.source == source
            for moment in (m.since, m.until)
        }
        where = " OR ".join(sorted(changes))
        return f"CREATE TABLE changed_{source} AS SELECT * FROM {source} WHERE {where}"


def _carried_on(ledger: Ledger, label: str, measure: Measure, then: int | None, day: int) -> str:
    """Return the statement that adds what begins to count and takes off what ceases to."""
    keys, of, now, before = ledger.key_list, measure.of, _counts(measure, day), _counts(measure, then)
    relation = measure.source if then is None else f"changed_{measure.source}"
    source = (
        f"FROM {relation} WHERE {measure.where} AND {of} IS NOT NULL AND {ledger.known_key(relation)} "
        f"AND {now} <> {before}"
    )
    into = f"INSERT INTO {_table(ledger, label)}"
    match measure:
        case Sum():
            amount = f"CAST({of} AS {ledger.amount})"
            signed = f"CASE WHEN {now} THEN {amount} ELSE -{amount} END"
            return f"{into} SELECT {keys}, sum({signed}) {source} GROUP BY {keys}"
        case Distinct():
            sign = f"CASE WHEN {now} THEN 1 ELSE -1 END"
            return f"{into} SELECT {keys}, {of}, sum({sign}) {source} GROUP BY {keys}, {of}"
        case First() | Last():
            return f"{into} SELECT {keys}, {_pick(measure)}({of}) {source} AND {now} GROUP BY {keys}"


def _table(ledger: Ledger, label: str) -> str:
    return f"standing_{ledger.name}_{label}"


def _counts(measure: Measure, day: int | None) -> str:
    """Return the condition that a row counts on ``day``; none does on no day."""
    return "false" if day is None else f"({measure.since} < {day} AND {measure.until} >= {day})"


def _ceases(measure: Measure, then: int, now: int) -> str:
    return f"{measure.where} AND {_counts(measure, then)} AND NOT {_counts(measure, now)}"


def _pick(measure: Measure) -> str:
    return "min" if isinstance(measure, First) else "max"


def _made(ledger: Ledger, label: str, measure: Measure) -> str:
    """Return the statement that makes the empty table of a measure."""
    keys = ledger.key_list
    if isinstance(measure, Sum):
        columns = f"{keys}, CAST(0 AS {ledger.amount}) AS n"
    elif isinstance(measure, Distinct):
        columns = f"{keys}, {measure.of} AS value, CAST(0 AS BIGINT) AS n"
    else:
        columns = f"{keys}, {measure.of} AS value"
    table = _table(ledger, label)
    return f"CREATE OR REPLACE TABLE {table} AS SELECT {columns} FROM {measure.source} LIMIT 0"


def _sought(ledger: Ledger, label: str, measure: Measure, then: int, now: int) -> list[str]:
    """Return the statements that seek a first or last day anew for the keys of which one ceases to count."""
    keys, table = ledger.key_list, _table(ledger, label)
    return [
        (
            f"CREATE OR REPLACE TABLE sought AS SELECT DISTINCT {keys} FROM changed_{measure.source} c "
            f"WHERE {_ceases(measure, then, now)} AND {ledger.known_key('c')}"
        ),
        f"DELETE FROM {table} t USING sought s WHERE {ledger.same_key('t', 's')}",
        (
            f"INSERT INTO {table} SELECT {keys}, {_pick(measure)}({measure.of}) "
            f"FROM {measure.source} SEMI JOIN sought USING ({keys}) "
            f"WHERE {measure.where} AND {_counts(measure, now)} GROUP BY {keys}"
        ),
    ]


def _stood(ledger: Ledger, label: str, measure: Measure) -> str:
    """Return the query of what stands for each of those who ask and do not ask apart."""
    joined = (
        f"FROM (SELECT * FROM {ledger.name}_asked WHERE apart IS NULL) a "
        f"JOIN {_table(ledger, label)} s ON {ledger.same_key('a', 's')}"
    )
    match measure:
        case Sum():
            return f"SELECT a.asking, CAST(sum(s.n) AS {ledger.amount}) AS {label} {joined} GROUP BY a.asking"
        case Distinct():
            there = f"SELECT a.asking {joined} GROUP BY a.asking, s.value HAVING sum(s.n) > 0"
            return f"SELECT asking, count(*) AS {label} FROM ({there}) GROUP BY asking"
        case First() | Last():
            return f"SELECT a.asking, {_pick(measure)}(s.value) AS {label} {joined} GROUP BY a.asking"
