"""What is asked of officers: the controls that are certain, and the options that candidates may ask for."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from daliz.engine.allocation import Capacity, DrawKey
from daliz.engine.allocation.requests import ask
from daliz.engine.pack import Pack
from daliz.engine.superposition.border import Border
from daliz.engine.superposition.candidates import Candidate
from daliz.engine.superposition.probabilities import with_models
from daliz.engine.superposition.problem import Flags, Floats, Indices, Problem
from daliz.engine.superposition.worth import Worth, degrees, told_alone

_NOTHING = 1e-6
"""Money that is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Claims:
    """The options of some days, and what is controlled whatever is chosen.

    Attributes:
        border: the declarations.
        worth: of control of each.
        forms: of control, in the order of the columns.
        certain: controlled by mandatory profiles or by the random draw, shape (declarations, forms).
        minutes: that a control takes, shape (declarations, forms).
        declaration: of each option, shape (m,).
        form: of each option, index, shape (m,).
        lane: of each option, shape (m,).
        gain: of each option, net of what it costs and of what certain controls find, money, shape (m,).
        charge: of each option, what it costs and what certain controls find, money, shape (m,).
        non_fiscal: of each candidate whether it asks for more than revenue's sake, shape (candidates,).
        asks: for each candidate, its options.
        lanes: pool, form and day of each lane.
        available: capacity of each lane, in its unit.
        used: by certain controls, in the unit.
        by_minutes: the unit is minutes, not declarations.
    """

    border: Border
    worth: Worth
    forms: tuple[str, ...]
    certain: Flags
    minutes: Floats
    declaration: Indices
    form: Indices
    lane: Indices
    gain: Floats
    charge: Floats
    non_fiscal: Flags
    asks: tuple[Indices, ...]
    lanes: tuple[tuple[str, str, date], ...]
    available: Floats
    used: Floats
    by_minutes: bool

    @property
    def cost(self) -> Floats:
        """What each option takes of its lane, in the unit."""
        return self.minutes[self.declaration, self.form] if self.by_minutes else np.ones(len(self.gain))

    @property
    def left(self) -> Floats:
        """What certain controls leave of each lane, in the unit, 0 or more."""
        return np.asarray(np.maximum(self.available - self.used, 0.0), dtype=np.float64)

    @property
    def days(self) -> tuple[date, ...]:
        """The days, ascending."""
        return tuple(sorted({day for *_, day in self.lanes}))

    def asked(self, active: Collection[int]) -> Flags:
        """Return which options some active candidate asks for."""
        asked = np.zeros(len(self.gain), dtype=np.bool_)
        for c in active:
            asked[self.asks[c]] = True
        return asked

    def problem(
        self,
        candidates: Sequence[Candidate],
        *,
        upkeep: Floats,
        most: int | None,
        fixed: Flags,
        money_per_hit: float,
    ) -> Problem:
        """Return what is chosen among; a lane's minutes count as controls of the usual length there.

        An option brings what the candidate that asks for it alone can tell of it.
        """
        asks, tells = [], []
        for c, own in enumerate(self.asks):
            alone = told_alone(self.border, self.worth, degrees(self.border, candidates, c), money_per_hit)
            net = alone[self.declaration[own], self.form[own]] - self.charge[own]
            asks.append(own[net > _NOTHING])
            tells.append(net[net > _NOTHING])
        place = {day: at for at, day in enumerate(self.days)}
        groups = {name: at for at, name in enumerate(dict.fromkeys(c.group for c in candidates))}
        room = self.left
        if self.by_minutes:
            usual = np.bincount(self.lane, self.cost, len(self.lanes))
            counts = np.bincount(self.lane, minlength=len(self.lanes))
            room = np.divide(room * counts, usual, out=np.zeros_like(room), where=usual > 0)
        return Problem(
            declaration=self.declaration,
            lane=self.lane,
            room=np.floor(room + 1e-9).astype(np.intp),
            day=np.array([place[day] for *_, day in self.lanes], dtype=np.intp),
            asks=tuple(asks),
            tells=tuple(tells),
            group=np.array([groups[c.group] for c in candidates], dtype=np.intp),
            upkeep=upkeep,
            fixed=fixed,
            most=most,
        )


