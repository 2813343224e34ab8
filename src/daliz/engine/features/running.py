"""The SQL that asks a ledger, as a list of statements that end in one table of answers.

``answers`` gives, for every key and moment asked, each measure; it is what a nightly snapshot stores.
``own`` gives what an amended declaration's earlier versions contribute to the answer to itself.
"""

from collections.abc import Collection

from daliz.engine.features.catalogue import VOCABULARY
from daliz.engine.features.ledger import Distinct, First, Last, Ledger, Measure, Sum
from daliz.engine.features.vocabulary import Kind
from daliz.engine.records.duck import identifier


def answers(ledger: Ledger, measures: dict[str, Measure], lo: int, hi: int) -> list[str]:
    """Return the statements that make ``<ledger>_at`` (keys, moment, measures) from ``<ledger>_asked``.

    Args:
        ledger: what is asked.
        measures: those of its measures that are needed.
        lo: the least moment asked.
        hi: the greatest moment asked; rows that count at no moment from ``lo`` to ``hi`` are left out.
    """
    name, keys = ledger.name, ledger.key_list
    statements = [f"CREATE TABLE {name}_key AS SELECT DISTINCT {keys} FROM {name}_asked"]
    statements += [_rows(ledger, label, measure, lo, hi) for label, measure in measures.items()]
    counted = [label for label, m in measures.items() if isinstance(m, Sum | Distinct)]
    extremes = {label: m for label, m in measures.items() if isinstance(m, First | Last)}
    if counted:
        statements.append(_running(ledger, measures, counted, hi))
    for label, measure in extremes.items():
        statements.append(_extreme(ledger, label, measure, hi))
    columns = [f"coalesce(r.{label}, 0) AS {label}" for label in counted]
    columns += [f"{label}.{label}" for label in extremes]
    joins = (
        [f"ASOF LEFT JOIN {name}_running r ON {ledger.same_key('a', 'r')} AND a.moment > r.moment"]
        if counted
        else []
    )
    joins += [
        f"LEFT JOIN {name}_{label}_at {label} ON {ledger.same_key('a', label)} AND a.moment = {label}.moment"
        for label in extremes
    ]
    statements.append(
        f"CREATE TABLE {name}_at AS SELECT {_of('a', ledger)}, a.moment, {', '.join(columns)} "
        f"FROM {name}_asked a {' '.join(joins)}"
    )
    return statements


def own(ledger: Ledger, measures: dict[str, Measure]) -> list[str]:
    """Return the statements that make ``<ledger>_own`` (answer, measures) for the amended among the probes.

    A sum's or count's column says what to subtract; a first or last day's column is the right one already,
    beside ``<measure>_own``, true where it replaces the answer.
    """
    name, answer = ledger.name, ledger.answer
    statements = [
        (
            f"CREATE TABLE {name}_asking AS SELECT {answer}, d, {ledger.moment} AS moment, "
            f"{ledger.key_list} FROM {ledger.probe} p WHERE amended AND {ledger.known_key('p')}"
        )
    ]
    columns, joins = [], []
    for label, measure in measures.items():
        part = f"{name}_{label}_own"
        statements.append(f"CREATE TABLE {part} AS {_own_part(ledger, label, measure)}")
        joins.append(f"LEFT JOIN {part} ON {_same_asking(ledger, 'a', part)}")
        if isinstance(measure, Sum | Distinct):
            columns.append(f"coalesce({part}.{label}, 0) AS {label}")
        else:
            columns += [f"{part}.{label}", f"{part}.{answer} IS NOT NULL AS {label}_own"]
    statements.append(
        f"CREATE TABLE {name}_own AS SELECT a.{answer}, {_of('a', ledger)}, {', '.join(columns)} "
        f"FROM {name}_asking a {' '.join(joins)}"
    )
    return statements


