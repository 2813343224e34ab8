"""What waits for a superior's decision: longer terms, declarations opened again, other control, appeals."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from daliz.customs.control.clocks import EXTENSION
from daliz.customs.control.models import Appeal, Rerouting, Term
from daliz.customs.control.queries import reroutings_open_to
from daliz.customs.intake.models import Declaration
from daliz.customs.redress import REOPENING
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Approval
from daliz.language import N_

KINDS = {
    EXTENSION: N_("longer term"),
    REOPENING: N_("control opened again"),
    Rerouting.PROPOSED: N_("another control, proposed"),
    Rerouting.AT_ONCE: N_("control changed at once, to be ratified"),
    Rerouting.DEVIATION: N_("departure from advice, to be reviewed"),
    "appeal": N_("appeal against a finding"),
}
"""What a superior decides on, by kind."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that waits for a decision.

    Attributes:
        kind: of ``KINDS``.
        address: where it is decided.
        number: of the declaration.
        by: who asked.
        since: when.
        until: by when it is to be decided; None where nothing says.
        reason: why, in words of who asked.
    """

    kind: str
    address: str
    number: str
    by: str
    since: datetime
    until: datetime | None
    reason: str


def pending_for(actor: Actor) -> list[Pending]:
    """Return what waits for the decision of a superior of the actor's offices, the oldest first."""
    rows = [*_approvals(actor), *_reroutings(actor), *_appeals(actor)]
    return sorted(rows, key=lambda one: (one.until is None, one.until or one.since, one.since))


def approvals_open_to(actor: Actor) -> list[tuple[Approval, Declaration]]:
    """Return the longer terms and re-openings that the actor may decide on, with their declarations."""
    waits = Approval.objects.filter(act__in=(EXTENSION, REOPENING), decided_at=None).exclude(
        asked_by_id=actor.user_id
    )
    offices = actor.offices(Role.SUPERVISOR)
    found = []
    for row in waits.select_related("asked_by").order_by("id"):
        if row.act == EXTENSION:
            term = Term.objects.select_related("declaration", "control").get(pk=int(row.subject_id))
            declaration = term.declaration
            office = term.control.office if term.control is not None else declaration.office
        else:
            declaration = Declaration.objects.get(pk=int(row.subject_id))
            office = declaration.office
        if offices is None or office in offices:
            found.append((row, declaration))
    return found


def appeals_open_to(actor: Actor) -> QuerySet[Appeal]:
    """Return the appeals that the actor may decide on: of his offices, and of no control that was his."""
    rows = Appeal.objects.filter(decided_at=None)
    offices = actor.offices(Role.SUPERVISOR)
    if offices is not None:
        rows = rows.filter(finding__control__office__in=offices)
    his = (
        rows.filter(suspended__officer_id=actor.user_id)
        | rows.filter(finding__control__officer_id=actor.user_id)
        | rows.filter(finding__control__concluded_by_id=actor.user_id)
    )
    known = rows.exclude(pk__in=his.values("pk")).select_related("finding__control__declaration", "filed_by")
    return known.order_by("id")


def _approvals(actor: Actor) -> Iterator[Pending]:
    for row, declaration in approvals_open_to(actor):
        address = reverse("console:approval", args=[row.pk])
        yield Pending(row.act, address, str(declaration), row.asked_by.name, row.asked_at, None, row.reason)


def _reroutings(actor: Actor) -> Iterator[Pending]:
    for row in reroutings_open_to(actor).select_related("declaration", "asked_by").order_by("id")[:200]:
        yield Pending(
            row.kind,
            reverse("console:rerouting", args=[row.pk]),
            str(row.declaration),
            row.asked_by.name,
            row.asked_at,
            row.ratify_by,
            row.reason,
        )


def _appeals(actor: Actor) -> Iterator[Pending]:
    for row in appeals_open_to(actor)[:200]:
        yield Pending(
            "appeal",
            reverse("console:appeal", args=[row.pk]),
            str(row.finding.control.declaration),
            row.filed_by.name,
            row.filed_at,
            None,
            row.reason,
        )
