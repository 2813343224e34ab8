"""Register by file: every declaration in it is looked through, kept as a draft, registered or mended."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from daliz.customs import flow
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.drafts import drafts_of, keep
from daliz.customs.intake.models import Declaration, Draft
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.portal.columns import label_of, offices
from daliz.doors.portal.form import sums
from daliz.doors.portal.reading import FileUnreadableError, Read, declarations_in
from daliz.engine.reading import ReadingError
from daliz.engine.reading.single import SubmissionError
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.DECLARANT)
def file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a file and show what is in it; register those that are chosen."""
    if request.method == "POST" and "draft" in request.POST:
        return _registered(request, actor)
    if request.method != "POST":
        return _shown(request)
    sent = request.FILES.get("file")
    if sent is None:
        return _refused(request, said(N_("Choose a file first.")))
    try:
        found = declarations_in(sent.read(), pack(), office=_office(request))
        drafts = _kept(found, actor)
    except (FileUnreadableError, ReadingError, IntakeError) as error:
        return _refused(request, spoken(error))
    rows = [_row(one, draft) for one, draft in zip(found, drafts, strict=True)]
    told = {"rows": rows, "good": sum(not one.problems for one in found), "name": sent.name}
    return _shown(request, told)


def _shown(request: HttpRequest, told: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    office = {"offices": offices(pack(), language()), "office": _office(request)}
    return render(request, "portal/file.html", office | (told or {}), status=status)


def _office(request: HttpRequest) -> str:
    """Return the office that was chosen for declarations that name none; empty where none was."""
    chosen = request.POST.get("office", "")
    return chosen if chosen in pack().offices else ""


@transaction.atomic
def _kept(found: list[Read], actor: Actor) -> list[Draft]:
    """Keep everything as drafts, so that nothing is lost whatever happens next."""
    now = instant()
    return [
        keep(content=one.content, reference=one.reference, from_xml=one.from_xml, actor=actor, now=now)
        for one in found
    ]


def _row(one: Read, draft: Draft) -> dict[str, Any]:
    lang = language()
    told = [
        {"path": p.path, "field": label_of(p.path, lang), "text": p.text(lang), "value": p.value}
        for p in one.problems
    ]
    return {"draft": draft, "content": one.content, "sums": sums(one.content), "problems": told}


def _registered(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Register the chosen drafts, each by itself; those that cannot be stay drafts."""
    keys = [int(key) for key in request.POST.getlist("draft") if key.isdecimal()][:200]
    made: list[Declaration] = []
    left = 0
    for draft in drafts_of(actor).filter(pk__in=[key for key in keys if key < 2**62]).order_by("pk"):
        try:
            made.append(flow.register_draft(draft=draft, actor=actor, now=instant()))
        except (SubmissionError, IntakeError):
            left += 1
    if made:
        messages.success(request, said(N_("Registered: {n}."), n=len(made)))
    if left:
        messages.warning(request, said(N_("Not registered, kept among the drafts: {n}."), n=left))
    if not made and not left:
        messages.info(request, said(N_("Nothing was chosen.")))
    return redirect("portal:drafts" if left else "portal:declarations")


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return _shown(request, {"wrong": why}, status=422)
