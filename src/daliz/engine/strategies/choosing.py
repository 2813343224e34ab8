"""From what each form of control is worth to who is controlled: the random share first, then the best use."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.allocation.draw import DrawKey
from daliz.engine.allocation.programme import Options, choose
from daliz.engine.estimators.learner import FORMS
from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import Pack
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.protocol import Capacity, answer
from daliz.engine.strategies.room import Lane, Room


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What is known of each declaration, in the order of ``Day.ids``.

    Attributes:
        gain: what each form is expected to bring, money by the pack's weights, shape (declarations, forms).
        allowed: forms that may be chosen.
        chance: that each form finds something, 0 to 1.
        recovery: payments that each is expected to bring, money.
    """

    gain: Floats
    allowed: NDArray[np.bool_]
    chance: Floats
    recovery: Floats


def chosen(
    day: Day, worth: Worth, *, capacity: Capacity, pack: Pack, key: DrawKey, strata: Sequence[float]
) -> pa.Table:
    """Return the answer of a strategy: the random share is drawn from everyone, the rest is the best use.

    Args:
        day: the declarations.
        worth: what control of each would bring.
        capacity: of control.
        pack: for the random share and the minutes of controls.
        key: of the draw.
        strata: share of each declaration's stratum, 0 to 1, before the bound of the capacity.
    """
    room = Room(capacity, day, pack)
    shares = _bounded(room, pack=pack, shares=np.asarray(strata))
    drawn = _drawn(day, room, pack=pack, key=key, shares=shares)
    forms: list[str | None] = [pack.policy.random.form if i in drawn else None for i in range(len(day))]
    lanes = sorted(room.left)
    place = {lane: at for at, lane in enumerate(lanes)}
    rows, lane_of, gains, costs = [], [], [], []
    for at, form in enumerate(FORMS):
        if form not in room.lanes:
            continue
        for i in np.flatnonzero(worth.allowed[:, at] & (worth.gain[:, at] > 0)).tolist():
            lane: Lane = room.lanes[form][i], form
            if i not in drawn and lane in place:
                rows.append(i)
                lane_of.append(place[lane])
                gains.append(worth.gain[i, at])
                costs.append(room.cost[form])
    if rows:
        choice = choose(
            Options(
                declaration=np.array(rows, dtype=np.intp),
                lane=np.array(lane_of, dtype=np.intp),
                gain=np.array(gains),
                cost=np.array(costs),
                non_fiscal=np.zeros(len(rows), dtype=np.bool_),
            ),
            capacity=np.array([room.left[lane] for lane in lanes]),
            floor=np.zeros(len(lanes)),
        )
        for option in np.flatnonzero(choice.chosen).tolist():
            forms[rows[option]] = lanes[lane_of[option]][1]
    return _told(day, worth, forms, drawn, shares)


def _bounded(room: Room, *, pack: Pack, shares: Floats) -> Floats:
    """Lower shares together where they would take more of the form's capacity than the pack allows."""
    form = pack.policy.random.form
    if form not in room.lanes:
        return np.zeros_like(shares)
    most = pack.policy.random.most_of_capacity * sum(
        left for (_, of), left in room.left.items() if of == form
    )
    expected = float(shares.sum()) * room.cost[form]
    return shares * min(1.0, most / expected) if expected > 0 else shares


def _drawn(day: Day, room: Room, *, pack: Pack, key: DrawKey, shares: Floats) -> dict[int, float]:
    """Draw the random share; return the chance of each that was drawn."""
    form = pack.policy.random.form
    order = sorted(
        (i for i in range(len(day)) if key.draw("random", day.ids[i]) < shares[i]),
        key=lambda i: (key.draw("random", day.ids[i]) / shares[i], day.ids[i]),
    )
    return {i: float(shares[i]) for i in order if room.take(i, form)}


def _told(
    day: Day, worth: Worth, forms: list[str | None], drawn: dict[int, float], shares: Floats
) -> pa.Table:
    at = {form: place for place, form in enumerate(FORMS)}
    fullest = np.argmax(worth.chance, axis=1)
    column = np.array(
        [fullest[i] if form is None else at[form] for i, form in enumerate(forms)], dtype=np.intp
    )
    rows = np.arange(len(day))
    gain, chance, money = (values[rows, column] for values in (worth.gain, worth.chance, worth.recovery))
    order = sorted(rows.tolist(), key=lambda i: (forms[i] is None, -gain[i], day.ids[i]))
    return answer(
        [day.ids[i] for i in order],
        [forms[i] for i in order],
        propensity=[drawn.get(i, 1.0 if forms[i] else float(shares[i])) for i in order],
        in_random=[i in drawn for i in order],
        probability=[float(min(max(chance[i], 0.0), 1.0)) for i in order],
        expected_damage=[float(max(money[i], 0.0)) for i in order],
    )
