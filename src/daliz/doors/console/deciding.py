"""A superior decides what another asked for: a longer term, a re-opening, another control, an appeal."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from daliz.customs import discretion, redress
from daliz.customs.control.clocks import EXTENSION
from daliz.customs.control.models import Rerouting
from daliz.customs.control.queries import reroutings_open_to
from daliz.customs.reference.queries import pack
from daliz.doors.console.change_forms import DecisionForm, VerdictForm
from daliz.doors.console.deed import Deed, carried_out
from daliz.doors.console.pending import KINDS, appeals_open_to, approvals_open_to
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.codes import FORMS, name_said, violation_name
from daliz.doors.pages.language import said, spoken
from daliz.doors.pages.templatetags.daliz import money
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_

_DONE = N_("Your decision is written down.")


@page(Role.SUPERVISOR)
def approval(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Grant or decline a longer term, or that control be opened again."""
    found = {row.pk: (row, declaration) for row, declaration in approvals_open_to(actor)}
    if key not in found:
        raise Http404
    row, declaration = found[key]
    decide = discretion.decide_extension if row.act == EXTENSION else redress.decide_reopening
    deed = _deed(
        str(declaration),
        (N_("Asked for"), said(KINDS[row.act])),
        (N_("Measures"), _measures(row.detail.get("measures", ()))),
        (N_("By"), row.asked_by.name),
        (N_("Reason"), row.reason),
    )
    return carried_out(
        request,
        deed,
        DecisionForm(request.POST or None),
        lambda told: decide(
            approval=row, agreed=told["agreed"], comment=told["comment"], actor=actor, now=instant()
        ),
    )


@page(Role.SUPERVISOR)
def rerouting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Grant or decline another control, ratify what was done at once, review a departure from advice."""
    rows = reroutings_open_to(actor).select_related("declaration", "control", "asked_by")
    row = get_object_or_404(rows, pk=key)
    deed = _deed(
        str(row.declaration),
        (N_("Asked for"), said(KINDS[row.kind])),
        (N_("Falls away"), name_said(FORMS, row.control.form) if row.control else ""),
        (N_("Measures"), _measures(row.measures)),
        (N_("Ground"), _ground(row)),
        (N_("By"), row.asked_by.name),
        (N_("Reason"), row.reason),
    )
    return carried_out(
        request,
        deed,
        DecisionForm(request.POST or None),
        lambda told: discretion.decide(
            asked=row, agreed=told["agreed"], comment=told["comment"], actor=actor, now=instant()
        ),
    )


@page(Role.SUPERVISOR)
def appeal(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Uphold, correct or annul a contested finding, as a superior who took no part in it."""
    row = get_object_or_404(appeals_open_to(actor).select_related("finding__officer"), pk=key)
    found = row.finding
    deed = _deed(
        str(found.control.declaration),
        (N_("Goods item"), str(found.item_no or said(N_("the declaration as a whole")))),
        (N_("Violation"), violation_name(found.violation_type)),
        (N_("Assessed"), "" if found.assessed is None else money(found.assessed)),
        (N_("Found by"), found.officer.name),
        (N_("Remark"), found.remark),
        (N_("Why it is contested"), row.reason),
    )
    return carried_out(
        request,
        deed,
        VerdictForm(request.POST or None),
        lambda told: redress.decide_appeal(
            appeal=row,
            verdict=told["verdict"],
            comment=told["comment"],
            assessed=told["assessed"],
            actor=actor,
            now=instant(),
        ),
    )


def _deed(about: str, *facts: tuple[str, str]) -> Deed:
    return Deed(
        N_("What do you decide?"), N_("Decide"), "gavel", _DONE, reverse("console:board"), about, facts
    )


def _measures(codes: Iterable[str]) -> str:
    known = pack().measures
    return "; ".join(spoken(known[code].name) for code in codes if code in known)


def _ground(row: Rerouting) -> str:
    known = dict(pack().clearance.rerouting.at_once) | dict(pack().deviations)
    return spoken(known[row.ground]) if row.ground in known else row.ground
