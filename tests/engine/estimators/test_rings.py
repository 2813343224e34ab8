"""Rings: a supplier that was renamed, a firm founded anew, a broker's clients; findings taken back."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daliz.engine.estimators import Rings

COLUMNS = (
    "declaration_id", "trader_id", "trader_name", "declarant_id", "declarant_name", "counterparty_id",
    "counterparty_name", "financial_party_id", "carrier_id", "office", "departure_country", "hs_code",
)  # fmt: skip
HONEST = ("6402", "8418", "2523", "0805", "7308", "3004", "9403", "8471")


def a_declaration(
    number: str, *, trader: str, supplier: str, of: str = "640399", **other: str | None
) -> dict[str, Any]:
    plain = dict.fromkeys(COLUMNS) | {"office": "50417", "departure_country": "CN"}
    return plain | {
        "declaration_id": number, "trader_id": trader, "counterparty_id": supplier, "hs_code": of, **other
    }  # fmt: skip


def a_table(rows: Iterable[dict[str, Any]]) -> pa.Table:
    schema = pa.schema([(name, pa.string()) for name in COLUMNS])
    return pa.Table.from_pylist(list(rows), schema=schema)


def honest_trade(rings: Rings, days: int) -> None:
    """Forty traders, each with a supplier of his own, through one representative; all found clean."""
    for day in range(days):
        rows = [
            a_declaration(
                f"H{day}-{n}", trader=f"honest {n}", supplier=f"supplier {n}", of=HONEST[n % 8] + "10",
                office=f"504{n % 10:02}", declarant_id="the big broker",
                departure_country=("CN", "TR")[n % 2],
            )
            for n in range(day % 4, 40, 4)
        ]  # fmt: skip
        rings.add(a_table(rows), day=day)
        ids = [row["declaration_id"] for row in rows]
        rings.learn(ids, [0.0] * len(ids), [True] * len(ids))


def a_ring(day: int, supplier: str, name: str) -> list[dict[str, Any]]:
    return [
        a_declaration(
            f"R{day}-{n}", trader=f"ring {n}", supplier=supplier, counterparty_name=name, office="50499"
        )
        for n in range(3)
    ]  # fmt: skip


@pytest.fixture
def caught() -> Rings:
    """A ring of three traders and their supplier, caught twelve times in twenty days."""
    rings = Rings()
    honest_trade(rings, 20)
    for day in range(20, 24):
        rows = a_ring(day, "old supplier", "Golden Anadolu Textile San. ve Tic. A.S.")
        rings.add(a_table(rows), day=day)
        rings.learn([row["declaration_id"] for row in rows], [1.0] * 3, [True] * 3)
    return rings


def same(one: dict[str, list[float]], other: dict[str, list[float]]) -> bool:
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def asked(rings: Rings, day: int, *rows: dict[str, Any]) -> dict[str, list[float]]:
    return {name: values.tolist() for name, values in rings.features(a_table(rows), day=day).items()}


def test_a_renamed_supplier_is_recognised_by_those_who_buy_from_it(caught: Rings) -> None:
    found = asked(
        caught, 40,
        a_declaration("1", trader="ring 1", supplier="new 1", office="50499",
                      counterparty_name="Голден Марэ Textile"),
        a_declaration("2", trader="honest 4", supplier="new 2", of="640210"),
    )  # fmt: skip
    assert found["renamed_counterparty"][0] > 0.4
    assert found["renamed_counterparty"][1] < 0.1


def test_a_supplier_of_long_standing_is_not_called_renamed(caught: Rings) -> None:
    found = asked(caught, 200, a_declaration("1", trader="ring 1", supplier="old supplier"))
    assert found["renamed_counterparty"] == [0.0]


def test_a_new_firm_like_a_stopped_one_is_recognised(caught: Rings) -> None:
    found = asked(
        caught, 40,
        a_declaration("1", trader="new firm", supplier="old supplier", office="50499"),
        a_declaration("2", trader="another", supplier="supplier 3", of="230910", departure_country="TR"),
    )  # fmt: skip
    assert found["renamed_trader"][0] > 0.4
    assert found["renamed_trader"][1] < 0.1


def test_who_buys_from_the_rings_supplier_stands_in_its_neighbourhood(caught: Rings) -> None:
    found = asked(
        caught, 25,
        a_declaration("1", trader="newcomer", supplier="old supplier"),
        a_declaration("2", trader="honest 4", supplier="supplier 4"),
    )  # fmt: skip
    for name in ("counterparty_rate", "suppliers_rate", "neighbourhood_rate"):
        assert found[name][0] > 0.5
        assert found[name][1] < 0.15


def test_a_traders_own_findings_are_not_his_neighbourhood() -> None:
    rings = Rings()
    honest_trade(rings, 10)
    rings.add(a_table([a_declaration("alone", trader="lone wolf", supplier="his own")]), day=10)
    rings.learn(["alone"], [1.0], [True])
    found = asked(rings, 11, a_declaration("1", trader="lone wolf", supplier="his own"))
    assert found["counterparty_rate"][0] < 0.1
    assert found["neighbourhood_rate"][0] < 0.1


def test_a_big_broker_does_not_make_his_clients_suspect(caught: Rings) -> None:
    caught.add(
        a_table(
            a_declaration(f"B{n}", trader=f"ring {n}", supplier="old supplier", declarant_id="the big broker")
            for n in range(3)
        ),
        day=24,
    )
    found = asked(
        caught,
        25,
        a_declaration("1", trader="honest 4", supplier="supplier 4", declarant_id="the big broker"),
    )
    assert found["neighbourhood_rate"][0] < 0.25


def test_a_burst_of_new_firms_at_one_representative() -> None:
    rings = Rings()
    honest_trade(rings, 20)
    for day in range(80, 90):
        rings.add(
            a_table(
                [
                    a_declaration(f"N{day}", trader=f"firm {day}", supplier="S", declarant_id="small broker"),
                    *(
                        a_declaration(f"O{day}-{n}", trader=f"honest {n}", supplier="S", declarant_id="big")
                        for n in range(20)
                    ),
                ]
            ),
            day=day,
        )
    found = asked(
        rings, 90,
        a_declaration("1", trader="x", supplier="S", declarant_id="small broker"),
        a_declaration("2", trader="x", supplier="S", declarant_id="big"),
    )  # fmt: skip
    assert found["new_firms_declarant"][0] > 2
    assert found["new_firms_declarant"][1] < 0.5


def test_what_is_not_stated_is_unknown_not_clean(caught: Rings) -> None:
    row = a_declaration("1", trader="ring 1", supplier="s") | {"counterparty_id": None}
    found = asked(caught, 25, row)
    for name in ("counterparty_rate", "declarant_rate", "renamed_counterparty", "vehicle_rate"):
        assert np.isnan(found[name]).all()


def test_features_stand_beside_every_item_of_a_declaration(caught: Rings) -> None:
    twice = a_declaration("1", trader="ring 1", supplier="old supplier")
    found = asked(
        caught, 25, twice, a_declaration("2", trader="honest 1", supplier="x"), twice | {"hs_code": "0902"}
    )
    rates = found["counterparty_rate"]
    assert rates[0] == rates[2] != rates[1]


def test_today_does_not_speak_of_itself(caught: Rings) -> None:
    row = a_declaration("1", trader="new firm", supplier="old supplier", office="50499")
    before = asked(caught, 40, row)
    together = asked(caught, 40, *[row | {"declaration_id": str(n)} for n in range(5)])
    assert same(together, {name: values * 5 for name, values in before.items()})


def test_an_annulled_finding_leaves_no_trace(caught: Rings) -> None:
    row = a_declaration("1", trader="new firm", supplier="old supplier", office="50499")
    before = asked(caught, 40, row)
    caught.learn(["H3-3", "R21-0", "not yet declared"], [1.0, 0.0, 1.0], [True] * 3)
    assert not same(asked(caught, 40, row), before)
    caught.learn(["not yet declared", "R21-0", "H3-3"], [0.0, 1.0, 0.0], [False, True, True])
    assert same(asked(caught, 40, row), before)


def test_a_finding_known_before_its_declaration_waits_for_it() -> None:
    rings = Rings()
    honest_trade(rings, 10)
    rings.learn(["early"], [1.0], [True])
    rings.add(a_table([a_declaration("early", trader="a", supplier="s")]), day=10)
    found = asked(rings, 11, a_declaration("1", trader="b", supplier="s"))
    assert found["counterparty_rate"][0] > 0.15


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 11), st.floats(0, 1), st.booleans()), max_size=20), st.randoms())
def test_only_the_last_word_on_each_declaration_counts_in_whatever_order(
    findings: list[tuple[int, float, bool]], chance: Any
) -> None:
    rows = [a_declaration(str(n), trader=f"t{n % 4}", supplier=f"s{n % 3}") for n in range(12)]
    said, last = Rings(), Rings()
    for rings in (said, last):
        rings.add(a_table(rows), day=0)
    for number, weight, known in findings:
        said.learn([str(number)], [weight], [known])
    final = list({number: (weight, known) for number, weight, known in findings}.items())
    chance.shuffle(final)
    for number, (weight, known) in final:
        last.learn([str(number)], [weight], [known])
    ask = a_table(
        [a_declaration("x", trader="t1", supplier="s1"), a_declaration("y", trader="n", supplier="s2")]
    )
    one, other = said.features(ask, day=5), last.features(ask, day=5)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name])


def test_the_way_to_a_stopped_firm_leads_through_what_both_share(caught: Rings) -> None:
    caught.add(
        a_table(
            [
                a_declaration("1", trader="newcomer", supplier="old supplier", declarant_id="the big broker"),
                a_declaration("2", trader="ring 1", supplier="old supplier", declarant_id="the big broker"),
            ]
        ),
        day=24,
    )
    way = caught.way("newcomer", day=25)
    assert way[:2] == [("trader", "newcomer"), ("counterparty", "old supplier")]
    assert way[2] in {("trader", f"ring {n}") for n in range(3)}
    assert len(way) == 3


def test_there_is_no_way_to_a_stopped_firm_for_those_who_share_nothing(caught: Rings) -> None:
    caught.add(a_table([a_declaration("1", trader="hermit", supplier="hermit's own")]), day=24)
    assert caught.way("hermit", day=25) == []
    assert caught.way("never seen", day=25) == []
