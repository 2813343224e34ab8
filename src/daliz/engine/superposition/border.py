"""The declarations that are chosen from: what fires on each, what models said, what was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import numpy as np
import pyarrow as pa

from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.indicators.marking import BITS, marking
from daliz.engine.indicators.nodes import Node, Truth, names_of
from daliz.engine.pack import Pack
from daliz.engine.records.columns import answer, column_of
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.duck import Connection, connect, identifier
from daliz.engine.records.files import register
from daliz.engine.records.schema import FINDINGS
from daliz.engine.scoring.results import STANDING
from daliz.engine.superposition.candidates import Candidate
from daliz.engine.superposition.problem import Flags, Floats, Indices

HEADER: Final = (
    "declaration.office", "declaration.goods_location", "declaration.customs_value", "declaration.currency",
)  # fmt: skip
"""Features of the whole declaration that are asked for whatever fires."""

_FORMS: Final = tuple(
    name.removeprefix("propensity_") for name in DECISIONS.names if name.startswith("propensity_")
)
"""Forms of control of which decisions tell."""
_FINDINGS: Final = """
SELECT declaration_id,
    bool_or(violation) AS violation,
    sum(CASE WHEN violation THEN assessed END) AS assessed,
    list_sort(list(DISTINCT violation_type) FILTER (violation AND violation_type IS NOT NULL)) AS types,
    bool_or(coalesce(in_random, FALSE)) AS in_random,
    list_sort(list(DISTINCT control_form) FILTER (control_form IS NOT NULL)) AS forms
