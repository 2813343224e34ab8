"""Growing the models: what is found, what it brings and what harm it averts, for papers, goods and audits."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.learner.columns import NAMES
from daliz.engine.estimators.learner.evidence import AFTER, COLUMNS
from daliz.engine.estimators.rates import Floats
from daliz.engine.estimators.trees import Forest, Trees, averaged, transformed

MINIMUM_FOUND: Final = 30
"""Items found in violation before a model of that kind is grown at all."""
_KEPT_CLEAN: Final = 25_000
"""Clean items that are learned from; more are sampled, and weigh for those left out."""
_TAIL: Final = 0.98
"""Amounts beside the value above this quantile count as it: one enormous find must not teach that all are."""
_VALUE: Final = NAMES.index("item.customs_value")
_FOUND: Final[Mapping[str, object]] = {
    "objective": "cross_entropy", "learning_rate": 0.06, "num_leaves": 31, "min_data_in_leaf": 30,
    "lambda_l2": 5.0, "feature_fraction": 0.35, "bagging_fraction": 0.8, "bagging_freq": 1, "max_bin": 63,
    "verbosity": -1,
}  # fmt: skip
_HARM: Final[Mapping[str, object]] = {
    **_FOUND, "objective": "regression", "num_leaves": 15, "min_data_in_leaf": 20, "feature_fraction": 0.5,
}  # fmt: skip
_OWED: Final[Mapping[str, int]] = {
    "ratio.unit_value_to_usual": -1, "ratio.unit_value_to_low": -1, "ratio.value_per_unit_to_usual": -1,
    "wording.value_gap": 1, "wording.extra_share": 1,
}  # fmt: skip
"""Duties and taxes are shares of the value, by law. So, whatever else is known, no less is owed if goods are
declared further below their usual price, or if as described they bear more than as classified. 1 where more
of a column cannot mean that less is owed, -1 where it cannot mean more."""
_AMOUNT: Final[Mapping[str, object]] = {
    **_HARM, "objective": "tweedie", "tweedie_variance_power": 1.5,
    "monotone_constraints": [_OWED.get(name, 0) for name in NAMES],
}  # fmt: skip
_ROUNDS_FOUND, _ROUNDS_AMOUNT = 150, 80
_GROWN_ALIKE: Final = 3
"""Models of each kind, with other seeds; what is told is their mean."""
_APART: Final = 1000
"""Between their seeds."""


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """What controls taught: one row an item of a controlled declaration.

    Attributes:
        parts: the columns ``NAMES`` as they were on the day of the decision, shape (items, columns) each; a
            year of controls is never laid side by side where some of its rows will do.
        found: share of a violation by ``COLUMNS``, NaN where not tried, shape (items, 3).
        assessed: money by the same.
        harm: harm points of the violation, 0 where none.
        weight: declarations for which each stands, above 0.
    """

    parts: Sequence[NDArray[np.float32]]
    found: Floats
    assessed: Floats
    harm: Floats
    weight: Floats

    @property
    def values(self) -> NDArray[np.float32]:
        """All of the columns, shape (items, columns)."""
        return np.concatenate(self.parts)

    def taken(self, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the columns of some rows, in their order, shape (rows, columns)."""
        ends = np.cumsum([len(part) for part in self.parts])
        part = np.searchsorted(ends, rows, side="right")
        within = rows - np.concatenate([[0], ends])[part]
        pairs = zip(part.tolist(), within.tolist(), strict=True)
        return np.array([self.parts[at][row] for at, row in pairs], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Grown:
    """Exported trees by what they estimate, and what brings amounts back to their mean.

    Attributes:
        trees: ``papers.found``, ``papers.assessed`` (beside the item's value), ``papers.harm``, and so on for
            what was grown.
        level: by kind, the factor that brings the sum of the amounts said to that of the amounts found.
        positives: items found in violation that they rest on.
    """

    trees: Mapping[str, Trees]
    level: Mapping[str, float]
    positives: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "_forest", Forest(list(self.trees.values())) if self.trees else None)

    def kinds(self) -> list[str]:
        """Return the kinds that could be grown."""
        return [kind for kind in COLUMNS if f"{kind}.found" in self.trees]

    def without(self, kinds: Collection[str]) -> "Grown":
        """Return the models of the other kinds."""
        kept = {name: trees for name, trees in self.trees.items() if name.partition(".")[0] not in kinds}
        return Grown(kept, {k: f for k, f in self.level.items() if k not in kinds}, self.positives)

    def estimate(self, values: Floats) -> dict[str, tuple[Floats, Floats, Floats]]:
        """Return by kind, for each item, the chance of a violation, its payments and its harm if any.

        Args:
            values: the columns ``NAMES``, shape (items, columns).
        """
        forest: Forest | None = getattr(self, "_forest")  # noqa: B009 -- set past the frozen dataclass
        if forest is None:
            return {}
        raw = forest.raw(np.asarray(values, np.float32).astype(np.float64))
        said = {
            name: transformed(raw[:, column], trees.link, trees.sigmoid)
            for column, (name, trees) in enumerate(self.trees.items())
        }
        zero, value = np.zeros(len(values)), _value(values)
        return {
            kind: (
                said[f"{kind}.found"],
                said[f"{kind}.assessed"] * value * self.level[kind] if f"{kind}.assessed" in said else zero,
                np.maximum(said[f"{kind}.harm"], 0.0) if f"{kind}.harm" in said else zero,
            )
            for kind in self.kinds()
        }


