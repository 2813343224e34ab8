"""Replays a border for several strategies under the same conditions, an oracle among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from daliz.engine.replay.border import Border, ReplayError
from daliz.engine.replay.course import LABELLED, Course, Setting, run
from daliz.engine.replay.figures import Figures, figures
from daliz.engine.replay.known import Known, Progress, Worth
from daliz.engine.strategies import load
from daliz.engine.strategies.oracle import Oracle
from daliz.language import N_, DalizError

ORACLE: Final = "oracle"
BASELINES: Final = ("lightgbm", "random")
"""What others are measured from, the first that is there: it closes none of the gap to the oracle."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a strategy has no result.

    Attributes:
        name: of the strategy.
        error: says it in a person's language.
    """

    name: str
    error: ReplayError


@dataclass(frozen=True, slots=True)
class Gap:
    """How much of the way from the baseline to the oracle a strategy went; 1 is all of it, below 0 is back.

    Attributes:
        baseline: name of the strategy measured from.
        money: in money recovered; None where the oracle is no better than the baseline.
        harm: in harm found.
    """

    baseline: str
    money: float | None
    harm: float | None


@dataclass(frozen=True, slots=True)
class Replay:
    """What became of each strategy.

    Attributes:
        border: that was replayed.
        setting: the conditions.
        seed: of the world and of all chance.
        level: confidence of intervals.
        courses: of the strategies that came through, in the order asked, the oracle last unless asked for.
        figures: by strategy: quarters in order, then all.
        worth: what the control of each declaration comes to, by form.
        failures: of the others.
    """

    border: Border
    setting: Setting
    seed: int
    level: float
    courses: Mapping[str, Course]
    figures: Mapping[str, tuple[Figures, ...]]
    worth: Mapping[str, Worth]
    failures: Mapping[str, Failure]

    @property
    def baseline(self) -> str | None:
        """What gaps are measured from; None if no baseline came through."""
        return next((name for name in BASELINES if name in self.figures), None)

    def gap(self, name: str, number: int) -> Gap | None:
        """Return how much of the gap a strategy closed in one of its figures, by place; None if unknown."""
        if self.baseline is None or ORACLE not in self.figures or name in {self.baseline, ORACLE}:
            return None
        own, low, high = (self.figures[one][number] for one in (name, self.baseline, ORACLE))
        return Gap(
            self.baseline,
            closed(float(own.recovered), float(low.recovered), float(high.recovered)),
            closed(own.harm_found, low.harm_found, high.harm_found),
        )

    def of_oracle(self, name: str, number: int) -> tuple[float | None, float | None]:
        """Return money recovered and harm found as shares of what the oracle did."""
        own, best = self.figures[name][number], self.figures.get(ORACLE)
        if best is None:
            return None, None
        most = best[number]
        return (
            float(own.recovered / most.recovered) if most.recovered else None,
            own.harm_found / most.harm_found if most.harm_found else None,
        )


def closed(own: float, low: float, high: float) -> float | None:
    """Return the share of the way from ``low`` to ``high``; None where there is no way.

    Example:
        >>> closed(6.0, 5.0, 9.0), closed(6.0, 5.0, 5.0)
        (0.25, None)
    """
    return (own - low) / (high - low) if high > low else None


def replay(
    declarations: pa.Table,
    truth: pa.Table,
    names: Sequence[str],
    setting: Setting,
    *,
    seed: int,
    transport_means: pa.Table | None = None,
    level: float = 0.9,
    progress: Progress = lambda stage, share: None,
) -> Replay:
    """Replay a border day by day for each strategy; the same arguments give the same decisions.

    A strategy that raises or gives an answer that is none has a failure in place of figures; the others go
    on.

    Args:
        declarations: canonical.
        truth: canonical, of all of them.
        names: of strategies, as ``daliz.engine.strategies.load`` takes them; the oracle is always added.
        setting: pack, capacity, warm-up, delay.
        seed: of the world; everything that strategies leave to chance follows from it too.
        transport_means: canonical.
        level: confidence of intervals, between 0 and 1.
        progress: told what is under way and how much of it is done.

    Raises:
        ReplayError: the tables do not belong together, or the warm-up is as long as the border.
    """
    pack = setting.pack
    border = Border.of_tables(declarations, zone=pack.zone, transport_means=transport_means)
    if setting.warmup_days >= len(border.days):
        raise ReplayError(
            N_("the warm-up lasts {warmup} days and the declarations {days}: nothing is left to decide"),
            warmup=setting.warmup_days, days=len(border.days),
        )  # fmt: skip
    forms = tuple(dict.fromkeys((*LABELLED, *sorted(setting.plan.forms))))
    known = Known(border, truth, seed=seed, forms=forms, progress=progress)
    courses: dict[str, Course] = {}
    failures: dict[str, Failure] = {}
    for name in dict.fromkeys((*names, ORACLE)):
        try:
            strategy = load(name, pack=pack, seed=seed)
            if isinstance(strategy, Oracle):
                strategy.know(known.truth, findings=known.everything())
            courses[name] = run(strategy, border, known, setting, progress=progress, said=name)
        except Exception as error:  # a strategy is anybody's code: whatever it raises is its own failure
            failures[name] = _failure(name, error)
    return Replay(
        border=border,
        setting=setting,
        seed=seed,
        level=level,
        courses=courses,
        figures={
            name: figures(
                course,
                border,
                known,
                warmup_days=setting.warmup_days,
                revealing=pack.policy.random.form,
                level=level,
            )
            for name, course in courses.items()
        },
        worth=known.worth,
        failures=failures,
    )


def _failure(name: str, error: Exception) -> Failure:
    what = error.message if isinstance(error, DalizError) else f"{type(error).__name__}: {error}"
    return Failure(
        name,
        ReplayError(N_("the strategy {name} failed: {what}"), code="replay-strategy", name=name, what=what),
    )
