"""Weeks of declarations against weeks of officers: the plan whose prices live decisions are compared with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.day import STRICTER
from daliz.engine.allocation.planner import Claim, Plan, Requests, Staff, plan
from daliz.engine.allocation.programme import Flags, Floats, Indices

_SOONER: Final = 1e-8
"""Of two days that bring the same the earlier is chosen: each day of waiting counts for so much less."""


@dataclass(frozen=True, slots=True)
class Stream:
    """Versions of declarations that are expected or at hand, n of them, in f forms of control.

    Attributes:
        declaration: index of the declaration, shape (n,); what one version has got no other asks for again.
        day: index of the day of registration, shape (n,).
        pool: index of the pool whose officers would do it, shape (n, f).
        gain: expected recovery and harm averted by each form, money, shape (n, f); burden not taken off.
        minutes: officer minutes, above 0, shape (n, f); opening the goods includes checking the documents.
        delay_hours: how much later the goods would be released, hours, shape (n, f).
        permitted: a waivable profile or model asks for it, shape (n, f).
        mandatory: a mandatory profile asks for it, shape (n, f).
        random: the random share drew it, shape (n, f).
        non_fiscal: the floor is kept for it, shape (n, f).
        deferrable: the profile permits that documents are checked after release, shape (n,).
        draw: the random number as a share of its stratum's, 0 to 1, shape (n,).
    """

    declaration: Indices
    day: Indices
    pool: Indices
    gain: Floats
    minutes: Floats
    delay_hours: Floats
    permitted: Flags
    mandatory: Flags
    random: Flags
    non_fiscal: Flags
    deferrable: Flags
    draw: Floats


@dataclass(frozen=True, slots=True)
class Terms:
    """What the pack says of officers' time.

    Attributes:
        forms: the forms of control, as the columns of the stream; of two that bring the same the first is
            chosen.
        by_minutes: capacity counts minutes, not declarations.
        floor_share: share of each lane kept for damage that is not to revenue, 0 to 1.
        officer_minute: what a minute costs, money.
        delay_hour: what an hour's later release costs, money.
        wait_days: how many days a control after release may wait for officers.
    """

    forms: tuple[str, ...]
    by_minutes: bool
    floor_share: float
    officer_minute: float = 0.0
    delay_hour: float = 0.0
    wait_days: int = 0


@dataclass(frozen=True, slots=True)
class HorizonPlan:
    """Who is to be controlled, when, and what officers' time is worth.

    Attributes:
        claim: why each form is carried out, -1 where it is not, shape (n, f).
        day: index of the day on which it is, -1 where it is not, shape (n, f).
        deferred: documents are to be checked after release instead of before, shape (n,).
        waived: it is asked for, finds no time on any day, and no other form is carried out instead, shape
            (n, f).
        value: expected gain of waivable controls, net of burden, money.
        bound: what no plan that keeps the floors can exceed, money.
        price: what one more unit would bring, money per unit, shape (pools, f, days).
        floor_price: what one unit less of the floor would bring, money per unit, shape (pools, f, days).
        used: capacity given, shape (pools, f, days).
    """

    claim: NDArray[np.int8]
    day: NDArray[np.intp]
    deferred: Flags
    waived: Flags
    value: float
    bound: float
    price: Floats
    floor_price: Floats
    used: Floats

    @property
    def gap(self) -> float:
        """What the plan may lack to the best, as a share of the bound, 0 to 1."""
        return 1 - self.value / self.bound if self.bound > 0 else 0.0


def plan_horizon(stream: Stream, capacity: Floats, terms: Terms) -> HorizonPlan:
    """Plan control over days and pools at once.

    A document check that the profile lets wait may be done after release, by the officers of that form; never
    where it is mandatory or guards more than revenue (bans, permits, safety, intellectual property).

    Args:
        stream: the declarations.
        capacity: by pool, form and day, in the unit of ``terms``, shape (pools, f, days).
        terms: what the pack says.

    Sources:
        [rkc1999annex] Standards 6.3 and 6.4; [bertsimas1997] chapter 4 on shadow prices.
    """
    _, forms, days = capacity.shape
    offered, deferring = _with_deferral(stream, terms.forms)
    declaration, form, claim, wait = _rows(stream, offered, terms, days)
    pool, when = stream.pool[declaration, form], stream.day[declaration] + wait
    burden = stream.minutes * terms.officer_minute + stream.delay_hours * terms.delay_hour
    net = (stream.gain - burden)[declaration, form]
    prefer = 1 + STRICTER * (forms - form) - _SOONER * wait
    requests = Requests(
        declaration=stream.declaration[declaration],
        form=form,
        lane=np.ravel_multi_index((pool, form, when), capacity.shape),
        claim=claim,
        gain=net * prefer,
        cost=stream.minutes[declaration, form] if terms.by_minutes else np.ones(len(form)),
        non_fiscal=stream.non_fiscal[declaration, form],
        draw=stream.draw[declaration],
    )
    includes = np.zeros((forms, forms), dtype=np.bool_)
    if {"physical", "documents"} <= set(terms.forms):
        includes[terms.forms.index("physical"), terms.forms.index("documents")] = True
    worth = np.zeros((stream.declaration.max(initial=-1) + 1, forms))
    np.maximum.at(worth, stream.declaration, stream.gain)
    made = plan(
        requests,
        Staff(capacity.ravel(), terms.floor_share, includes),
        held=np.zeros(worth.shape, dtype=np.bool_),
        worth=worth,
    )
    given = made.granted
    claims = np.full(stream.gain.shape, -1, dtype=np.int8)
    day = np.full(stream.gain.shape, -1, dtype=np.intp)
    claims[declaration[given], form[given]] = claim[given]
    day[declaration[given], form[given]] = when[given]
    chosen = given & (claim == Claim.WAIVABLE)
    return HorizonPlan(
        claim=claims,
        day=day,
        deferred=((claims == Claim.WAIVABLE) & deferring).any(axis=1),
        waived=_waived(stream, requests, made, row=declaration) & ~deferring,
        value=made.value - float(np.sum((net * prefer - net)[chosen])),
        bound=made.bound,
        price=made.price.reshape(capacity.shape),
        floor_price=made.floor_price.reshape(capacity.shape),
        used=made.used.sum(axis=1).reshape(capacity.shape),
    )


def capacity_table(
    capacity: Capacity,
    *,
    pools: Sequence[str],
    forms: Sequence[str],
    declarations: Mapping[date, int],
) -> Floats:
    """Return what officers can do as ``plan_horizon`` takes it, shape (pools, forms, days).

    Args:
        capacity: as stated; shares are of each day's declarations.
        pools: their names.
        forms: the forms of control.
        declarations: for each day of the horizon, how many are registered or expected over all offices.

    Example:
        >>> stated = Capacity.of("documents=16%", forms=("documents", "physical"))
        >>> capacity_table(stated, pools=["*"], forms=["documents", "physical"],
        ...     declarations={date(2026, 3, 2): 100, date(2026, 3, 3): 50}).tolist()
        [[[16.0, 8.0], [0.0, 0.0]]]
    """
    return np.array(
        [
            [
                [capacity.available(pool, form, day, declarations=n) for day, n in declarations.items()]
                for form in forms
            ]
            for pool in pools
        ],
        dtype=np.float64,
    )


def _waived(stream: Stream, requests: Requests, made: Plan, *, row: Indices) -> Flags:
    """Return which controls that are asked for found no time and nothing in their place, shape (n, f)."""
    waivable = requests.claim == Claim.WAIVABLE
    elsewhere = np.zeros(stream.declaration.max(initial=-1) + 1, dtype=np.bool_)
    elsewhere[requests.declaration[made.granted & waivable]] = True
    lost = ~made.granted & ~made.covered & ~(waivable & elsewhere[requests.declaration])
    waived = np.zeros(stream.gain.shape, dtype=np.bool_)
    waived[row[lost], requests.form[lost]] = True
    return waived


def _with_deferral(stream: Stream, forms: Sequence[str]) -> tuple[Flags, Flags]:
    """Return the waivable controls on offer with deferral, and those that only deferral offers."""
    offered = stream.permitted.copy()
    if {"documents", "post_release"} <= set(forms):
        papers, later = forms.index("documents"), forms.index("post_release")
        may_wait = stream.deferrable & ~stream.non_fiscal[:, papers] & ~stream.mandatory[:, papers]
        offered[:, later] |= stream.permitted[:, papers] & may_wait
    return offered, offered & ~stream.permitted


def _rows(
    stream: Stream, offered: Flags, terms: Terms, days: int
) -> tuple[Indices, Indices, Indices, Indices]:
    """Return declaration, form, claim and days of waiting of every control that could be carried out."""
    parts = []
    for claim, flags in (
        (Claim.MANDATORY, stream.mandatory),
        (Claim.RANDOM, stream.random),
        (Claim.WAIVABLE, offered),
    ):
        declaration, form = np.nonzero(flags)
        parts.append((declaration, form, np.full(len(form), int(claim)), np.zeros(len(form), dtype=np.intp)))
    if "post_release" in terms.forms:
        later = terms.forms.index("post_release")
        for wait in range(1, terms.wait_days + 1):
            declaration = np.flatnonzero(offered[:, later] & (stream.day + wait < days))
            alike = np.full(len(declaration), 1)
            parts.append((declaration, alike * later, alike * int(Claim.WAIVABLE), alike * wait))
    who, what, why, waiting = (np.concatenate(column) for column in zip(*parts, strict=True))
    return who, what, why, waiting
