"""The best use of the room under a set of active candidates, kept day by day as the set changes.

Each day is an assignment of declarations to controls and is solved exactly. With it stand its least prices:
what is not worth its price changes nothing, so most days need not be solved again when a candidate comes or
goes. Of two optima the solver's is taken, which is deterministic.
"""

import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from daliz.engine.superposition.problem import Flags, Floats, Indices, Problem

_NOTHING = 1e-6
"""Money that is none."""


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """One day's best use.

    Attributes:
        value: what it brings, money.
        taken: options carried out.
        over: of the day's lanes and declarations, what each is worth at the margin, money.
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
        self.askers = np.zeros(len(problem.gain), dtype=np.intp)
        for c in sorted(self.active):
            self.askers[problem.asks[c]] += 1
        self.by_day = np.zeros(problem.days)
        self.taken = np.zeros(len(problem.gain), dtype=np.bool_)
        self._price = np.zeros(len(problem.room))
        self._surplus = np.zeros(int(problem.declaration.max(initial=-1)) + 1)
        self._keep(self._solved(range(problem.days), self.askers))

    @property
    def value(self) -> float:
        """What the room brings, money, upkeep not taken off."""
        return float(self.by_day.sum())

    @property
    def worth(self) -> float:
        """What is maximised: the value less the upkeep, money."""
        return self.value - self.problem.cost(self.active)

    def change(self, *, on: Collection[int] = (), off: Collection[int] = ()) -> Floats:
        """Return what a change would add to each day, money, without making it; shape (days,)."""
        added = np.zeros(self.problem.days)
        for day, solved in self._tried(on, off)[1].items():
            added[day] = solved.value - self.by_day[day]
        return added

    def make(self, *, on: Collection[int] = (), off: Collection[int] = ()) -> None:
        """Make a change."""
        self.askers, solved = self._tried(on, off)
        self._keep(solved)
        self.active = (self.active - set(off)) | set(on)

    def _tried(self, on: Collection[int], off: Collection[int]) -> tuple[Indices, Mapping[int, _Solved]]:
        problem, askers = self.problem, self.askers.copy()
        for c in on:
            askers[problem.asks[c]] += 1
        for c in off:
            askers[problem.asks[c]] -= 1
        touched = np.zeros(problem.days, dtype=np.bool_)
        for c in off:
            own = problem.asks[c]
            lost = own[(askers[own] == 0) & self.taken[own]]
            touched[self._day_of[lost]] = True
        for c in on:
            own = problem.asks[c]
            new = own[self.askers[own] == 0]
            over = problem.gain[new] - self._price[problem.lane[new]]
            better = over > self._surplus[problem.declaration[new]] + _NOTHING
            touched[self._day_of[new[better]]] = True
        return askers, self._solved(np.flatnonzero(touched).tolist(), askers)

    def _solved(self, days: Iterable[int], askers: Indices) -> dict[int, _Solved]:
        return {day: self._best(day, self._options[day][askers[self._options[day]] > 0]) for day in days}

    def _keep(self, solved: Mapping[int, _Solved]) -> None:
        for day, one in solved.items():
            options = self._options[day]
            self.by_day[day] = one.value
            self.taken[options] = False
            self.taken[one.taken] = True
            self._price[self._lanes[day]] = one.price
            self._surplus[self.problem.declaration[options]] = 0.0
            self._surplus[np.unique(self.problem.declaration[options])] = one.surplus

    def _best(self, day: int, options: Indices) -> _Solved:
        problem, lanes = self.problem, self._lanes[day]
        everybody = np.unique(problem.declaration[self._options[day]])
        lane = np.searchsorted(lanes, problem.lane[options])
        row = np.searchsorted(everybody, problem.declaration[options])
        room = problem.room[lanes]
        gain = np.zeros((len(everybody), len(lanes)))
        gain[row, lane] = problem.gain[options]
        given = _assigned(gain, room)
        price = _prices(gain, given, room)
        surplus = np.maximum((np.where(gain > 0, gain - price, 0.0)).max(axis=1, initial=0.0), 0.0)
        taken = options[given[row] == lane]
        return _Solved(float(np.sum(problem.gain[np.sort(taken)])), taken, price, surplus)


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
