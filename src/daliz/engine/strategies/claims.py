"""From what profiles and models expect to who asks for control and gets it: the steps are the batch's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from daliz.engine.allocation import Candidate, Claim, DrawKey, plan_day
from daliz.engine.allocation import Capacity as Plan
from daliz.engine.allocation.claiming import Claimants, claim
from daliz.engine.allocation.day import forms_by_strictness
from daliz.engine.pack import Pack, Profile, ProfileKind
from daliz.engine.records.columns import column_of, rows_of
from daliz.engine.scoring.exceptions import ExceptionRegister, raised, raised_expected
from daliz.engine.scoring.firing import declarations_of
from daliz.engine.scoring.judging import gains
from daliz.engine.scoring.mixing import Expected
from daliz.engine.scoring.program import FiringProgram
from daliz.engine.strategies.choosing import part_drawn
from daliz.engine.strategies.experts import Judgement
from daliz.engine.strategies.protocol import Capacity
from daliz.engine.strategies.room import Room
from daliz.engine.strategies.shares import Shares

_PLACES: Final = ("declaration.office", "declaration.goods_location")


def by_capacity_alone(pack: Pack) -> Pack:
    """Return the pack as strategies plan by it: capacity is all that control costs.

    They are compared under the same capacity, so time that one of them leaves is no saving but a loss: there
    is no floor, officers' minutes and delay have no price, and models control from the first chance on.
    """
    policy = replace(pack.policy, officer_minute=0.0, delay_hour=0.0, reserved_floor=0.0)
    profiles = (replace(p, threshold=0.0) if p.kind is ProfileKind.MODEL else p for p in pack.profiles)
    return replace(pack, policy=policy, profiles=tuple(profiles))


class Claims:
    """The pack's model profiles, exception lists and strata, asked of one day after another."""

    def __init__(self, pack: Pack, experts: tuple[Profile, ...]) -> None:
        self._pack, self._experts = pack, experts
        self._models = FiringProgram(pack, tuple(p for p in pack.profiles if p.kind is ProfileKind.MODEL))
        self._randoms = tuple(p for p in pack.profiles if p.kind is ProfileKind.RANDOM)
        self._register = ExceptionRegister(pack)
        self._shares = Shares(pack)

    @property
    def names(self) -> tuple[str, ...]:
        """Facts that are asked for."""
        return (*_PLACES, *self._models.names, *sorted(self._register.names), *Shares.names(self._pack))

    def judged(
        self, facts: pa.Table, judgement: Judgement, expected: Expected, *, today: date, scored: bool
    ) -> Claimants:
        """Apply exception lists, and say which model profiles and strata concern each declaration.

        Args:
            facts: of a day.
            judgement: what profiles say of it.
            expected: what they and models expect.
            today: the day.
            scored: whether models had their say.
        """
        pack = self._pack
        _, first = declarations_of(facts)
        heads = rows_of(facts, first)
        values = {name: heads[name].to_pylist() for name in self._register.names}
        listed = self._register.of(values, [today] * len(first))
        raised_by = listed.log_odds
        expected = raised_expected(expected, raised_by, pack)
        alone = raised(judgement.chance, raised_by) * (
            np.nan_to_num(judgement.damage) + pack.policy.money_per_hit
        )
        deciding = np.array([scored and p.in_force(today) for p in self._models.profiles], dtype=np.bool_)
        strata = self._shares.strata(facts)
        return Claimants(
            number=column_of(heads, "declaration_id", str),
            office=heads[_PLACES[0]].to_pylist(),
            goods_office=heads[_PLACES[1]].to_pylist(),
            experts=self._experts,
            fired=judgement.fired,
            models=self._models.profiles,
            reached=self._models.fire(heads).fired & deciding,
            expected=expected,
            gain=gains(expected, alone=alone, scored=np.full(len(first), scored), pack=pack),
            listed=listed,
            stratum=strata,
            drawing=[
                next((p for p in self._randoms if of and p.stratum == of.code and p.in_force(today)), None)
                for of in strata
            ],
        )

    def candidates(
        self, days: Sequence[Claimants], room: Room, *, shares: dict[str, float], key: DrawKey
    ) -> list[Candidate]:
        """Return who asks for control, the random share drawn.

        Args:
            days: all that is asked about.
            room: of the capacity; chance takes no more of it than the pack allows.
            shares: of each stratum.
            key: of the draw.
        """
        of = [
            shares[stratum.code] if stratum and drawing else 0.0
            for day in days
            for stratum, drawing in zip(day.stratum, day.drawing, strict=True)
        ]
        part = part_drawn(room, pack=self._pack, shares=np.array(of))
        found: list[Candidate] = []
        for day in days:
            strata = [None if s is None else replace(s, share=shares[s.code] * part) for s in day.stratum]
            found += claim(replace(day, stratum=strata), pack=self._pack, key=key)[0]
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Who gets control, by place in the order of ``Day.ids``.

    Attributes:
        forms: of control, None for none.
        mandatory: places of those controlled because a mandatory profile fired.
        drawn: places of those drawn at random and controlled in the form of the draw.
        propensity: how likely the control given was; without one how likely any was.
    """

    forms: list[str | None]
    mandatory: frozenset[int]
    drawn: frozenset[int]
    propensity: list[float]


def given(
    candidates: Sequence[Candidate], capacity: Capacity, room: Room, *, today: date, pack: Pack
) -> Given:
    """Give officers' time as the batch does: mandatory, the random share, then where it brings most.

    A strategy answers one form for each declaration, the strictest it gets, and nothing beyond capacity, not
    even what is mandatory: what a replay does not carry out is not to be asked for.

    Args:
        candidates: in the order of ``Day.ids``.
        capacity: of control.
        room: the same, nothing taken of it yet.
        today: the day; the last one where several are asked about.
        pack: for measures, the floor and the form of the draw.
    """
    plan = plan_day(
        candidates, day=today, declarations=len(candidates), capacity=_planned(capacity, len(candidates)),
        pack=pack, takes=room.cost,
    )  # fmt: skip
    strict = forms_by_strictness(pack)
    asked = {
        at: next(form for form in strict if form in controls)
        for at, controls in enumerate(plan.controls)
        if controls
    }
    forms: list[str | None] = [None] * len(candidates)
    for at in sorted(asked, key=lambda at: _rank(candidates[at], plan.controls[at][asked[at]], asked[at])):
        if asked[at] in room.lanes and room.take(at, asked[at]):
            forms[at] = asked[at]
    drawn = frozenset(
        at
        for at, one in enumerate(candidates)
        if forms[at] == pack.policy.random.form and any(by_draw for _, by_draw in one.fired)
    )
    return Given(
        forms=forms,
        mandatory=frozenset(
            at for at, form in enumerate(forms) if form and plan.controls[at][form] is Claim.MANDATORY
        ),
        drawn=drawn,
        propensity=[
            one.share
            if at in drawn
            else _chance(plan.propensity[at].values(), plan.propensity[at].get(form or ""))
            for at, (one, form) in enumerate(zip(candidates, forms, strict=True))
        ],
    )


def _chance(every: Collection[float], own: float | None) -> float:
    return min(max(every, default=0.0) if own is None else own, 1.0)


def _rank(candidate: Candidate, why: Claim, form: str) -> tuple[int, float, str]:
    return int(why), -candidate.gain.get(form, 0.0), candidate.number


def _planned(capacity: Capacity, declarations: int) -> Plan:
    """Return a strategy's capacity as a plan has it."""
    if capacity.minutes:
        return Plan({}, {(pool, form, None): left for (pool, form), left in capacity.minutes.items()})
    return Plan({form: n / max(declarations, 1) for form, n in capacity.declarations.items()}, {})
