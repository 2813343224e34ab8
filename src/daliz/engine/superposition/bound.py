"""What no choice of candidates can exceed: the linear relaxation, in which candidates may be active in part.

An option is used no further than the candidates that ask for it are active. Options that the same candidates
of a group ask for share one row for that group, so that many thresholds of one profile cost little.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array

from daliz.engine.superposition.problem import Floats, Indices, Problem
from daliz.engine.superposition.standing import Standing

_SCALE = 1e4
"""The largest gain as the solver sees it."""
_SLACK = 1e-6
"""As a share of the bound: what the solver's tolerance may hide, added so that the bound stays one."""
_PATIENCE = 60.0
"""Seconds after which the relaxation is given up."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that no allowed set exceeds.

    Attributes:
        money: it.
        relaxed: it is the linear relaxation's; else that of everything being active at once, at no upkeep.
    """

    money: float
    relaxed: bool

    def lost(self, worth: float) -> float:
        """Return what share of the best a set of this worth may lack at most, 0 to 1."""
        return max(0.0, 1 - worth / self.money) if self.money > 0 else 0.0


def bound(problem: Problem, *, patience: float = _PATIENCE) -> Bound:
    """Return the bound on value less upkeep.

    Args:
        problem: what is chosen among.
        patience: seconds for the relaxation, above 0.

    Sources:
        [cornuejols1977] for the relaxation of location problems; [huangfu2018] for the solver.
    """
    everything = Standing(problem, range(problem.size)).value
    if not len(problem.gain):
        return Bound(everything, relaxed=False)
    scale = _SCALE / float(problem.gain.max())
    m, n = len(problem.gain), problem.size
    rows = _Rows()
    options, candidates = np.arange(m), m + np.arange(n)
    rows.add(problem.declaration, options, np.ones(m), upper=1.0)
    for lane in np.unique(problem.lane).tolist():
        own = options[problem.lane == lane]
        rows.add(np.zeros_like(own), own, np.ones(len(own)), upper=float(problem.room[lane]))
    rows.add(problem.group, candidates, np.ones(n), upper=1.0)
    free = candidates[~problem.fixed]
    if problem.most is not None and len(free):
        rows.add(np.zeros_like(free), free, np.ones(len(free)), upper=float(problem.most))
    columns = _ask(problem, rows)
    objective = np.concatenate(
        [-problem.gain, np.where(problem.fixed, 0.0, problem.upkeep), np.zeros(columns)]
    )
    least = np.concatenate([np.zeros(m), problem.fixed.astype(np.float64), np.zeros(columns)])
    found = linprog(
        objective * scale,
        A_ub=rows.matrix(m + n + columns),
        b_ub=np.concatenate(rows.upper),
        bounds=np.column_stack([least, np.ones(len(least))]),
        method="highs",
        options={"time_limit": patience},
    )
    if found.status != 0:
        return Bound(everything, relaxed=False)
    relaxed = -float(found.fun) / scale
    return Bound(min(everything, relaxed + _SLACK * abs(relaxed)), relaxed=True)


def _ask(problem: Problem, rows: "_Rows") -> int:
    """Add the rows by which an option is used only as far as it is asked for; return the columns added.

    A column stands for several candidates of one group that ask for the same options.
    """
    m, columns = len(problem.gain), 0
    option, column = [np.arange(m)], [np.arange(m)]
    value = [np.ones(m)]
    for group in np.unique(problem.group).tolist():
        members = np.flatnonzero(problem.group == group)
        asked = np.unique(np.concatenate([problem.asks[c] for c in members]))
        sets = np.column_stack([np.isin(asked, problem.asks[c], assume_unique=True) for c in members])
        patterns, pattern = np.unique(sets, axis=0, return_inverse=True)
        places = np.zeros(len(patterns), dtype=np.intp)
        for at, own in enumerate(patterns):
            askers = m + members[own]
            places[at] = askers[0]
            if len(askers) > 1:
                places[at] = m + problem.size + columns
                columns += 1
                both = np.concatenate([[places[at]], askers])
                rows.add(np.zeros_like(both), both, np.where(both == places[at], 1.0, -1.0), upper=0.0)
        option.append(asked)
        column.append(places[pattern.reshape(-1)])
        value.append(np.full(len(asked), -1.0))
    rows.add(np.concatenate(option), np.concatenate(column), np.concatenate(value), upper=0.0)
    return columns


class _Rows:
    """Rows of a programme as they are gathered, in blocks; within a block each row has a name."""

    def __init__(self) -> None:
        """Begin with none."""
        self._row: list[Indices] = []
        self._column: list[Indices] = []
        self._value: list[Floats] = []
        self.upper: list[Floats] = []
        self._rows = 0

    def add(self, name: Indices, column: Indices, value: Floats, *, upper: float) -> None:
        """Add a block: entries with one name make a row, which may not pass ``upper``."""
        names, row = np.unique(name, return_inverse=True)
        self._row.append(row.reshape(-1) + self._rows)
        self._column.append(column)
        self._value.append(value)
        self.upper.append(np.full(len(names), upper))
        self._rows += len(names)

    def matrix(self, columns: int) -> csc_array:
        """Return all of them."""
        where = np.concatenate(self._row), np.concatenate(self._column)
        return csc_array((np.concatenate(self._value), where), shape=(self._rows, columns))
