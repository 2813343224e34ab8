"""The linear programme of control: which declarations to control, in which form, by whom, and at what price.

An *option* is one declaration controlled in one form by one lane (a pool of officers, in one form of control,
on one day). The programme chooses options so that the gain is greatest, each declaration has at most one and
no lane gives more than it has.

Prices are the least of those that support the optimum, so a price is what one more unit of capacity would
bring and not what the last one brought. They are found without a second solve: the programme is solved with a
hair more capacity in every lane. The optimal basis of the hair's programme is also optimal without it, and
its duals are the least ones.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

_HAIR: Final = 1e-4
"""The extra capacity, as a share of the lane's cheapest control: far above the solver's tolerance (1e-7), and
far below what could turn a half."""

_SCALE: Final = 1e4
"""The largest gain as the solver sees it."""

_NOTHING: Final = 1e-6
"""Money that is none."""


@dataclass(frozen=True, slots=True)
class Options:
    """Every control that could be carried out.

    Attributes:
        declaration: which declaration, index, shape (m,).
        lane: which lane, index, shape (m,).
        gain: what the control is expected to bring, money, shape (m,); 0 or less is never chosen.
        cost: what it takes, in the lane's unit, shape (m,), above 0.
        non_fiscal: the lane's floor is kept for it, shape (m,).
    """

    declaration: Indices
    lane: Indices
    gain: Floats
    cost: Floats
    non_fiscal: Flags

    def where(self, kept: Flags) -> "Options":
        """Return those that ``kept`` marks."""
        return Options(
            self.declaration[kept], self.lane[kept], self.gain[kept], self.cost[kept], self.non_fiscal[kept]
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """What is controlled and what officers' time is worth.

    Attributes:
        chosen: which options are carried out, shape (m,).
        value: their gain, money.
        bound: what no choice that keeps the floors can exceed, money: the optimum if controls could be
            divided.
        price: of one more unit of each lane, money per unit, shape (lanes,).
        floor_price: what one unit less of each lane's floor would bring, money per unit, shape (lanes,).
        loss: what one unit less of each lane would lose, money per unit, shape (lanes,): what a further
            option would have to bring to displace another; infinite where there is nobody to displace and
            no time. NaN if not asked for.
    """

    chosen: Flags
    value: float
    bound: float
    price: Floats
    floor_price: Floats
    loss: Floats


def choose(options: Options, *, capacity: Floats, floor: Floats, with_loss: bool = False) -> Choice:
    """Choose the options of greatest gain that the lanes can carry out.

    Where every control of every lane costs the same the choice is exact: rows of declarations, lanes and
    floors are two laminar families, so the matrix is totally unimodular and every vertex is whole. Otherwise
    at most one declaration for each lane and floor is divided at the vertex; the choice is then made whole by
    the reduced gain, a floor may lack part of one control, and ``bound`` tells how much at most that lost.

    Args:
        options: any order; ties go to the solver, which is deterministic.
        capacity: of each lane, in its unit, shape (lanes,); below 0 counts as 0.
        floor: the part of it kept for non-fiscal damage, as far as that can use it, shape (lanes,).
        with_loss: find ``loss`` too, by a second solve with a hair less.

    Sources:
        [hoffman1956], [huangfu2018].
    """
    lanes = len(capacity)
    room, held = _whole_units(options, np.maximum(capacity, 0.0), floor)
    fits = options.cost <= room[options.lane] + 1e-9
    none_fits = np.bincount(options.lane[fits], minlength=lanes) == 0
    usable = np.where(none_fits, 0.0, room)
    considered = (options.gain > _NOTHING) & (fits | none_fits[options.lane])
    some = options.where(considered)
    share = np.zeros(len(options.gain))
    price, floor_price, bound = np.zeros(lanes), np.zeros(lanes), 0.0
    asked = np.bincount(options.lane, minlength=lanes) > 0
    closed = (none_fits & asked) | (room <= 0)
    loss = np.where(closed, np.inf, 0.0) if with_loss else np.full(lanes, np.nan)
    if len(some.gain):
        held = _attainable(some, usable, np.minimum(held, usable))
        share[considered], price, floor_price, bound = _solve(some, usable, held)
        if with_loss:
            loss = np.where(closed, np.inf, _solve(some, usable, held, less=True)[1])
    owed = price[options.lane] - np.where(options.non_fiscal, floor_price[options.lane], 0.0)
    merit = options.gain / options.cost - owed
    order = np.lexsort((-options.gain, -merit, share <= 0.5))
    chosen = _made_whole(options, order[considered[order]], usable, held)
    value = float(np.sum(options.gain[chosen]))
    return Choice(
        chosen=chosen,
        value=value,
        bound=max(bound, value),
        price=price,
        floor_price=floor_price,
        loss=loss,
    )


def _whole_units(options: Options, capacity: Floats, floor: Floats) -> tuple[Floats, Floats]:
    """Round a lane down to whole controls where all of its controls cost the same."""
    least, most = _extremes(options, len(capacity))
    alike = (least == most) & np.isfinite(least)
    unit = np.where(alike, least, 1.0)
    return (
        np.where(alike, np.floor(capacity / unit + 1e-9) * unit, capacity),
        np.where(alike, np.floor(floor / unit + 1e-9) * unit, floor),
    )


def _extremes(options: Options, lanes: int) -> tuple[Floats, Floats]:
    least, most = np.full(lanes, np.inf), np.zeros(lanes)
    np.minimum.at(least, options.lane, options.cost)
    np.maximum.at(most, options.lane, options.cost)
    return least, most


def _attainable(options: Options, capacity: Floats, floor: Floats) -> Floats:
    """Return how much of each lane's floor non-fiscal options can fill, the most over all lanes."""
    few = options.where(options.non_fiscal & (floor > 0)[options.lane])
    lanes, columns = len(capacity), len(few.gain)
    if not columns:
        return np.zeros(lanes)
    controls, filled = np.arange(columns), columns + np.arange(lanes)
    rows = _Rows()
    rows.add(few.declaration, controls, np.ones(columns), upper=_one_each(few))
    rows.add(few.lane, controls, few.cost, upper=capacity)
    rows.add(
        np.concatenate([few.lane, np.arange(lanes)]),
        np.concatenate([controls, filled]),
        np.concatenate([-few.cost, np.ones(lanes)]),
        upper=np.zeros(lanes),
    )
    gain = np.concatenate([np.zeros(columns), np.ones(lanes)])
    best = rows.maximise(gain, most=np.concatenate([np.full(columns, np.inf), floor]))
    return np.clip(best.share[columns:], 0.0, floor)


