"""What no choice of candidates can exceed: the linear relaxation, in which candidates may be active in part.

A control on a candidate's word is used no further than that candidate is active. Where there are too many
such words for the solver, prices of declarations and lanes take its place: with any prices at all, what
candidates would bring above them, and what the prices bring, is a bound; better prices make it tighter.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from daliz.engine.superposition.problem import Flags, Floats, Indices, Problem
from daliz.engine.superposition.standing import Standing

if TYPE_CHECKING:
    from scipy.sparse import csc_array

MOST_WORDS = 60_000
"""Words of candidates about options up to which the relaxation is solved."""
_SCALE = 1e4
"""The largest gain as the solver sees it."""
_SLACK = 1e-6
"""As a share of the bound: what the solver's tolerance may hide, added so that the bound stays one."""
_STEPS = 400
"""Steps by which prices are made better."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that no allowed set exceeds.

    Attributes:
        money: it.
        relaxed: it is the linear relaxation's optimum; else it is that of prices, a little above.
    """

    money: float
    relaxed: bool

    def lost(self, worth: float) -> float:
        """Return what share of the best a set of this worth may lack at most, 0 to 1."""
        return max(0.0, 1 - worth / self.money) if self.money > 0 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """Every word: a candidate, an option, and what the candidate tells it to bring."""

    candidate: Indices
    option: Indices
    gain: Floats


def bound(standing: Standing, *, most_words: int = MOST_WORDS) -> Bound:
    """Return the bound on value less upkeep, over all sets.

    Args:
        standing: a set found, whose prices are begun with.
        most_words: up to which the relaxation is solved.

    Sources:
        [cornuejols1977] for the relaxation of location problems and its prices; [huangfu2018] for the solver.
    """
    problem = standing.problem
    counts = [len(own) for own in problem.asks]
    words = _Words(
        np.repeat(np.arange(problem.size), counts),
        np.concatenate([np.zeros(0, dtype=np.intp), *problem.asks]),
        np.concatenate([np.zeros(0), *problem.tells]),
    )
    if not len(words.gain):
        return Bound(max(standing.worth, 0.0), relaxed=False)
    if len(words.gain) > most_words:
        return Bound(max(_priced(standing, words), standing.worth), relaxed=False)
    relaxed = _relaxed(problem, words)
    return Bound(max(relaxed + _SLACK * abs(relaxed), standing.worth), relaxed=True)


def _relaxed(problem: Problem, words: _Words) -> float:
    """Solve the linear relaxation."""
    from scipy.optimize import linprog  # noqa: PLC0415 -- half a second, for this command alone

    scale = _SCALE / float(words.gain.max())
    m, n = len(words.gain), problem.size
    rows = _Rows()
    each, candidates = np.arange(m), m + np.arange(n)
    ones = np.ones(m)
    rows.add(problem.declaration[words.option], each, ones, upper=np.ones(m))
    lane = problem.lane[words.option]
    rows.add(lane, each, ones, upper=problem.room[lane].astype(np.float64))
    rows.add(each, each, ones, upper=np.zeros(m), also=(m + words.candidate, -ones))
    rows.add(problem.group, candidates, np.ones(n), upper=np.ones(n))
    free = candidates[~problem.fixed]
    if problem.most is not None and len(free):
        rows.add(np.zeros_like(free), free, np.ones(len(free)), upper=np.full(len(free), float(problem.most)))
    found = linprog(
        np.concatenate([-words.gain, np.where(problem.fixed, 0.0, problem.upkeep)]) * scale,
        A_ub=rows.matrix(m + n),
        b_ub=np.concatenate(rows.upper),
        bounds=np.column_stack([np.r_[np.zeros(m), problem.fixed], np.ones(m + n)]),
        method="highs",
    )
    if found.status != 0:
        raise ArithmeticError(f"the relaxation was not solved: {found.message}")
    return -float(found.fun) / scale


def _priced(standing: Standing, words: _Words) -> float:
    """Return the bound of the best prices found, from those of ``standing`` on."""
    problem = standing.problem
    declaration, lane = problem.declaration[words.option], problem.lane[words.option]
    surplus, price = standing.surplus.copy(), standing.price.copy()
    room = problem.room.astype(np.float64)
    best, reach = np.inf, 1.0
    for step in range(_STEPS):
        over = np.maximum(words.gain - surplus[declaration] - price[lane], 0.0)
        brings = np.bincount(words.candidate, over, problem.size).astype(np.float64)
        chosen, value = _best_of_groups(problem, brings)
        value += float(surplus.sum()) + float(price @ room)
        best = min(best, value)
        used = (over > 0) & chosen[words.candidate]
        down = 1.0 - np.bincount(declaration[used], minlength=len(surplus))
        down_lane = room - np.bincount(lane[used], minlength=len(price))
        down[(surplus <= 0) & (down > 0)] = 0.0
        down_lane[(price <= 0) & (down_lane > 0)] = 0.0
        square = float(down @ down) + float(down_lane @ down_lane)
        if square == 0 or value - standing.worth <= _SLACK * value:
            break
        if step % 40 == 39:
            reach /= 1.5
        stride = reach * (value - standing.worth) / square
        surplus = np.maximum(surplus - stride * down, 0.0)
        price = np.maximum(price - stride * down_lane, 0.0)
    return float(best)


def _best_of_groups(problem: Problem, brings: Floats) -> tuple[Flags, float]:
    """Return which candidates are best active above the prices, and what they bring, upkeep taken off."""
    net = brings - np.where(problem.fixed, 0.0, problem.upkeep)
    chosen = problem.fixed.copy()
    taken = set(problem.group[problem.fixed].tolist())
    free = 0
    for c in np.argsort(-net, kind="stable").tolist():
        if problem.fixed[c] or int(problem.group[c]) in taken:
            continue
        if net[c] <= 0 or (problem.most is not None and free >= problem.most):
            break
        chosen[c] = True
        taken.add(int(problem.group[c]))
        free += 1
    return chosen, float(net[chosen].sum())


class _Rows:
    """Rows of a programme as they are gathered, in blocks; within a block each row has a name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._row: list[Indices] = []
        self._column: list[Indices] = []
        self._value: list[Floats] = []
        self.upper: list[Floats] = []
        self._rows = 0

    def add(
        self,
        name: Indices,
        column: Indices,
        value: Floats,
        *,
        upper: Floats,
        also: tuple[Indices, Floats] | None = None,
    ) -> None:
        """Add a block: entries with one name make a row, which may not pass ``upper``.

        Args:
            name: of each entry's row.
            column: of each entry.
            value: of each entry.
            upper: of each entry's row.
            also: a second column and value of each entry's row.
        """
        names, first, row = np.unique(name, return_index=True, return_inverse=True)
        for columns, values in ((column, value), *([also] if also else [])):
            self._row.append(row.reshape(-1) + self._rows)
            self._column.append(columns)
            self._value.append(values)
        self.upper.append(upper[first])
        self._rows += len(names)

    def matrix(self, columns: int) -> "csc_array":
        """Return all of them."""
        from scipy.sparse import csc_array  # noqa: PLC0415 -- comes with the solver

        where = np.concatenate(self._row), np.concatenate(self._column)
        return csc_array((np.concatenate(self._value), where), shape=(self._rows, columns))