def claims(
    border: Border,
    candidates: Sequence[Candidate],
    worth: Worth,
    pack: Pack,
    *,
    capacity: Capacity,
    key: DrawKey,
    forms: tuple[str, ...],
) -> Claims:
    """Gather what mandatory profiles, the random draw and the candidates ask.

    Args:
        border: the declarations.
        candidates: in the order of ``border.fired``.
        worth: of control of each declaration.
        pack: measures, shares, what a minute and a delay cost.
        capacity: officers' time.
        key: of the draw; a profile's share thins its firings by it.
        forms: of control, in the order of ``worth``.
    """
    n, pack = len(border), with_models(pack)
    fired = _thinned(border, candidates, key)
    asked = np.zeros((n, len(forms)), dtype=np.bool_)
    certain, minutes, burden = np.zeros_like(asked), np.zeros(asked.shape), np.zeros(asked.shape)
    pairs: list[tuple[int, int, Flags]] = []
    for c, candidate in enumerate(candidates):
        for form, wanted in ask(pack, [(candidate.profile, False)]).items():
            if form not in forms:
                continue
            at, own = forms.index(form), fired[:, c]
            minutes[own, at] = np.maximum(minutes[own, at], wanted.minutes)
            burden[own, at] = np.maximum(burden[own, at], wanted.burden(pack.policy))
            if candidate.mandatory:
                certain[own, at] = True
            else:
                asked[own, at] = True
                pairs.append((c, at, own))
    random = pack.policy.random
    if random.form in forms:
        at, drawn = forms.index(random.form), _drawn(border, pack, key)
        certain[drawn, at] = True
        minutes[drawn, at] = np.maximum(minutes[drawn, at], pack.measures[random.measure].minutes)
    covered = certain.copy()
    if "physical" in forms and "documents" in forms:
        covered[certain[:, forms.index("physical")], forms.index("documents")] = True
        certain[certain[:, forms.index("physical")], forms.index("documents")] = False
    money = worth.total(pack.policy.money_per_hit)
    known = np.where(covered, money, 0.0).max(axis=1, initial=0.0)
    net = money - burden - known[:, None]
    usable = asked & ~covered
    declaration, in_form = (part.astype(np.intp) for part in np.nonzero(usable))
    lane_of, lanes, available = _lanes(border, pack, capacity, forms)
    by_minutes = capacity.unit == "minutes"
    rows, columns = np.nonzero(certain)
    spent = minutes[rows, columns] if by_minutes else np.ones(len(rows))
    option_at = np.full(usable.shape, -1, dtype=np.intp)
    option_at[declaration, in_form] = np.arange(len(declaration))
    asks: defaultdict[int, list[Indices]] = defaultdict(list)
    for c, at, own in pairs:
        own_options = option_at[own, at]
        asks[c].append(own_options[own_options >= 0])
    none = np.zeros(0, dtype=np.intp)
    return Claims(
        border=border,
        worth=worth,
        forms=forms,
        certain=certain,
        minutes=minutes,
        declaration=declaration,
        form=in_form,
        lane=lane_of[declaration, in_form],
        gain=net[declaration, in_form],
        charge=(burden + known[:, None])[declaration, in_form],
        non_fiscal=np.array(
            [pack.directions[c.profile.direction].non_fiscal for c in candidates],
            dtype=np.bool_,
        ),
        asks=tuple(np.sort(np.concatenate([none, *asks[c]])) for c in range(len(candidates))),
        lanes=lanes,
        available=available,
        used=np.bincount(lane_of[rows, columns], spent, len(lanes)).astype(np.float64),
        by_minutes=by_minutes,
    )


def _thinned(border: Border, candidates: Sequence[Candidate], key: DrawKey) -> Flags:
    """Return firings where a profile's own share lets it fire."""
    fired = border.fired.copy()
    for c, candidate in enumerate(candidates):
        if candidate.profile.share < 1:
            for i in np.flatnonzero(fired[:, c]).tolist():
                drawn = key.draw(f"share/{candidate.profile.id}", border.numbers[i])
                fired[i, c] = drawn < candidate.profile.share
    return fired


def _drawn(border: Border, pack: Pack, key: DrawKey) -> Flags:
    shares = [stratum.share for stratum in pack.policy.random.strata]
    return np.array(
        [
            at >= 0 and key.draw("random", number) < shares[at]
            for number, at in zip(border.numbers, border.stratum.tolist(), strict=True)
        ],
        dtype=np.bool_,
    )


def _lanes(
    border: Border, pack: Pack, capacity: Capacity, forms: Sequence[str]
) -> tuple[Indices, tuple[tuple[str, str, date], ...], Floats]:
    """Return the lane of each declaration in each form, the lanes, and the capacity of each."""
    volume = Counter(border.days)
    place: dict[tuple[str, str, date], int] = {}
    of = np.zeros((len(border), len(forms)), dtype=np.intp)
    for i, day in enumerate(border.days):
        for at, form in enumerate(forms):
            office = border.office[i]
            if form == "physical":
                office = border.goods_office[i] or office
            known = pack.offices.get(office) if office else None
            pool = capacity.pool_of(form, office=office, pool=known.pool if known else None)
            of[i, at] = place.setdefault((pool, form, day), len(place))
    lanes = tuple(place)
    available = [capacity.available(pool, form, day, declarations=volume[day]) for pool, form, day in lanes]
    return of, lanes, np.array([a if math.isfinite(a) else 0.0 for a in available], dtype=np.float64)
