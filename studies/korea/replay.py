"""Replay with selective labels: at first every outcome is known, then only of those that were controlled."""

from collections.abc import Callable, Mapping, Sequence
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
    "lightgbm + 10 % random": (model.plain, 0.1),
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
    told_of: list[Course] = []
    weeks = int(week.max()) + 1
    for begun in range(0, weeks, LEARN_EVERY):
        ahead = np.flatnonzero((week >= begun) & (week < begun + LEARN_EVERY))
        scores = np.zeros(len(rows))
        scores[ahead] = way(columns, np.sort(known), rows[ahead], seed=seed + begun)
        for number in range(begun, min(begun + LEARN_EVERY, weeks)):
            at = np.flatnonzero(week == number)
            asked, score = rows[at], scores[at]
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
    columns: Columns,
    rows_of: Callable[[int], Rows],
    *,
    share: float,
    seeds: Sequence[int],
    tell: Callable[[str], None],
) -> dict[str, Any]:
    """Return the figures of every strategy under the same capacity, means over seeds.

    Intervals come from drawing whole tuples again, the same for every strategy, the controls staying as they
    were.

    Args:
        columns: of all declarations.
        rows_of: those that take part by a seed, in order of registration.
        share: of each week's declarations that are controlled.
        seeds: of draws and models, one replay each.
        tell: takes a line when a strategy is through.
    """
    goods = columns.goods
    counts = draws(int(goods.same.max()) + 1, seed=3)
    figures: dict[str, dict[str, Floats]] = {}
    answer: dict[str, Any] = {"seeds": list(seeds)}
    for name, (way, random_share) in STRATEGIES.items():
        courses = [
            replay(columns, rows_of(seed), way=way, random_share=random_share, share=share, seed=seed)
            for seed in seeds
        ]
        parts = [_shares(columns, counts, course) for course in courses]
        figures[name] = {each: np.mean([part[each] for part in parts], axis=0) for each in parts[0]}
        wrong = [goods.wrong[course.rows] for course in courses]
        answer[name] = {
            "declarations": sum(map(len, wrong)),
            "share_wrong": round(float(np.concatenate(wrong).mean()), 4),
            "controlled": sum(int(course.controlled.sum()) for course in courses),
            "hits": sum(int(of[course.controlled].sum()) for of, course in zip(wrong, courses, strict=True)),
            "controlled_of_fresh_tuples": sum(int((each.controlled & each.fresh).sum()) for each in courses),
            **{each: told(values) for each, values in figures[name].items()},
        }
        if random_share:
            answer[name]["random_share"] = _by_chance(courses, wrong, seeds)
        tell(f"replay: {name}, {answer[name]['hits']} of {answer[name]['controlled']}")
    for name in STRATEGIES:
        if name != "daliz":
            answer[f"daliz less {name}"] = {
                each: told(values - figures[name][each]) for each, values in figures["daliz"].items()
            }
    return answer


def _shares(columns: Columns, counts: Floats, course: Course) -> dict[str, Floats]:
    """Return what the controls of one replay came to, for each draw."""
    goods = columns.goods
    wrong, weight = goods.wrong[course.rows], of_rows(counts, goods.same[course.rows])
    new = course.controlled & course.fresh
    return {
        "hit_rate": _share(weight, wrong, course.controlled),
        "share_of_violations_found": _share(weight, course.controlled, wrong),
        "hit_rate_of_fresh_tuples": _share(weight, wrong, new),
    }


def _share(weight: Floats, part: Floats | Flags, of: Floats | Flags) -> Floats:
    """Return what part of the rows ``of`` also is ``part``, for each draw; NaN where a draw has none."""
    whole = (weight * of).sum(axis=1)
    both = (weight * of * part).sum(axis=1)
    return np.asarray(np.divide(both, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _by_chance(courses: Sequence[Course], wrong: Sequence[Floats], seeds: Sequence[int]) -> dict[str, Any]:
    """Return what the drawn tell: the level of violations by seed, and calibration where nobody chose."""
    levels = []
    for seed, course, of in zip(seeds, courses, wrong, strict=True):
        level = wilson(float(of[course.drawn].sum()), float(course.drawn.sum()), level=0.9)
        ends = {"low": round(level.low, 4), "high": round(level.high, 4)}
        true = float(of.mean())
        levels.append(
            {
                "seed": seed, "drawn": int(course.drawn.sum()), "found": int(of[course.drawn].sum()), **ends,
                "true": round(true, 4), "holds": level.low <= true <= level.high,
            }
        )  # fmt: skip
    said, true_of = np.concatenate([each.probability for each in courses]), np.concatenate(wrong)
    drawn = np.concatenate([each.drawn for each in courses])
    chosen = np.concatenate([each.controlled for each in courses]) & ~drawn
    by_chance, by_choice = (reliability(said[part], true_of[part], bins=5) for part in (drawn, chosen))
    return {
        "level_of_violations": levels,
        "mean_probability_of_the_drawn": round(float(said[drawn].mean()), 4),
        "calibration_error": round(by_chance.error, 4),
        "calibration_error_by_chance_alone": round(by_chance.by_chance, 4),
        "bins": [
            {
                "predicted": round(each.predicted, 4),
                "observed": None if each.observed.rate is None else round(each.observed.rate, 4),
                "rows": each.rows,
            }
            for each in by_chance.bins
        ],
        "calibration_error_of_the_chosen": round(by_choice.error, 4),
    }
