"""Contributions are the library's own, add up to the score, and cost no library."""

import numpy as np
import pytest

from daliz.engine.estimators.trees import Contributions, export
from tests.engine.estimators.trees.grown import booster, extreme_rows, rows


@pytest.mark.parametrize(
    ("objective", "more"),
    [("binary", {}), ("gamma", {}), ("tweedie", {"num_leaves": 5}), ("regression", {"num_leaves": 120})],
)
def test_contributions_equal_the_librarys_own_on_extreme_rows(objective: str, more: dict[str, int]) -> None:
    model = booster(objective, **more)
    trees = export(model)
    x = np.vstack([rows(60, seed=9), extreme_rows(trees.threshold, trees.feature, 6)[:150]])
    library = np.asarray(model.predict(x, pred_contrib=True))
    explained = Contributions(trees)
    np.testing.assert_allclose(explained.of(x), library[:, :-1], atol=1e-9, rtol=0)
    assert explained.base == pytest.approx(library[0, -1], abs=1e-9)


def test_contributions_add_up_to_the_raw_score() -> None:
    trees = export(booster("binary"))
    explained = Contributions(trees)
    x = rows(100, seed=9)
    np.testing.assert_allclose(explained.base + explained.of(x).sum(axis=1), trees.raw(x), atol=1e-9)


def test_a_model_of_bare_leaves_has_nothing_to_explain() -> None:
    model = booster("regression", min_data_in_leaf=5000)
    explained = Contributions(export(model))
    x = rows(3, seed=9)
    assert explained.of(x).tolist() == [[0.0] * 6] * 3
    assert explained.base == pytest.approx(np.asarray(model.predict(x, raw_score=True))[0], abs=1e-12)
