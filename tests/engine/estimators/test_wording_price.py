"""Words that go with dear goods beside a cheap declared value."""

import numpy as np
import pytest

from daliz.engine.estimators import WordingPrice

SHOES, TYRES = "6404110000", "4011100003"


@pytest.fixture
def price() -> WordingPrice:
    """A brand goes with three times the price of the same shoes without it."""
    learned = WordingPrice()
    for _ in range(60):
        learned.learn(
            ["кроссовки Adidos, арт. 1", "кроссовки", "кеды", "шины Adidos"],
            [SHOES, SHOES, SHOES, TYRES],
            np.array([60.0, 20.0, 20.0, 3.0]),
        )
    return learned


def test_a_dear_brand_at_a_cheap_price_stands_out(price: WordingPrice) -> None:
    gaps = price.gap(
        ["krossovki ADIDOS", "кроссовки Adidos", "кроссовки"], [SHOES] * 3, np.array([20.0, 60, 20])
    )
    assert gaps[0] > 0.5
    assert gaps[1] < 0
    assert abs(gaps[2]) < 0.3


def test_a_brand_speaks_within_its_heading_only(price: WordingPrice) -> None:
    assert abs(price.gap(["шины Adidos"], [TYRES], np.array([3.0]))[0]) < 0.05


def test_what_is_unknown_stays_unknown(price: WordingPrice) -> None:
    gaps = price.gap(
        [None, "кеды", "кеды", "кеды"], [SHOES, None, "9999999999", SHOES], np.array([20.0, 20.0, 20.0, 0.0])
    )
    assert np.isnan(gaps).all()


def test_a_day_without_prices_teaches_nothing(price: WordingPrice) -> None:
    before = price.gap(["кеды"], [SHOES], np.array([20.0]))
    price.learn(["кеды", "кеды"], [SHOES, None], np.array([np.nan, 90.0]))
    np.testing.assert_array_equal(price.gap(["кеды"], [SHOES], np.array([20.0])), before)
