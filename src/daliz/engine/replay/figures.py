"""What a strategy achieved in a quarter, against the truth and against an oracle."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.intervals import LARGEST_WEIGHT, Cell, Interval, sampled
from daliz.engine.replay.border import Border
from daliz.engine.replay.course import Course
from daliz.engine.replay.known import Known

Flags = NDArray[np.bool_]

ALL: Final = "all"
"""The name of the whole, beside quarters such as ``2026-Q3``."""
BINS: Final = 10
"""Parts into which stated probabilities are divided, each with as many controls."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Controls whose stated probabilities lie together.

    Attributes:
        controls: how many.
        stated: mean probability stated.
        found: share of them that found a violation that stands.
    """

    controls: int
    stated: float
    found: float


@dataclass(frozen=True, slots=True)
class FormFigures:
    """Controls of one form.

    Attributes:
        controls: carried out.
        found: of these, with a violation that stands in the end.
    """

    controls: int
    found: int

    @property
    def hit_rate(self) -> float | None:
        """The share that found something; None without controls."""
        return self.found / self.controls if self.controls else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What a strategy achieved in one quarter, or in all after the warm-up.

    Attributes:
        quarter: ``2026-Q3``, or ``ALL``.
        declarations: registered.
        forms: controls by form.
        dropped: asked for, but beyond capacity.
        evaded: money evaded by all of these declarations.
        recovered: of it assessed in the end.
        harm: harm points in all of these declarations.
        harm_found: of them found.
        compliance: the share without a violation that the revealing form would find, estimated from what the
            strategy drew by chance; the rate is None if it drew nothing.
        compliant: what that share really is.
        bins: how stated probabilities compare with what was found; empty where none was stated.
        minutes: officers' time used.
        seconds: that the strategy took.
    """

    quarter: str
    declarations: int
    forms: Mapping[str, FormFigures]
    dropped: int
    evaded: Decimal
    recovered: Decimal
    harm: float
    harm_found: float
    compliance: Interval
    compliant: float
    bins: tuple[Bin, ...]
    minutes: float
    seconds: float

    @property
    def controls(self) -> int:
        """Declarations controlled."""
        return sum(form.controls for form in self.forms.values())

    @property
    def share_controlled(self) -> float:
        """Of all declarations, 0 to 1."""
        return self.controls / self.declarations if self.declarations else 0.0

    @property
    def hit_rate(self) -> float | None:
        """The share of all controls that found something; None without controls."""
        found = sum(form.found for form in self.forms.values())
        return found / self.controls if self.controls else None

    @property
    def money_share(self) -> float | None:
        """Recovered, as a share of evaded; None where nothing was evaded."""
        return float(self.recovered / self.evaded) if self.evaded else None

    @property
    def harm_share(self) -> float | None:
        """Harm found, as a share of all; None where there was none."""
        return self.harm_found / self.harm if self.harm else None

    @property
    def calibration_error(self) -> float | None:
        """Mean distance of stated probability to share found, over bins; None where none was stated."""
        controls = sum(one.controls for one in self.bins)
        if not controls:
            return None
        return sum(one.controls * abs(one.stated - one.found) for one in self.bins) / controls


def figures(
    course: Course, border: Border, known: Known, *, warmup_days: int, revealing: str, level: float
) -> tuple[Figures, ...]:
    """Return what a strategy achieved after the warm-up: by quarter in order of time, then in all.

    A quarter that the warm-up reaches into counts from its end on.

    Args:
        course: of the strategy.
        border: the declarations.
        known: the truth.
        warmup_days: left out.
        revealing: the form of the random share, by which compliance is measured.
        level: confidence of intervals, between 0 and 1.
    """
    quarter_of_day = [quarter(day) if n >= warmup_days else "" for n, day in enumerate(border.days)]
    of = np.array(quarter_of_day)[border.day]
    names = sorted(set(of.tolist()) - {""})
    parts = [(name, of == name, np.array(quarter_of_day) == name) for name in names]
    parts.append((ALL, of != "", np.array(quarter_of_day) != ""))
    return tuple(
        _figures(name, course, known, there, revealing=revealing, level=level, seconds=course.seconds[days])
        for name, there, days in parts
    )


def quarter(day: date) -> str:
    """Return the quarter of a day.

    Example:
        >>> quarter(date(2026, 8, 31))
        '2026-Q3'
    """
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _figures(
    name: str,
    course: Course,
    known: Known,
    there: Flags,
    *,
    revealing: str,
    level: float,
    seconds: NDArray[np.float64],
) -> Figures:
    forms, cents, harm, hits = {}, 0, 0, np.zeros(len(there), dtype=np.bool_)
    for number, form in enumerate(course.forms):
        given = there & (course.form == number)
        worth = known.worth[form]
        hits |= given & worth.found
        cents += int(worth.cents[given].sum())
        harm += int(worth.harm[given].sum())
        forms[form] = FormFigures(int(given.sum()), int((given & worth.found).sum()))
    size = int(there.sum())
    return Figures(
        quarter=name,
        declarations=size,
        forms=forms,
        dropped=int(course.dropped[there].sum()),
        evaded=Decimal(int(known.evaded[there].sum())) / 100,
        recovered=Decimal(cents) / 100,
        harm=int(known.harm[there].sum()) / 1_000_000,
        harm_found=harm / 1_000_000,
        compliance=_compliance(course, hits, there, form=revealing, level=level),
        compliant=1 - int(known.worth[revealing].found[there].sum()) / max(size, 1),
        bins=_bins(course, hits, there),
        minutes=int(course.tenths[there].sum()) / 10,
        seconds=float(seconds.sum()),
    )


def _compliance(course: Course, hits: Flags, there: Flags, *, form: str, level: float) -> Interval:
    """Estimate the level of compliance from what was drawn by chance, each for those it stands for.

    Sources:
        [hajek1971]; DESIGN 3.7.
    """
    drawn = there & course.in_random & (course.form == course.forms.index(form))
    weight = np.minimum(1 / course.propensity[drawn], LARGEST_WEIGHT)
    found = hits[drawn]
    violations = sampled(
        Cell(
            size=int(there.sum()),
            controlled=int(drawn.sum()),
            weight=float(weight.sum()),
            found=float(weight[found].sum()),
            square=float((weight**2).sum()),
            found_square=float((weight[found] ** 2).sum()),
        ),
        level=level,
    )
    rate = None if violations.rate is None else 1 - violations.rate
    return Interval(rate, 1 - violations.high, 1 - violations.low)


def _bins(course: Course, hits: Flags, there: Flags) -> tuple[Bin, ...]:
    """Compare stated probabilities with what was found, in groups of as many controls."""
    stated = np.flatnonzero(there & (course.form >= 0) & np.isfinite(course.probability))
    stated = stated[np.argsort(course.probability[stated], kind="stable")]
    groups = [group for group in np.array_split(stated, BINS) if len(group)]
    return tuple(
        Bin(len(group), float(course.probability[group].mean()), float(hits[group].mean()))
        for group in groups
    )
