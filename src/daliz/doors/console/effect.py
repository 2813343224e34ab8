"""Whether it works, for managers: controls, hits with intervals, time, corridors; by month and office."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from daliz.customs.assessment.models import Decision, DecisionFigure
from daliz.customs.control.effect import Counted, counted, figures
from daliz.customs.control.models import Control
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import page
from daliz.doors.pages.charts import Rate, rates
from daliz.doors.pages.codes import FORMS, name_said
from daliz.doors.pages.export import Cell, exported, wanted
from daliz.doors.pages.language import language, said
from daliz.engine.estimators.intervals import Interval, wilson
from daliz.ground.staff.actor import Actor, Role
from daliz.language import N_
from daliz.language.numbers import format_month, format_percent

LEVEL = 0.95
"""Of the intervals."""


@dataclass(slots=True)
class Row:
    """Controls of one month, office or form.

    Attributes:
        key: which.
        controls: concluded.
        hits: with a violation found that still stands.
        minutes: of officers, as they stated them.
        assessed: payments, money.
    """

    key: str
    controls: int = 0
    hits: int = 0
    minutes: float = 0.0
    assessed: float = 0.0

    @property
    def rate(self) -> float | None:
        """Hits for a control; None where there was none."""
        return self.hits / self.controls if self.controls else None

    @property
    def interval(self) -> Interval:
        """Wilson's interval of the hit rate."""
        return wilson(self.hits, self.controls, level=LEVEL)

    @property
    def cells(self) -> list[Cell]:
        """The row of a file."""
        low, high = self.interval.low, self.interval.high
        return [self.key, self.controls, self.hits, low, high, self.minutes, self.assessed]


@dataclass(frozen=True, slots=True)
class Share:
    """Decisions of one corridor; ``width`` of the bar in percent."""

    corridor: str
    count: int
    share: float
    published: float | None


@page(Role.MANAGER)
def effect(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show the effect of control, by month, office and form."""
    concluded = _concluded()
    months = _rows(concluded, lambda row: row.month.strftime("%Y-%m"))
    offices = _rows(concluded, lambda row: row.office)
    forms = _rows(concluded, lambda row: row.form)
    kind = wanted(request)
    if kind:
        heads = [said(N_("by")), said(N_("controls")), said(N_("hits")), said(N_("from")), said(N_("to"))]
        heads += [said(N_("minutes")), said(N_("payments assessed"))]
        cells = (one.cells for one in (*months, *offices, *forms))
        return exported(kind, "effect", heads, cells)
    by_month = [
        Rate(
            format_month(date.fromisoformat(f"{one.key}-01"), language()), one.rate or 0.0, one.interval.low,
            one.interval.high, format_percent(one.rate or 0.0, language(), decimals=0),
        )
        for one in months
    ]  # fmt: skip
    told = {
        "chart": rates(said(N_("Share of controls that found a violation, by month")), by_month),
        "whole": _rows(concluded, lambda row: "")[0] if concluded else Row(""),
        "months": [(date.fromisoformat(f"{one.key}-01"), one) for one in months],
        "offices": [(one.key, one) for one in offices],
        "forms": [(name_said(FORMS, one.key), one) for one in forms],
        "shares": _shares(),
        "level_said": format_percent(LEVEL, language(), decimals=0),
    }
    return render(request, "console/effect.html", told)


def _concluded() -> list[Counted]:
    """Return what concluded controls came to: those let go of as figures, then those that are there."""
    return [*figures(), *counted(Control.objects.all(), pack().zone).values()]


def _rows(concluded: list[Counted], key: Callable[[Counted], str]) -> list[Row]:
    rows: dict[str, Row] = {}
    for one in concluded:
        row = rows.setdefault(key(one), Row(key(one)))
        row.controls += one.controls
        row.hits += one.hits
        row.minutes += one.minutes
        row.assessed += float(one.assessed)
    return [rows[name] for name in sorted(rows)]


def _shares() -> list[Share]:
    counts = Counter(dict(Decision.objects.values_list("corridor").annotate(Count("id"))))
    counts.update(dict(DecisionFigure.objects.values_list("corridor").annotate(Sum("decisions"))))
    whole = sum(counts.values())
    return (
        [
            Share(one.code, counts[one.code], counts[one.code] / whole, one.published_share)
            for one in sorted(pack().corridors, key=lambda one: one.strictness)
        ]
        if whole
        else []
    )
