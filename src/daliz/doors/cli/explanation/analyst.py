"""All there is to know of a decision: what fired and why, what it added, what capacity did."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import exp

from daliz.doors.cli.assessment_models import ItemReasons
from daliz.doors.cli.explanation.lookup import Decision
from daliz.doors.cli.explanation.officer import Named
from daliz.doors.cli.report import Manifest
from daliz.doors.cli.voice import Voice
from daliz.engine.estimators.learner.labels import label_of
from daliz.engine.pack import Profile


@dataclass(frozen=True, slots=True)
class Seen:
    """The values that an indicator saw: for one item, or for the whole (``item_no`` None)."""

    item_no: int | None
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class FiredProfile:
    """A profile that fired.

    Attributes:
        profile_id: its name.
        version: None where it only raised the score and asked for nothing.
        area: the risk area's name, None if the pack at hand has the profile no longer.
        sentence: the indicator in words.
        indicator: the indicator as text.
        log_odds: what it added to the log odds of a violation; None for random and model profiles.
        share: its part of all that was added, 0 to 1.
        seen: the values, by item.
    """

    profile_id: str
    version: int | None
    area: str | None
    sentence: str | None
    indicator: str | None
    log_odds: float | None
    share: float | None
    seen: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """A measure ordered or set aside; ``price`` is the gain that a control had to beat, money."""

    measure: str
    name: str
    form: str | None
    extent: str | None
    item_no: int | None
    profile_id: str
    capacity: str
    status: str
    waiver: str | None
    price: float | None
    deferred: bool


@dataclass(frozen=True, slots=True)
class Beyond:
    """A code that the pack does not know, and the fact that it stands in."""

    fact: str
    code: str


@dataclass(frozen=True, slots=True)
class Random:
    """The random share: whether it was drawn and carried out, and from which stratum."""

    in_random: bool
    stratum: str | None


@dataclass(frozen=True, slots=True)
class Versions:
    """What made the decision what it is."""

    policy_id: str
    snapshot_id: str
    price_id: str
    key_id: str


@dataclass(frozen=True, slots=True)
class ListPart:
    """One exception list and what it does to the declarations on it."""

    list: str
    name: str
    kind: str
    log_odds: float
    level: Named | None
    spares: bool


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What exception lists did.

    Attributes:
        lists: on which the declaration stands, by code and name, with what each adds, bounds and spares.
        probability_without: the probability before them; None if it stands on none.
        level_without: the level before them; None if it stands on none.
    """

    lists: tuple[ListPart, ...]
    probability_without: float | None
    level_without: Named | None


