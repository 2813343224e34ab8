"""Decisions, for analysts: a list with filters, and one whole with all that it rests on."""

from datetime import date
from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.assessment.models import Decision
from daliz.customs.reference.queries import pack
from daliz.doors.console.reasons import Explained
from daliz.doors.pages.access import page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.tables import Column, Filter, Table
from daliz.doors.pages.templatetags.daliz import corridor, level, money, office, percent, when
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


def _number(row: Decision) -> SafeString:
    version = row.version
    further = said(N_("version {n}"), n=version.version) if version.version > 1 else ""
    return format_html(
        '<a href="{}">{}{}</a>',
        reverse("console:decision", args=[row.pk]),
        version.declaration.number or "–",
        f" · {further}" if further else "",
    )


_TABLE: Final[Table[Decision]] = Table(
    "decisions",
    (
        Column("number", N_("Declaration"), lambda row: row.version.declaration.number, _number,
               sort="version__declaration__number", always=True),
        Column("version", N_("Version"), lambda row: row.version.version, sort="version__version",
               number=True, aside=True),
        Column("corridor", N_("Corridor"), lambda row: row.corridor, lambda row: corridor(row.corridor),
               sort="corridor"),
        Column("level", N_("Risk level"), lambda row: row.level, lambda row: level(row.level), sort="level"),
        Column("probability", N_("Probability"), lambda row: row.probability,
               lambda row: percent(row.probability), sort="probability", number=True),
        Column("damage", N_("Expected damage"),
               lambda row: None if row.expected_damage is None else float(row.expected_damage),
               lambda row: money(row.expected_damage), sort="expected_damage", number=True),
        Column("random", N_("Random share"), lambda row: row.in_random,
               lambda row: said(N_("yes")) if row.in_random else "–", sort="in_random"),
        Column("office", N_("Office"), lambda row: row.version.declaration.office,
               lambda row: office(row.version.declaration.office), sort="version__declaration__office"),
        Column("day", N_("When"), lambda row: row.at, lambda row: when(row.at), sort="at"),
        Column("policy", N_("Policy"), lambda row: row.policy_id, lambda row: row.policy_id[:12],
               sort="policy_id", aside=True),
    ),
)  # fmt: skip


@page(Role.ANALYST)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show decisions, newest first, filtered by what the address says."""
    filters = {
        name: request.GET.get(name, "").strip() for name in ("q", "day", "corridor", "level", "office")
    }
    filters["random"] = request.GET.get("random", "")
    rows = _filtered(filters)
    every = ("", said(N_("all")))
    corridors = [(one.code, spoken(one.name)) for one in pack().corridors]
    levels = [(code, spoken(one.name)) for code, one in pack().policy.levels.levels.items()]
    told = {
        "title": said(N_("Decisions")),
        "heading": said(N_("Decisions")),
        "filters": [
            Filter("q", said(N_("Declaration")), filters["q"]),
            Filter("day", said(N_("Day")), filters["day"], kind="date"),
            Filter("corridor", said(N_("Corridor")), filters["corridor"], [every, *corridors]),
            Filter("level", said(N_("Risk level")), filters["level"], [every, *levels]),
            Filter("office", said(N_("Office")), filters["office"],
                   [every, *((code, office(code)) for code in pack().offices)]),
            Filter("random", said(N_("random share only")), filters["random"], kind="check"),
        ],
        "nothing": said(N_("No decision is like this")),
        "advice": said(N_("A declaration is decided when it is registered. Clear the filters to see all.")),
        "symbol": "scale",
    }  # fmt: skip
    file = _TABLE.file(rows, request)
    return file or render(request, "console/listing.html", told | {"table": _TABLE.page(rows, request)})


@page(Role.ANALYST)
def decision(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Show one decision with every reason."""
    rows = Decision.objects.select_related("version__declaration", "publication")
    row = get_object_or_404(rows, pk=key)
    others = Decision.objects.filter(version__declaration=row.version.declaration).order_by("id")
    told = {"decision": row, "why": Explained.of(row, pack(), language()), "others": others}
    return render(request, "console/decision.html", told)


def _filtered(filters: dict[str, str]) -> QuerySet[Decision]:
    rows = Decision.objects.select_related("version__declaration").order_by("-id")
    if filters["q"]:
        rows = rows.filter(version__declaration__number__startswith=filters["q"])
    if filters["day"]:
        try:
            rows = rows.filter(day=date.fromisoformat(filters["day"]))
        except ValueError:
            filters["day"] = ""
    if filters["corridor"]:
        rows = rows.filter(corridor=filters["corridor"])
    if filters["level"]:
        rows = rows.filter(level=filters["level"])
    if filters["office"]:
        rows = rows.filter(version__declaration__office=filters["office"])
    if filters["random"] == "yes":
        rows = rows.filter(in_random=True)
    return rows
