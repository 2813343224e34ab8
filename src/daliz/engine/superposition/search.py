"""The search: the best candidate is added as long as one is worth its upkeep, then exchanges are tried.

Where every declaration is asked for in one form, the value of a set is what those who tell most of each
declaration bring within the room of each day: monotone and submodular. Then adding greedily up to a number
reaches at least 1 - 1/e of the best, and half of it where candidates exclude one another. Over several forms
it is nearly submodular only, so nothing here relies on it: how far the best can be is told by ``bound``.
"""

import heapq
from collections.abc import Callable, Collection, Iterator

import numpy as np

from daliz.engine.superposition.problem import Problem
from daliz.engine.superposition.standing import Standing

_ROUNDS = 4
"""Rounds of exchanges at most; the second seldom finds anything."""

Tell = Callable[[float], None]


def search(problem: Problem, *, today: Collection[int] = (), tell: Tell = lambda _done: None) -> Standing:
    """Return a set of candidates that no single addition, exchange or removal improves, or nearly.

    Args:
        problem: what is chosen among.
        today: what is active now; what is found is worth no less, if it is allowed.
        tell: told how much is done, 0 to 1.

    Sources:
        [nemhauser1978], [fisher1978] for what greedy addition reaches; [minoux1978] for its laziness.
    """
    standing = Standing(problem)
    _add_greedily(standing, tell)
    _improve(standing, tell)
    if not problem.allows({*np.flatnonzero(problem.fixed).tolist(), *today}):
        return standing
    present = Standing(problem, today)
    if present.worth <= standing.worth:
        return standing
    _improve(present, tell)
    return present


def _improve(standing: Standing, tell: Tell) -> None:
    """Make exchanges until none improves."""
    for turn in range(_ROUNDS):
        tell(0.6 + 0.4 * turn / _ROUNDS)
        if not _exchange(standing):
            break


def _add_greedily(standing: Standing, tell: Tell) -> None:
    """Add the candidate that adds most, until none is worth its upkeep; what it added before bounds it."""
    problem = standing.problem
    waiting = [(-_most(problem, c), c) for c in range(problem.size) if not problem.fixed[c]]
    heapq.heapify(waiting)
    begun = len(waiting) or 1
    while waiting and standing.free:
        _, c = heapq.heappop(waiting)
        if standing.holder(c) is not None:
            continue
        adds = float(standing.change(on=[c]).sum()) - float(problem.upkeep[c])
        if adds <= _least(standing):
            continue
        if waiting and -adds > waiting[0][0]:
            heapq.heappush(waiting, (-adds, c))
            continue
        standing.make(on=[c])
        tell(0.6 * (1 - len(waiting) / begun))


def _exchange(standing: Standing) -> bool:
    """Make exchanges that improve, one candidate after another; tell whether any did."""
    better = False
    for c in range(standing.problem.size):
        if standing.problem.fixed[c]:
            continue
        for on, off in _moves(standing, c):
            gain = float(standing.change(on=on, off=off).sum())
            gain -= standing.problem.cost(on) - standing.problem.cost(off)
            if gain > _least(standing):
                standing.make(on=on, off=off)
                better = True
                break
    return better


def _moves(standing: Standing, c: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield what can be done with one candidate: out, in, or in for another."""
    if c in standing.active:
        yield [], [c]
        return
    holder = standing.holder(c)
    if holder is not None:
        if not standing.problem.fixed[holder]:
            yield [c], [holder]
    elif standing.free:
        yield [c], []
    else:
        free = sorted(a for a in standing.active if not standing.problem.fixed[a])
        yield from (([c], [a]) for a in free)


def _least(standing: Standing) -> float:
    """Return the money that an improvement must exceed to be one."""
    return 1e-9 * max(standing.value, 1.0)


def _most(problem: Problem, c: int) -> float:
    """Return what a candidate brings at the very most: each lane filled with the best of what it asks."""
    own, tells = problem.asks[c], problem.tells[c]
    order = np.lexsort((-tells, problem.lane[own]))
    lanes = problem.lane[own][order]
    first = np.searchsorted(lanes, lanes)
    within = np.arange(len(order)) - first < problem.room[lanes]
    return float(tells[order[within]].sum()) - float(problem.upkeep[c])
