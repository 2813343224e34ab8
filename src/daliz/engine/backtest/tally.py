"""One pass over the facts for any number of conditions: how often each fired, and what is known of that.

Each row gets a bit for every condition that is true of it, each declaration the union of its rows' bits.
Declarations with the same bits are counted together in SQL, so firings are never written down; what is left
is a few thousand patterns for each stretch of the store, and they are added up here. Money is added as whole
hundredths; the same store gives the same numbers whatever the threads.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.estimators.intervals import CERTAIN, LARGEST_WEIGHT
from daliz.engine.indicators.marking import Marking, marking
from daliz.engine.indicators.nodes import Node
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect, identifier
from daliz.language import N_

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]

HUNDREDTHS: Final = 100
"""Money and minutes are counted in these."""
MILLIONTHS: Final = 1_000_000
"""Weights are counted in these."""
_BLOCK: Final = 50_000
_OFFICE: Final = "declaration.office"


@dataclass(slots=True)
class Tally:
    """What was counted.

    Attributes:
        keys: of the conditions.
        sums: for each measure (``fired``, ``controlled``, ``found``, ``assessed``, …) one number a condition.
        everything: the same measures over all declarations, whether anything fired or not.
        items: goods items for which each condition is true.
        both: declarations for which both of two conditions are, conditions × conditions.
        both_found: of these, with a violation found.
        months: for the condition in focus, measures by month (``2026-03``).
        offices: likewise by office.
        alone: measures of the declarations for which the condition in focus is true and no peer is.
        first_day: of the declarations read; None if there was none.
        last_day: likewise.
    """

    keys: tuple[str, ...]
    sums: dict[str, Whole]
    everything: dict[str, int]
    items: Whole
    both: Whole
    both_found: Whole
    months: dict[str, dict[str, int]] = field(default_factory=dict)
    offices: dict[str, dict[str, int]] = field(default_factory=dict)
    alone: dict[str, int] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None

    def of(self, key: str) -> dict[str, int]:
        """Return the measures of one condition."""
        at = self.keys.index(key)
        return {name: int(values[at]) for name, values in self.sums.items()}


def tally(
    store: FactsStore,
    conditions: Mapping[str, Node],
    labels: Labels,
    *,
    lists: Mapping[str, Collection[str]],
    focus: str | None = None,
    peers: Collection[str] = (),
    days: tuple[date, date] | None = None,
    threads: int = 2,
    memory_gb: float = 3.0,
    progress: Callable[[str, float], None] | None = None,
) -> Tally:
    """Count over a store of facts, one stretch after another.

    Args:
        store: of facts.
        conditions: by key; three-valued, what is true counts.
        labels: what is known of the declarations.
        lists: members of the named lists.
        focus: key of the condition that is told apart by month and office.
        peers: keys of those beside which it may stand alone.
        days: first and last local day, both included; all if None.
        threads: of DuckDB.
        memory_gb: bound on DuckDB's memory, GB.
        progress: told what is under way and how much of it is done, 0 to 1.

    Raises:
        StoreError: the store lacks a feature that a condition needs.
    """
    tell = progress or (lambda _step, _done: None)
    measures = _measures(labels)
    counted = Tally(
        keys=tuple(conditions),
        sums={name: np.zeros(len(conditions), np.int64) for name in measures},
        everything=dict.fromkeys(measures, 0),
        items=np.zeros(len(conditions), np.int64),
        both=np.zeros((len(conditions), len(conditions)), np.int64),
        both_found=np.zeros((len(conditions), len(conditions)), np.int64),
    )
    with connect(
        memory_gb=memory_gb, threads=threads, folders=[*store.folders, *labels.folders], preserve_order=False
    ) as connection:
        tell(N_("reading what controls found"), 0.0)
        labels.lay(connection, store)
        within = f"WHERE day BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'" if days else ""
        detail = (identifier(_OFFICE), "strftime(day, '%Y-%m')") if focus is not None else ("NULL", "NULL")
        keep = ["declaration_id", "version", "day"]
        keep += [
            f"CAST({sql} AS VARCHAR) AS {name}" for sql, name in zip(detail, ("office", "month"), strict=True)
        ]
        stretches = list(store.stretches())
        for done, stretch in enumerate(stretches):
            tell(N_("firing over past declarations"), done / len(stretches))
            rows = f"(SELECT * FROM {stretch} ANTI JOIN stale USING (declaration_id, version) {within})"
            marks = marking(list(conditions.values()), rows, keep=keep, lists=lists)
            store.must_have(marks.names | ({_OFFICE} if focus is not None else set()))
            patterns = answer(connection, _query(marks, measures, bool(labels.decisions)))
            _add(counted, patterns, measures, focus, peers)
    counted.months = dict(sorted(counted.months.items()))
    counted.offices = dict(sorted(counted.offices.items()))
    return counted


def _query(marks: Marking, measures: Mapping[str, str], by_chance: bool) -> str:
    """Write the query of one stretch: a row for each pattern of declarations, and one for each of items."""
    words = [f"w{at}" for at in range(marks.words)]
    named = "".join(f", {word}" for word in words)
    union = "".join(f", bit_or({word}) AS u{at}" for at, word in enumerate(words))
    united = "".join(f", u{at} AS w{at}" for at, _ in enumerate(words))
    sets = f"(declaration_id, version){f', ({named[2:]})' if words else ''}"
    sums = "".join(f", CAST(sum({sql}) AS BIGINT) AS {identifier(name)}" for name, sql in measures.items())
    chance = "LEFT JOIN chance AS c USING (declaration_id, version)" if by_chance else ""
    return f"""