def grow(lessons: Lessons, *, seed: int, threads: int, kinds: Sequence[int] = (0, 1, AFTER)) -> Grown:
    """Grow every model for which there is enough evidence; the same lessons and seed give the same trees.

    LightGBM is imported here and nowhere that scores.

    What a find brings is learned as a part of the declared value, each find weighing as much as its value:
    what is evaded grows with what is declared, and the mean is what officers' time is worth, so that a model
    of logarithms, which tells the middle, would leave the greatest finds to paper. The variance grows with
    the mean, as in sums of a few unequal losses. Where the law says which way more is owed, the trees do not
    say the contrary, however few finds a leaf rests on.

    Few finds lie behind each model, so chance has its part in the trees: each is grown with several seeds,
    and what is told is the mean.

    Args:
        lessons: what controls taught.
        seed: of everything that is drawn.
        threads: models grown side by side; each in one thread, so the trees do not depend on it.
        kinds: which of ``COLUMNS`` to grow.

    Sources:
        [ke2017] for the learner; [jorgensen1994] for the distribution of what finds bring; [eaeu2017duties]
        for which way more is owed; [breiman1996] for the mean of models.
    """
    chance = np.random.default_rng(seed)
    taken: dict[str, _Taken] = {}
    positives = 0
    for kind in kinds:
        name, found = COLUMNS[kind], lessons.found[:, kind]
        wrong = np.flatnonzero(found > 0)
        clean = np.flatnonzero(found == 0)
        if len(wrong) < MINIMUM_FOUND or len(clean) < MINIMUM_FOUND:
            continue
        positives += len(wrong)
        factor = 1.0
        if len(clean) > _KEPT_CLEAN:
            factor = len(clean) / _KEPT_CLEAN
            clean = np.sort(chance.choice(clean, _KEPT_CLEAN, replace=False))
        rows = np.concatenate([wrong, clean])
        weight = lessons.weight[rows] * np.concatenate([np.ones(len(wrong)), np.full(len(clean), factor)])
        taken[f"{name}.found"] = _Taken(lessons, rows, found[rows], weight, _FOUND, _ROUNDS_FOUND)
        weight = lessons.weight[wrong] * found[wrong]
        money = lessons.assessed[wrong, kind]
        if (money > 0).sum() >= MINIMUM_FOUND:
            value = _value(lessons.taken(wrong))
            part = np.minimum(money / value, np.quantile(money / value, _TAIL))
            weighed = weight * value / value.mean()
            taken[f"{name}.assessed"] = _Taken(lessons, wrong, part, weighed, _AMOUNT, _ROUNDS_AMOUNT)
        if (lessons.harm[wrong] > 0).sum() >= MINIMUM_FOUND:
            taken[f"{name}.harm"] = _Taken(lessons, wrong, lessons.harm[wrong], weight, _HARM, _ROUNDS_AMOUNT)
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        grown = pool.map(lambda one: _grown(one, seed=seed), taken.values())
        trees = dict(zip(taken, grown, strict=True))
    level = {
        name.partition(".")[0]: _level(taken[name], model)
        for name, model in trees.items()
        if name.endswith(".assessed")
    }
    return Grown(trees, level, positives)


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """What one model is grown from, and how; rows are taken out only while it is grown."""

    lessons: Lessons
    rows: NDArray[np.intp]
    target: Floats
    weight: Floats
    settings: Mapping[str, object]
    rounds: int

    @property
    def values(self) -> NDArray[np.float32]:
        """The columns of its rows."""
        return self.lessons.taken(self.rows)


def _level(taken: _Taken, model: Trees) -> float:
    """Return the factor that brings the sum of the amounts said to that of the amounts found."""
    said = model.predict(taken.values.astype(np.float64))
    return float((taken.target * taken.weight).sum() / (said * taken.weight).sum())


def _value(values: NDArray[np.float32] | Floats) -> Floats:
    """Return the customs value of items, at least 1, and 1 where it is unknown."""
    return np.maximum(np.nan_to_num(np.asarray(values[:, _VALUE], np.float64), nan=1.0), 1.0)


def _grown(taken: _Taken, *, seed: int) -> Trees:
    """Grow a model of each seed on the same values, put into bins once, and return their mean."""
    import lightgbm  # noqa: PLC0415 -- takes seconds to import, and scoring must not

    from daliz.engine.estimators.trees.lightgbm_text import export, reproducible  # noqa: PLC0415

    alike = [
        {**taken.settings, **reproducible(seed=seed + at * _APART, threads=1)} for at in range(_GROWN_ALIKE)
    ]
    data = lightgbm.Dataset(
        taken.values,
        taken.target,
        weight=taken.weight,
        feature_name=[name.replace(" ", "_") for name in NAMES],
        params=alike[0],
    )
    return averaged([export(lightgbm.train(settings, data, taken.rounds)) for settings in alike])
