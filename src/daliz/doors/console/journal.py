"""The journal, for internal affairs: who did what, whether the chain stands, as a file."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.acts import ACTS, SUBJECTS, act_said, acts_called, subject_said
from daliz.doors.pages.export import wanted
from daliz.doors.pages.language import said
from daliz.doors.pages.tables import Column, Table
from daliz.doors.pages.templatetags.daliz import marked, when
from daliz.ground.journal.actions import note
from daliz.ground.journal.models import Entry, Head
from daliz.ground.journal.queries import verify
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_


def _act(row: Entry) -> SafeString:
    if row.act not in ACTS:
        return format_html("<code>{}</code>", row.act)
    return format_html('<div>{}</div><code class="text-secondary">{}</code>', act_said(row.act), row.act)


def _content(row: Entry) -> SafeString | str:
    if row.payload is None:
        return marked("secondary", "trash", said(N_("erased")))
    if row.payload == "{}":
        return "–"
    return format_html('<span class="clip" tabindex="0">{}</span>', row.payload)


def _sealed(row: Entry) -> SafeString:
    number = _seal(row)
    if number is None:
        return marked("secondary", "hourglass", said(N_("waits")))
    return marked("success", "shield-check", str(number))


def _seal(row: Entry) -> int | None:
    """Return the number of an entry in the chain; None while it is not sealed."""
    return getattr(getattr(row, "seal", None), "number", None)


_TABLE: Final[Table[Entry]] = Table(
    "journal",
    (
        Column("number", N_("No."), lambda row: row.pk, number=True, always=True),
        Column("when", N_("When"), lambda row: row.at, lambda row: when(row.at)),
        Column("who", N_("Who"), lambda row: row.actor),
        Column("act", N_("Act"), lambda row: row.act, _act),
        Column("of", N_("Of what"), lambda row: row.subject_kind, lambda row: subject_said(row.subject_kind)),
        Column("which", N_("Which"), lambda row: row.subject_id),
        Column("version", N_("Version"), lambda row: row.version, aside=True),
        Column("content", N_("Content"), lambda row: row.payload, _content),
        Column("sealed", N_("Sealed"), _seal, _sealed),
    ),
)

_NAMES = ("actor", "act", "kind", "subject", "since", "until")


@page(Role.INTERNAL_AFFAIRS)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show entries, newest first, filtered by what the address says; who takes them as a file is noted."""
    filters = {name: request.GET.get(name, "").strip() for name in _NAMES}
    rows = _filtered(filters)
    if wanted(request):
        note(
            act="journal.exported",
            subject=("journal", ""),
            actor=actor,
            now=instant(),
            payload={name: value for name, value in filters.items() if value},
        )
    file = _TABLE.file(rows, request)
    if file is not None:
        return file
    told = {
        "table": _TABLE.page(rows, request),
        "filters": filters,
        "acts": sorted(((code, act_said(code)) for code in ACTS), key=lambda one: one[1]),
        "subjects": sorted(((code, subject_said(code)) for code in SUBJECTS), key=lambda one: one[1]),
        "head": Head.objects.filter(pk=1).first(),
        "waiting": Entry.objects.filter(seal=None).count(),
    }
    return render(request, "console/journal.html", told)


@require_POST
@page(Role.INTERNAL_AFFAIRS)
def verification(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Walk the whole chain and say what is wrong, if anything; that it was walked is noted."""
    verdict = verify(now=instant())
    note(
        act="journal.verified",
        subject=("journal", ""),
        actor=actor,
        now=instant(),
        payload={"sealed": verdict.sealed, "problems": len(verdict.problems), "head": verdict.head},
    )
    return render(request, "console/verdict.html", {"verdict": verdict})


def _filtered(filters: dict[str, str]) -> QuerySet[Entry]:
    rows = Entry.objects.select_related("seal").order_by("-id")
    for name, column in (
        ("actor", "actor"),
        ("kind", "subject_kind"),
        ("subject", "subject_id"),
    ):
        if filters[name]:
            rows = rows.filter(**{column: filters[name]})
    if (act := filters["act"]) and any(code.startswith(act) for code in ACTS):
        rows = rows.filter(act__startswith=act)
    elif act:
        rows = rows.filter(Q(act__startswith=act) | Q(act__in=acts_called(act)))
    since, until = _midnight(filters, "since"), _midnight(filters, "until")
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until + timedelta(days=1))
    return rows


def _midnight(filters: dict[str, str], name: str) -> datetime | None:
    """Return when the day begins in the administration's zone; forget a text that is no day."""
    try:
        day = date.fromisoformat(filters[name]) if filters[name] else None
    except ValueError:
        day, filters[name] = None, ""
    return datetime.combine(day, time(), ZoneInfo(pack().zone)).astimezone(UTC) if day else None