WITH marked AS NOT MATERIALIZED ({marks.sql}),
grouped AS MATERIALIZED (
    SELECT declaration_id, version{named}{union}, any_value(day) AS day, any_value(office) AS office,
        any_value(month) AS month, count(*) AS items, grouping(declaration_id) = 0 AS whole
    FROM marked GROUP BY GROUPING SETS ({sets})
)
SELECT TRUE AS whole, month, office{united}, 0::BIGINT AS items,
    min(day) AS first_day, max(day) AS last_day{sums}
FROM (SELECT * EXCLUDE ({", ".join(["items", "whole", *words])}) FROM grouped WHERE whole) AS d
LEFT JOIN result AS r USING (declaration_id) {chance}
GROUP BY ALL
UNION ALL
SELECT FALSE, NULL, NULL{named}, items, NULL, NULL{", NULL" * len(measures)}
FROM grouped WHERE NOT whole
ORDER BY ALL"""


def _measures(labels: Labels) -> dict[str, str]:
    """Return what is summed over declarations, in SQL of ``r`` (its result) and ``c`` (its chance)."""
    seen = "r.violation IS NOT NULL"
    measures = {
        "fired": "1",
        "controlled": f"({seen})::INT",
        "found": "coalesce(r.violation, FALSE)::INT",
        "provisional": "coalesce(r.provisional, FALSE)::INT",
        "controlled_by_chance": "coalesce(r.by_chance, FALSE)::INT",
        "found_by_chance": "coalesce(r.found_by_chance, FALSE)::INT",
        "assessed": f"coalesce(r.assessed, 0) * {HUNDREDTHS}",
        "collected": f"coalesce(r.collected, 0) * {HUNDREDTHS}",
        "minutes": f"coalesce(r.minutes, 0) * {HUNDREDTHS}",
    }
    for form in labels.forms:
        for what in ("controlled", "found"):
            measures[f"{what}_{form}"] = f"coalesce(r.{identifier(f'{what}_{form}')}, FALSE)::INT"
    if not labels.decisions:
        return measures
    looked, found = (
        f"coalesce(r.{identifier(f'{what}_{labels.form}')}, FALSE)" for what in ("controlled", "found")
    )
    certain, chance = f"coalesce(c.p >= {CERTAIN}, FALSE)", f"coalesce(c.p > 0 AND c.p < {CERTAIN}, FALSE)"
    weight = f"CAST(least(1 / c.p, {LARGEST_WEIGHT}) AS DECIMAL(12, 6))"
    square = f"CAST(pow(least(1 / c.p, {LARGEST_WEIGHT}), 2) AS DECIMAL(12, 6))"
    drawn, hit = f"{chance} AND {looked}", f"{chance} AND {looked} AND {found}"

    def where(condition: str, value: str) -> str:
        return f"CASE WHEN {condition} THEN {value} ELSE 0 END"

    return measures | {
        "decided": "(c.p IS NOT NULL)::INT",
        "impossible": "coalesce(c.p = 0, FALSE)::INT",
        "certain": f"{certain}::INT",
        "certain_controlled": f"({certain} AND {looked})::INT",
        "certain_found": f"({certain} AND {looked} AND {found})::INT",
        "certain_assessed": where(f"{certain} AND {looked}", f"r.assessed * {HUNDREDTHS}"),
        "drawable": f"{chance}::INT",
        "drawn": f"({drawn})::INT",
        "drawn_found": f"({hit})::INT",
        "capped": f"({drawn} AND c.p < 1.0 / {LARGEST_WEIGHT})::INT",
        "weight": where(drawn, f"{weight} * {MILLIONTHS}"),
        "weight_found": where(hit, f"{weight} * {MILLIONTHS}"),
        "square": where(drawn, f"{square} * {MILLIONTHS}"),
        "square_found": where(hit, f"{square} * {MILLIONTHS}"),
        "weight_assessed": where(hit, f"round({weight} * r.assessed * {HUNDREDTHS})"),
    }


def _add(
    counted: Tally,
    patterns: pa.Table,
    measures: Mapping[str, str],
    focus: str | None,
    peers: Collection[str],
) -> None:
    """Add one stretch's patterns."""
    whole = patterns["whole"].to_numpy()
    per_item, of_whole = patterns.filter(pa.array(~whole)), patterns.filter(pa.array(whole))
    size = len(counted.keys)
    for start in range(0, per_item.num_rows, _BLOCK):
        block = per_item.slice(start, _BLOCK)
        counted.items += _bits(block, size).T.astype(np.int64) @ block["items"].to_numpy()
    for start in range(0, of_whole.num_rows, _BLOCK):
        block = of_whole.slice(start, _BLOCK)
        bits = _bits(block, size)
        values = np.column_stack([block[name].to_numpy() for name in measures])
        for name, total, own in zip(
            measures, values.sum(axis=0), (bits.T.astype(np.int64) @ values).T, strict=True
        ):
            counted.everything[name] += int(total)
            counted.sums[name] += own
        counted.both += _together(bits, block["fired"].to_numpy())
        counted.both_found += _together(bits, block["found"].to_numpy())
        if focus is not None:
            _add_detail(counted, block, bits, values, focus=focus, peers=peers)
    if of_whole.num_rows:
        ends = [cast("list[date]", of_whole[name].to_pylist()) for name in ("first_day", "last_day")]
        counted.first_day = min([*ends[0], *([counted.first_day] if counted.first_day else [])])
        counted.last_day = max([*ends[1], *([counted.last_day] if counted.last_day else [])])


