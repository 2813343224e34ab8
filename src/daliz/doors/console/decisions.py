"""Decisions, for analysts: a list with filters, and one whole with all that it rests on."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from daliz.customs.assessment.models import Decision
from daliz.customs.reference.queries import pack
from daliz.doors.console.reasons import Explained
from daliz.doors.pages.access import page
from daliz.doors.pages.export import MOST_ROWS, exported, wanted
from daliz.doors.pages.language import language, said
from daliz.doors.pages.paging import part_of
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


@page(Role.ANALYST)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show decisions, newest first, filtered by what the address says."""
    filters = {
        name: request.GET.get(name, "").strip() for name in ("q", "day", "corridor", "level", "office")
    }
    filters["random"] = request.GET.get("random", "")
    rows = _filtered(filters)
    kind = wanted(request)
    if kind:
        heads = [said(N_("number")), said(N_("version")), said(N_("day")), said(N_("office"))]
        heads += [
            said(N_("corridor")),
            said(N_("level")),
            said(N_("probability")),
            said(N_("expected damage")),
        ]
        heads += [said(N_("random share")), said(N_("policy"))]
        cells = (
            [
                row.version.declaration.number,
                row.version.version,
                row.day.isoformat(),
                row.version.declaration.office,
                row.corridor,
                row.level,
                row.probability,
                None if row.expected_damage is None else float(row.expected_damage),
                row.in_random,
                row.policy_id,
            ]
            for row in rows[:MOST_ROWS]
        )
        return exported(kind, "decisions", heads, cells)
    told = {
        "part": part_of(rows, request),
        "filters": filters,
        "corridors": pack().corridors,
        "levels": [(code, level.name) for code, level in pack().policy.levels.levels.items()],
        "offices": pack().offices,
    }
    return render(request, "console/decisions.html", told)


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
