"""A declaration of mine: where it stands, what is asked, what happened; withdraw, print."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daliz.customs import flow
from daliz.customs.control.models import DocumentRequest
from daliz.customs.control.queries import violation_found
from daliz.customs.control.request_queries import requests_open_to
from daliz.customs.control.states import ControlError
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.drafts import REFILED
from daliz.customs.intake.life import ImpossibleStepError, State, Step, possible
from daliz.customs.intake.models import Declaration, TimelineEntry, Version
from daliz.customs.intake.notice_words import line_said
from daliz.customs.intake.translate import declaration_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.troubles import status_of
from daliz.doors.portal import own
from daliz.doors.portal.columns import label_of
from daliz.doors.portal.form import sums
from daliz.doors.portal.known import clocks_of, found_of, items_of, owed_of, withheld_since
from daliz.doors.portal.sheet import sheet_of
from daliz.doors.portal.standing import asked_of, conditions_of
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_
from daliz.language.numbers import format_number

_NUMBERS: Final = frozenset(
    {"customs_value", "duty", "vat", "excise", "net_mass_kg", "gross_mass_kg", "quantity", "invoice_value"}
)


@page(Role.DECLARANT)
def one(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show a declaration: what it says, where it stands, what is asked, what happened."""
    row = own.declaration(actor, key)
    return render(request, "portal/declaration.html", page_of(row, actor, request.GET.get("version", "")))


@page(Role.DECLARANT)
def news(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Return what changed on the page since the line ``seen``; 204 where nothing did."""
    row = own.declaration(actor, key)
    last = _lines(row).last()
    if last is None or str(last.pk) == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "portal/_news.html", page_of(row, actor) | {"fresh": True})


@page(Role.DECLARANT)
def printed(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Show a declaration as it is printed on A4."""
    row = own.declaration(actor, key)
    told = page_of(row, actor, request.GET.get("version", ""))
    return render(request, "portal/print.html", told | {"now": instant()})


@page(Role.DECLARANT)
@require_POST
def withdraw(request: HttpRequest, actor: Actor, key: int) -> HttpResponse:
    """Take a declaration back."""
    row = own.declaration(actor, key)
    reason = request.POST.get("reason", "")
    try:
        flow.withdraw(declaration=row, reason=reason, actor=actor, now=instant())
    except (IntakeError, ImpossibleStepError, ControlError) as error:
        told = page_of(row, actor) | {"withdrawal": {"reason": reason, "wrong": spoken(error)}}
        return render(request, "portal/declaration.html", told, status=status_of(error))
    messages.success(request, said(N_("The declaration is withdrawn.")))
    return redirect("portal:declaration", key)


def page_of(row: Declaration, actor: Actor, version: str = "") -> dict[str, Any]:
    """Return what the page of a declaration shows; nothing of controls but what is asked in them."""
    rules, lang = pack(), language()
    versions = list(Version.objects.filter(declaration=row).order_by("version"))
    known = {str(one.version): one for one in versions}
    shown = known.get(version, versions[-1])
    declared = declaration_of(shown)
    requests = list(requests_open_to(actor).filter(control__declaration=row))
    lines = list(_lines(row))
    steps = possible(State(row.state))
    barred = row.state == State.CONTROL or (row.state == State.CLEARED and violation_found(row))
    return {
        "row": row,
        "version": shown,
        "versions": [(one, _changed(one, known.get(str(one.version - 1)), lang)) for one in versions],
        "sheet": sheet_of(declared, rules, lang),
        "sums": sums(declared.content),
        "currency": str(declared.of("currency") or rules.currency),
        "asked": asked_of([row], rules)[row.pk],
        "open": [one for one in requests if one.state == DocumentRequest.OPEN],
        "settled": [one for one in requests if one.state != DocumentRequest.OPEN],
        "conditions": conditions_of(row, rules),
        "clocks": clocks_of(row, rules, lang),
        "controls": found_of(row, lang),
        "owed": owed_of(row, rules, lang),
        "withheld": withheld_since(row) if row.ended_at is None else None,
        "item_ends": items_of(row, lang),
        "awaited": row.state == State.AWAITED,
        "refiled_as": list(own.declarations_of(actor).filter(refiles=row).order_by("id")),
        "can_refile": row.state in REFILED,
        "lines": [(line, line_said(line.what, line.values, rules, lang)) for line in lines],
        "seen": lines[-1].pk if lines else "",
        "file_most": settings.FILE_MOST_BYTES // 2**20,
        "live": row.state in (State.REGISTERED, State.AWAITED, State.CONTROL, State.CLEARED),
        "can_amend": Step.AMEND in steps and (not barred or rules.clearance.amend_after_notice),
        "can_withdraw": Step.WITHDRAW in steps and (not barred or rules.clearance.withdraw_after_notice),
    }


def _lines(row: Declaration) -> QuerySet[TimelineEntry]:
    return TimelineEntry.objects.filter(declaration=row, open_to_declarant=True).order_by("id")


def _changed(version: Version, before: Version | None, lang: str) -> list[tuple[str, str, str]]:
    """Return which fields a version changed: field, before, after."""
    if before is None:
        return []
    old, new = (dict(_flat(declaration_of(one).content)) for one in (before, version))
    return [
        (label_of(path, lang), _written(path, old.get(path), lang), _written(path, new.get(path), lang))
        for path in dict.fromkeys([*old, *new])
        if old.get(path) != new.get(path)
    ]


def _written(path: str, value: object, lang: str) -> str:
    """Write a value of a version as people write it: amounts and masses by the language."""
    if value is None:
        return "–"
    if path.rpartition(".")[2] not in _NUMBERS:
        return str(value)
    return format_number(float(str(value)), lang, decimals=2)


def _flat(content: Mapping[str, Any]) -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for name, value in content.items():
        if isinstance(value, list):
            for place, held in enumerate(value):
                found += [(f"{name}[{place}].{field}", one) for field, one in held.items()]
        else:
            found.append((name, value))
    return found
