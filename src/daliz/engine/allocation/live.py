"""One declaration as it is registered: a comparison of its gain with the price of officers' time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.allocation.planner import Claim
from daliz.engine.allocation.programme import Flags, Floats, Indices

_ANSWER: Final = 2.0
"""How strongly a price answers to time running short: its power of the shortage."""

_TRUST: Final = 1.0
"""How much the forecast of arrivals weighs against those seen, in days."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a declaration asks of one lane.

    Attributes:
        lane: index of the lane.
        claim: why, the strongest of its claims.
        gain: expected gain, net of burden, money; beside a mandatory form, what this one adds.
        cost: what it takes of the lane, in its unit, above 0.
        non_fiscal: the floor is kept for it.
    """

    lane: int
    claim: Claim
    gain: float
    cost: float
    non_fiscal: bool = False


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is planned and expected of the lanes of one day, each of shape (lanes,).

    Attributes:
        capacity: in the lane's unit.
        price: of the plan, money per unit; where it leaves time over, ``opening_price``.
        floor_price: of the plan, money per unit.
        floor: the part of the capacity kept for damage that is not to revenue.
        random: the part that the random share is expected to take.
        arrivals: declarations expected that could reach the lane, 0 or more.
    """

    capacity: Floats
    price: Floats
    floor_price: Floats
    floor: Floats
    random: Floats
    arrivals: Floats


@dataclass(frozen=True, slots=True)
class Taken:
    """What a day's live decisions have taken and seen so far.

    Attributes:
        used: capacity given by lane and claim, shape (lanes, 3).
        non_fiscal: of it, for damage that is not to revenue, shape (lanes,).
        seen: declarations that could reach each lane, shape (lanes,).
    """

    used: Floats
    non_fiscal: Floats
    seen: Floats

    @classmethod
    def nothing(cls, lanes: int) -> "Taken":
        """Return the state in which a day begins."""
        return cls(np.zeros((lanes, len(Claim))), np.zeros(lanes), np.zeros(lanes))


