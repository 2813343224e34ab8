"""Small choices whose best answer can be counted by hand, and an oracle that tries everything."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from daliz.engine.superposition import Problem

Option = tuple[int, int, float]
"""A declaration, a lane, and what control brings there."""


def a_problem(
    options: Sequence[Option],
    asks: Sequence[Sequence[int]],
    *,
    room: Sequence[int] = (1,),
    day: Sequence[int] | None = None,
    group: Sequence[int] | None = None,
    upkeep: Sequence[float] | None = None,
    fixed: Sequence[int] = (),
    most: int | None = None,
    share: Sequence[float] = (),
) -> Problem:
    """Lanes are all of one day unless told; candidates are of groups of their own and cost nothing.

    Each tells its options to bring what they bring, or its ``share`` of that.
    """
    return Problem(
        declaration=np.array([o[0] for o in options], dtype=np.intp),
        lane=np.array([o[1] for o in options], dtype=np.intp),
        room=np.array(room, dtype=np.intp),
        day=np.array(day if day is not None else [0] * len(room), dtype=np.intp),
        asks=tuple(np.array(sorted(own), dtype=np.intp) for own in asks),
        tells=tuple(
            np.array([options[k][2] * (share[c] if share else 1.0) for k in sorted(own)], dtype=np.float64)
            for c, own in enumerate(asks)
        ),
        group=np.array(group if group is not None else range(len(asks)), dtype=np.intp),
        upkeep=np.array(upkeep if upkeep is not None else [0.0] * len(asks), dtype=np.float64),
        fixed=np.array([c in fixed for c in range(len(asks))], dtype=np.bool_),
        most=most,
    )


def value(problem: Problem, active: Sequence[int]) -> float:
    """What officers can bring, by trying every use of the room."""
    gain: dict[int, float] = {}
    for c in active:
        for k, told in zip(problem.asks[c].tolist(), problem.tells[c].tolist(), strict=True):
            gain[k] = max(gain.get(k, 0.0), told)
    asked = sorted(gain)

    def best(at: int, taken: frozenset[int], left: tuple[int, ...]) -> float:
        if at == len(asked):
            return 0.0
        k = asked[at]
        without = best(at + 1, taken, left)
        declaration, lane = int(problem.declaration[k]), int(problem.lane[k])
        if declaration in taken or not left[lane]:
            return without
        used = tuple(room - (place == lane) for place, room in enumerate(left))
        return max(without, gain[k] + best(at + 1, taken | {declaration}, used))

    return best(0, frozenset(), tuple(problem.room.tolist()))


def sets(problem: Problem) -> Iterator[tuple[int, ...]]:
    """Every set of candidates that may be active together."""
    for size in range(problem.size + 1):
        yield from (active for active in combinations(range(problem.size), size) if problem.allows(active))


def best(problem: Problem) -> float:
    """The most that any allowed set is worth, its upkeep taken off."""
    return max(value(problem, active) - problem.cost(active) for active in sets(problem))
