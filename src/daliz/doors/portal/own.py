"""What is a declarant's own: nothing of another organisation is ever found."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from daliz.customs.control.models import DocumentRequest, Finding
from daliz.customs.control.queries import findings_told_to
from daliz.customs.control.request_queries import requests_open_to
from daliz.customs.intake.drafts import drafts_of
from daliz.customs.intake.models import Declaration, Draft
from daliz.ground.staff.actor import Actor, Role


def declarations_of(actor: Actor) -> QuerySet[Declaration]:
    """Return the declarations of the actor's organisation."""
    if not actor.organisation or not actor.has(Role.DECLARANT):
        return Declaration.objects.none()
    return Declaration.objects.filter(organisation=actor.organisation)


def declaration(actor: Actor, key: int) -> Declaration:
    """Return one; 404 where it is none of his."""
    found: Declaration = get_object_or_404(declarations_of(actor), pk=bounded(key))
    return found


def draft(actor: Actor, key: int) -> Draft:
    """Return a draft; 404 where it is none of his."""
    found: Draft = get_object_or_404(drafts_of(actor), pk=bounded(key))
    return found


def request_of(actor: Actor, key: int) -> DocumentRequest:
    """Return a request to his organisation; 404 where it is none."""
    rows = requests_open_to(actor).filter(control__declaration__in=declarations_of(actor))
    found: DocumentRequest = get_object_or_404(rows, pk=bounded(key))
    return found


def findings_of(actor: Actor) -> QuerySet[Finding]:
    """Return the findings of his organisation's declarations that it may see."""
    return findings_told_to(actor.organisation).filter(control__declaration__in=declarations_of(actor))


def bounded(key: int) -> int:
    """Return a key that the database can hold; one beyond is nobody's."""
    return key if key < 2**62 else 0