def _add_detail(
    counted: Tally, block: pa.Table, bits: Flags, values: Whole, *, focus: str, peers: Collection[str]
) -> None:
    names = tuple(counted.sums)
    fired = bits[:, counted.keys.index(focus)]
    others = [counted.keys.index(peer) for peer in peers]
    alone = fired & ~bits[:, others].any(axis=1)
    for name, value in zip(names, values[alone].sum(axis=0), strict=True):
        counted.alone[name] = counted.alone.get(name, 0) + int(value)
    for column, kept in (("month", counted.months), ("office", counted.offices)):
        labels = block[column].to_pylist()
        for at in np.flatnonzero(fired):
            row = kept.setdefault(labels[at] or "", dict.fromkeys(names, 0))
            for name, value in zip(names, values[at], strict=True):
                row[name] += int(value)


def _bits(patterns: pa.Table, size: int) -> Flags:
    """Return patterns × conditions."""
    words = -(-size // 64)
    if not words:
        return np.zeros((patterns.num_rows, 0), np.bool_)
    columns = [patterns[f"w{at}"].to_numpy().astype("<u8") for at in range(words)]
    octets = np.ascontiguousarray(np.column_stack(columns)).view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little")[:, :size].astype(np.bool_)


def _together(bits: Flags, counts: Whole) -> Whole:
    """Count the declarations of each pair of conditions; exact, being below 2 to the 53rd."""
    ones = bits.astype(np.float64)
    return np.asarray(np.rint(ones.T @ (ones * counts[:, None])), dtype=np.int64)
