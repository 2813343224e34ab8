"""Analysts read every contribution by group; officers only what was approved, and never a number."""

import numpy as np
import pytest

from daliz.engine.estimators.reasons import GROUPS, LABELS, Group, hinted, reasons
from daliz.engine.pack.model_policy import AREAS

NAMES = ["value.gap", "value.low", "trader.violations", "text.gap", "day"]
OF: dict[str, Group] = {
    "value.gap": "value",
    "value.low": "value",
    "trader.violations": "party history",
    "text.gap": "wording",
}


def test_features_are_gathered_and_the_strongest_reason_stands_first() -> None:
    found = reasons(np.array([0.5, -0.1, 0.9, -0.3, 0.01]), NAMES, OF)
    assert [(r.group, round(r.contribution, 6)) for r in found] == [
        ("party history", 0.9),
        ("value", 0.4),
        ("wording", -0.3),
        ("other", 0.01),
    ]
    assert found[1].features == (("value.gap", 0.5), ("value.low", -0.1))


def test_what_contributed_nothing_is_no_reason() -> None:
    assert reasons(np.zeros(5), NAMES, OF) == ()


def test_an_officer_reads_only_approved_areas_that_raised_the_score() -> None:
    found = reasons(np.array([0.5, 0.0, 0.9, 0.3, 0.1]), NAMES, OF)
    assert hinted(found, approved={"value", "origin"}, most=3) == ("value",)
    assert hinted(found, approved=set(), most=3) == ()
    lowered = reasons(np.array([-0.5, 0.0, 0.9, 0.3, 0.1]), NAMES, OF)
    assert hinted(lowered, approved={"value"}, most=3) == ()
    assert hinted(found, approved={"value", "wording"}, most=1) == ("value",)


def test_no_pack_can_hint_at_how_parties_are_judged() -> None:
    assert not {"party history", "links", "novelty", "profile"} & set(AREAS)
    assert set(AREAS) < set(GROUPS)


@pytest.mark.parametrize("lang", ["ru", "kk"])
def test_every_group_is_said_in_russian_and_kazakh(lang: str) -> None:
    for group in GROUPS:
        assert LABELS[group].text(lang) != LABELS[group].text("en")
