"""The truth about a border, and what its controls find: carried out when asked for, the same for all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.records.columns import column_of, rows_of
from daliz.engine.records.files import conform
from daliz.engine.records.schema import FINDINGS, TRUTH
from daliz.engine.replay.border import Border, ReplayError, Whole
from daliz.engine.strategies.outcome import outcomes
from daliz.engine.world import CONTROLS, FORMS, findings_of
from daliz.language import N_

Key = tuple[int, str]
"""A declaration, by its place on the border, and a form of control."""
Finding = dict[str, Any]
"""A row of the canonical findings, as Arrow gives it."""
Progress = Callable[[str, float], None]

_DECIDED_AFTER: Final = timedelta(minutes=20)
"""From registration to the decision on control."""
_AT_ONCE: Final = 2_000
"""Controls carried out between two signs of progress."""


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What the control of each declaration in one form comes to in the end; shape (declarations,).

    Attributes:
        found: a violation that stands.
        cents: assessed, hundredths of money.
        harm: found, millionths of harm points.
    """

    found: NDArray[np.bool_]
    cents: Whole
    harm: Whole

    def money(self, place: int) -> Decimal:
        """Return what the control of one declaration assesses."""
        return Decimal(int(self.cents[place])).scaleb(-2)


class Known:
    """What is true of a border.

    Attributes:
        truth: canonical.
        evaded: of each declaration, hundredths of money.
        harm: of each declaration, millionths of harm points.
        worth: what its control comes to, by form.
    """

    def __init__(
        self,
        border: Border,
        truth: pa.Table,
        *,
        seed: int,
        forms: Sequence[str],
        progress: Progress = lambda stage, share: None,
    ) -> None:
        """Take the truth and carry out the controls of every violation.

        Args:
            border: the declarations.
            truth: canonical, of all of them.
            seed: of the world; findings follow from it.
            forms: of control that may be asked for.
            progress: told what is under way and how much of it is done.

        Raises:
            ReplayError: truth of other declarations, or a form of which nobody knows what it finds.
        """
        if set(forms) - set(FORMS):
            raise ReplayError(
                N_("what a control in the form {found} would find is not known; it is for {known}"),
                found=", ".join(sorted(set(forms) - set(FORMS))), known=", ".join(FORMS),
            )  # fmt: skip
        self._border, self._seed = border, seed
        self._found: dict[Key, list[Finding]] = {}
        known = conform(truth, TRUTH)
        place = pc.index_in(known["declaration_id"], value_set=pa.array(border.ids))
        known = known.filter(place.is_valid())
        of = place.drop_null().to_numpy().astype(np.int64)
        order = np.argsort(of, kind="stable")
        self.truth, of = rows_of(known, order), of[order]
        self._start = np.searchsorted(of, np.arange(len(border) + 1))
        lacking = int((np.diff(self._start) == 0).sum())
        if lacking:
            raise ReplayError(
                N_("the truth lacks {n} of the declarations; it is of another world"), n=lacking
            )
        self.evaded = _summed(_parts(self.truth["evaded"], pa.decimal128(20, 2), 100), of, len(border))
        self.harm = _summed(_parts(self.truth["harm"], pa.decimal128(20, 6), 1_000_000), of, len(border))
        self._wrong = np.unique(of[self.truth["violation"].to_numpy(zero_copy_only=False)])
        self._carry_out([(one, form) for one in self._wrong.tolist() for form in forms], progress)
        self.worth = _worth(outcomes(self.truth, self.everything()), border.ids, forms)

    def everything(self) -> pa.Table:
        """Return the findings of the control of every violation in every form: what an oracle may know."""
        wrong = set(self._wrong.tolist())
        return _table([row for key in sorted(self._found) if key[0] in wrong for row in self._found[key]])

    def findings(self, keys: Iterable[Key]) -> list[list[Finding]]:
        """Return for each control what it finds, followed by the later settlement of what was contested."""
        asked = list(keys)
        self._carry_out(sorted({key for key in asked if key not in self._found}), lambda stage, share: None)
        return [self._found[key] for key in asked]

    def _carry_out(self, keys: Sequence[Key], progress: Progress) -> None:
        for begin in range(0, len(keys), _AT_ONCE):
            progress(N_("carrying out controls"), begin / len(keys))
            self._look(keys[begin : begin + _AT_ONCE])

    def _look(self, keys: Sequence[Key]) -> None:
        """Let officers look, and remember what they found."""
        border, places = self._border, sorted({one for one, _ in keys})
        heads = rows_of(
            border.items.select(["declaration_id", "office", "registered_at"]), border.first[places]
        )
        registered = dict(zip(places, column_of(heads, "registered_at", datetime), strict=True))
        controls = pa.Table.from_arrays(
            [
                pa.array([border.ids[one] for one, _ in keys]),
                pa.nulls(len(keys), pa.int32()),
                pa.array([form for _, form in keys]),
                pa.array([False] * len(keys)),
                pa.array([registered[one] + _DECIDED_AFTER for one, _ in keys], pa.timestamp("us", tz="UTC")),
                pa.nulls(len(keys), pa.string()),
            ],
            schema=CONTROLS,
        )
        rows = np.concatenate([np.arange(self._start[one], self._start[one + 1]) for one in places])
        found = findings_of(controls, heads, rows_of(self.truth, rows), seed=self._seed)
        self._found.update({key: [] for key in keys})
        place_of = {border.ids[one]: one for one in places}
        for row in found.to_pylist():
            self._found[place_of[row["declaration_id"]], row["control_form"]].append(row)


def _worth(table: pa.Table, ids: Sequence[str], forms: Sequence[str]) -> dict[str, Worth]:
    place = pc.index_in(table["declaration_id"], value_set=pa.array(ids)).to_numpy().astype(np.int64)
    cents = _parts(table["assessed"], pa.decimal128(20, 2), 100)
    harm = _parts(table["harm"], pa.decimal128(20, 6), 1_000_000)
    found = table["found"].to_numpy(zero_copy_only=False)
    worth = {}
    for form in forms:
        rows = np.array(table["control_form"].to_pylist()) == form
        hits = np.zeros(len(ids), dtype=np.bool_)
        hits[place[rows]] = found[rows]
        worth[form] = Worth(
            hits,
            _summed(cents[rows], place[rows], len(ids)),
            _summed(harm[rows], place[rows], len(ids)),
        )
    return worth


def _table(rows: list[Finding]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FINDINGS.arrow)


def _parts(column: "pa.ChunkedArray[Any]", exact: pa.DataType, parts: int) -> Whole:
    """Return a column in whole parts, so that sums are exact."""
    values: list[Any] = pa.table({"value": column.cast(exact)}).column(0).to_pylist()
    return np.array([int((one or 0) * parts) for one in values], dtype=np.int64)


def _summed(values: Whole, of: Whole, size: int) -> Whole:
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, of, values)
    return sums
