"""Exported trees say what the library says, to the last bit, on whatever rows."""

import subprocess
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pytest

from daliz.engine.estimators.trees import (
    ExportError,
    Forest,
    Trees,
    TreesFileError,
    averaged,
    export,
    reproducible,
)
from tests.engine.estimators.trees.grown import booster, extreme_rows, rows, target

OBJECTIVES = ["binary", "regression", "gamma", "tweedie", "poisson", "quantile", "cross_entropy"]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_raw_sums_equal_the_librarys_own_bit_by_bit_on_extreme_rows(objective: str) -> None:
    model = booster(objective)
    trees = export(model)
    x = np.vstack([rows(500, seed=9), extreme_rows(trees.threshold, trees.feature, 6)])
    assert np.array_equal(trees.raw(x), model.predict(x, raw_score=True))


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_predictions_equal_the_librarys_own_to_a_billionth(objective: str) -> None:
    model = booster(objective)
    trees = export(model)
    x = np.vstack([rows(500, seed=9), extreme_rows(trees.threshold, trees.feature, 6)])
    np.testing.assert_allclose(trees.predict(x), model.predict(x), rtol=1e-9, atol=0)


def test_a_sigmoid_of_its_own_and_the_square_root_of_amounts_are_carried_over() -> None:
    x = rows(300, seed=9)
    steep = booster("binary", sigmoid=2.5)
    np.testing.assert_allclose(export(steep).predict(x), steep.predict(x), rtol=1e-9)
    rooted = booster("regression", reg_sqrt=True)
    np.testing.assert_allclose(export(rooted).predict(x), rooted.predict(x), rtol=1e-9)


def test_the_mean_of_models_says_the_mean_of_their_sums_and_is_kept_as_one(tmp_path: Path) -> None:
    models = [booster("tweedie", bagging_fraction=0.5, bagging_freq=1, seed=seed) for seed in (1, 2, 3)]
    x = rows(300, seed=9)
    sums = [model.predict(x, raw_score=True) for model in models]
    assert not np.allclose(sums[0], sums[1])
    mean = averaged([export(model) for model in models])
    mean.save(tmp_path / "mean.trees")
    np.testing.assert_allclose(mean.raw(x), np.mean(sums, axis=0), rtol=1e-12)
    np.testing.assert_allclose(Trees.load(tmp_path / "mean.trees").predict(x), np.exp(np.mean(sums, axis=0)))


@pytest.mark.parametrize("leaves", [2, 5, 300])
def test_trees_of_few_and_of_many_leaves_score_alike(leaves: int) -> None:
    model = booster("regression", num_leaves=leaves, min_data_in_leaf=2)
    trees = export(model)
    x = np.vstack([rows(200, seed=9), extreme_rows(trees.threshold, trees.feature, 6)])
    assert np.array_equal(trees.raw(x), model.predict(x, raw_score=True))


def test_a_column_that_training_saw_complete_takes_the_unknown_for_zero() -> None:
    model = booster("binary")
    x = rows(200, seed=9)
    x[:, 4:] = np.nan
    assert np.array_equal(export(model).raw(x), model.predict(x, raw_score=True))


def test_a_model_that_found_nothing_to_split_is_one_leaf() -> None:
    x = rows(50)
    model = lightgbm.train(
        {"objective": "regression", "verbose": -1, "min_data_in_leaf": 100},
        lightgbm.Dataset(x, target("regression", x)),
        3,
    )
    assert np.array_equal(export(model).raw(x), model.predict(x, raw_score=True))


@pytest.mark.parametrize("n", [0, 1, 2, 8, 9, 16, 17, 33, 64, 65, 200])
def test_a_row_scores_the_same_whoever_stands_beside_it(n: int) -> None:
    trees = export(booster("binary"))
    x = rows(200, seed=9)
    assert np.array_equal(trees.raw(x[:n]), trees.raw(x)[:n])


