"""The best use of the room under a set of active candidates, kept day by day as the set changes.

Each day is an assignment of declarations to controls and is solved exactly. With it stand its least prices:
what is not worth its price changes nothing, so most days need not be solved again when a candidate comes or
goes. Of two optima the solver's is taken, which is deterministic.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from daliz.engine.superposition.problem import Flags, Floats, Indices, Problem

_NOTHING = 1e-6
"""Money that is none."""


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """One day's best use.

    Attributes:
        value: what it brings, money.
        taken: options carried out.
        price: what one more control in each of the day's lanes would bring at least, money.
        surplus: of each of the day's declarations, what its control brings above the price, money.
    """

    value: float
    taken: Indices
    price: Floats
    surplus: Floats


class Standing:
    """The active candidates and what the room brings with them."""

    def __init__(self, problem: Problem, active: Iterable[int] = ()) -> None:
        """Begin with the fixed candidates and ``active``."""
        self.problem = problem
        self._day_of = problem.day[problem.lane]
        order = np.argsort(self._day_of, kind="stable")
        edges = np.searchsorted(self._day_of[order], np.arange(problem.days + 1))
        self._options = [order[a:b] for a, b in itertools.pairwise(edges)]
        self._lanes = [np.flatnonzero(problem.day == day) for day in range(problem.days)]
        self.active: set[int] = {*np.flatnonzero(problem.fixed).tolist(), *active}
        self.askers = np.zeros(len(problem.declaration), dtype=np.intp)
        self.gain = np.zeros(len(problem.declaration))
        for c in sorted(self.active):
            self.askers[problem.asks[c]] += 1
            self.gain[problem.asks[c]] = np.maximum(self.gain[problem.asks[c]], problem.tells[c])
        self.by_day = np.zeros(problem.days)
        self.taken = np.zeros(len(problem.declaration), dtype=np.bool_)
        self._price = np.zeros(len(problem.room))
        self._surplus = np.zeros(int(problem.declaration.max(initial=-1)) + 1)
        self._keep(self._solved(range(problem.days), self.gain))

    @property
    def value(self) -> float:
        """What the room brings, money, upkeep not taken off."""
        return float(self.by_day.sum())

    @property
    def worth(self) -> float:
        """What is maximised: the value less the upkeep, money."""
        return self.value - self.problem.cost(self.active)

    @property
    def price(self) -> Floats:
        """What one more control in each lane would bring at least, money, shape (lanes,)."""
        return self._price

    @property
    def surplus(self) -> Floats:
        """What each declaration's control brings above the price, money, shape (declarations,)."""
        return self._surplus

    @property
    def free(self) -> bool:
        """Whether one more candidate may be active."""
        taken = sum(not self.problem.fixed[c] for c in self.active)
        return self.problem.most is None or taken < self.problem.most

    def holder(self, c: int) -> int | None:
        """Return the active candidate of the same group; None if there is none."""
        group = self.problem.group
        return next((a for a in sorted(self.active) if group[a] == group[c]), None)

    def change(self, *, on: Collection[int] = (), off: Collection[int] = ()) -> Floats:
        """Return what a change would add to each day, money, without making it; shape (days,)."""
        added = np.zeros(self.problem.days)
        for day, solved in self._tried(self._gained(on, off)).items():
            added[day] = solved.value - self.by_day[day]
        return added

    def make(self, *, on: Collection[int] = (), off: Collection[int] = ()) -> None:
        """Make a change."""
        gain = self._gained(on, off)
        solved = self._tried(gain)
        self.gain = gain
        for sign, changed in ((1, on), (-1, off)):
            for c in changed:
                self.askers[self.problem.asks[c]] += sign
        self._keep(solved)
        self.active = (self.active - set(off)) | set(on)

    def _gained(self, on: Collection[int], off: Collection[int]) -> Floats:
        """Return what each option would bring."""
        problem, gain = self.problem, self.gain.copy()
        lost = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *(problem.asks[c] for c in off)]))
        gain[lost] = 0.0
        for c in sorted({*(self.active - set(off) if len(lost) else ()), *on}):
            own, tells = problem.asks[c], problem.tells[c]
            if c not in on:
                again = np.isin(own, lost, assume_unique=True)
                own, tells = own[again], tells[again]
            gain[own] = np.maximum(gain[own], tells)
        return gain

    def _tried(self, gain: Floats) -> Mapping[int, _Solved]:
        """Solve again the days on which other gains could change the best use."""
        problem, touched = self.problem, np.zeros(self.problem.days, dtype=np.bool_)
        changed = np.flatnonzero(np.abs(gain - self.gain) > _NOTHING)
        over = gain[changed] - self._price[problem.lane[changed]]
        better = over > self._surplus[problem.declaration[changed]] + _NOTHING
        matters = changed[better | self.taken[changed]]
        touched[self._day_of[matters]] = True
        return self._solved(np.flatnonzero(touched).tolist(), gain)

    def _solved(self, days: Iterable[int], gain: Floats) -> dict[int, _Solved]:
        return {day: self._best(day, gain) for day in days}

    def _keep(self, solved: Mapping[int, _Solved]) -> None:
        for day, one in solved.items():
            options = self._options[day]
            self.by_day[day] = one.value
            self.taken[options] = False
            self.taken[one.taken] = True
            self._price[self._lanes[day]] = one.price
            self._surplus[self.problem.declaration[options]] = 0.0
            self._surplus[np.unique(self.problem.declaration[options])] = one.surplus

    def _best(self, day: int, gains: Floats) -> _Solved:
        problem, lanes = self.problem, self._lanes[day]
        options = self._options[day][gains[self._options[day]] > 0]
        everybody = np.unique(problem.declaration[self._options[day]])
        lane = np.searchsorted(lanes, problem.lane[options])
        row = np.searchsorted(everybody, problem.declaration[options])
        room = problem.room[lanes]
        gain = np.zeros((len(everybody), len(lanes)))
        gain[row, lane] = gains[options]
        given = _assigned(gain, room)
        price = _prices(gain, given, room)
        surplus = np.maximum((np.where(gain > 0, gain - price, 0.0)).max(axis=1, initial=0.0), 0.0)
        taken = options[given[row] == lane]
        return _Solved(float(np.sum(gains[np.sort(taken)])), taken, price, surplus)


