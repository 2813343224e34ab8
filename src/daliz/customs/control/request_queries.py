"""Which requests for documents each may see."""

from django.db.models import Q, QuerySet

from daliz.customs.control.models import DocumentRequest
from daliz.customs.control.queries import controls_open_to
from daliz.ground.staff.actor import Actor, Role


def requests_open_to(actor: Actor) -> QuerySet[DocumentRequest]:
    """Return the requests that the actor may see: of his organisation's declarations, of his controls."""
    seen = Q(pk__in=())
    if actor.has(Role.DECLARANT) and actor.organisation:
        seen |= Q(control__declaration__organisation=actor.organisation)
    if actor.has(Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR):
        seen |= Q(control__in=controls_open_to(actor))
    rows = DocumentRequest.objects.filter(seen).select_related("control__declaration")
    return rows.prefetch_related("answers__files__file").order_by("id")
