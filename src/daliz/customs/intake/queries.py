"""What the same day's facts count, and what each may see of declarations."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet

from daliz.customs.intake.models import Declaration, TimelineEntry, Vehicle, Version
from daliz.customs.intake.translate import vehicles_of
from daliz.engine.features.alone import Fact
from daliz.engine.features.lookup import TODAY
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.staff.actor import Actor, Role

_BY_TRADER: Final = frozenset(
    {"today.trader_declarations", "today.trader_customs_value", "today.same_code_declarations"}
)


def today_facts(
    declared: Declared, *, of: int | None, day: date, at: datetime, names: Collection[str]
) -> list[dict[str, Fact]]:
    """Return the facts of the same day for each goods item: what was first registered on it before ``at``.

    Args:
        declared: that asks.
        of: its own row, whose versions do not count; None if it has none.
        day: the local day.
        at: the instant of registration.
        names: facts wanted.
    """
    wanted = [name for name in TODAY if name in names]
    whole: dict[str, Fact] = {}
    trader, declarant = declared.of("trader_id"), declared.of("declarant_id")
    others: Sequence[Version] = ()
    if not _BY_TRADER.isdisjoint(wanted) and trader is not None:
        found = _before(day, at, of).filter(trader_id=str(trader)[:64])
        others = list(found.only("currency", "customs_value", "codes"))
    if "today.trader_declarations" in wanted:
        whole["today.trader_declarations"] = None if trader is None else float(len(others))
    if "today.trader_customs_value" in wanted:
        whole["today.trader_customs_value"] = _value(others, declared)
    if "today.declarant_declarations" in wanted:
        count = None
        if declarant is not None:
            count = float(_before(day, at, of).filter(declarant_id=str(declarant)[:64]).count())
        whole["today.declarant_declarations"] = count
    if "today.vehicle_declarations" in wanted:
        whole["today.vehicle_declarations"] = _busiest(declared, day, at, of)
    if "today.same_code_declarations" not in wanted:
        return [whole for _ in declared.items]
    return [
        whole | {"today.same_code_declarations": _same_code(others, item, known=trader is not None)}
        for item in declared.items
    ]


def _before(day: date, at: datetime, of: int | None) -> QuerySet[Version]:
    """Return the versions first registered on ``day`` that stood just before ``at``."""
    standing = Version.objects.filter(first_day=day, registered_at__lt=at)
    standing = standing.filter(Q(replaced_at=None) | Q(replaced_at__gte=at))
    return standing.exclude(declaration_id=of) if of is not None else standing


def _value(others: Sequence[Version], declared: Declared) -> Fact:
    currency = declared.of("currency")
    if declared.of("trader_id") is None or currency is None:
        return None
    values = [v.customs_value for v in others if v.currency == currency and v.customs_value is not None]
    return float(sum(values, Decimal(0)))


def _same_code(others: Sequence[Version], item: Mapping[str, object], *, known: bool) -> Fact:
    code = str(item.get("hs_code") or "")
    if not known or len(code) < 6:
        return None
    return float(sum(code[:6] in version.codes for version in others))


def _busiest(declared: Declared, day: date, at: datetime, of: int | None) -> Fact:
    vehicles = vehicles_of(declared)
    if not vehicles:
        return None
    counts = dict.fromkeys(vehicles, 0)
    rows = Vehicle.objects.filter(transport_id__in=vehicles, first_day=day, version__in=_before(day, at, of))
    for transport_id in rows.values_list("transport_id", flat=True):
        counts[transport_id] += 1
    return float(max(counts.values()))


def open_to(actor: Actor) -> QuerySet[Declaration]:
    """Return the declarations that the actor may see: a declarant's own, an officer's offices'."""
    everywhere = Role.ANALYST, Role.INTERNAL_AFFAIRS, Role.MANAGER
    if actor.has(*everywhere):
        return Declaration.objects.all()
    seen = Q(pk__in=())
    if actor.has(Role.DECLARANT) and actor.organisation:
        seen |= Q(organisation=actor.organisation)
    staff = Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ADAPTER
    if actor.has(*staff):
        offices = actor.offices(*staff)
        seen |= ~Q(state="draft") if offices is None else Q(office__in=offices) & ~Q(state="draft")
    return Declaration.objects.filter(seen)


def timeline_for(declaration: Declaration, actor: Actor) -> QuerySet[TimelineEntry]:
    """Return the lines of the timeline that the actor may read, oldest first."""
    lines = TimelineEntry.objects.filter(declaration=declaration).order_by("id")
    if actor.has(Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST, Role.INTERNAL_AFFAIRS):
        return lines
    return lines.filter(open_to_declarant=True)