def facts(
    ledger: Ledger,
    names: Collection[str],
    measures: dict[str, Measure],
    *,
    amended: bool,
    apart: bool = False,
) -> str:
    """Return the statement that makes ``<ledger>_facts`` (answer, features) for everyone who asks.

    Args:
        ledger: what was asked.
        names: the features to compute from it.
        measures: as for ``answers``.
        amended: whether ``<ledger>_own`` was made.
        apart: whether the amended were answered apart, as ``daliz.engine.features.outright`` does.
    """
    name, answer = ledger.name, ledger.answer
    columns = []
    for label, measure in measures.items():
        if not amended:
            columns.append(f"x.{label}")
        elif isinstance(measure, Sum | Distinct):
            columns.append(f"x.{label} - coalesce(o.{label}, 0) AS {label}")
        else:
            columns.append(f"CASE WHEN o.{label}_own THEN o.{label} ELSE x.{label} END AS {label}")
    joined = f"LEFT JOIN {name}_own o ON {_same_asking(ledger, 'p', 'o')}" if amended else ""
    if apart:
        joined = "AND x.apart IS NOT DISTINCT FROM CASE WHEN p.amended THEN p.d END"
    pick = "max" if ledger.greatest else ""
    answered = ", ".join(
        f"{pick}(CASE WHEN known THEN {_typed(name, sql)} END) AS {identifier(name)}"
        for name, sql in ledger.facts.items()
        if name in names
    )
    return (
        f"CREATE TABLE {name}_facts AS SELECT {answer}, {answered} FROM ("
        f"SELECT p.{answer}, p.day, {ledger.known_key('p')} AS known, {', '.join(columns)} "
        f"FROM {ledger.probe} p LEFT JOIN {name}_at x "
        f"ON {ledger.same_key('p', 'x')} AND x.moment = p.{ledger.moment} {joined}) "
        f"{f'GROUP BY {answer}' if ledger.greatest else ''} ORDER BY {answer}"
    )


def by_key(ledger: Ledger) -> str:
    """Return the query of every feature for each key in ``<ledger>_at``, sorted by key."""
    answered = ", ".join(f"{_typed(name, sql)} AS {identifier(name)}" for name, sql in ledger.facts.items())
    return (
        f"SELECT {ledger.key_list}, {answered} FROM (SELECT *, moment AS day FROM {ledger.name}_at) "
        f"ORDER BY {ledger.key_list}"
    )


def _typed(name: str, sql: str) -> str:
    return sql if VOCABULARY[name].kind is Kind.FLAG else f"CAST({sql} AS DOUBLE)"


def _of(relation: str, ledger: Ledger) -> str:
    return ", ".join(f"{relation}.{key}" for key in ledger.keys)


def _same_asking(ledger: Ledger, left: str, right: str) -> str:
    return f"{left}.{ledger.answer} = {right}.{ledger.answer} AND {ledger.same_key(left, right)}"


def _rows(ledger: Ledger, label: str, measure: Measure, lo: int, hi: int) -> str:
    """Keep the rows that count at some moment asked, of keys that ask.

    A row known before the first moment asked may as well have become known just before it.
    """
    of = {Sum: "amount", Distinct: "value", First: "event_day", Last: "event_day"}[type(measure)]
    return (
        f"CREATE TABLE {ledger.name}_{label} AS "
        f"SELECT {_of('r', ledger)}, r.d, greatest(r.since, {lo - 1}) AS since, r.until, r.{of} "
        f"FROM ({kept(ledger, measure, of)}) r SEMI JOIN {ledger.name}_key k ON {ledger.same_key('r', 'k')} "
        f"WHERE r.since < r.until AND r.since < {hi} AND r.until >= {lo} AND r.{of} IS NOT NULL"
    )


def kept(ledger: Ledger, measure: Measure, of: str) -> str:
    """Return the query of a measure's rows: the keys, d, since, until, and what is measured as ``of``."""
    return (
        f"SELECT {ledger.kept_keys}, d, {measure.since} AS since, {measure.until} AS until, "
        f"{measure.of} AS {of} FROM {measure.source} WHERE {measure.where}"
    )


def _running(ledger: Ledger, measures: dict[str, Measure], counted: list[str], hi: int) -> str:
    keys = ledger.key_list
    changes = []
    for label in counted:
        source = f"{ledger.name}_{label}"
        if isinstance(measures[label], Distinct):
            source = _islands(source, keys)
        amounts = {other: "amount" if other == label else "0" for other in counted}
        for at, sign, where in (("since", "", ""), ("until", "-", f"WHERE until < {hi}")):
            listed = ", ".join(f"{sign}{value} AS {other}" for other, value in amounts.items())
            changes.append(f"SELECT {keys}, {at} AS moment, {listed} FROM ({_source(source)}) {where}")
    sums = ", ".join(f"CAST(sum({label}) AS {ledger.amount}) AS {label}" for label in counted)
    totals = ", ".join(f"CAST(sum({label}) OVER w AS {ledger.amount}) AS {label}" for label in counted)
    return (
        f"CREATE TABLE {ledger.name}_running AS SELECT {keys}, moment, {totals} FROM "
        f"(SELECT {keys}, moment, {sums} FROM ({' UNION ALL '.join(changes)}) GROUP BY {keys}, moment) "
        f"WINDOW w AS (PARTITION BY {keys} ORDER BY moment ROWS UNBOUNDED PRECEDING)"
    )


