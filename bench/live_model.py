"""Scores a live declaration of ten items with six models at once, beside other ways through the same trees.

The models: two forms of control with probability and amount each, harm, and one more amount; 300 trees of 31
leaves each at most, 80 features, a part of the values unknown. Whatever scores is asked for raw sums.
"""

import gc
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import lightgbm
import numpy as np
from numpy.typing import NDArray

from bench.record import Figure, keep
from daliz.engine.estimators.trees import Forest, Trees, export, reproducible

Floats = NDArray[np.float64]

ITEMS, FEATURES, TREES, ROWS = 10, 80, 300, 10_000
OBJECTIVES = ("binary", "binary", "gamma", "tweedie", "binary", "gamma")


def border(seed: int) -> tuple[Floats, list[Floats]]:
    """Return features of every kind and an outcome for each model."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS, FEATURES))
    x[:, 0::4] = np.round(x[:, 0::4] * 3)
    x[:, 1::4] = np.exp(x[:, 1::4] * 2)
    x[:, 2::4] = x[:, 2::4] > 0.5
    x[:, :40][rng.random((ROWS, 40)) < 0.2] = np.nan
    outcomes = []
    for objective in OBJECTIVES:
        known = np.nan_to_num(np.clip(x, -3, 3))
        pull = known @ rng.normal(size=FEATURES) / 4 + known[:, 3] * known[:, 7]
        if objective == "binary":
            outcomes.append((rng.random(ROWS) < 1 / (1 + np.exp(2 - pull))).astype(float))
        else:
            outcomes.append(np.exp(pull.clip(-4, 4) + rng.normal(size=ROWS)))
    return x, outcomes


class LevelWise:
    """The usual way in numpy: every pair of item and tree takes one step down at a time."""

    def __init__(self, models: list[Trees]) -> None:
        nodes = np.cumsum([0, *(len(m.feature) for m in models)])
        leaves = np.cumsum([0, *(len(m.leaf_value) for m in models)])
        self.feature = np.concatenate([m.feature for m in models])
        self.threshold = np.concatenate([m.threshold for m in models])
        self.left = np.concatenate([m.unknown_left for m in models])
        self.zero = np.concatenate([m.unknown_zero for m in models])
        self.value = np.concatenate([m.leaf_value for m in models])
        self.child = np.empty(2 * nodes[-1], np.int64)
        for m, node, leaf in zip(models, nodes, leaves, strict=False):
            sizes = np.diff(m.node_start)
            first, first_leaf = np.repeat(m.node_start[:-1], sizes), np.repeat(m.leaf_start[:-1], sizes)
            for side, way in enumerate((m.right, m.left)):
                to = np.where(way >= 0, way + first + node, way - first_leaf - leaf)
                self.child[2 * node + side : 2 * (node + len(way)) : 2] = to
        self.roots = np.concatenate([m.node_start[:-1] + n for m, n in zip(models, nodes, strict=False)])
        self.starts = np.cumsum([0, *(m.n_trees for m in models)])[:-1]

    def raw(self, x: Floats) -> Floats:
        place = np.tile(self.roots, len(x))
        item = np.repeat(np.arange(len(x)), len(self.roots))
        while True:
            walking = np.flatnonzero(place >= 0)
            if not len(walking):
                break
            node = place[walking]
            seen = x[item[walking], self.feature[node]]
            unknown = np.isnan(seen)
            seen = np.where(unknown & self.zero[node], 0.0, seen)
            left = np.where(unknown & ~self.zero[node], self.left[node], seen <= self.threshold[node])
            place[walking] = self.child[2 * node + left]
        values = self.value[-1 - place].reshape(len(x), -1)
        return np.asarray(np.add.reduceat(values, self.starts, axis=1))


def milliseconds(ask: Callable[[Floats], object], x: Floats, times: int) -> dict[str, Figure]:
    """Return median, 99th percentile and worst of declarations scored one after another.

    Processor time of the thread stands beside the clock's: others at work on the machine do not count in it.
    """
    for begin in range(0, 50 * ITEMS, ITEMS):
        ask(x[begin : begin + ITEMS])
    taken, busy = [], []
    gc.collect()
    for number in range(times):
        rows = x[number * ITEMS % (len(x) - ITEMS) :][:ITEMS]
        begun, own = time.perf_counter(), time.thread_time()
        ask(rows)
        busy.append((time.thread_time() - own) * 1000)
        taken.append((time.perf_counter() - begun) * 1000)
    p50, p99, worst = np.percentile(taken, [50, 99, 100])
    return {
        "p50_ms": round(float(p50), 3),
        "p99_ms": round(float(p99), 3),
        "worst_ms": round(float(worst), 3),
        "p99_cpu_ms": round(float(np.percentile(busy, 99)), 3),
        "times": times,
    }


def main() -> None:
    x, outcomes = border(7)
    boosters = [
        lightgbm.train(
            {
                "objective": objective,
                "num_leaves": 31,
                "learning_rate": 0.05,
                "feature_fraction": 0.7,
                "verbose": -1,
                **reproducible(seed=1, threads=1),
            },
            lightgbm.Dataset(x, outcome),
            TREES,
        )
        for objective, outcome in zip(OBJECTIVES, outcomes, strict=True)
    ]
    with TemporaryDirectory() as folder:  # as the scoring process would have them
        models = []
        for number, booster in enumerate(boosters):
            export(booster).save(Path(folder) / f"{number}.npz")
            models.append(Trees.load(Path(folder) / f"{number}.npz"))
    forest, levels = Forest(models), LevelWise(models)
    library = np.stack([np.asarray(b.predict(x[:2000], raw_score=True)) for b in boosters], axis=1)
    assert np.array_equal(forest.raw(x[:2000]), library)
    np.testing.assert_allclose(levels.raw(x[:200]), library[:200], atol=1e-9)

    def alone(rows: Floats) -> object:
        return [booster.predict(rows, raw_score=True, num_threads=1) for booster in boosters]

    leaves = sum(len(model.leaf_value) for model in models)
    ways: list[tuple[str, Callable[[Floats], object], int]] = [
        ("words of items (Forest.raw)", forest.raw, 5000),
        ("step by step in numpy", levels.raw, 300),
        (
            "lightgbm, 1 thread",
            lambda r: [b.predict(r, raw_score=True, num_threads=1) for b in boosters],
            1000,
        ),
    ]
    figures: list[dict[str, Figure]] = [
        {"way": way, **milliseconds(ask, x, times)} for way, ask, times in ways
    ]
    begun = time.perf_counter()
    forest.raw(x)
    batch = time.perf_counter() - begun
    begun = time.perf_counter()
    alone(x)
    peer = time.perf_counter() - begun
    figures.append({"way": "words of items, all rows", "rows": ROWS, "seconds": round(batch, 2)})
    figures.append({"way": "lightgbm, 1 thread, all rows", "rows": ROWS, "seconds": round(peer, 2)})
    keep(
        "live_model",
        command="make bench NAME=live_model",
        data=f"{ITEMS} items, {len(models)} models of {TREES} trees, {leaves} leaves in all, "
        f"{FEATURES} features, generated; lightgbm {lightgbm.__version__}",
        figures=figures,
    )


if __name__ == "__main__":
    main()
