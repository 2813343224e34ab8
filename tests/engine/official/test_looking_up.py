"""Codes, correlation, rates of the day and duty by the tariff's lines, with literal answers."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daliz.engine.official import (
    Classification,
    Correlated,
    ExchangeRates,
    Goods,
    OfficialLists,
    correlated,
    duty,
)
from daliz.engine.official.duty_text import duty_parts
from daliz.engine.official.errors import ListError
from tests.engine.loads.builders import DUTY, HS_2017, HS_2022, RATES, TNVED, lists_of, load

DAY = date(2025, 3, 4)


@pytest.fixture
def lists(tmp_path: Path) -> OfficialLists:
    load(tmp_path, "hs", HS_2017, "2017-01-01", edition="2017")
    load(tmp_path, "hs", HS_2022, "2022-01-01", edition="2022")
    load(tmp_path, "tnved", TNVED, edition="2025")
    load(tmp_path, "duty", DUTY)
    load(tmp_path, "rates", RATES, None)
    return lists_of(tmp_path)


def rates_of(lists: OfficialLists, hold_days: int = 0) -> ExchangeRates:
    return ExchangeRates.of(lists, national="KZT", hold_days=hold_days)


def test_a_code_is_valid_by_the_edition_of_its_day(lists: OfficialLists) -> None:
    hs = Classification(lists, "hs")
    assert (hs.edition(date(2021, 12, 31)), hs.edition(date(2022, 1, 1))) == ("2017", "2022")
    assert hs.valid("010129", date(2021, 12, 31)) is True
    assert hs.valid("010129", date(2022, 1, 1)) is False
    assert hs.valid("010129", date(2016, 12, 31)) is None


def test_a_code_has_a_description_a_unit_and_what_stands_above_it(lists: OfficialLists) -> None:
    tnved = Classification(lists)
    assert tnved.description("8703231981", DAY, "ru") == "прочие"
    assert tnved.description("8703231981", DAY, "en") == "прочие"
    assert tnved.description("8704", DAY) is None
    assert tnved.parents("8703231981", DAY) == ("87", "8703")
    assert (tnved.unit("8703231981", DAY), tnved.unit("8703", DAY), tnved.unit("87", DAY)) == (
        "шт",
        None,
        None,
    )


def test_codes_go_over_from_one_edition_to_another_and_back(tmp_path: Path) -> None:
    table = "from_code,to_code\n0101,0101\n0102,0103\n0102,0104\n0105,0106\n0107,0106\n"
    load(tmp_path, "correlation", table, "2022-01-01", edition="2017:2022")
    lists = lists_of(tmp_path)
    assert correlated(lists, "0102", of="2017", to="2022") == (
        Correlated("0103", "part"), Correlated("0104", "part"),
    )  # fmt: skip
    assert correlated(lists, "0101", of="2017", to="2022") == (Correlated("0101", "exact"),)
    assert correlated(lists, "0106", of="2022", to="2017") == (
        Correlated("0105", "merged"), Correlated("0107", "merged"),
    )  # fmt: skip
    assert correlated(lists, "0101", of="2012", to="2017") == ()


def test_a_table_that_states_the_relation_is_believed(tmp_path: Path) -> None:
    load(tmp_path, "correlation", "from,to,relation\n0101,0102,part\n", edition="2017:2022")
    assert correlated(lists_of(tmp_path), "0101", of="2017", to="2022") == (Correlated("0102", "part"),)


def test_a_rate_is_of_its_day_and_for_its_nominal(lists: OfficialLists) -> None:
    rates = rates_of(lists)
    usd, rub = rates.rate("USD", DAY), rates.rate("RUB", date(2025, 3, 3))
    assert usd is not None
    assert rub is not None
    assert (usd.per_unit, rub.per_unit) == (Decimal("501.25"), Decimal("6.1"))
    assert rates.rate("EUR", DAY) is None
    kzt = rates.rate("KZT", DAY)
    assert kzt is not None
    assert kzt.per_unit == 1


def test_a_missing_day_is_held_only_as_long_as_declared(lists: OfficialLists) -> None:
    rates = rates_of(lists, hold_days=2)
    held = rates.rate("EUR", date(2025, 3, 5))
    assert held is not None
    assert (held.day, held.per_unit) == (date(2025, 3, 3), Decimal("550.5"))
    assert rates.rate("EUR", date(2025, 3, 6)) is None
    assert rates.rate("EUR", date(2025, 3, 2)) is None
    assert rates.rate("CNY", DAY) is None


CAR = Goods("8703231981", "DE", None, Decimal("1000000.00"), Decimal(1200), Decimal(1), "796")


@pytest.mark.parametrize(
    ("goods", "amount", "by", "code"),
    [
        (CAR, "330300.00", "specific", "8703231981"),
        (
            Goods("8703231981", "DE", None, Decimal(3_000_000), Decimal(1200)),
            "450000.00",
            "ad_valorem",
            "8703231981",
        ),
        (Goods("8703231982", "DE", None, Decimal("99.99")), "15.00", "ad_valorem", "8703"),
        (Goods("8703231981", "CN", None, Decimal(1000)), "200.00", "ad_valorem", "8703"),
        (Goods("8703231981", "CN", "free_trade", Decimal(1000)), "0.00", "ad_valorem", "8703"),
        (Goods("0207110000", "DE", None, Decimal(1000), Decimal(10)), "1401.00", "both", "0207"),
        (Goods("2204210600", "DE", None, None, None, Decimal(100), "л"), "2202.00", "specific", "2204"),
    ],
)
def test_duty_is_what_the_line_of_the_tariff_says(
    lists: OfficialLists, goods: Goods, amount: str, by: str, code: str
) -> None:
    due = duty(lists, goods, date(2025, 3, 3), rates=rates_of(lists))
    assert due is not None
    assert (due.amount, due.by, due.line["code"]) == (Decimal(amount), by, code)


def test_duty_is_unknown_where_a_part_of_it_is(lists: OfficialLists) -> None:
    rates, day = rates_of(lists), date(2025, 3, 3)
    without_mass = duty(lists, Goods("8703231981", None, None, Decimal(1)), day, rates=rates)
    assert without_mass is not None
    assert (without_mass.amount, without_mass.by) == (None, None)
    no_rate = duty(lists, CAR, DAY, rates=rates)
    assert no_rate is not None
    assert no_rate.amount is None
    assert duty(lists, Goods("0101210000"), day, rates=rates) is None


def test_lines_with_days_of_their_own_hold_on_those_days(tmp_path: Path) -> None:
    text = "code,rate,valid_from,valid_until\n8703,15,2025-01-01,2025-06-30\n8703,10,2025-07-01,\n"
    load(tmp_path, "duty", text)
    lists = lists_of(tmp_path)
    goods = Goods("8703231981", customs_value=Decimal(100))
    due = [duty(lists, goods, day, rates=rates_of(lists)) for day in (date(2025, 6, 30), date(2025, 7, 1))]
    assert [one.amount for one in due if one is not None] == [Decimal(15), Decimal(10)]


def test_lines_for_the_same_goods_on_the_same_days_are_refused(tmp_path: Path) -> None:
    from daliz.engine.loads import plan_load
    from tests.engine.loads.builders import a_request

    text = "code,rate,valid_from\n8703,15,2025-01-01\n8703,10,2025-07-01\n"
    (refused,) = plan_load(a_request(tmp_path, "duty", text)).refused
    assert (refused.line, refused.reason.text()) == (
        3, "another line for 8703 holds on the same days; state until when it holds",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("15", ("15", "", "", "", "", "")),
        ("5 %", ("5", "", "", "", "", "")),
        ("0,6 евро за 1 кг", ("", "", "0.6", "EUR", "1", "kg")),
        ("1.5 USD per 1000 шт", ("", "", "1.5", "USD", "1000", "шт")),
        ("15, но не менее 1,2 евро за 1 пару", ("15", "not_less", "1.2", "EUR", "1", "пару")),
        ("10 but not less than 0.1 EUR/kg", ("10", "not_less", "0.1", "EUR", "1", "kg")),
        ("3 плюс 80 долл. США за 1000 кг", ("3", "plus", "80", "USD", "1000", "kg")),
    ],
)
def test_written_rates_are_understood(text: str, said: tuple[str, ...]) -> None:
    names = ("ad_valorem", "method", "amount", "currency", "per", "unit")
    assert tuple(duty_parts(text)[name] for name in names) == said


@pytest.mark.parametrize("text", ["", "free", "15 or 20", "0,2 евро", "15, но не менее"])
def test_other_rates_are_refused(text: str) -> None:
    with pytest.raises(ListError, match="is not a rate of duty"):
        duty_parts(text)


def test_an_overlays_lists_take_the_place_of_the_packs(tmp_path: Path) -> None:
    from daliz.engine.official import Shelf

    for name, rate in (("pack", "500"), ("over", "999")):
        (tmp_path / name).mkdir()
        day = "2025-03-03" if name == "pack" else "2025-03-04"
        load(tmp_path / name, "rates", f"date,currency,nominal,rate\n{day},USD,1,{rate}\n", None)
    shelves = [Shelf.of(tmp_path / name / "own") for name in ("pack", "over")]
    rates = rates_of(OfficialLists.of(shelves))
    assert rates.rate("USD", date(2025, 3, 3)) is None
    assert OfficialLists.of(shelves[:1]).shelf("tnved").loads == ()
