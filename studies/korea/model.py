"""The models: additive, trees, rates; which of them to average is chosen within the training rows."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

from daliz.engine.estimators.hierarchy import HierarchicalRate
from daliz.engine.estimators.rates import expit, logit
from daliz.engine.estimators.trees.lightgbm_text import reproducible
from studies.korea.columns import Columns
from studies.korea.goods import Floats, Rows, folds
from studies.korea.measures import auc

Part = Callable[..., Floats]

PLAIN: Final[Mapping[str, object]] = {
    "objective": "cross_entropy", "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 30,
    "lambda_l2": 5.0, "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "verbosity": -1,
}  # fmt: skip
"""The settings with which Daliz grows its own trees."""
_SMALL: Final[Mapping[str, object]] = {
    **PLAIN, "num_leaves": 15, "min_data_in_leaf": 60, "lambda_l2": 20.0,
}  # fmt: skip
_ROUNDS: Final = 150
_SMALL_ROUNDS: Final = 100
_SMALL_FORESTS: Final = 5
"""Small trees are grown so many times by other seeds, and averaged."""
_STRENGTH: Final = 60.0
_INNER: Final = 4


def plain(columns: Columns, learn: Rows, ask: Rows, *, seed: int) -> Floats:
    """Return log-odds of a plain LightGBM on every column of the source, row by row."""
    values, wrong = columns.everything, columns.goods.wrong
    return _grown(values[learn], wrong[learn], np.ones(len(learn)), values[ask], seed=seed, small=False)


def plain_goods(columns: Columns, learn: Rows, ask: Rows, *, seed: int) -> Floats:
    """Return the same of a plain LightGBM that sees the goods and their way only, no parties or offices."""
    values, wrong = columns.numbers, columns.goods.wrong
    return _grown(values[learn], wrong[learn], np.ones(len(learn)), values[ask], seed=seed, small=False)


def rates(columns: Columns, learn: Rows, ask: Rows, *, seed: int = 0) -> Floats:
    """Return the mean log-odds of the rates down the hierarchies, each tuple counting once."""
    rows, weight = condensed(columns, learn, 1.0)
    deepest = [told[:, -1] for told in _rates(columns, columns.places, rows, weight, ask)]
    return np.asarray(np.mean([logit(rate) for rate in deepest], axis=0), np.float64)


def party_rates(columns: Columns, learn: Rows, ask: Rows, *, seed: int = 0) -> Floats:
    """Return the mean log-odds of the rates of declarant, trader, seller and courier, and of nothing else."""
    told = _rates(columns, columns.party_places, learn, _alone(columns, learn), ask)
    return np.asarray(np.mean([logit(rate[:, -1]) for rate in told], axis=0), np.float64)


def exact(columns: Columns, learn: Rows, ask: Rows, *, seed: int = 0) -> Floats:
    """Return log-odds of a mere look-up: the rate of the very tuple, if it was seen, else of its code."""
    (told,) = _rates(columns, [columns.exact], learn, np.ones(len(learn)), ask, strength=1.0)
    return logit(np.clip(told[:, -1], 1e-9, 1 - 1e-9))


def chance(columns: Columns, learn: Rows, ask: Rows, *, seed: int) -> Floats:
    """Return scores drawn by chance."""
    return np.random.default_rng([seed, len(ask)]).normal(size=len(ask))


def additive(
    columns: Columns, learn: Rows, ask: Rows, *, seed: int = 0, looseness: float, parties: bool = False
) -> Floats:
    """Return log-odds of a sum of shrunk effects of all marks (ridge), each tuple counting once."""
    marks = columns.marks_with_parties if parties else columns.marks
    rows, weight = (learn, _alone(columns, learn)) if parties else condensed(columns, learn, 1.0)
    model = LogisticRegression(C=looseness, max_iter=200, tol=1e-3)
    model.fit(marks[rows], columns.goods.wrong[rows], weight)
    return np.asarray(model.decision_function(marks[ask]), np.float64)


def trees(columns: Columns, learn: Rows, ask: Rows, *, seed: int) -> Floats:
    """Return the mean log-odds of small trees on goods and way; a tuple counts as the root of its rows."""
    rows, weight = condensed(columns, learn, 0.5)
    values, wrong = columns.numbers, columns.goods.wrong
    told = [
        _grown(values[rows], wrong[rows], weight, values[ask], seed=seed + 1000 * forest)
        for forest in range(_SMALL_FORESTS)
    ]
    return np.asarray(np.mean(told, axis=0), np.float64)


def encoded(columns: Columns, learn: Rows, ask: Rows, *, seed: int) -> Floats:
    """Return log-odds of a LightGBM that also sees deviations from the usual and rates of the like.

    The rates with which a tree is grown were learned from other tuples than the row's own.
    """
    rows, weight = condensed(columns, learn, 0.5)
    alone = condensed(columns, learn, 1.0)[1]
    dealt = folds(columns.goods.same[rows], 5, seed)
    seen: Floats = np.zeros((len(rows), sum(place.shape[1] for place in columns.places)))
    for fold in np.unique(dealt):
        at = dealt == fold
        seen[at] = np.hstack(_rates(columns, columns.places, rows[~at], alone[~at], rows[at]))
    asked = np.hstack(_rates(columns, columns.places, rows, alone, ask))
    values = np.hstack([columns.numbers, columns.deviations(rows)])
    known, told = np.hstack([values[rows], seen]), np.hstack([values[ask], asked])
    return _grown(known, columns.goods.wrong[rows], weight, told, seed=seed)


PARTS: Final[Mapping[str, Part]] = {
    "additive 0.02": partial(additive, looseness=0.02),
    "additive 0.05": partial(additive, looseness=0.05),
    "additive 0.1": partial(additive, looseness=0.1),
    "additive with parties": partial(additive, looseness=0.05, parties=True),
    "trees": trees,
    "rates": rates,
}
"""What may be averaged."""
_SUMS: Final = tuple(name for name in PARTS if name.startswith("additive"))
_BESIDE: Final[Sequence[tuple[str, ...]]] = ((), ("trees",), ("rates",), ("trees", "rates"))
MIXES: Final = (
    *((one, *beside) for one in _SUMS for beside in _BESIDE),
    *(beside for beside in _BESIDE if beside),
)
"""The averages among which is chosen."""
SETTLED: Final = ("additive 0.05", "trees", "rates")
"""The average used where nothing is chosen (published split, replay)."""


def mixed(columns: Columns, learn: Rows, ask: Rows, *, seed: int, mix: Sequence[str] = SETTLED) -> Floats:
    """Return the mean log-odds of the parts of a mix."""
    told = [PARTS[name](columns, learn, ask, seed=seed) for name in mix]
    return np.asarray(np.mean(told, axis=0), np.float64)


def chosen(columns: Columns, learn: Rows, *, seed: int) -> tuple[str, ...]:
    """Choose the mix that orders the training rows best, each judged by models that had not seen its tuple.

    Nothing but the rows ``learn`` is looked at.
    """
    goods = columns.goods
    dealt = folds(goods.same[learn], _INNER, seed)
    told = {name: np.zeros(len(learn)) for name in PARTS}
    for fold in range(_INNER):
        at = dealt == fold
        for name, part in PARTS.items():
            told[name][at] = part(columns, learn[~at], learn[at], seed=seed)
    wrong = goods.wrong[learn]
    worth = [
        float(np.mean([auc(score[dealt == fold], wrong[dealt == fold]) for fold in range(_INNER)]))
        for score in (np.mean([told[name] for name in mix], axis=0) for mix in MIXES)
    ]
    return MIXES[int(np.argmax(worth))]


def condensed(columns: Columns, learn: Rows, power: float) -> tuple[Rows, Floats]:
    """Return one row for each tuple and outcome, and what it counts: its rows over the tuple's to ``power``.

    With 1 each tuple counts once however often it was declared, with 0 each row does.
    """
    goods = columns.goods
    _, at, size = np.unique(goods.same[learn], return_inverse=True, return_counts=True)
    _, first, rows = np.unique(
        goods.same[learn] * 2 + goods.wrong[learn].astype(np.int64), return_index=True, return_counts=True
    )
    return learn[first], rows / size[at][first] ** power


def probability(log_odds: Floats) -> Floats:
    """Return log-odds as probabilities."""
    return expit(log_odds)


def _alone(columns: Columns, learn: Rows) -> Floats:
    """Return for each row what it counts if its tuple counts once."""
    _, at, size = np.unique(columns.goods.same[learn], return_inverse=True, return_counts=True)
    return 1.0 / size[at]


def _rates(
    columns: Columns,
    places: Sequence[Any],
    learn: Rows,
    weight: Floats,
    ask: Rows,
    *,
    strength: float = _STRENGTH,
) -> list[Floats]:
    """Return for each hierarchy the rates at each level below the whole, shape (asked, levels)."""
    wrong = columns.goods.wrong[learn]
    centre = float(np.average(wrong, weights=weight))
    answer = []
    for place in places:
        levels = tuple(map(str, range(place.shape[1])))
        rate = HierarchicalRate(levels, strength=strength, prior_rate=centre)
        answer.append(rate.fit(place[learn], wrong, weight).levels_of(place[ask])[0][:, 1:, 0])
    return answer


def _grown(
    known: Floats, wrong: Floats, weight: Floats, asked: Floats, *, seed: int, small: bool = True
) -> Floats:
    """Grow trees from known rows and return the log-odds of the asked ones."""
    data = lightgbm.Dataset(known, wrong, weight=weight)
    settings, rounds = (_SMALL, _SMALL_ROUNDS) if small else (PLAIN, _ROUNDS)
    model = lightgbm.train({**settings, **reproducible(seed=seed, threads=1)}, data, rounds)
    return np.asarray(model.predict(asked, raw_score=True), np.float64)
