"""Expectations of a declaration from those of its items."""

import numpy as np
import pytest

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.learner import FORMS
from daliz.engine.estimators.learner.outlook import outlook_of

ESTIMATES = {
    "papers": (np.array([0.5, 0.2, 0.1]), np.array([100.0, 50.0, 10.0]), np.array([0.0, 0.0, 3.0])),
    "hidden": (np.array([0.5, 0.0, 0.0]), np.array([40.0, 0.0, 0.0]), np.array([8.0, 0.0, 0.0])),
}


def test_a_form_finds_something_unless_every_item_passes_it() -> None:
    seen = outlook_of(["A", "A", "B"], ESTIMATES, {})
    assert seen.number == ["A", "B"]
    assert seen.first_row.tolist() == [0, 2]
    assert FORMS == ("documents", "physical", "post_release")
    # A: 1 - 0.5 x 0.8 by papers; opening also meets the hidden half: 1 - 0.5 x 0.8 x 0.5
    assert seen.chance[0] == pytest.approx([0.6, 0.8, 0], abs=1e-8)
    assert seen.chance[1] == pytest.approx([0.1, 0.1, 0], abs=1e-8)
    assert seen.recovery[0] == pytest.approx([60, 80, 0])  # 0.5 x 100 + 0.2 x 50, and 0.5 x 40 more
    assert seen.harm[0] == pytest.approx([0, 4, 0])
    assert seen.harm[1] == pytest.approx([0.3, 0.3, 0])
    assert seen.item_chance == pytest.approx([0.75, 0.2, 0.1], abs=1e-8)


def test_opening_finds_no_less_than_the_papers_however_each_is_corrected() -> None:
    low = Calibration.fit(np.repeat([0.1, 0.6, 0.8], 400), np.zeros(1200), np.ones(1200), strength=1.0)
    seen = outlook_of(["A", "A", "B"], ESTIMATES, {"physical": low})
    assert low.apply(np.array([0.8]))[0] < 0.1
    assert seen.chance[:, 0] == pytest.approx([0.6, 0.1])
    assert (seen.chance[:, 1] >= seen.chance[:, 0]).all()
    assert seen.foretold[0, 1] == pytest.approx(0.8, abs=1e-8)


def test_a_chance_of_one_stays_a_number() -> None:
    certain = {"papers": (np.ones(1), np.ones(1), np.zeros(1))}
    assert outlook_of(["A"], certain, {}).chance[0].tolist() == pytest.approx([1, 1, 0], abs=1e-8)


def test_an_audit_is_expected_from_audits_alone() -> None:
    after = {"after": (np.array([0.25]), np.array([4.0]), np.zeros(1))}
    seen = outlook_of(["A"], after, {})
    assert seen.chance[0] == pytest.approx([0, 0, 0.25])
    assert seen.recovery[0].tolist() == pytest.approx([0, 0, 1])


def test_a_day_without_declarations_has_an_empty_outlook() -> None:
    none = {"papers": (np.zeros(0), np.zeros(0), np.zeros(0))}
    seen = outlook_of([], none, {})
    assert (seen.number, seen.chance.shape, seen.item_chance.shape) == ([], (0, 3), (0,))
