"""What a process holds to decide: profiles compiled, what was learned, the day's prices, the key of the draw.

The steps are those of ``assess.STEPS`` for one declaration; a test holds their decisions equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final

import numpy as np

from daliz.engine.allocation import Candidate, Capacity, DrawKey, Lane
from daliz.engine.allocation.day import forms_by_strictness
from daliz.engine.allocation.live import Taken
from daliz.engine.allocation.propensity import propensity
from daliz.engine.corridors import ORDERED, Order, choose_corridor, digest, money, orders
from daliz.engine.corridors.reasons import WHOLE, Why
from daliz.engine.features import VOCABULARY, Grain
from daliz.engine.features.alone import UNANSWERED, Fact, Moment, Stating, stated_facts
from daliz.engine.features.lookup import Answer, Key, Lookup
from daliz.engine.indicators import compile_python
from daliz.engine.live.asking import Lanes, grant
from daliz.engine.live.decision import Decision, Earlier
from daliz.engine.live.prices import Prices
from daliz.engine.pack import CODED, CapacityRule, Pack, Point, Profile, ProfileKind, UnknownRule
from daliz.engine.pack.beyond import codes_of
from daliz.engine.records.declaration import Declaration
from daliz.engine.scoring import Experience, Firings
from daliz.engine.scoring.consequence import consequences
from daliz.engine.scoring.firing import expressions_of, names_of
from daliz.language import N_, DalizError

_ALWAYS: Final = CODED | {"declaration.direction", "declaration.customs_value", "item.item_no"}


class LiveError(DalizError):
    """A policy cannot decide live."""

    code: ClassVar[str] = "live-policy"


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Where a profile's answers stand among those of the program."""

    applies: int
    indicator: int
    exclusions: int | None
    unknown_fires: bool


