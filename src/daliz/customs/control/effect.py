"""What concluded controls came to: counted from those that are there, kept as figures of those let go of."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet, Sum

from daliz.customs.control.models import Control, ControlFigure, Finding
from daliz.customs.control.states import ControlState


@dataclass(frozen=True, slots=True)
class Counted:
    """Controls of one month, office and form.

    Attributes:
        month: first day of that in which they were concluded, in the pack's time zone.
        office: where.
        form: of control.
        in_random: drawn by chance.
        controls: how many.
        hits: with a violation found that still stands.
        minutes: of officers, as they stated them.
        assessed: payments of findings that stand, money.
    """

    month: date
    office: str
    form: str
    in_random: bool
    controls: int
    hits: int
    minutes: float
    assessed: Decimal


def counted(controls: QuerySet[Control], zone: str) -> dict[int, Counted]:
    """Return what each concluded control of ``controls`` came to, by its key and in its order."""
    standing = Finding.objects.filter(superseded_by=None, violation=True).exclude(finality="annulled")
    payments = dict(
        standing.filter(control__in=controls.order_by().values("pk"))
        .values_list("control_id")
        .annotate(Sum("assessed"))
    )
    rows = controls.filter(state=ControlState.CONCLUDED.value, concluded_at__isnull=False).annotate(
        hit=Exists(standing.filter(control=OuterRef("pk"))), spent=Sum("findings__minutes")
    )
    names = ("pk", "concluded_at", "office", "form", "decision__in_random", "by_system", "hit", "spent")
    found = {}
    for key, at, office, form, random, by_system, hit, spent in rows.order_by("id").values_list(*names):
        month = at.astimezone(ZoneInfo(zone)).date().replace(day=1)
        found[key] = Counted(
            month, office, form, random and by_system, 1, int(hit), spent or 0.0,
            payments.get(key) or Decimal(0),
        )  # fmt: skip
    return found


def figures() -> list[Counted]:
    """Return what is known of controls that are let go of."""
    rows = ControlFigure.objects.order_by("month", "id")
    return [
        Counted(
            row.month, row.office, row.form, row.in_random, row.controls, row.hits, row.minutes, row.assessed
        )
        for row in rows
    ]


def keep(controls: QuerySet[Control], zone: str) -> None:
    """Add what controls that are about to go came to to the figures; in the transaction in which they go."""
    strata = {
        key: str(json.loads(content).get("stratum") or "")
        for key, content in controls.values_list("pk", "decision__content")
    }
    for key, one in counted(controls, zone).items():
        _add(one, strata[key])


def _add(one: Counted, stratum: str) -> None:
    row, _ = ControlFigure.objects.select_for_update().get_or_create(
        month=one.month, office=one.office, form=one.form, stratum=stratum[:64], in_random=one.in_random
    )
    row.controls += one.controls
    row.hits += one.hits
    row.minutes += one.minutes
    row.assessed += one.assessed
    row.save()
