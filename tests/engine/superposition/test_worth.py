"""What one candidate can tell alone."""

from datetime import date

import numpy as np

from daliz.engine.pack import load_pack
from daliz.engine.superposition import Model
from daliz.engine.superposition.border import Border
from daliz.engine.superposition.probabilities import of_model
from daliz.engine.superposition.worth import Worth, degrees, told_alone


def a_border(values: list[float], fired: list[list[bool]]) -> Border:
    """Declarations of one day, of these customs values."""
    n = len(values)
    return Border(
        numbers=tuple(str(i) for i in range(n)),
        days=(date(2026, 3, 2),) * n,
        office=("53301",) * n,
        goods_office=(None,) * n,
        value=np.array(values),
        stratum=np.zeros(n, dtype=np.intp),
        fired=np.array(fired, dtype=np.bool_),
        propensity={},
        foretold={},
    )


def worth(recovery: list[float], hits: list[float]) -> Worth:
    """Worth of one form of control."""
    n = len(recovery)
    return Worth(np.array(hits).reshape(n, 1), np.array(recovery).reshape(n, 1), np.zeros((n, 1)))


def test_a_profile_tells_the_mean_of_all_on_which_it_fires() -> None:
    border = a_border([100.0] * 4, [[True], [True], [False], [True]])
    told = told_alone(
        border, worth([30.0, 60.0, 90.0, 0.0], [0.5, 0.1, 0.9, 0.0]), np.array([1, 1, 0, 1]), 100.0
    )
    assert told[:, 0].tolist() == [50.0, 50.0, 0.0, 50.0]


def test_the_recovery_of_large_values_is_told_apart_from_that_of_small_ones() -> None:
    border = a_border([1.0, 1.0, 1000.0, 1000.0], [[True]] * 4)
    told = told_alone(border, worth([1.0, 3.0, 500.0, 700.0], [0.0] * 4), np.ones(4, dtype=np.intp), 100.0)
    assert told[:, 0].tolist() == [2.0, 2.0, 600.0, 600.0]


def test_a_model_tells_its_likeliest_apart() -> None:
    pack = load_pack("kz")
    said = [0.9, *[0.4] * 3, *[0.1] * 16]
    model = Model("night", {str(at): chance for at, chance in enumerate(said)})
    candidates = of_model(model, model.probability, pack, pack.profiles[0])
    assert [one.value for one in candidates] == [0.4, 0.9], "4 of 20, and the one likeliest"
    border = a_border([100.0] * 3, [[True, True], [True, False], [False, False]])
    assert degrees(border, candidates, 0).tolist() == [2, 1, 0]
    assert degrees(border, candidates, 1).tolist() == [2, 0, 0]
    told = told_alone(border, worth([90.0, 10.0, 5.0], [0.0] * 3), degrees(border, candidates, 0), 100.0)
    assert told[:, 0].tolist() == [90.0, 10.0, 0.0]
