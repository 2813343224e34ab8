"""What is chosen among: candidates, the controls that each may ask for, and the room for controls."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Which candidates to have active, so that what is controlled within the room brings most.

    An *option* is one declaration controlled in one form; it is there while some active candidate asks for
    it, and brings what the active candidate that tells most of it tells. A declaration takes one option at
    most, a lane (one pool, form and day) no more than its room.

    Attributes:
        declaration: of each option, index, shape (m,).
        lane: of each option, index, shape (m,).
        room: controls that each lane can carry out, 0 or more, shape (lanes,).
        day: of each lane, index from 0, shape (lanes,).
        asks: for each candidate, the options that it asks for, ascending.
        tells: for each candidate, what it tells each of these to bring, money, above 0.
        group: of each candidate; of one group one candidate at most is active, shape (candidates,).
        upkeep: what having it active costs, money, 0 or more, shape (candidates,).
        fixed: it is active whatever is chosen, shape (candidates,).
        most: how many may be active beside the fixed ones; None for any number.
    """

    declaration: Indices
    lane: Indices
    room: Indices
    day: Indices
    asks: tuple[Indices, ...]
    tells: tuple[Floats, ...]
    group: Indices
    upkeep: Floats
    fixed: Flags
    most: int | None = None

    @property
    def size(self) -> int:
        """How many candidates there are."""
        return len(self.asks)

    @property
    def days(self) -> int:
        """How many days the lanes cover."""
        return int(self.day.max(initial=-1)) + 1

    def cost(self, active: Collection[int]) -> float:
        """Return the upkeep of the candidates that are active and not fixed, money."""
        return float(sum(self.upkeep[c] for c in sorted(active) if not self.fixed[c]))

    def allows(self, active: Collection[int]) -> bool:
        """Tell whether these may be active together: the fixed ones, one a group, no more than ``most``."""
        groups = [int(self.group[c]) for c in active]
        free = sum(not self.fixed[c] for c in active)
        return (
            len(groups) == len(set(groups))
            and set(np.flatnonzero(self.fixed).tolist()) <= set(active)
            and (self.most is None or free <= self.most)
        )
