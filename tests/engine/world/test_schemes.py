"""Each scheme leaves the signature of its mechanism, and is seen by the forms that can see it."""

import pyarrow as pa
import pytest

from daliz.engine.world.goods import catalogue
from tests.engine.world.asking import ask, number

JOINED = "(select * from d join t using (declaration_id, item_no)) j"


@pytest.mark.parametrize(
    "scheme",
    [
        "undervaluation_ring", "misclassification", "origin_laundering", "mass_understated", "splitting",
        "cover_goods", "one_day_firm", "complicit_broker", "permit_forged", "counterfeit", "prohibited_goods",
        "export_control", "non_delivery", "careless", "unforeseen",
    ],
)  # fmt: skip
def test_every_scheme_is_at_work(truth: pa.Table, scheme: str) -> None:
    assert number(f"select count(*) from t where scheme = '{scheme}'", t=truth) > 5


@pytest.mark.parametrize(
    ("scheme", "documents", "physical", "post_release"),
    [
        ("undervaluation_ring", "some", "some", "all"),
        ("origin_laundering", "some", "some", "all"),
        ("misclassification", "some", "all", "some"),
        ("mass_understated", "none", "all", "none"),
        ("cover_goods", "none", "all", "none"),
        ("prohibited_goods", "none", "all", "none"),
        ("counterfeit", "none", "all", "none"),
        ("permit_forged", "all", "all", "all"),
        ("export_control", "all", "all", "all"),
        ("splitting", "some", "some", "all"),
        ("one_day_firm", "some", "some", "all"),
        ("non_delivery", "none", "none", "all"),
    ],
)
def test_each_scheme_is_seen_by_its_forms(
    truth: pa.Table, scheme: str, documents: str, physical: str, post_release: str
) -> None:
    for form, expected in (("documents", documents), ("physical", physical), ("post_release", post_release)):
        share = number(
            f"select avg(list_contains(detected_by, '{form}')::int) from t where scheme = '{scheme}'", t=truth
        )
        assert {0.0: "none", 1.0: "all"}.get(share, "some") == expected, form


def test_a_ring_declares_far_below_what_others_declare(declarations: pa.Table, truth: pa.Table) -> None:
    ratio = number(
        f"""with p as (select hs_code, median(customs_value::double / net_mass_kg) m from {JOINED}
        where not violation and direction = 'import' group by 1)
        select median(customs_value::double / net_mass_kg / m) from {JOINED} join p using (hs_code)
        where scheme = 'undervaluation_ring'""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert ratio < 0.7


def test_firms_of_a_ring_buy_from_one_supplier(declarations: pa.Table, truth: pa.Table) -> None:
    shared = number(
        f"""select avg((n >= 2)::int) from (select counterparty_id, count(distinct trader_id) n
        from {JOINED} where scheme = 'undervaluation_ring' and counterparty_id is not null group by 1)""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert shared > 0.7


def test_a_wrong_code_is_betrayed_by_the_description_or_only_by_the_goods(
    declarations: pa.Table, truth: pa.Table
) -> None:
    words = {good.code: {w for ways in good.words.values() for w in ways} for good in catalogue().goods}
    said, hidden = ask(
        f"""select list({{c: hs_code, d: description}}) filter (list_contains(detected_by, 'documents')),
        list({{c: hs_code, d: description}}) filter (not list_contains(detected_by, 'documents'))
        from {JOINED} where scheme = 'misclassification' and description is not null""",
        d=declarations, t=truth,
    )  # fmt: skip

    def agreeing(rows: object) -> float:
        assert isinstance(rows, list)
        return sum(any(row["d"].startswith(w) for w in words[row["c"]]) for row in rows) / len(rows)

    assert agreeing(said) < 0.05
    assert agreeing(hidden) > 0.8
    assert number("select median(evaded) from t where scheme = 'misclassification'", t=truth) > 0


def test_laundered_origin_claims_a_preference_it_would_not_have(
    declarations: pa.Table, truth: pa.Table
) -> None:
    claimed, free = ask(
        f"""select bool_and(preference = 'free_trade'), bool_and(duty = 0)
        from {JOINED} where scheme = 'origin_laundering'""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert (claimed, free) == (True, True)
    assert number("select min(evaded) from t where scheme = 'origin_laundering'", t=truth) > 0


def test_split_parts_come_the_same_day_in_one_vehicle_free_of_duty(
    declarations: pa.Table, truth: pa.Table
) -> None:
    parts, kinds, paid = ask(
        f"""select median(n), bool_and(kind = 'express'), sum(paid) from
        (select trader_id, (registered_at + interval 5 hour)::date as day, count(distinct declaration_id) n,
        any_value(kind) kind, sum(duty + vat) paid from {JOINED} where scheme = 'splitting' group by 1, 2)""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert isinstance(parts, float)
    assert parts >= 3
    assert kinds is True
    assert float(str(paid)) == 0.0


def test_understated_mass_makes_pieces_light_or_packing_heavy(
    declarations: pa.Table, truth: pa.Table
) -> None:
    packing, clean = ask(
        f"""select avg(gross_mass_kg / net_mass_kg) filter (scheme = 'mass_understated'),
        avg(gross_mass_kg / net_mass_kg) filter (not violation) from {JOINED}""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert float(str(packing)) > float(str(clean)) + 0.1


def test_one_day_firms_are_young_and_soon_gone(declarations: pa.Table, truth: pa.Table) -> None:
    longest = number(
        f"""with firms as (select distinct trader_id from {JOINED} where scheme = 'one_day_firm')
        select max(epoch(last - first) / 86400) from (select min(registered_at) as first,
        max(registered_at) as last from d join firms using (trader_id) group by trader_id)""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert longest <= 51


def test_a_complicit_broker_has_many_guilty_clients(declarations: pa.Table, truth: pa.Table) -> None:
    clients, rate = ask(
        f"""with b as (select distinct declarant_id from {JOINED} where scheme = 'complicit_broker'
        and declarant_id <> trader_id)
        select max(n), avg(r) from (select declarant_id, count(distinct trader_id) n, avg(violation::int) r
        from {JOINED} join b using (declarant_id) group by 1)""",
        d=declarations, t=truth,
    )  # fmt: skip
    assert isinstance(clients, int)
    assert clients >= 4
    assert float(str(rate)) > 0.1


def test_harm_is_done_where_money_is_not(truth: pa.Table) -> None:
    rows = number(
        """select count(*) from t where scheme in
        ('permit_forged', 'counterfeit', 'prohibited_goods', 'export_control')
        and (harm <= 0 or evaded <> 0)""",
        t=truth,
    )
    assert rows == 0


def test_schemes_move_while_the_world_lasts(declarations: pa.Table, truth: pa.Table) -> None:
    names = number(
        f"select count(distinct counterparty_id) from {JOINED} where scheme = 'one_day_firm'",
        d=declarations, t=truth,
    )  # fmt: skip
    assert names >= 4
