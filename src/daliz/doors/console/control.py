"""A control: what to check and why in plain words; begin it, record findings, ask, conclude, confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.control.findings import PAYMENT_NAMES
from daliz.customs.control.models import Control, DocumentRequest
from daliz.customs.control.photographs import MOST_PHOTOGRAPHS
from daliz.customs.control.queries import controls_open_to, obligations_open_to, stops_open_to, to_confirm
from daliz.customs.control.requests import proposed_outcome
from daliz.customs.control.states import OPEN, ControlState, Outcome
from daliz.customs.intake.queries import open_to, timeline_for
from daliz.customs.reference.queries import pack
from daliz.doors.console.clocks import clocks_seen
from daliz.doors.console.forms import AskForm, ConclusionForm, ConfirmationForm, FindingForm
from daliz.doors.console.seen import ControlSeen, reckoned
from daliz.doors.console.stops import stops_seen
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.handing_in import handed_in
from daliz.doors.pages.language import said, spoken
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_, DalizError

_OFFICERS = (Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR)
_LAST = 8


@page(*_OFFICERS)
def control(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show a control with its declaration."""
    row = _open(actor, key)
    return render(request, "console/control.html", _told(row, actor))


@require_POST
@page(*_OFFICERS)
def take(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Begin a control."""
    flow.take(ours=_open(actor, key), actor=actor, now=instant())
    return redirect("console:control", key)


@page(*_OFFICERS)
def finding(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Record what was found of an item or of the whole, declared beside found."""
    row = _open(actor, key)
    seen = ControlSeen.of(row, user_id=actor.user_id)
    form = FindingForm(
        request.POST or None,
        request.FILES or None,
        seen=seen,
        pack=pack(),
        initial={"item_no": _first(seen, request)},
    )
    if request.method == "POST" and form.is_valid():
        said_ = form.cleaned_data
        try:
            flow.find(
                ours=row,
                item_no=said_["item_no"],
                violation=said_["violation"],
                violation_type=said_["violation_type"],
                assessed=said_["assessed"],
                minutes=said_["minutes"],
                extent=said_["extent"],
                found=form.found,
                remark=said_["remark"],
                actor=actor,
                now=instant(),
                photographs=handed_in(request, "photographs", actor, most=MOST_PHOTOGRAPHS),
            )
        except DalizError as error:
            form.wrong(error)
        else:
            messages.success(request, said(N_("The finding is recorded.")))
            if "further" in request.POST:
                return redirect("console:finding", key)
            return redirect("console:control", key)
    status = 422 if form.is_bound and form.errors else 200
    told = _told(row, actor) | {"form": form, "item": seen.item(_number(form["item_no"].value()))}
    return render(request, "console/finding.html", told, status=status)


@page(*_OFFICERS)
def reckon(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show an item's declared values, and what would be payable by what is typed."""
    seen = ControlSeen.of(_open(actor, key), user_id=actor.user_id)
    item = seen.item(_number(request.GET.get("item_no")))
    typed = {
        name.removeprefix("found_"): request.GET[name].replace(",", ".").replace(" ", "")
        for name in request.GET
        if name.startswith("found_") and request.GET[name].strip()
    }
    made = reckoned(item, typed) if item else None
    unknown = [PAYMENT_NAMES[name] for name in made.unknown] if made else []
    return render(request, "console/_declared.html", {"item": item, "made": made, "unknown": unknown})


@page(*_OFFICERS)
def ask(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Ask the declarant for a document."""
    row = _open(actor, key)
    form = AskForm(request.POST or None, pack=pack())
    if request.method == "POST" and form.is_valid():
        try:
            flow.ask_document(
                ours=row,
                code=form.cleaned_data["code"],
                text=form.cleaned_data["text"],
                actor=actor,
                now=instant(),
            )
        except DalizError as error:
            form.add_error(None, spoken(error))
        else:
            messages.success(request, said(N_("The declarant is asked.")))
            return redirect("console:control", key)
    return render(request, "console/ask.html", _told(row, actor) | {"form": form}, status=_status(form))


@page(*_OFFICERS)
def conclude(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """End a control, or propose its end to a second officer."""
    row = _open(actor, key)
    seen = ControlSeen.of(row, user_id=actor.user_id)
    form = ConclusionForm(
        request.POST or None,
        seen=seen,
        proposed=proposed_outcome(row, pack()),
        before_release=row.before_release,
    )
    if request.method == "POST" and form.is_valid():
        try:
            flow.conclude(
                ours=row,
                outcome=Outcome(form.cleaned_data["outcome"]),
                ending=form.ending,
                actor=actor,
                now=instant(),
            )
        except DalizError as error:
            form.wrong(error)
        else:
            row.refresh_from_db()
            second = row.state == ControlState.PROPOSED
            told = N_("A second officer is asked to agree.") if second else N_("The control is concluded.")
            messages.success(request, said(told))
            return redirect("console:work" if actor.has(Role.OFFICER, Role.AUDITOR) else "console:board")
    two = row.form in pack().clearance.second_officer
    waits = any(one.state == DocumentRequest.OPEN for one in seen.requests)
    told_ = _told(row, actor) | {"form": form, "two": two, "waits": waits}
    return render(request, "console/conclude.html", told_, status=_status(form))


@page(*_OFFICERS)
def confirm(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Agree to a proposed end as the second officer, or send the control back."""
    rows = to_confirm(actor).select_related("declaration", "decision__version", "officer")
    row = get_object_or_404(rows, pk=key)
    form = ConfirmationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreed = form.cleaned_data["agreed"] == "yes"
        try:
            flow.confirm(
                ours=row, agreed=agreed, reason=form.cleaned_data["reason"], actor=actor, now=instant()
            )
        except DalizError as error:
            form.add_error("reason" if not agreed else None, spoken(error))
        else:
            told = N_("The control is concluded.") if agreed else N_("The control goes back to its officer.")
            messages.success(request, said(told))
            return redirect("console:to-confirm")
    return render(request, "console/confirm.html", _told(row, actor) | {"form": form}, status=_status(form))


def _open(actor: Actor, key: int) -> Control:
    rows = controls_open_to(actor).select_related("declaration", "decision__version", "officer")
    return get_object_or_404(rows, pk=key)


def _told(row: Control, actor: Actor) -> dict[str, object]:
    seen = ControlSeen.of(row, user_id=actor.user_id)
    trader = row.decision.version.trader_id
    earlier = (
        open_to(actor).filter(versions__trader_id=trader).exclude(pk=row.declaration_id) if trader else None
    )
    return {
        "control": seen,
        "timeline": timeline_for(row.declaration, actor),
        "earlier": list(earlier.distinct().order_by("-id")[:_LAST]) if earlier is not None else [],
        "after_release": not row.before_release,
        "carries": actor.has(Role.OFFICER, Role.AUDITOR),
        "begun": seen.mine and row.state == ControlState.TAKEN,
        "to_begin": seen.mine and row.state == ControlState.ASSIGNED,
        "may_change": row.state in OPEN and row.before_release,
        "to_notice": actor.has(Role.AUDITOR, Role.SUPERVISOR)
        and row.state in OPEN
        and not row.before_release
        and row.noticed_at is None,
        "clocks": clocks_seen(row.declaration),
        "owed": obligations_open_to(actor).filter(declaration=row.declaration),
        "stops": stops_seen(stops_open_to(actor).filter(declaration=row.declaration)),
        "may_lift": actor.has(Role.SUPERVISOR, office=row.declaration.office or None),
    }


def _first(seen: ControlSeen, request: HttpRequest) -> int | None:
    """Return the item that the address names, else the first under control that has no finding yet."""
    named = _number(request.GET.get("item"))
    waiting = (one.item_no for one in seen.items if one.marked and not one.found)
    return named if named is not None else next(waiting, None)


def _number(text: object) -> int | None:
    return int(str(text)) if str(text or "").isdecimal() and len(str(text)) < 9 else None


def _status(form: AskForm | ConclusionForm | ConfirmationForm) -> int:
    return 422 if form.is_bound and form.errors else 200