def _assigned(gain: Floats, room: Indices) -> Indices:
    """Return the lane of each declaration, -1 for none, so that the gain is greatest."""
    given = np.full(len(gain), -1, dtype=np.intp)
    counts = (gain > 0).sum(axis=0)
    best = np.argmax(gain, axis=1)
    wanted = np.bincount(best[gain.max(axis=1, initial=0.0) > 0], minlength=len(room))
    if np.all(wanted <= room):
        some = gain.max(axis=1, initial=0.0) > 0
        given[some] = best[some]
        return given
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 -- half a second, for this alone

    slots = np.repeat(np.arange(len(room)), np.minimum(room, counts))
    if not len(slots):
        return given
    rows = np.flatnonzero(_could(gain, len(slots)))
    at, slot = linear_sum_assignment(gain[np.ix_(rows, slots)], maximize=True)
    chosen, lanes = rows[at], slots[slot]
    real = gain[chosen, lanes] > 0
    given[chosen[real]] = lanes[real]
    return given


def _could(gain: Floats, most: int) -> Flags:
    """Return which declarations an optimum may need: of each lane the best, as many as there are slots."""
    if len(gain) <= most:
        return np.ones(len(gain), dtype=np.bool_)
    least = np.partition(gain, len(gain) - most, axis=0)[len(gain) - most]
    return np.asarray(((gain >= least) & (gain > 0)).any(axis=1), dtype=np.bool_)


def _prices(gain: Floats, given: Indices, room: Indices) -> Floats:
    """Return the least prices that support an optimum, money a control.

    A full lane's price is at least what each declaration without control would bring there, and what each
    that is controlled elsewhere would bring more there.
    """
    lanes = len(room)
    full = np.bincount(given[given >= 0], minlength=lanes) >= room
    out = given < 0
    price = np.where(full, gain[out].max(axis=0, initial=0.0), 0.0)
    for _ in range(lanes):
        before = price.copy()
        for a in range(lanes):
            inside = gain[given == a]
            if len(inside):
                more = np.where(inside > 0, inside - inside[:, [a]], -np.inf).max(axis=0) + price[a]
                price = np.where(full & (np.arange(lanes) != a), np.maximum(price, more), price)
        if np.array_equal(before, price):
            break
    return price