def _source(relation: str) -> str:
    return relation if relation.startswith("SELECT") else f"SELECT * FROM {relation}"


def _islands(relation: str, keys: str) -> str:
    """Join the overlapping stretches of one value into one, so that it counts once.

    Equal stretches are one row from the start: a tie would leave the two windows free to differ in order.
    """
    return f"""SELECT {keys}, min(since) AS since, max(until) AS until, 1 AS amount FROM (
    SELECT *, sum(fresh) OVER (PARTITION BY {keys}, value ORDER BY since, until
                               ROWS UNBOUNDED PRECEDING) AS island FROM (
        SELECT *, CASE WHEN since <= max(until) OVER (
            PARTITION BY {keys}, value ORDER BY since, until
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS fresh
        FROM (SELECT DISTINCT {keys}, value, since, until FROM {relation}))
) GROUP BY {keys}, value, island"""


def _extreme(ledger: Ledger, label: str, measure: Measure, hi: int) -> str:
    """Answer a first or last day: a running extreme of the rows that stay, and those that go one by one."""
    keys, rows = ledger.key_list, f"{ledger.name}_{label}"
    pick = "min" if isinstance(measure, First) else "max"
    return f"""CREATE TABLE {rows}_at AS
WITH staying AS (
    SELECT {keys}, since, {pick}(event_day) OVER (
        PARTITION BY {keys} ORDER BY since ROWS UNBOUNDED PRECEDING) AS event_day
    FROM (SELECT {keys}, since, {pick}(event_day) AS event_day FROM {rows} WHERE until >= {hi}
          GROUP BY {keys}, since)
), found AS (
    SELECT {_of("a", ledger)}, a.moment, s.event_day
    FROM {ledger.name}_asked a ASOF JOIN staying s ON {ledger.same_key("a", "s")} AND a.moment > s.since
    UNION ALL
    SELECT {_of("a", ledger)}, a.moment, r.event_day
    FROM {ledger.name}_asked a
    JOIN {rows} r ON {ledger.same_key("a", "r")} AND a.moment > r.since AND a.moment <= r.until
    WHERE r.until < {hi}
)
SELECT {keys}, moment, {pick}(event_day) AS {label} FROM found GROUP BY {keys}, moment"""


def _own_part(ledger: Ledger, label: str, measure: Measure) -> str:
    answer, rows = ledger.answer, f"{ledger.name}_{label}"
    who = f"a.{answer}, {_of('a', ledger)}"
    mine = (
        f"{ledger.name}_asking a JOIN {rows} r ON r.d = a.d AND {ledger.same_key('a', 'r')} "
        "AND a.moment > r.since AND a.moment <= r.until"
    )
    others = f"r.d <> a.d AND {ledger.same_key('a', 'r')} AND a.moment > r.since AND a.moment <= r.until"
    match measure:
        case Sum():
            return f"SELECT {who}, sum(r.amount) AS {label} FROM {mine} GROUP BY {who}"
        case Distinct():
            return (
                f"SELECT {who}, count(*) AS {label} FROM "
                f"(SELECT DISTINCT {who}, a.d, a.moment, r.value FROM {mine}) a "
                f"ANTI JOIN {rows} r ON r.value = a.value AND {others} GROUP BY {who}"
            )
        case First() | Last():
            pick = "min" if isinstance(measure, First) else "max"
            return (
                f"SELECT {who}, {pick}(r.event_day) AS {label} FROM "
                f"(SELECT DISTINCT {who}, a.d, a.moment FROM "
                f"(SELECT {who}, a.d, a.moment, r.event_day FROM {mine} "
                f"JOIN {rows}_at e ON {ledger.same_key('a', 'e')} AND e.moment = a.moment "
                f"AND e.{label} = r.event_day) a "
                f"ANTI JOIN {rows} r ON r.event_day = a.event_day AND {others}) a "
                f"LEFT JOIN {rows} r ON {others} GROUP BY {who}"
            )
