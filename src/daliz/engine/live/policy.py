"""What a process holds to decide: profiles compiled, what was learned, the day's prices, the key of the draw.

The steps are those of ``assess.STEPS`` for one declaration; a test holds their decisions equal.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.allocation import Candidate, Capacity, DrawKey, Lane
from daliz.engine.allocation.claiming import Claimants, claim
from daliz.engine.allocation.day import forms_by_strictness
from daliz.engine.allocation.live import Taken
from daliz.engine.allocation.propensity import propensity
from daliz.engine.allocation.requests import deferred
from daliz.engine.corridors import ORDERED, Order, choose_corridor, digest, money, orders
from daliz.engine.estimators.learner import FACTS, FORMS, Foresight
from daliz.engine.features import VOCABULARY
from daliz.engine.features.alone import Fact, Moment, Stating, stated_facts
from daliz.engine.features.lookup import Answer, Asked, Key, Lookup
from daliz.engine.features.official_alone import OfficialAlone
from daliz.engine.indicators import compile_python
from daliz.engine.live.asking import Lanes, grant
from daliz.engine.live.decision import Decision, Earlier
from daliz.engine.live.firing import Firing
from daliz.engine.live.foretelling import Foreteller
from daliz.engine.live.prices import Prices
from daliz.engine.pack import CODED, Pack, Point, Profile, ProfileKind, Stratum
from daliz.engine.pack.beyond import codes_of
from daliz.engine.records.declaration import Declaration
from daliz.engine.scoring import Experience
from daliz.engine.scoring.exceptions import ExceptionRegister, exception_row, raised, raised_expected
from daliz.engine.scoring.firing import names_of
from daliz.engine.scoring.judging import gains_by_form, judged, levelled
from daliz.engine.scoring.mixing import belief

_ALWAYS: Final = CODED | {"declaration.direction", "declaration.customs_value", "item.item_no"}


class Policy:
    """Decides; holds nothing that changes.

    Attributes:
        pack: the country pack.
        experience: what was learned.
        prices: the plan of the day.
        key: of the draw.
        manifest: what ``policy_id`` names.
        foreteller: the models in force, None where there are none.
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
        foreteller: Foreteller | None = None,
    ) -> None:
        """Compile.

        Args:
            pack: the country pack.
            profiles: every version in force on some day that it serves, in the order of ``experience``.
            experience: what was learned of the expert profiles among them.
            prices: the plan of the day.
            key: of the draw.
            manifest: what the policy is made of.
            foreteller: the models in force; profiles judge alone without it.
        """
        self.pack, self.experience, self.prices, self.key = pack, experience, prices, key
        self.manifest, self.foreteller = dict(manifest), foreteller
        self.policy_id = "policy-" + digest(self.manifest)
        self.experts = tuple(p for p in profiles if p.kind is ProfileKind.EXPERT)
        self._models = tuple(p for p in profiles if p.kind is ProfileKind.MODEL)
        self._randoms = tuple(p for p in profiles if p.kind is ProfileKind.RANDOM)
        strata = pack.policy.random.strata
        self._exceptions = ExceptionRegister(pack)
        asked = names_of(self.experts + self._models) | self._exceptions.names | _ALWAYS
        asked |= frozenset[str]().union(*(s.when.names for s in strata))
        if foreteller is not None:
            asked |= frozenset(FACTS)
        self.names = asked
        self.lookup, self._official = Lookup(asked), OfficialAlone(pack.feature_tables)
        self._further = [pack.vocabulary[n] for n in sorted(asked) if n not in VOCABULARY]
        self._of_experts, self._of_models = Firing(pack, self.experts), Firing(pack, self._models)
        lists = {code: named.members for code, named in pack.lists.items()}
        self._strata = compile_python({s.code: s.when for s in strata}, lists=lists)
        self._codes = sorted(codes_of(pack).items())
        self._price_id = prices.price_id
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
        asked: Asked | None = None,
    ) -> list[dict[str, Fact]]:
        """Return the facts of each goods item: stated, of history, and of the same day.

        Args:
            declaration: what is declared.
            version: of it, from 1.
            at: when it is registered, UTC.
            found: history's answers by key.
            today: facts of the same day.
            asked: what it asks of history, where that is known already.
        """
        stating = Stating(declaration, version, self.moment(at))
        stated = stated_facts(stating, self.names, self._further)
        official = self._official.facts(declaration, stating.moment.day, self.names)
        history = self.lookup.told(asked or self.lookup.asked(declaration), found)
        rows = zip(stated, official, history, today, strict=True)
        return [{**own, **listed, **past, **now} for own, listed, past, now in rows]

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
        firings = self._of_experts.fire(facts, day, point)
        fired = firings.fired
        value, ours = self._value(facts[0])
        seen = self.foreteller.foretell(facts, _vehicle(declaration)) if self.foreteller else None
        own = judged(
            firings, value=np.array([value]), ours=np.array([ours]), experience=self.experience, seen=seen,
            pack=self.pack,
        )  # fmt: skip
        listed = self._exceptions.of({n: [facts[0][n]] for n in self._exceptions.names}, [day])
        probability = raised(own.probability, listed.log_odds)
        expected = raised_expected(own.expected, listed.log_odds, self.pack)
        gains = gains_by_form(
            own, probability=probability, expected=expected, experience=self.experience, seen=seen,
            pack=self.pack,
        )  # fmt: skip
        stratum = self._stratum(facts)
        claimants = Claimants(
            number=[number],
            office=[_place(declaration, "office")],
            goods_office=[_place(declaration, "goods_location")],
            experts=self.experts,
            fired=fired,
            models=self._models,
            reached=self._reached(facts, day, scored=seen is not None),
            expected=expected,
            gain=gains,
            listed=listed,
            stratum=[stratum],
            drawing=[
                next(
                    (p for p in self._randoms if stratum and p.stratum == stratum.code and p.in_force(day)),
                    None,
                )
            ],
        )
        [candidate], [spared] = claim(claimants, pack=self.pack, key=self.key)
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
        waits = deferred(self.pack, candidate.fired)
        own_orders = [
            order
            for profile, by_draw in candidate.fired
            for order in orders(
                self.pack,
                profile,
                why=self._of_experts.why(profile, facts, firings),
                controls=frozenset(given),
                by_draw=by_draw,
                may_wait=waits,
            )
        ]
        own_orders += [
            order.spared(code)
            for profile, code in spared
            for order in orders(
                self.pack,
                profile,
                why=self._of_experts.why(profile, facts, firings),
                controls=frozenset(),
                by_draw=False,
            )
        ]
        decided = _with_inherited(own_orders, earlier)
        levels, before = levelled(probability, own, firings, listed, self.pack)
        on_lists = bool(listed.of[0])
        return Decision(
            declaration_id=number,
            version=version,
            registered_at=at,
            day=day,
            direction=str(declaration.of("direction")),
            office=candidate.office,
            corridor=choose_corridor(self.pack, [o.measure for o in decided if o.status == ORDERED]),
            probability=float(probability[0]),
            probability_profiles=float(own.by_profiles[0]),
            **_by_models(seen),
            expected_damage=money(float(probability[0] * own.damage[0])),
            level=levels[0],
            exceptions=[exception_row(named) for named in listed.of[0]],
            probability_unlisted=float(own.probability[0]) if on_lists else None,
            level_unlisted=before[0] if on_lists else None,
            propensity=self._propensity(candidate, given, earlier),
            in_random=self.pack.policy.random.form in given and any(drawn for _, drawn in candidate.fired),
            stratum=stratum.code if stratum else None,
            contributions=[
                (self.experts[k].id, float(self.experience.score.weights[k]))
                for k in np.flatnonzero(fired[0])
            ],
            unknown_profiles=[self.experts[k].id for k in np.flatnonzero(firings.unknown[0])],
            codes_beyond=self._beyond(facts),
            policy_id=self.policy_id,
            snapshot_id=snapshot_id,
            price_id=self._price_id,
            key_id=self.key.key_id,
            orders=decided,
            controls=given,
            takes=grants.takes,
            reached=grants.reached,
            prices=grants.prices,
        )

    def _reached(self, facts: Sequence[Mapping[str, Fact]], day: date, *, scored: bool) -> NDArray[np.bool_]:
        """Tell of which model profiles the conditions hold of the whole, shape (1, models)."""
        if not scored:
            return np.zeros((1, len(self._models)), dtype=np.bool_)
        return self._of_models.fire(facts[:1], day, None).fired

    def _value(self, whole: Mapping[str, Fact]) -> tuple[float, bool]:
        """Return the customs value, NaN where unknown, and whether it is in the pack's currency."""
        value = whole["declaration.customs_value"]
        known = float(value) if isinstance(value, float) else float("nan")
        return known, whole["declaration.currency"] == self.pack.currency

    def _stratum(self, facts: Sequence[Mapping[str, Fact]]) -> Stratum | None:
        whole = [tuple(facts[0][name] for name in self._strata.names)]
        answers = self._strata.evaluate(whole)
        return next((s for s in self.pack.policy.random.strata if answers[s.code][0] is True), None)

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

    def _beyond(self, facts: Sequence[Mapping[str, Fact]]) -> list[dict[str, str]]:
        """Return what the declaration says in codes that the pack does not know."""
        found: dict[tuple[str, str], None] = {}
        for name, known in self._codes:
            for row in facts:
                value = row[name]
                if value is not None and value not in known:
                    found[name, str(value)] = None
        return [{"fact": fact, "code": code} for fact, code in found]


def _vehicle(declaration: Declaration) -> str | None:
    """Return the first of the vehicles that a declaration states."""
    rows = declaration.below.get("transport_means", ())
    return min(
        (str(row["transport_id"]) for row in rows if row.get("transport_id") is not None), default=None
    )


def _by_models(seen: Foresight | None) -> dict[str, Any]:
    """Return what a decision keeps of models: chances by form, belief, their version, what they saw."""
    if seen is None:
        return {"models": {}, "model_belief": 0.0, "model": None, "columns": None}
    chances = {
        form: float(seen.chance[0, at]) if seen.known[0, at] else None for at, form in enumerate(FORMS)
    }
    trust = belief(float(seen.positives[0]))
    return {"models": chances, "model_belief": trust, "model": seen.versions[0], "columns": seen.values}


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


def _place(declaration: Declaration, name: str) -> str | None:
    found = declaration.of(name)
    return None if found is None else str(found)