FROM standing GROUP BY declaration_id ORDER BY declaration_id
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What a control of a declaration found.

    Attributes:
        violation: whether any.
        assessed: additional payments, money.
        types: of violation.
        in_random: the control was drawn by chance.
        form: the fullest form of control it got.
    """

    violation: bool
    assessed: float
    types: tuple[str, ...]
    in_random: bool
    form: str


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """Declarations, one each in the version that is judged, by day and number.

    Attributes:
        numbers: of the declarations, shape (n,).
        days: local day of each.
        office: where documents are checked; None if not stated.
        goods_office: where the goods lie; None if not stated.
        value: customs value, money of the pack; NaN where unknown or in another currency, shape (n,).
        stratum: of the random share, index in the pack's policy; -1 for none, shape (n,).
        fired: which candidates fire, shape (n, candidates).
        propensity: of control by form, where decisions told it, shape (n,); NaN where they did not.
        foretold: what models held a find by each form for, as decisions tell it, 0 to 1, shape (n,); NaN
            where no model spoke.
    """

    numbers: tuple[str, ...]
    days: tuple[date, ...]
    office: tuple[str | None, ...]
    goods_office: tuple[str | None, ...]
    value: Floats
    stratum: Indices
    fired: Flags
    propensity: Mapping[str, Floats]
    foretold: Mapping[str, Floats]

    def where(self, kept: Flags) -> "Border":
        """Return the declarations that ``kept`` marks."""
        rows = np.flatnonzero(kept).tolist()
        return Border(
            numbers=tuple(self.numbers[i] for i in rows),
            days=tuple(self.days[i] for i in rows),
            office=tuple(self.office[i] for i in rows),
            goods_office=tuple(self.goods_office[i] for i in rows),
            value=self.value[kept],
            stratum=self.stratum[kept],
            fired=self.fired[kept],
            propensity={form: of[kept] for form, of in self.propensity.items()},
            foretold={form: of[kept] for form, of in self.foretold.items()},
        )

    def with_fired(self, fired: Flags) -> "Border":
        """Return the same with other firings, shape (n, candidates)."""
        return replace(self, fired=fired)

    def __len__(self) -> int:
        """How many declarations there are."""
        return len(self.numbers)


def names_needed(candidates: Sequence[Candidate], pack: Pack) -> frozenset[str]:
    """Return the features that a store must have."""
    roots = [c.fires for c in candidates if c.fires is not None]
    strata = frozenset[str]().union(*(s.when.names for s in pack.policy.random.strata))
    return frozenset(HEADER).union(strata, *map(names_of, roots))


def border(
    store: FactsStore,
    candidates: Sequence[Candidate],
    labels: Labels,
    pack: Pack,
    *,
    days: tuple[date, date],
) -> Border:
    """Read the declarations of the days and let every candidate fire on them.

    Args:
        store: of facts, with ``names_needed``.
        candidates: each with its condition.
        labels: findings, for the version that is judged, and decisions, for propensities and models.
        pack: lists and strata.
        days: first and last local day, both included.
    """
    lists = {code: named.members for code, named in pack.lists.items()}
    strata = pack.policy.random.strata
    conditions: list[Node] = [c.fires if c.fires is not None else Truth(False) for c in candidates]
    conditions += [stratum.when.root for stratum in strata]
    within = f"WHERE day BETWEEN DATE '{days[0]}' AND DATE '{days[1]}'"
    header = ", ".join(f"any_value({identifier(name)}) AS {identifier(name)}" for name in HEADER)
    parts = []
    with connect(threads=2, folders=[*store.folders, *labels.folders]) as connection:
        labels.lay(connection, store)
        for stretch in store.stretches():
            rows = f"(SELECT * FROM {stretch} ANTI JOIN stale USING (declaration_id, version) {within})"
            keep = ["declaration_id", "version", "day", *(identifier(name) for name in HEADER)]
            marks = marking(conditions, rows, keep=keep, lists=lists)
            store.must_have(marks.names | set(HEADER))
            words = "".join(f", bit_or(w{at}) AS w{at}" for at in range(marks.words))
            parts.append(
                answer(
                    connection,
                    f"SELECT declaration_id, version, any_value(day) AS day, {header}{words} "
                    f"FROM ({marks.sql}) GROUP BY declaration_id, version",
                )
            )
        propensity = _decided(connection, labels, "propensity")
        foretold = _decided(connection, labels, "model")
    whole = pa.concat_tables(parts).sort_by([("day", "ascending"), ("declaration_id", "ascending")])
    numbers = column_of(whole, "declaration_id", str)
    bits = _bits(whole, len(conditions))
    fired = bits[:, : len(candidates)].copy()
    value = whole["declaration.customs_value"].cast(pa.float64()).to_numpy()
    ours = np.array([code == pack.currency for code in whole["declaration.currency"].to_pylist()], np.bool_)
    inside = bits[:, len(candidates) :]
    return Border(
        numbers=tuple(numbers),
        days=tuple(column_of(whole, "day", date)),
        office=tuple(whole["declaration.office"].to_pylist()),
        goods_office=tuple(whole["declaration.goods_location"].to_pylist()),
        value=np.where(ours, value, np.nan),
        stratum=np.where(inside.any(axis=1), np.argmax(inside, axis=1), -1) if len(strata) else
        np.full(len(numbers), -1),
        fired=fired,
        propensity={form: _in_order(of, numbers) for form, of in propensity.items()},
        foretold={form: _in_order(of, numbers) for form, of in foretold.items()},
    )  # fmt: skip


def found_by(labels: Labels, pack: Pack, *, before: datetime) -> dict[str, Found]:
    """Return, by declaration, what controls found of it, as known before a moment."""
    with connect(folders=labels.folders) as connection:
        given = FINDINGS.arrow.empty_table() if labels.findings is None else labels.findings
        register(connection, "findings", given, FINDINGS)
        rows = answer(connection, STANDING + _FINDINGS, {"before": before}).to_pylist()
    order = {form: at for at, form in enumerate(pack.forms)}
    fullest = {"physical": -1}
    return {
        row["declaration_id"]: Found(
            violation=bool(row["violation"]),
            assessed=float(row["assessed"] or 0),
            types=tuple(row["types"] or ()),
            in_random=bool(row["in_random"]),
            form=min(row["forms"], key=lambda form: (fullest.get(form, 0), order.get(form, 99))),
        )
        for row in rows
        if row["forms"]
    }


def _decided(connection: Connection, labels: Labels, what: str) -> dict[str, dict[str, float | None]]:
    """Return what decisions tell by form and declaration: the ``propensity``, or what the ``model`` said."""
    if not labels.decisions:
        return {}
    columns = ", ".join(f"max({what}_{form}) AS {form}" for form in _FORMS)
    rows = answer(connection, f"SELECT declaration_id, {columns} FROM decisions GROUP BY declaration_id")
    numbers = column_of(rows, "declaration_id", str)
    return {form: dict(zip(numbers, rows[form].to_pylist(), strict=True)) for form in _FORMS}


def _in_order(told: Mapping[str, float | None], numbers: Sequence[str]) -> Floats:
    return np.array([told.get(number) for number in numbers], dtype=np.float64)


def _bits(rows: pa.Table, size: int) -> Flags:
    words = [rows[f"w{at}"].to_numpy().astype("<u8") for at in range(-(-size // BITS))]
    octets = np.ascontiguousarray(np.column_stack(words)).view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little")[:, :size].astype(np.bool_)
