"""What an officer may see of a decision: the goods, what to do, the approved hint and what to look at.

No profile, indicator, score, level, probability or propensity, nothing that was set aside, and no sign of
whether a control was drawn or targeted. The rule is kept by construction: this module takes measure codes
and approved texts from a decision, and nothing else.

The measure by which the random share is controlled looks the same whoever ordered it: it concerns the whole
declaration, and carries the one hint of the random share. What a targeting profile asks beyond that measure
keeps its own hint. Where a model chose it, approved areas in which it saw risk stand beside that hint.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from decimal import Decimal

from daliz.doors.cli.explanation.lookup import Decision, Order
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Measure, Pack, Profile, ProfileKind


@dataclass(frozen=True, slots=True)
class Named:
    """A code and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class GoodsItem:
    """A goods item as declared, and whether a measure concerns it."""

    item_no: int
    hs_code: str | None
    description: str | None
    origin_country: str | None
    net_mass_kg: float | None
    quantity: float | None
    quantity_unit: str | None
    customs_value: str | None
    under_control: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """A measure to carry out.

    Attributes:
        measure: code.
        name: of the measure.
        extent: full, partial, selective or visual; None where there are no degrees.
        items: numbers of the goods items; None for the whole declaration.
        instruction: what the officer does.
    """

    measure: str
    name: str
    extent: str | None
    items: tuple[int, ...] | None
    instruction: str


@dataclass(frozen=True, slots=True)
class Hint:
    """The approved hint of an area, and what to look at."""

    hint: str
    look_at: str


@dataclass(frozen=True, slots=True)
class OfficerView:
    """A declaration as the officer who controls it sees it; the field names are the keys of ``--json``."""

    declaration_id: str
    version: int
    day: str
    office: Named | None
    direction: str
    procedure: str | None
    corridor: Named
    currency: str
    items: tuple[GoodsItem, ...]
    measures: tuple[Duty, ...]
    hints: tuple[Hint, ...]
    advice: bool
    deviations: tuple[Named, ...]

    @classmethod
    def of(cls, decision: Decision, voice: Voice, *, areas: Collection[str] = ()) -> "OfficerView":
        """Leave out what an officer may not see.

        Args:
            decision: what was decided.
            voice: for the language and the pack.
            areas: in which models saw risk; of those not approved for officers nothing is said.
        """
        pack = voice.pack
        ordered = [order for order in decision.orders if order.ordered]
        drawn_by = pack.policy.random.measure
        whole = any(order.item_no is None or order.measure == drawn_by for order in ordered)
        numbers = {order.item_no for order in ordered}
        return cls(
            declaration_id=decision.declaration_id,
            version=decision.version,
            day=decision.day.isoformat(),
            office=Named(decision.office, voice.office(decision.office)) if decision.office else None,
            direction=decision.direction,
            procedure=decision.procedure,
            corridor=Named(decision.corridor, voice.corridor(decision.corridor)),
            currency=decision.currency or pack.currency,
            items=tuple(
                GoodsItem(
                    item.item_no, item.hs_code, item.description, item.origin_country, item.net_mass_kg,
                    item.quantity, item.quantity_unit, _money(item.customs_value),
                    whole or item.item_no in numbers,
                )
                for item in decision.items
            ),
            measures=_duties(ordered, voice),
            hints=_hints(decision, ordered, areas, voice),
            advice=pack.policy.advises,
            deviations=tuple(Named(code, voice.text(name)) for code, name in pack.deviations.items()),
        )  # fmt: skip

    def as_json(self) -> dict[str, object]:
        """Return plain values under stable keys."""
        return asdict(self)


def _duties(ordered: list[Order], voice: Voice) -> tuple[Duty, ...]:
    """Join the orders of one measure, whoever gave them, in the order of the pack's measures."""
    duties = []
    for code, measure in voice.pack.measures.items():
        items = {order.item_no for order in ordered if order.measure == code}
        if items:
            whole = code == voice.pack.policy.random.measure
            duties.append(_duty(measure, {None} if whole else items, voice))
    return tuple(duties)


def _duty(measure: Measure, items: set[int | None], voice: Voice) -> Duty:
    numbers = sorted(number for number in items if number is not None)
    return Duty(
        measure=measure.code,
        name=voice.text(measure.name),
        extent=measure.extent,
        items=None if None in items else tuple(numbers),
        instruction=voice.text(measure.instruction),
    )


def _hints(
    decision: Decision, ordered: list[Order], areas: Collection[str], voice: Voice
) -> tuple[Hint, ...]:
    """Return each approved hint once, by the alphabet, so that their order says nothing."""
    pack = voice.pack
    drawn_by = pack.policy.random.measure
    versions = {(order.profile_id, order.profile_version) for order in ordered if order.measure != drawn_by}
    found = {_hint(p, voice) for p in pack.profiles if (p.id, p.version) in versions}
    if any(order.measure == drawn_by for order in ordered):
        shared = next((p for p in pack.profiles if p.kind is ProfileKind.RANDOM), None)
        found |= {_hint(shared, voice)} if shared else set()
    approved = pack.models.hints.approved_on(decision.day)
    if model_forms(decision, pack):
        found |= {
            Hint(voice.text(approved[area].hint), voice.text(approved[area].look_at))
            for area in areas
            if area in approved
        }
    return tuple(sorted(found, key=lambda hint: (hint.hint, hint.look_at)))


def model_forms(decision: Decision, pack: Pack) -> frozenset[str]:
    """Return the forms of control that models chose, but for the measure that looks as if it were drawn."""
    models = {(p.id, p.version) for p in pack.profiles if p.kind is ProfileKind.MODEL}
    return frozenset(
        order.form
        for order in decision.orders
        if order.ordered
        and order.form is not None
        and order.measure != pack.policy.random.measure
        and (order.profile_id, order.profile_version) in models
    )


def _hint(profile: Profile, voice: Voice) -> Hint:
    return Hint(voice.text(profile.hint), voice.text(profile.look_at))


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
