"""The SQL that asks a ledger on one day alone: everyone's rows are counted outright, without running sums.

Running sums answer a year of days in one pass; for one day they are a detour. Here whoever asks is joined to
the rows of its key, and each measure looks at those that count at the moment asked. A declaration that was
amended asks apart from others of its key, and the rows of its own are not looked at.
"""

from daliz.engine.features.ledger import Distinct, First, Last, Ledger, Measure, Sum


def asking(ledger: Ledger) -> str:
    """Return the statement that makes ``<ledger>_asked`` (asking, keys, moment, apart) from the probes."""
    return (
        f"CREATE TABLE {ledger.name}_asked AS SELECT row_number() OVER () AS asking, * FROM ("
        f"SELECT DISTINCT {ledger.key_list}, {ledger.moment} AS moment, "
        f"CASE WHEN amended THEN d END AS apart FROM {ledger.probe} p WHERE {ledger.known_key('p')})"
    )


def answers(ledger: Ledger, measures: dict[str, Measure], day: int) -> str:
    """Return the statement that makes ``<ledger>_at`` (keys, moment, apart, measures) of those who asked.

    Args:
        ledger: what is asked.
        measures: those of its measures that are needed.
        day: the day of all who ask.
    """
    return f"CREATE TABLE {ledger.name}_at AS {told(ledger, measures, day)}"


def told(ledger: Ledger, measures: dict[str, Measure], day: int, *, which: str = "true") -> str:
    """Return the query of the answers, ``which`` saying which of those who asked are to be told."""
    columns = [
        f"coalesce({label}, 0) AS {label}" if isinstance(m, Sum | Distinct) else label
        for label, m in measures.items()
    ]
    asked = f"(SELECT * FROM {ledger.name}_asked WHERE {which})"
    joins = []
    for position, source in enumerate(dict.fromkeys(m.source for m in measures.values())):
        of = {label: m for label, m in measures.items() if m.source == source}
        joins.append(f"LEFT JOIN ({_counted(ledger, asked, source, of, day)}) s{position} USING (asking)")
    return f"SELECT {ledger.key_list}, moment, apart, {', '.join(columns)} FROM {asked} {' '.join(joins)}"


def _counted(ledger: Ledger, asked: str, source: str, measures: dict[str, Measure], day: int) -> str:
    kept = "".join(
        f", CASE WHEN {m.where} THEN {m.of} END AS {label}, {m.since} AS {label}_since, "
        f"{m.until} AS {label}_until"
        for label, m in measures.items()
    )
    picked = ", ".join(
        f"{_aggregate(ledger, label, m)} "
        f"FILTER (WHERE a.moment > r.{label}_since AND a.moment <= r.{label}_until) AS {label}"
        for label, m in measures.items()
    )
    within = f"event_day = {day}" if ledger.within_day else "true"
    return (
        f"SELECT a.asking, {picked} FROM {asked} a "
        f"JOIN (SELECT {ledger.kept_keys}, d{kept} FROM {source} WHERE {within}) r "
        f"ON {ledger.same_key('a', 'r')} WHERE a.apart IS NULL OR a.apart <> r.d GROUP BY a.asking"
    )


def _aggregate(ledger: Ledger, label: str, measure: Measure) -> str:
    match measure:
        case Sum():
            return f"sum(CAST(r.{label} AS {ledger.amount}))"
        case Distinct():
            return f"count(DISTINCT r.{label})"
        case First():
            return f"min(r.{label})"
        case Last():
            return f"max(r.{label})"