def test_a_forest_scores_several_models_as_each_scores_alone() -> None:
    models = [booster("binary"), booster("gamma"), booster("regression", num_leaves=5)]
    x = rows(100, seed=9)
    together = Forest([export(model) for model in models]).raw(x)
    assert np.array_equal(together, np.stack([model.predict(x, raw_score=True) for model in models], axis=1))


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="expected rows of 6 features"):
        export(booster("binary")).raw(np.zeros((2, 5)))


def test_trees_come_back_from_their_file_and_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    trees = export(booster("binary"))
    trees.save(tmp_path / "a.npz")
    again = Trees.load(tmp_path / "a.npz")
    again.save(tmp_path / "b.npz")
    x = rows(100, seed=9)
    assert np.array_equal(again.predict(x), trees.predict(x))
    assert again.names == trees.names
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_file_that_is_no_trees_or_was_pickled_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"no archive")
    with pytest.raises(TreesFileError, match="does not hold exported trees"):
        Trees.load(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", format=np.array([{"code": 1}], dtype=object))
    with pytest.raises(TreesFileError, match="does not hold exported trees"):
        Trees.load(tmp_path / "b.npz")
    with pytest.raises(TreesFileError, match="cannot be read"):
        Trees.load(tmp_path / "absent.npz")


@pytest.mark.parametrize(
    ("name", "value"),
    [("left", 0), ("left", 10**6), ("right", -(10**6)), ("feature", 6), ("feature", -1), ("node_start", 5)],
)
def test_trees_that_do_not_hang_together_are_refused(tmp_path: Path, name: str, value: int) -> None:
    trees = export(booster("binary"))
    getattr(trees, name)[0] = value
    trees.save(tmp_path / "a.npz")
    with pytest.raises(TreesFileError, match="do not lead to their leaves"):
        Trees.load(tmp_path / "a.npz")


def test_what_exported_trees_cannot_say_is_refused_at_export() -> None:
    x = rows(300)
    y = target("binary", x)
    quiet = {"verbose": -1, "num_threads": 1}
    country = np.arange(300.0)[:, None] % 7
    by_category = lightgbm.train(
        {"objective": "binary", "min_data_per_group": 1, **quiet},
        lightgbm.Dataset(country, np.isin(country[:, 0], [1, 4, 6]), categorical_feature=[0]),
        3,
    )
    with pytest.raises(ExportError, match="it splits by category"):
        export(by_category)
    cases: list[tuple[dict[str, object], str]] = [
        ({"objective": "binary", "zero_as_missing": True}, "it takes zero for missing"),
        ({"objective": "regression", "linear_tree": True}, "its leaves are linear"),
        ({"objective": "multiclass", "num_class": 2}, "more than one class"),
        ({"objective": "binary", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "averaged"),
        ({"objective": "cross_entropy_lambda"}, "its objective is 'cross_entropy_lambda'"),
    ]
    for settings, why in cases:
        model = lightgbm.train({**settings, **quiet}, lightgbm.Dataset(x, y), 3)
        with pytest.raises(ExportError, match=why):
            export(model)


def test_scoring_imports_neither_lightgbm_nor_scikit_learn() -> None:
    code = (
        "import sys, daliz.engine.estimators.trees;"
        "print(sorted({'lightgbm', 'sklearn', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("threads", [1, 2])
def test_the_same_rows_and_seed_give_the_same_bytes(tmp_path: Path, threads: int) -> None:
    x = rows()
    settings = {"objective": "binary", "verbose": -1, "bagging_fraction": 0.6, "bagging_freq": 1}
    for name in ("a", "b"):
        model = lightgbm.train(
            {**settings, **reproducible(seed=3, threads=threads)},
            lightgbm.Dataset(x, target("binary", x)),
            20,
        )
        export(model).save(tmp_path / name)
    other = lightgbm.train(
        {**settings, **reproducible(seed=4, threads=threads)}, lightgbm.Dataset(x, target("binary", x)), 20
    )
    export(other).save(tmp_path / "c")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes() != (tmp_path / "c").read_bytes()
