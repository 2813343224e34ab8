"""What the forms of a draft and of an amendment share: rows added and taken away, problems, what is shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, QueryDict

from daliz.customs.intake.drafts import problems_of
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import language
from daliz.doors.portal.columns import HEADER, ITEM, TABLES, suggestions
from daliz.doors.portal.form import (
    TOTALS,
    Shown,
    Typed,
    shown,
    sums,
    typed,
    unequal,
    with_copy,
    with_row,
    without_row,
)
from daliz.engine.reading.single import Problem
from daliz.language import N_, translate
from daliz.language.errors import Message

ACTS: Final = ("add", "drop", "copy")
_MISSING: Final = "field-missing"
_ID: Final = re.compile(r"[a-z0-9_-]{1,80}")


def reshaped(act: str, content: dict[str, Any]) -> dict[str, Any] | None:
    """Return the content after a row was added, copied or taken away; None if ``act`` is something else.

    Args:
        act: ``add:documents``, ``copy:items:2``, ``drop:items:2``.
        content: what was typed.
    """
    verb, _, rest = act.partition(":")
    table, _, place = rest.partition(":")
    if verb not in ACTS or table not in ("items", *TABLES):
        return None
    index = int(place) if place.isdecimal() else 0
    if verb == "add":
        return with_row(content, table)
    return with_copy(content, index) if verb == "copy" else without_row(content, table, index)


def expected(data: QueryDict) -> dict[str, str]:
    """Return the totals that the declarant expects."""
    return {name: data.get(f"total.{name}", "").strip() for name in TOTALS}


def found_in(content: Mapping[str, Any], *, whole: bool, further: bool) -> tuple[Problem, ...]:
    """Return the problems of a content; while it is being written, not those of what is not there yet."""
    problems = problems_of(content, pack(), further=further)
    if whole:
        told = {one.path for one in problems}
        return (*problems, *(one for one in _needed(content) if one.path not in told))
    return tuple(one for one in problems if one.code != _MISSING)


def _needed(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what the form says it needs and does not have."""
    missing = Message(N_("the value is missing"))
    rows = [("", content, HEADER)]
    for table, columns in (("items", ITEM), *((name, columns) for name, (_, _, columns) in TABLES.items())):
        rows += [(f"{table}[{place}].", row, columns) for place, row in enumerate(content.get(table, ()))]
    for place, row, columns in rows:
        for column in columns:
            if column.must and row.get(column.name) in (None, ""):
                yield Problem(f"{place}{column.name}", _MISSING, missing)


def context(
    request: HttpRequest, content: Mapping[str, Any], problems: Sequence[Problem], **more: object
) -> dict[str, Any]:
    """Return what the form's template shows."""
    lang, wanted = language(), expected(request.POST)
    form = shown(content, problems, pack(), lang)
    held = sums(content)
    totals = [
        {
            "name": name,
            "label": translate(label, lang),
            "expected": wanted[name],
            "sum": held.items if name == "items" else held.values[name],
        }
        for name, label in TOTALS.items()
    ]
    flaws = [(one.id, one.problems) for one in _fields(form) if one.problems]
    before = {name for name in request.POST.getlist("flawed") if _ID.fullmatch(name)}
    return {
        "form": form,
        "flaws": flaws,
        "mended": sorted(before - {id_ for id_, _ in flaws}),
        "problems": problems,
        "totals": totals,
        "unequal": unequal(content, wanted, lang),
        "due": sum(held.values[name] or 0 for name in ("duty", "vat", "excise")),
        "suggestions": suggestions(lang),
        **more,
    }


def _fields(form: Shown) -> Iterator[Typed]:
    for section in form.sections:
        yield from section.fields
    for row in [*form.items, *(row for table in form.tables for row in table.rows)]:
        yield from row.fields


def content_of_form(request: HttpRequest, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was typed."""
    return typed(request.POST, before)
