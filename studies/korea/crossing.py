"""Grouped cross-validation on tuples unseen in training, and the published split by date beside it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from studies.korea import model
from studies.korea.columns import Columns
from studies.korea.goods import Floats, Rows, folds, kept_apart
from studies.korea.measures import draws, figures, of_rows, told

SHARES: Final = (0.05, 0.10)
_NAMES: Final = ("auc", "precision_at_5", "precision_at_10")
_COUNT: Final = 5
_BASELINES: Final[Mapping[str, model.Part]] = {
    "lightgbm": model.plain,
    "lightgbm, goods only": model.plain_goods,
    "lightgbm, small trees": model.trees,
    "lightgbm with encodings": model.encoded,
    "rates": model.rates,
    "rates of parties": model.party_rates,
    "random": model.chance,
}


def grouped(columns: Columns, *, seeds: Sequence[int], tell: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures of each way over all seeds and folds, the model's parts chosen within training.

    Each figure is the mean over folds of what is measured within each; intervals come from drawing whole
    tuples again, the models staying as they are. Told of all rows, of the rows of tuples that the study's
    own making had not seen either, and of all rows with each tuple counting once.
    """
    goods = columns.goods
    counts = draws(int(goods.same.max()) + 1, seed=1)
    once = counts / np.bincount(goods.same)
    apart = kept_apart(goods)
    every = apart | True
    tables = {
        "all_rows": (counts, every),
        "rows_of_tuples_kept_apart": (counts, apart),
        "each_tuple_once": (once, every),
    }
    measured: dict[str, dict[str, list[Floats]]] = {name: {} for name in tables}
    taken: dict[str, int] = {}
    for seed in seeds:
        dealt = folds(goods.same, _COUNT, seed)
        for fold in range(_COUNT):
            learn, ask = np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)
            mix = model.chosen(columns, learn, seed=seed)
            taken[" + ".join(mix)] = taken.get(" + ".join(mix), 0) + 1
            scores = {"daliz": model.mixed(columns, learn, ask, seed=seed, mix=mix)}
            scores |= {name: way(columns, learn, ask, seed=seed) for name, way in _BASELINES.items()}
            for name, score in scores.items():
                for table, (weights, part) in tables.items():
                    one = _measured(columns, weights, score, ask, part[ask])
                    measured[table].setdefault(name, []).append(one)
            tell(f"seed {seed}, fold {fold + 1}: {' + '.join(mix)}")
    return {
        "folds": _COUNT,
        "seeds": list(seeds),
        "rows": len(goods),
        "tuples": int(goods.same.max()) + 1,
        "share_wrong": round(float(goods.wrong.mean()), 4),
        "chosen": dict(sorted(taken.items())),
        "rows_kept_apart": int(apart.sum()),
        **{table: _table(of) for table, of in measured.items()},
    }


def published(columns: Columns, *, first_day: int, seed: int) -> dict[str, Any]:
    """Return the figures of the split by date: earlier days teach, ``first_day`` and later are asked."""
    goods = columns.goods
    learn, ask = np.flatnonzero(goods.day < first_day), np.flatnonzero(goods.day >= first_day)
    fresh = ~np.isin(goods.same[ask], goods.same[learn])
    counts = draws(int(goods.same.max()) + 1, seed=2)
    ways: dict[str, model.Part] = {
        "daliz": model.mixed,
        **_BASELINES,
        "look-up of the tuple": model.exact,
    }
    scores = {name: way(columns, learn, ask, seed=seed) for name, way in ways.items()}
    parts = {"all_rows": fresh >= 0, "tuples_seen_in_training": ~fresh, "tuples_not_seen": fresh}
    return {
        "rows_learned": len(learn),
        "rows_asked": len(ask),
        "rows_asked_whose_tuple_was_learned": int((~fresh).sum()),
        **{
            name: {
                "rows": int(part.sum()),
                **_table({way: [_measured(columns, counts, s, ask, part)] for way, s in scores.items()}),
            }
            for name, part in parts.items()
        },
    }


def _measured(columns: Columns, counts: Floats, score: Floats, ask: Rows, part: Any) -> Floats:
    rows = ask[part]
    weight = of_rows(counts, columns.goods.same[rows])
    return figures(score[part], columns.goods.wrong[rows], weight, SHARES)


def _table(measured: Mapping[str, Sequence[Floats]]) -> dict[str, Any]:
    """Return each way's figures, and how far the model is above each other way."""
    means = {way: np.mean(values, axis=0) for way, values in measured.items()}
    answer: dict[str, Any] = {
        way: {name: told(values[:, at]) for at, name in enumerate(_NAMES)} for way, values in means.items()
    }
    for way, mean in means.items():
        if way != "daliz":
            gain = means["daliz"] - mean
            answer[f"daliz less {way}"] = {name: told(gain[:, at]) for at, name in enumerate(_NAMES)}
    return answer
