"""Who is controlled in which form: mandatory, then the random share, then the best use of the time left.

Mandatory controls are carried out whatever they cost. The random share was drawn from everyone, independently
of any targeting, and its time is set aside next. What is left goes where it brings most, by linear programme:
a declaration is controlled in one form, and a floor of each lane is kept for damage that is not to revenue.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from daliz.engine.allocation.programme import Flags, Floats, Indices, Options, choose


class Claim(IntEnum):
    """Why a declaration asks for control, strongest first."""

    MANDATORY = 0
    RANDOM = 1
    WAIVABLE = 2


@dataclass(frozen=True, slots=True)
class Requests:
    """All that is asked of officers, one row for each declaration, form, lane and claim.

    Attributes:
        declaration: index, shape (m,).
        form: index of the form of control, shape (m,).
        lane: index of the lane whose officers would do it, shape (m,).
        claim: a ``Claim``, shape (m,).
        gain: expected gain of this control, net of its costs, money, shape (m,).
        cost: what it takes of the lane, in the lane's unit, shape (m,), above 0.
        non_fiscal: the lane's floor is kept for it, shape (m,).
        draw: the random number as a share of its stratum's, 0 to 1; the least come first where not all of
            the random share fits, shape (m,).
    """

    declaration: Indices
    form: Indices
    lane: Indices
    claim: Indices
    gain: Floats
    cost: Floats
    non_fiscal: Flags
    draw: Floats


@dataclass(frozen=True, slots=True)
class Staff:
    """The officers and what they can do.

    Attributes:
        capacity: of each lane, in its unit, shape (lanes,).
        floor_share: share of each lane kept for damage that is not to revenue, 0 to 1.
        includes: form f's control includes form g's, shape (forms, forms); opening the goods includes the
            documents.
    """

    capacity: Floats
    floor_share: float
    includes: Flags


@dataclass(frozen=True, slots=True)
class Plan:
    """What officers do.

    Attributes:
        granted: requests carried out, shape (m,); of several for one control only the strongest.
        covered: requests answered by another: the same control under a stronger claim, or one that includes
            it, shape (m,).
        used: capacity given, by lane and claim, shape (lanes, 3).
        value: expected gain of the waivable controls, money.
        bound: what no plan that keeps the floors can exceed, money.
        price: what one more unit of each lane would bring, money per unit, shape (lanes,).
        floor_price: what one unit less of each lane's floor would bring, money per unit, shape (lanes,).
        loss: what one unit less of each lane would lose, money per unit, shape (lanes,): what a waivable
            control that was not asked for would have had to bring; NaN if not asked for.
    """

    granted: Flags
    covered: Flags
    used: Floats
    value: float
    bound: float
    price: Floats
    floor_price: Floats
    loss: Floats

    @property
    def gap(self) -> float:
        """What the plan may lack to the best, as a share of the bound, 0 to 1."""
        return 1 - self.value / self.bound if self.bound > 0 else 0.0


def plan(requests: Requests, staff: Staff, *, held: Flags, worth: Floats, with_loss: bool = False) -> Plan:
    """Give officers' time to those that ask for it.

    Args:
        requests: any number for each declaration, the earlier first among equals.
        staff: capacity, floor, and which form includes which.
        held: controls that declarations have from before, at no cost, shape (n, forms).
        worth: expected gain of each form for each declaration, money, shape (n, forms): what is known
            already is not found again, so beside a control it has, a declaration asks only for what a
            further form would add.
        with_loss: find ``loss`` too.

    Returns:
        The plan. Capacity is exceeded by mandatory controls only.

    Sources:
        [rkc1999annex] Standards 6.3 and 6.4; [hoffman1956].
    """
    granted, used = np.zeros(len(requests.gain), dtype=np.bool_), np.zeros((len(staff.capacity), len(Claim)))
    reach = staff.includes | np.eye(len(staff.includes), dtype=np.bool_)
    done = held @ reach
    for k in _in_turn(requests, staff.includes):
        at, form, lane = requests.declaration[k], requests.form[k], requests.lane[k]
        claim, cost = requests.claim[k], requests.cost[k]
        room = claim == Claim.MANDATORY or cost <= staff.capacity[lane] - used[lane].sum() + 1e-9
        if room and not done[at, form]:
            granted[k] = True
            done[at] |= reach[form]
            used[lane, claim] += cost
    left = staff.capacity - used.sum(axis=1)
    open_ = (requests.claim == Claim.WAIVABLE) & ~done[requests.declaration, requests.form]
    choice = choose(
        _added(requests, open_, known=np.where(done, worth, 0.0).max(axis=1, initial=0.0)),
        capacity=left,
        floor=np.clip(np.minimum(staff.floor_share * staff.capacity, left), 0.0, None),
        with_loss=with_loss,
    )
    granted[open_] = choice.chosen
    has = held.copy()
    has[requests.declaration[granted], requests.form[granted]] = True
    granted &= ~(has @ staff.includes)[requests.declaration, requests.form]
    used = np.zeros_like(used)
    np.add.at(used, (requests.lane[granted], requests.claim[granted]), requests.cost[granted])
    return Plan(
        granted=granted,
        covered=(has @ reach)[requests.declaration, requests.form] & ~granted,
        used=used,
        value=choice.value,
        bound=choice.bound,
        price=choice.price,
        floor_price=choice.floor_price,
        loss=choice.loss,
    )


def _in_turn(requests: Requests, includes: Flags) -> list[int]:
    """Return mandatory, then random requests: forms that include others first, then by draw."""
    asked = np.flatnonzero(requests.claim != Claim.WAIVABLE)
    breadth = includes.sum(axis=1)[requests.form[asked]]
    draw = np.where(requests.claim[asked] == Claim.RANDOM, requests.draw[asked], 0.0)
    return [int(k) for k in asked[np.lexsort((draw, -breadth, requests.claim[asked]))]]


def _added(requests: Requests, kept: Flags, *, known: Floats) -> Options:
    """Return waivable requests with what they add to what is ``known`` by a control already had."""
    return Options(
        declaration=requests.declaration[kept],
        lane=requests.lane[kept],
        gain=requests.gain[kept] - known[requests.declaration[kept]],
        cost=requests.cost[kept],
        non_fiscal=requests.non_fiscal[kept],
    )