@dataclass(frozen=True, slots=True)
class Parts:
    """What made the probability: profiles, models by form of control, and how far models count.

    Attributes:
        profiles: by the profiles alone, 0 to 1.
        models: chance that each form finds something, 0 to 1; empty where there were no models.
        belief: how far models count against profiles, 0 to 1.
        items: what moved the models, item by item, the likeliest first.
        labels: what people call the facts in it.
    """

    profiles: float
    models: dict[str, float]
    belief: float
    items: tuple[ItemReasons, ...]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class AnalystView:
    """A decision as an analyst sees it; the field names are the keys of ``--json``."""

    declaration_id: str
    version: int
    versions_assessed: tuple[int, ...]
    day: str
    direction: str
    procedure: str | None
    office: Named | None
    corridor: Named
    currency: str
    probability: float
    base_probability: float
    parts: Parts
    expected_damage: str | None
    level: Named
    exceptions: Exceptions
    profiles: tuple[FiredProfile, ...]
    unknown_profiles: tuple[Named, ...]
    codes_beyond: tuple[Beyond, ...]
    measures: tuple[AskedMeasure, ...]
    propensity: dict[str, float]
    random: Random
    made_by: Versions

    @classmethod
    def of(
        cls, decision: Decision, manifest: Manifest, voice: Voice, *, items: Sequence[ItemReasons] = ()
    ) -> "AnalystView":
        """Say everything in the voice's language; ``items`` tell what moved the models."""
        return cls(
            declaration_id=decision.declaration_id,
            version=decision.version,
            versions_assessed=decision.versions,
            day=decision.day.isoformat(),
            direction=decision.direction,
            procedure=decision.procedure,
            office=Named(decision.office, voice.office(decision.office)) if decision.office else None,
            corridor=Named(decision.corridor, voice.corridor(decision.corridor)),
            currency=voice.pack.currency,
            probability=decision.probability,
            base_probability=manifest.experience.base_probability,
            parts=Parts(
                decision.by_profiles,
                decision.by_models,
                decision.belief,
                tuple(items),
                {
                    name: label_of(name).in_(voice.lang)
                    for item in items
                    for reason in item.reasons
                    for name, _ in reason.features
                },
            ),
            expected_damage=None if decision.expected_damage is None else str(decision.expected_damage),
            level=Named(decision.level, voice.level(decision.level)),
            exceptions=_exceptions(decision, voice),
            profiles=_fired(decision, manifest, voice),
            unknown_profiles=tuple(
                Named(name, voice.text(profile.area.name) if profile else name)
                for name in decision.unknown_profiles
                for profile in [_profile(name, manifest, voice)]
            ),
            codes_beyond=tuple(Beyond(fact, code) for fact, code in decision.codes_beyond),
            measures=tuple(
                AskedMeasure(
                    measure=order.measure,
                    name=voice.measure(order.measure),
                    form=order.form,
                    extent=order.extent,
                    item_no=order.item_no,
                    profile_id=order.profile_id,
                    capacity=order.capacity,
                    status="ordered" if order.ordered else "waived",
                    waiver=order.waiver,
                    price=order.price,
                    deferred=order.deferred,
                )
                for order in decision.orders
            ),
            propensity=decision.propensity,
            random=Random(decision.in_random, decision.stratum),
            made_by=Versions(decision.policy_id, decision.snapshot_id, decision.price_id, decision.key_id),
        )

    def as_json(self) -> dict[str, object]:
        """Return plain values under stable keys."""
        return asdict(self)


def _exceptions(decision: Decision, voice: Voice) -> Exceptions:
    known, before = voice.pack.exception_lists, decision.level_unlisted
    return Exceptions(
        tuple(
            ListPart(
                list=one.list,
                name=voice.text(known[one.list].name) if one.list in known else one.list,
                kind=one.kind,
                log_odds=one.log_odds,
                level=Named(one.level, voice.level(one.level)) if one.level else None,
                spares=one.spares,
            )
            for one in decision.lists
        ),
        decision.probability_unlisted,
        Named(before, voice.level(before)) if before else None,
    )


def _fired(decision: Decision, manifest: Manifest, voice: Voice) -> tuple[FiredProfile, ...]:
    """Return the profiles that fired, the one that added most first."""
    added = decision.contributions
    whole = sum(added[name] for name in sorted(added))
    names = sorted({*added, *(order.profile_id for order in decision.orders)})
    return tuple(
        FiredProfile(
            profile_id=name,
            version=next((o.profile_version for o in decision.orders if o.profile_id == name), None),
            area=voice.text(profile.area.name) if profile else None,
            sentence=voice.sentence(profile) if profile else None,
            indicator=profile.indicator.text if profile else None,
            log_odds=added.get(name),
            share=added[name] / whole if whole and name in added else None,
            seen=_seen(decision, name),
        )
        for name in sorted(names, key=lambda name: (-added.get(name, -1.0), name))
        for profile in [_profile(name, manifest, voice)]
    )


def _seen(decision: Decision, name: str) -> tuple[Seen, ...]:
    by_item = {order.item_no: order.reasons for order in decision.orders if order.profile_id == name}
    return tuple(Seen(item, json.loads(reasons)) for item, reasons in by_item.items())


def _profile(name: str, manifest: Manifest, voice: Voice) -> Profile | None:
    version = dict(manifest.policy.profiles).get(name)
    return next((p for p in voice.pack.profiles if p.id == name and p.version == version), None)


def odds(log_odds: float) -> float:
    """Return by how much a contribution multiplies the odds.

    Example:
        >>> odds(0.0)
        1.0
    """
    return exp(log_odds)
