"""Replay with selective labels: at first every outcome is known, then only of those that were controlled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import reliability
from daliz.engine.estimators.intervals import wilson
from studies.korea import model
from studies.korea.columns import Columns
from studies.korea.goods import Floats, Rows
from studies.korea.measures import draws, of_rows, told

Flags = NDArray[np.bool_]

WARM_DAYS: Final = 91
WEEK: Final = 7
LEARN_EVERY: Final = 4
"""Weeks between two trainings."""
STRATEGIES: Final[Mapping[str, tuple[model.Part, float]]] = {
    "daliz": (model.mixed, 0.0),
    "daliz + 10 % random": (model.mixed, 0.1),
    "lightgbm": (model.plain, 0.0),
    "rates": (model.rates, 0.0),
    "random": (model.chance, 0.0),
}
"""By name: what scores, and which share of the controls is drawn by chance."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What a strategy did after the warm-up, one entry a declaration.

    Attributes:
        rows: of the declarations, in order.
        controlled: chosen or drawn.
        drawn: by chance, from everyone, before anything was chosen.
        probability: what the strategy said beforehand.
        fresh: its tuple had not been labelled before.
    """

    rows: Rows
    controlled: Flags
    drawn: Flags
    probability: Floats
    fresh: Flags


def replay(
    columns: Columns, rows: Rows, *, way: model.Part, random_share: float, share: float, seed: int
) -> Course:
    """Let one strategy choose week by week; it learns the outcomes of what it controlled and of nothing else.

    Args:
        columns: of all declarations.
        rows: those that take part, in order of registration.
        way: gives log-odds.
        random_share: of the controls, drawn by chance first.
        share: of each week's declarations that are controlled.
        seed: of the draw and of the models.
    """
    goods = columns.goods
    week = (goods.day[rows] - int(goods.day[rows].min()) - WARM_DAYS) // WEEK
    known = rows[week < 0]
    rng = np.random.default_rng(seed)
    learned = known
    told_of: list[Course] = []
    for number in range(int(week.max()) + 1):
        if number % LEARN_EVERY == 0:
            learned = np.sort(known)
        asked = rows[week == number]
        score = way(columns, learned, asked, seed=seed + number)
        capacity = round(share * len(asked))
        drawn = np.zeros(len(asked), dtype=np.bool_)
        drawn[rng.permutation(len(asked))[: round(random_share * capacity)]] = True
        rest = np.flatnonzero(~drawn)
        controlled = drawn.copy()
        controlled[rest[np.argsort(-score[rest], kind="stable")[: capacity - int(drawn.sum())]]] = True
        fresh = ~np.isin(goods.same[asked], goods.same[known])
        told_of.append(Course(asked, controlled, drawn, model.probability(score), fresh))
        known = np.concatenate([known, asked[controlled]])
    return Course(*(np.concatenate([getattr(one, name) for one in told_of]) for name in Course.__slots__))


def compared(
    columns: Columns, rows: Rows, *, share: float, seed: int, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Return the figures of every strategy under the same capacity."""
    goods = columns.goods
    counts = draws(int(goods.same.max()) + 1, seed=3)
    answer: dict[str, Any] = {}
    for name, (way, random_share) in STRATEGIES.items():
        course = replay(columns, rows, way=way, random_share=random_share, share=share, seed=seed)
        wrong = goods.wrong[course.rows]
        weight = of_rows(counts, goods.same[course.rows])
        hit = (weight * wrong * course.controlled).sum(axis=1)
        new = course.controlled & course.fresh
        answer[name] = {
            "declarations": len(wrong),
            "controlled": int(course.controlled.sum()),
            "hits": int(wrong[course.controlled].sum()),
            "hit_rate": _share(hit, weight, course.controlled),
            "share_of_violations_found": _share(hit, weight, wrong),
            "controlled_of_tuples_not_labelled_before": int(new.sum()),
            "hit_rate_of_tuples_not_labelled_before": _share((weight * wrong * new).sum(axis=1), weight, new),
            "share_wrong_of_all": round(float(wrong.mean()), 4),
        }
        if course.drawn.any():
            answer[name]["random_share"] = _by_chance(course, wrong)
        tell(f"replay: {name}, {answer[name]['hits']} of {answer[name]['controlled']}")
    return answer


def _share(part: Floats, weight: Floats, of: Floats | Flags) -> dict[str, float | None]:
    """Return what part of the rows ``of`` this is, with its interval; unknown where a draw has none."""
    whole = (weight * of).sum(axis=1)
    return told(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _by_chance(course: Course, wrong: Floats) -> dict[str, Any]:
    """Return what the drawn tell: calibration where nobody chose, and the level of violations."""
    said, true = course.probability[course.drawn], wrong[course.drawn]
    drawn, chosen = (
        reliability(course.probability[part], wrong[part], bins=5)
        for part in (course.drawn, course.controlled & ~course.drawn)
    )
    level = wilson(float(true.sum()), float(len(true)), level=0.9)
    return {
        "drawn": len(true),
        "found": int(true.sum()),
        "mean_probability": round(float(said.mean()), 4),
        "violations": {"value": level.rate, "low": round(level.low, 4), "high": round(level.high, 4)},
        "calibration_error": round(drawn.error, 4),
        "calibration_error_by_chance_alone": round(drawn.by_chance, 4),
        "bins": [
            {"predicted": round(b.predicted, 4), "observed": b.observed.rate, "rows": b.rows}
            for b in drawn.bins
        ],
        "calibration_error_of_the_chosen": round(chosen.error, 4),
    }
