"""How the organisation is told outside the portal: each person's e-mail, webhooks of its systems."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.customs.intake.notice_words import ASKING
from daliz.customs.intake.notices import TOLD
from daliz.customs.intake.subscriptions import (
    SubscriptionError,
    carry_again,
    choose_mail,
    messages_of,
    ping,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.codes import TOPICS
from daliz.doors.pages.language import said, spoken
from daliz.doors.portal import own
from daliz.ground.outbox.models import MailChoice, Message
from daliz.ground.outbox.webhook import AddressError
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
def shown(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show both; a new webhook's secret is shown in the reply, once."""
    if request.method != "POST":
        return _page(request, actor)
    url = request.POST.get("url", "").strip()
    try:
        made, secret = subscribe(url=url, actor=actor, now=instant())
    except (AddressError, SubscriptionError) as error:
        return _page(request, actor, url=url, wrong=spoken(error), status=422)
    return _page(request, actor, made=made, secret=secret)


@page(Role.DECLARANT)
@require_POST
def mail(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Keep of which topics the person wants to be told."""
    choose_mail(topics=request.POST.getlist("topic"), actor=actor, now=instant())
    messages.success(request, said(N_("Your choice is kept.")))
    return redirect("portal:connections")


@page(Role.DECLARANT)
@require_POST
def acted(request: HttpRequest, actor: Actor, key: int, act: str) -> HttpResponse:
    """Test a webhook, end it, or try again what was given up."""
    found = get_object_or_404(subscriptions_of(actor), pk=own.bounded(key))
    now = instant()
    if act == "ping":
        ping(subscription=found, actor=actor, now=now)
        messages.success(request, said(N_("A test is on its way; look below what becomes of it.")))
    elif act == "end":
        unsubscribe(subscription=found, actor=actor, now=now)
        messages.success(request, said(N_("The webhook has ended.")))
    elif act == "retry":
        for row in messages_of(actor).filter(subscription=found, state=Message.DEAD)[:200]:
            carry_again(message=row, actor=actor, now=now)
        messages.success(request, said(N_("What was given up is tried again.")))
    else:
        raise Http404
    return redirect("portal:connections")


def _page(request: HttpRequest, actor: Actor, *, status: int = 200, **more: object) -> HttpResponse:
    chosen = MailChoice.objects.filter(user_id=actor.person).first()
    wanted = chosen.topics if chosen else ASKING
    counted = subscriptions_of(actor).annotate(
        dead=Count("messages", filter=Q(messages__state=Message.DEAD)),
        waiting=Count("messages", filter=Q(messages__state=Message.WAITING)),
    )
    told = {
        "topics": [
            (topic, said(TOPICS[topic]), topic in wanted) for topic in sorted(TOLD, key=list(TOPICS).index)
        ],
        "hooks": counted,
        "sent": messages_of(actor)[:30],
        **more,
    }
    return render(request, "portal/connections.html", told, status=status)