class Policy:
    """Decides; holds nothing that changes.

    Attributes:
        pack: the country pack.
        experience: what was learned.
        prices: the plan of the day.
        key: of the draw.
        manifest: what ``policy_id`` names.
        policy_id: the name.
        names: the facts that are asked of a declaration.
        lookup: the keys of history that it asks.
    """

    def __init__(
        self,
        *,
        pack: Pack,
        profiles: tuple[Profile, ...],
        experience: Experience,
        prices: Prices,
        key: DrawKey,
        manifest: Mapping[str, Any],
    ) -> None:
        """Compile.

        Args:
            pack: the country pack.
            profiles: every version in force on some day that it serves, in the order of ``experience``.
            experience: what was learned of the expert profiles among them.
            prices: the plan of the day.
            key: of the draw.
            manifest: what the policy is made of.

        Raises:
            LiveError: a profile asks for what one declaration and its history do not tell.
        """
        self.pack, self.experience, self.prices, self.key = pack, experience, prices, key
        self.manifest = dict(manifest)
        self.policy_id = "policy-" + digest(self.manifest)
        self.experts = tuple(p for p in profiles if p.kind is ProfileKind.EXPERT)
        self._randoms = tuple(p for p in profiles if p.kind is ProfileKind.RANDOM)
        strata = pack.policy.random.strata
        asked = names_of(self.experts) | frozenset[str]().union(*(s.when.names for s in strata)) | _ALWAYS
        unanswered = sorted(asked & UNANSWERED)
        if unanswered:
            raise LiveError(
                N_("profiles ask for {names}, which live assessment does not know"),
                names=", ".join(unanswered),
            )
        self.names = asked
        self.lookup = Lookup(asked)
        self._further = [pack.vocabulary[n] for n in sorted(asked) if n not in VOCABULARY]
        lists = {code: named.members for code, named in pack.lists.items()}
        self._program = compile_python(expressions_of(self.experts), lists=lists)
        self._strata = compile_python({s.code: s.when for s in strata}, lists=lists)
        place = {key: at for at, key in enumerate(self._program.keys)}
        self._compiled = [
            _Compiled(
                place[f"{k}.applies"],
                place[f"{k}.indicator"],
                place.get(f"{k}.exclusions"),
                p.capacity is CapacityRule.MANDATORY
                and pack.policy.unknown_in_mandatory is UnknownRule.FIRES,
            )
            for k, p in enumerate(self.experts)
        ]
        self._reasons = [
            (sorted(p.indicator.names), p.indicator.grain is Grain.DECLARATION) for p in self.experts
        ]
        self._codes = sorted(codes_of(pack).items())
        self._capacity = _capacity(prices)
        self._lanes = Lanes.of(prices)
        self._priced = {
            (lane.pool, lane.form): Lane(
                lane.capacity, price=lane.price, floor_price=lane.floor_price, loss=lane.price
            )
            for lane in prices.lanes
        }
        self._forms = forms_by_strictness(pack)

    def moment(self, at: datetime) -> Moment:
        """Return an instant as the pack's days count it."""
        return Moment(at, self.pack.zone, self.pack.holidays)

    def facts(
        self,
        declaration: Declaration,
        *,
        version: int,
        at: datetime,
        found: Mapping[Key, Answer],
        today: Sequence[Mapping[str, Fact]],
    ) -> list[dict[str, Fact]]:
        """Return the facts of each goods item: stated, of history, and of the same day."""
        stating = Stating(declaration, version, self.moment(at))
        stated = stated_facts(stating, self.names, self._further)
        history = self.lookup.facts(declaration, found)
        return [{**own, **past, **now} for own, past, now in zip(stated, history, today, strict=True)]

    def decide(
        self,
        declaration: Declaration,
        *,
        number: str,
        version: int,
        at: datetime,
        facts: Sequence[Mapping[str, Fact]],
        snapshot_id: str,
        taken: Taken,
        earlier: Earlier | None = None,
        point: Point | None = None,
    ) -> Decision:
        """Choose measures and corridor.

        Args:
            declaration: what is declared.
            number: the system's number of it.
            version: of it, from 1.
            at: when it is registered, UTC.
            facts: from ``facts``.
            snapshot_id: the history that they rest on.
            taken: what the day's decisions took before.
            earlier: what its earlier version was chosen for.
            point: when it is assessed; registration of a first version, amendment of a later one, if None.
        """
        day = self.moment(at).day
        point = point or (Point.REGISTRATION if version == 1 else Point.AMENDMENT)
        firings = self._fire(facts, day, point)
        fired = firings.fired
        value = self._value(facts[0])
        chance = float(self.experience.score.probability(fired)[0])
        damage = self.experience.damage(fired, np.array([value]))
        usual = self.experience.usual_damage if np.isnan(damage[0]) else float(damage[0])
        stratum = self._stratum(facts)
        candidate = self._candidate(
            declaration,
            number=number,
            day=day,
            stratum=stratum,
            could=[self.experts[k] for k in np.flatnonzero(fired[0])],
            gain=chance * (usual + self.pack.policy.money_per_hit),
        )
        grants = grant(
            candidate,
            lanes=self._lanes,
            taken=taken,
            elapsed=self.prices.elapsed(self.moment(at).local),
            forms=self._forms,
            capacity=self._capacity,
            pack=self.pack,
            held=earlier.standing if earlier else None,
        )
        given = dict(earlier.standing.controls) if earlier else {}
        given |= grants.controls
        own = [
            order
            for profile, by_draw in candidate.fired
            for order in orders(
                self.pack,
                profile,
                why=self._why(profile, facts, firings),
                controls=frozenset(given),
                by_draw=by_draw,
            )
        ]
        decided = _with_inherited(own, earlier)
        consequence = float(consequences(damage, firings, self.pack)[0])
        return Decision(
            declaration_id=number,
            version=version,
            registered_at=at,
            day=day,
            direction=str(declaration.of("direction")),
            office=candidate.office,
            corridor=choose_corridor(self.pack, [o.measure for o in decided if o.status == ORDERED]),
            probability=chance,
            expected_damage=money(float(chance * damage[0])),
            level=self.pack.policy.levels.level(chance, consequence),
            propensity=self._propensity(candidate, given, earlier),
            in_random=self.pack.policy.random.form in given and any(drawn for _, drawn in candidate.fired),
            stratum=stratum,
            contributions=[
                (self.experts[k].id, float(self.experience.score.weights[k]))
                for k in np.flatnonzero(fired[0])
            ],
            unknown_profiles=[self.experts[k].id for k in np.flatnonzero(firings.unknown[0])],
            codes_beyond=self._beyond(facts),
            policy_id=self.policy_id,
            snapshot_id=snapshot_id,
            price_id=self.prices.price_id,
            key_id=self.key.key_id,
            orders=decided,
            controls=given,
            takes=grants.takes,
            reached=grants.reached,
            prices=grants.prices,
        )

    def _fire(self, facts: Sequence[Mapping[str, Fact]], day: date, point: Point) -> Firings:
        """Find which expert profiles hold, for which items."""
        rows = [tuple(row[name] for name in self._program.names) for row in facts]
        values = self._program.values(rows)
        items, profiles = len(rows), len(self.experts)
        held = np.zeros((items, profiles), dtype=np.bool_)
        unknown = np.zeros(profiles, dtype=np.bool_)
        for k, (profile, at) in enumerate(zip(self.experts, self._compiled, strict=True)):
            if not any(a is not False for a in values[at.applies]):
                continue
            if not any(i is not False for i in values[at.indicator]):
                continue
            if not (profile.in_force(day) and point in profile.points):
                continue
            states = [
                _state(
                    values[at.applies][i],
                    values[at.indicator][i],
                    None if at.exclusions is None else values[at.exclusions][i],
                )
                for i in range(items)
            ]
            if at.unknown_fires:
                states = [True if state is None else state for state in states]
            held[:, k] = [state is True for state in states]
            unknown[k] = None in states and True not in states
        return Firings(
            profiles=self.experts,
            declaration=np.zeros(items, dtype=np.int64),
            first_row=np.zeros(1, dtype=np.int64),
            held=held,
            fired=np.asarray(held.any(axis=0), dtype=np.bool_).reshape(1, profiles),
            unknown=unknown[None, :],
        )

    def _value(self, whole: Mapping[str, Fact]) -> float:
        """Return the customs value in the pack's currency; NaN where it is unknown or of another."""
        value = whole["declaration.customs_value"]
        ours = whole["declaration.currency"] == self.pack.currency
        return float(value) if ours and isinstance(value, float) else float("nan")

    def _stratum(self, facts: Sequence[Mapping[str, Fact]]) -> str | None:
        whole = [tuple(facts[0][name] for name in self._strata.names)]
        answers = self._strata.evaluate(whole)
        return next((s.code for s in self.pack.policy.random.strata if answers[s.code][0] is True), None)

    def _candidate(
        self,
        declaration: Declaration,
        *,
        number: str,
        day: date,
        stratum: str | None,
        could: Sequence[Profile],
        gain: float,
    ) -> Candidate:
        """Thin profiles that fire on a share, and draw the random share."""
        chosen = [
            (p, False) for p in could if p.share >= 1 or self.key.draw(f"share/{p.id}", number) < p.share
        ]
        shares = {s.code: s.share for s in self.pack.policy.random.strata}
        drawn = self.key.draw("random", number)
        profile = next((p for p in self._randoms if p.stratum == stratum and p.in_force(day)), None)
        share = shares[stratum] if stratum is not None and profile is not None else 0.0
        if profile is not None and drawn < share:
            chosen.append((profile, True))
        office, goods = declaration.of("office"), declaration.of("goods_location")
        return Candidate(
            number=number,
            office=None if office is None else str(office),
            goods_office=None if goods is None else str(goods),
            gain=dict.fromkeys(self.pack.forms, gain),
            draw=drawn,
            share=share,
            fired=tuple(chosen),
            could_fire=tuple(could),
        )

    def _propensity(
        self, candidate: Candidate, given: Mapping[str, Any], earlier: Earlier | None
    ) -> dict[str, float]:
        own = propensity(
            candidate,
            given=given,
            lanes=self._priced,
            kept=self.prices.kept,
            capacity=self._capacity,
            pack=self.pack,
        )
        before = earlier.standing.propensity if earlier else {}
        return {form: max(p, before.get(form, 0.0)) for form, p in own.items()}

    def _why(self, profile: Profile, facts: Sequence[Mapping[str, Fact]], firings: Firings) -> Why:
        """Return the items for which a profile holds and the values that it saw."""
        k = next((k for k, p in enumerate(self.experts) if p is profile), None)
        if k is None:
            return WHOLE
        names, of_whole = self._reasons[k]
        if of_whole:
            return Why((None,), ({name: _of_all(name, facts) for name in names},))
        held = [i for i in range(len(facts)) if firings.held[i, k]]
        return Why(
            tuple(int(float(str(facts[i]["item.item_no"]))) for i in held),
            tuple({name: facts[i][name] for name in names} for i in held),
        )

    def _beyond(self, facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
        """Return what the declaration says in codes that the pack does not know."""
        found: dict[tuple[str, str], None] = {}
        for name, known in self._codes:
            for row in facts:
                value = row[name]
                if value is not None and value not in known:
                    found[name, str(value)] = None
        return [{"fact": fact, "code": code} for fact, code in found]


def _state(applies: object, indicator: object, excluded: object) -> bool | None:
    """Kleene's and; an exclusion takes out only where it is true."""
    if applies is False or indicator is False or excluded is True:
        return False
    return None if applies is None or indicator is None else True


def _of_all(name: str, facts: Sequence[Mapping[str, Fact]]) -> object:
    """Return one value for what is said of the whole, a list for what differs by item."""
    values = [row[name] for row in facts]
    return values if name.startswith("item.") and len(values) > 1 else values[0]


def _with_inherited(own: list[Order], earlier: Earlier | None) -> list[Order]:
    """Return the orders of this version, and those that it takes over from an earlier one."""
    kept = {order.key for order in own if order.status == ORDERED}
    taken_over = [o.inherited() for o in (earlier.orders if earlier else ()) if o.key not in kept]
    replaced = {order.key for order in taken_over}
    return [order for order in own if order.key not in replaced] + taken_over


def _capacity(prices: Prices) -> Capacity:
    """Return capacity that finds the lanes of the plan."""
    if prices.unit != "minutes":
        return Capacity({}, {})
    return Capacity({}, {(lane.pool, lane.form, None): lane.capacity for lane in prices.lanes})
