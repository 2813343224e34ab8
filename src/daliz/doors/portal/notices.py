"""Notifications: what the organisation was told, read by each person for himself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daliz.customs.intake.notice_words import notice_said
from daliz.customs.intake.subscriptions import read_all
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language
from daliz.doors.pages.paging import part_of
from daliz.ground.outbox.queries import notices_of, read_among, unread_count, unread_of
from daliz.ground.staff.actor import Actor, Role


@page(Role.DECLARANT)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show notifications, the newest first."""
    only = bool(request.GET.get("unread"))
    rows = (
        unread_of(organisation=actor.organisation, user_id=actor.person)
        if only
        else notices_of(organisation=actor.organisation, user_id=actor.person)
    )
    part = part_of(rows, request)
    seen, rules, lang = read_among(part.rows, user_id=actor.person), pack(), language()
    told = {
        "part": part,
        "rows": [
            {"row": row, "text": notice_said(row.topic, row.values, rules, lang), "read": row.pk in seen}
            for row in part.rows
        ],
        "unread": unread_count(organisation=actor.organisation, user_id=actor.person),
        "only": only,
        "newest": rows.values_list("pk", flat=True).first() or 0,
    }
    return render(request, "portal/notice_list.html", told)


@page(Role.DECLARANT)
@require_POST
def read(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Note that the person has read up to a notification."""
    up_to = request.POST.get("up_to", "")
    read_all(up_to=min(int(up_to), 2**62) if up_to.isdecimal() else 0, actor=actor, now=instant())
    return redirect("portal:notices")


def unread(actor: Actor) -> int:
    """Return how many notifications a person has not read."""
    return unread_count(organisation=actor.organisation, user_id=actor.person) if actor.organisation else 0