class Shift:
    """A day's officers, whose time live decisions take.

    A declaration is controlled in the form whose gain exceeds its price by most, if any does. The price is
    the plan's, times the square of how short time is: the time that the arrivals still expected would take at
    the planned pace, against the time there is. So a day with more declarations than foreseen, or with
    richer ones, raises its prices until the load fits, and one with fewer lowers them until officers are
    busy. The arrivals still expected follow the forecast and, as the day goes on, what is seen. Only
    mandatory controls exceed capacity.

    Bid prices are [talluri1998]'s; that a price which answers to what is left and to what is still to come
    loses little to the optimum known afterwards, [li2022]'s; that it moves by factors, [balseiro2023]'s.

    Example:
        >>> def alone(value: float) -> Floats:
        ...     return np.array([value])
        >>> shift = Shift(Outlook(alone(2.0), alone(5.0), alone(0.0), alone(0.0), alone(0.0), alone(10.0)))
        >>> shift.arrive([0])
        >>> shift.decide([Ask(0, Claim.WAIVABLE, 9.0, 1.0)], elapsed=0.0)
        (0,)
        >>> round(shift.price(0, elapsed=0.1), 2)  # one of two officers' controls is gone at once: dearer
        16.2
        >>> shift.decide([Ask(0, Claim.WAIVABLE, 9.0, 1.0)], elapsed=0.1)
        ()
    """

    def __init__(self, outlook: Outlook, taken: Taken | None = None) -> None:
        """Begin the day, or go on from what others have ``taken`` of it."""
        self._outlook = outlook
        begun = taken or Taken.nothing(len(outlook.capacity))
        self._used = begun.used.copy()
        self._non_fiscal = begun.non_fiscal.copy()
        self._seen = begun.seen.copy()

    @property
    def taken(self) -> Taken:
        """What was taken and seen so far."""
        return Taken(self._used.copy(), self._non_fiscal.copy(), self._seen.copy())

    @property
    def used(self) -> Floats:
        """Capacity given by lane and claim, shape (lanes, 3)."""
        return self._used.copy()

    def arrive(self, lanes: Sequence[int]) -> None:
        """Count a declaration that could reach ``lanes``, whether or not it asks for anything."""
        self._seen[list(lanes)] += 1

    def decide(self, asks: Sequence[Ask], *, elapsed: float) -> tuple[int, ...]:
        """Return which of ``asks`` are carried out, and take the officers' time.

        Args:
            asks: of one declaration, one for each form of control.
            elapsed: the share of the day's declarations that by this hour have usually come, 0 to 1.
        """
        given: list[int] = []
        for k in sorted(range(len(asks)), key=lambda k: asks[k].claim):
            if asks[k].claim is not Claim.WAIVABLE and self._must(asks[k]):
                given.append(k)
                self._take(asks[k])
        best, most = None, 0.0
        for k, ask in enumerate(asks):
            room = self._room(ask.lane, elapsed, non_fiscal=ask.non_fiscal)
            if ask.claim is Claim.WAIVABLE and ask.cost <= room + 1e-9:
                price = self.price(ask.lane, elapsed=elapsed, non_fiscal=ask.non_fiscal)
                if ask.gain - price * ask.cost > most:
                    best, most = k, ask.gain - price * ask.cost
        if best is not None:
            given.append(best)
            self._take(asks[best])
        return tuple(given)

    def price(self, lane: int, *, elapsed: float, non_fiscal: bool = False) -> float:
        """Return what a unit of a lane's time is worth now, money; infinite where none is left."""
        planned = self._outlook.price[lane] - (self._outlook.floor_price[lane] if non_fiscal else 0.0)
        room = self._room(lane, elapsed, non_fiscal=True)
        if planned <= 0 or self._outlook.arrivals[lane] <= 0:
            return 0.0 if room > 0 else np.inf
        pace = (self._outlook.capacity[lane] - self._outlook.random[lane]) / self._outlook.arrivals[lane]
        needed = pace * self._expected(lane, elapsed)
        return float(planned * (needed / room) ** _ANSWER) if room > 0 else np.inf

    def _take(self, ask: Ask) -> None:
        self._used[ask.lane, ask.claim] += ask.cost
        self._non_fiscal[ask.lane] += ask.cost * ask.non_fiscal

    def _must(self, ask: Ask) -> bool:
        """Whether a mandatory or random control is carried out: the one always, the other if it fits."""
        left = self._outlook.capacity[ask.lane] - self._used[ask.lane].sum()
        return ask.claim is Claim.MANDATORY or bool(ask.cost <= left + 1e-9)

    def _room(self, lane: int, elapsed: float, *, non_fiscal: bool) -> float:
        """Return the time that targeting may take: what is left but for what the rest of the day is owed."""
        left = self._outlook.capacity[lane] - self._used[lane].sum()
        if self._outlook.arrivals[lane] > 0:
            left -= self._outlook.random[lane] * self._expected(lane, elapsed) / self._outlook.arrivals[lane]
        if not non_fiscal:
            left -= max(self._outlook.floor[lane] - self._non_fiscal[lane], 0.0) * (1 - elapsed)
        return float(left)

    def _expected(self, lane: int, elapsed: float) -> float:
        """Return the declarations still to come: forecast and what was seen, each by its weight."""
        a_day = (_TRUST * self._outlook.arrivals[lane] + self._seen[lane]) / (_TRUST + elapsed)
        return float(a_day * (1 - elapsed))


def opening_price(price: Floats, *, lane: Indices, gain: Floats, cost: Floats, granted: Flags) -> Floats:
    """Return prices to begin a day with: the plan's; where that has time over, the least gain it grants.

    A price of 0 could not answer to a day with more declarations than foreseen.

    Args:
        price: the plan's, money per unit, shape (lanes,).
        lane: of each waivable request, shape (m,).
        gain: its gain, money, shape (m,).
        cost: what it takes, in the lane's unit, shape (m,).
        granted: the plan carries it out, shape (m,).

    Example:
        >>> opening_price(np.array([0.0, 7.0]), lane=np.array([0, 0, 1]), gain=np.array([6.0, 4.0, 9.0]),
        ...     cost=np.array([2.0, 2.0, 1.0]), granted=np.array([True, True, True])).tolist()
        [2.0, 7.0]
    """
    least = np.full(len(price), np.inf)
    np.minimum.at(least, lane[granted], gain[granted] / cost[granted])
    return np.where(price > 0, price, np.where(np.isfinite(least), least, 0.0))
