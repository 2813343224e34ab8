"""What each may see of declarations."""

from django.db.models import Q, QuerySet

from daliz.customs.intake.models import Declaration, TimelineEntry
from daliz.ground.staff.actor import Actor, Role


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
