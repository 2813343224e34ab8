"""The page of a plan: one HTML file for those who lay out officers' time, in three languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

from daliz import __version__
from daliz.doors.cli.planning import screen
from daliz.doors.cli.planning.answer import Answer, Lane
from daliz.doors.cli.report import charts
from daliz.doors.cli.report.render import paged
from daliz.doors.cli.voice import Voice
from daliz.engine.allocation.weeks import Weeks
from daliz.engine.pack import Pack
from daliz.engine.records.files import replacing
from daliz.language import N_

MOST_CHARTS: Final = 12
_TITLE: Final = N_("Daliz: officers’ time planned")
_SHADES: Final = 5


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything the page shows.

    Attributes:
        answer: of the plan.
    """

    answer: Answer

    @property
    def pack(self) -> Pack:
        """The pack that names the codes."""
        return self.answer.pack

    @property
    def weeks(self) -> Weeks:
        """The plan."""
        return self.answer.weeks

    @property
    def inputs(self) -> tuple[Mapping[str, object], ...]:
        """The files that it was made from."""
        return self.answer.inputs

    @property
    def engine(self) -> str:
        """The version that planned."""
        return __version__

    @property
    def bucket(self) -> str:
        """Days are written with their month: a plan may go over the end of one."""
        return "weeks"

    @property
    def charted(self) -> tuple[Lane, ...]:
        """The pools and forms that are drawn: those with most given."""
        busiest = sorted(self.answer.lanes, key=lambda lane: -lane.total("given"))[:MOST_CHARTS]
        return tuple(lane for lane in self.answer.lanes if lane in busiest)

    @property
    def greatest(self) -> float:
        """The most that one more hour would bring on any day, money."""
        return max((lane.hour_price for lane in self.weeks.lanes), default=0.0)

    @property
    def idle(self) -> float:
        """Capacity left over on all days."""
        return float(sum(lane.idle for lane in self.weeks.lanes))

    @property
    def available(self) -> float:
        """Capacity of all days."""
        return float(sum(lane.available for lane in self.weeks.lanes))

    def chart(self, lane: Lane) -> charts.Columns:
        """One pool and form: what is given, by claim, under the line of what there is; hours or controls."""
        unit = 60.0 if self.weeks.unit == "minutes" else 1.0
        return charts.columns(
            [(day.mandatory / unit, day.random / unit, day.waivable / unit) for day in lane.days],
            line=[day.available / unit for day in lane.days],
        )

    def shade(self, hour_price: float) -> int:
        """Return how dark a day is, 0 to 5."""
        return ceil(_SHADES * hour_price / self.greatest) if self.greatest else 0

    def lines(self, lang: str) -> list[str]:
        """Return the answer in sentences."""
        return list(screen.told(self.answer, lang))

    def time(self, amount: float, lang: str) -> str:
        """Write capacity: minutes as hours, controls as their number."""
        return screen.time_of(amount, self.weeks.unit, Voice(lang, self.pack))


def write_plan_page(answer: Answer, path: Path, *, lang: str = "en") -> Path:
    """Write the page; the same answer gives the same bytes.

    Args:
        answer: everything it shows.
        path: of the file.
        lang: the language that is open first.
    """
    first, last = answer.planned.first, answer.planned.last
    title = f"{Voice(lang, answer.pack).say(_TITLE)}, {answer.pack.name.in_(lang)}, {first} – {last}"
    text = paged("plan.html", PlanPage(answer), answer.pack, title=title, lang=lang)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path
