"""Drafts: listed, written by a form that checks itself, registered, discarded."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.drafts import REFILED, change, content_of, discard, drafts_of, keep
from daliz.customs.intake.models import Draft, Version
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.paging import part_of
from daliz.doors.pages.troubles import status_of
from daliz.doors.portal import own, writing
from daliz.doors.portal.form import empty, sums
from daliz.engine.reading.single import SubmissionError
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
def listed(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the drafts of the organisation."""
    part = part_of(drafts_of(actor), request)
    rows = [{"draft": row, "content": content_of(row), "sums": sums(content_of(row))} for row in part.rows]
    return render(request, "portal/draft_list.html", {"part": part, "rows": rows})


@page(Role.DECLARANT)
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show an empty form, and keep what is written into it."""
    return _written(request, actor, None, empty(pack(), actor.organisation))


@page(Role.DECLARANT)
def edit(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show a draft as a form, and keep what is changed."""
    draft = own.draft(actor, key)
    return _written(request, actor, draft, content_of(draft))


@page(Role.DECLARANT)
@require_POST
def refile(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Keep what a withdrawn or refused declaration said as a draft that comes in its place."""
    ended = own.declaration(actor, key)
    if ended.state not in REFILED:
        raise Http404
    version = Version.objects.get(declaration=ended, version=ended.version)
    try:
        draft = keep(
            content=json.loads(version.content), reference=ended.reference, actor=actor, now=instant(),
            from_xml=True, refiles=ended,
        )  # fmt: skip
    except IntakeError as error:
        messages.error(request, spoken(error))
        return redirect("portal:declaration", key)
    return redirect("portal:draft", draft.pk)


@page(Role.DECLARANT)
@require_POST
def discarded(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Let a draft go."""
    discard(draft=own.draft(actor, key), actor=actor, now=instant())
    messages.success(request, said(N_("The draft is discarded.")))
    return redirect("portal:drafts")


@page(Role.DECLARANT)
@require_POST
def check(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what is wrong with what is being written: a part of the form, beside each field."""
    content = writing.content_of_form(request, {})
    problems = writing.found_in(content, whole="whole" in request.POST, further="further" in request.POST)
    return render(request, "portal/_checked.html", writing.context(request, content, problems))


def _written(request: HttpRequest, actor: Actor, draft: Draft | None, before: dict[str, Any]) -> HttpResponse:
    """Carry out what the form's button says."""
    further = draft is not None and draft.from_xml
    if request.method != "POST":
        whole = "whole" in request.GET
        problems = writing.found_in(before, whole=whole, further=further) if draft else ()
        return _form(request, draft, before, problems, reference=draft.reference if draft else "")
    content = writing.content_of_form(request, before)
    act, reference = request.POST.get("act", "save"), request.POST.get("reference", "")[:128]
    edition = request.POST.get("edition", "")
    changed = writing.reshaped(act, content)
    if changed is not None:
        return _form(
            request,
            draft,
            changed,
            writing.found_in(changed, whole=False, further=further),
            reference=reference,
            edition=edition,
        )
    if act == "check":
        return _form(
            request,
            draft,
            content,
            writing.found_in(content, whole=True, further=further),
            reference=reference,
            edition=edition,
        )
    return _done(request, actor, draft, content, act=act, reference=reference, edition=edition)


def _done(
    request: HttpRequest,
    actor: Actor,
    draft: Draft | None,
    content: dict[str, Any],
    *,
    act: str,
    reference: str,
    edition: str,
) -> HttpResponse:
    """Keep the draft and, if so asked, register it; what was typed is not lost whatever is wrong."""
    try:
        draft = _kept(actor, draft, content, reference, edition)
        if act != "register":
            messages.success(request, said(N_("The draft is kept.")))
            return redirect("portal:draft", draft.pk)
        problems = writing.found_in(content, whole=True, further=draft.from_xml)
        if problems:
            raise SubmissionError(problems)
        registered = flow.register_draft(draft=draft, actor=actor, now=instant())
    except SubmissionError as error:
        now_edition = str(draft.edition) if draft else ""
        return _form(
            request, draft, content, error.problems, status=422, reference=reference, edition=now_edition
        )
    except IntakeError as error:
        return _form(
            request, draft, content, (), status=status_of(error), wrong=spoken(error),
            reference=reference, edition=edition,
        )  # fmt: skip
    messages.success(request, said(N_("Registered as {number}."), number=registered.number))
    return redirect("portal:declaration", registered.pk)


def _kept(actor: Actor, draft: Draft | None, content: dict[str, Any], reference: str, edition: str) -> Draft:
    if draft is None:
        return keep(content=content, reference=reference, actor=actor, now=instant())
    return change(
        draft=draft, content=content, reference=reference, actor=actor, now=instant(),
        edition=int(edition) if edition.isdecimal() else 0,
    )  # fmt: skip


def _form(
    request: HttpRequest,
    draft: Draft | None,
    content: dict[str, Any],
    problems: Any,
    *,
    reference: str,
    edition: str = "",
    wrong: str = "",
    status: int = 200,
) -> HttpResponse:
    told = writing.context(
        request, content, problems, draft=draft, reference=reference, wrong=wrong,
        edition=edition or (draft.edition if draft else ""), further=draft is not None and draft.from_xml,
        whole=bool(problems) and request.POST.get("act") in ("check", "register"),
        checked=request.POST.get("act") == "check",
    )  # fmt: skip
    return render(request, "portal/draft.html", told, status=status)
