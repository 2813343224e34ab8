"""``random``: all control by chance; what a strategy must beat, and an unbiased look at everything."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from daliz.engine.pack import Pack
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.protocol import Capacity, answer
from daliz.engine.strategies.room import Room, thorough_first


class Chance:
    """Draws from everyone, the most revealing form first, and learns nothing."""

    def __init__(self, *, pack: Pack, seed: int) -> None:
        self._pack, self._seed = pack, seed

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take no notice."""

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take no notice."""

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Fill the capacity by chance."""
        day = Day.of_declarations(declarations)
        room = Room(capacity, day, self._pack)
        drawn, chance = draw(
            day, room, forms=thorough_first(capacity, self._pack), generator=generator(self._seed, now)
        )
        order = [*drawn, *(i for i in range(len(day)) if i not in drawn)]
        return answer(
            [day.ids[i] for i in order],
            [drawn.get(i) for i in order],
            propensity=[chance[i] for i in order],
            in_random=[i in drawn for i in order],
        )


def generator(seed: int, now: datetime) -> np.random.Generator:
    """Return a source of chance that depends on the seed and the instant alone."""
    return np.random.default_rng([seed, int(now.timestamp())])


def draw(
    day: Day, room: Room, *, forms: Sequence[str], generator: np.random.Generator
) -> tuple[dict[int, str], list[float]]:
    """Draw declarations by chance until the room is full.

    Args:
        day: the declarations.
        room: what there is; what is drawn is taken from it.
        forms: in the order in which they are filled; a declaration gets one.
        generator: of chance.

    Returns:
        The form of each that was drawn, in the order of the draw; and for each declaration how likely its
        form was, or any form if it got none.
    """
    drawn: dict[int, str] = {}
    chances: dict[str, dict[int, float]] = {}
    for form in forms:
        before = dict.fromkeys(drawn)
        for one in generator.permutation(len(day)).tolist():
            if one not in drawn and room.take(one, form):
                drawn[one] = form
        pools = room.lanes[form]
        there = Counter(pools)
        taken = Counter(pools[one] for one in drawn if one not in before)
        chances[form] = {i: taken[pool] / there[pool] for i, pool in enumerate(pools)}
    none = [min(sum(chances[form][i] for form in forms), 1.0) for i in range(len(day))]
    return drawn, [chances[drawn[i]][i] if i in drawn else none[i] for i in range(len(day))]