def _solve(
    options: Options, capacity: Floats, floor: Floats, *, less: bool = False
) -> tuple[Floats, Floats, Floats, float]:
    """Return the share of each option, the prices of lanes and floors, and the bound.

    With ``less`` a hair less capacity, so that prices are the greatest that support the optimum.
    """
    lanes = len(capacity)
    cheapest, _ = _extremes(options, lanes)
    hair = _HAIR * np.where(np.isfinite(cheapest), cheapest, 1.0)
    scale = _SCALE / float(options.gain.max())
    controls, floored = np.arange(len(options.gain)), options.non_fiscal & (floor > 0)[options.lane]
    rows = _Rows()
    rows.add(options.declaration, controls, np.ones(len(controls)), upper=_one_each(options))
    rows.add(
        options.lane,
        controls,
        options.cost,
        upper=np.maximum(capacity - hair if less else capacity + hair, 0.0),
    )
    rows.add(options.lane[floored], controls[floored], -options.cost[floored], upper=2 * hair - floor)
    best = rows.maximise(options.gain * scale)
    price, floor_price = best.price(1, lanes) / scale, best.price(2, lanes) / scale
    bound = best.value / scale - float(np.sum((price + 2 * floor_price) * hair))
    return best.share, price, floor_price, bound


def _one_each(options: Options) -> Floats:
    return np.ones(int(options.declaration.max()) + 1)


def _made_whole(options: Options, order: Indices, capacity: Floats, floor: Floats) -> Flags:
    """Carry out whole options in ``order``, the optimum's own first, as far as the lanes have time.

    A first pass keeps the floors; a second gives what they left over to anybody.
    """
    left, kept = capacity.tolist(), floor.tolist()
    declaration, lane, cost = options.declaration.tolist(), options.lane.tolist(), options.cost.tolist()
    needy = options.non_fiscal.tolist()
    controlled: set[int] = set()
    chosen = np.zeros(len(options.gain), dtype=np.bool_)
    for floors_hold in (True, False):
        for k in order.tolist():
            at = lane[k]
            held = kept[at] if floors_hold and not needy[k] else 0.0
            if declaration[k] not in controlled and cost[k] <= left[at] - held + 1e-9:
                chosen[k] = True
                controlled.add(declaration[k])
                left[at] -= cost[k]
                if needy[k]:
                    kept[at] = max(kept[at] - cost[k], 0.0)
    return chosen


class _Rows:
    """Rows of a programme as they are gathered, in blocks; within a block each row has a name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._names: list[Indices] = []
        self._row: list[Indices] = []
        self._column: list[Indices] = []
        self._value: list[Floats] = []
        self._upper: list[Floats] = []
        self._rows = 0

    def add(self, name: Indices, column: Indices, value: Floats, *, upper: Floats) -> None:
        """Add a block: entries with one name make a row, which may not pass ``upper`` of that name."""
        names, row = np.unique(name, return_inverse=True)
        self._names.append(names)
        self._row.append(row + self._rows)
        self._column.append(column)
        self._value.append(value)
        self._upper.append(upper[names])
        self._rows += len(names)

    def maximise(self, gain: Floats, *, most: float | Floats = np.inf) -> "_Optimum":
        """Return the best columns between 0 and ``most``, and for each block what one more unit brings."""
        from scipy.optimize import linprog  # noqa: PLC0415 -- half a second, and who decides live plans nothing
        from scipy.sparse import csc_array  # noqa: PLC0415

        entries = np.concatenate(self._value), (np.concatenate(self._row), np.concatenate(self._column))
        found = linprog(
            -gain,
            A_ub=csc_array(entries, shape=(self._rows, len(gain))),
            b_ub=np.concatenate(self._upper),
            bounds=np.column_stack([np.zeros(len(gain)), np.broadcast_to(most, gain.shape)]),
            method="highs-ds",
            options={"presolve": False},
        )
        if found.status != 0:
            raise ArithmeticError(f"the programme of control was not solved: {found.message}")
        begin = np.cumsum([len(names) for names in self._names])[:-1]
        price = [np.maximum(-block, 0.0) for block in np.split(found.ineqlin.marginals, begin)]
        return _Optimum(found.x, -float(found.fun), tuple(zip(self._names, price, strict=True)))


@dataclass(frozen=True, slots=True)
class _Optimum:
    share: Floats
    value: float
    prices: tuple[tuple[Indices, Floats], ...]

    def price(self, block: int, size: int) -> Floats:
        """Return one block's prices by name, 0 for names without a row."""
        names, price = self.prices[block]
        spread = np.zeros(size)
        spread[names] = price
        return spread
