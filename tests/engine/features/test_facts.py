"""What counts on a day, case by case."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

from daliz.engine.features import VOCABULARY, Feature, Grain, Kind
from daliz.engine.features.compute import FeatureError, build_facts
from daliz.engine.features.nightly import snapshot
from daliz.engine.records.files import write_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS
from daliz.language import Text
from tests.engine.features.histories import FIRST, History, Row, table

ALMATY = "Asia/Almaty"  # UTC+5 in 2025: local midnight is 19:00 UTC the day before
MONDAY = date(2025, 3, 3)


def at(day: date, hour: float = 12) -> datetime:
    """An instant of Almaty's wall clock."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 5)


def a_declaration(number: str, when: datetime, **said: object) -> Row:
    return {
        "declaration_id": number, "version": 1, "item_no": 1, "registered_at": when, "direction": "import",
        "trader_id": "T1", "currency": "KZT", "customs_value": Decimal("100.00"), "net_mass_kg": 10.0,
        "hs_code": "8703231981", "origin_country": "CN",
    } | said  # fmt: skip


def a_finding(name: str, of: str, known: datetime, **said: object) -> Row:
    return {
        "finding_id": name, "subject": "declaration", "declaration_id": of, "control_form": "physical",
        "source": "control", "closed_at": known, "known_at": known, "finality": "final", "violation": True,
    } | said  # fmt: skip


_PAST: Final = tuple(name for name, f in VOCABULARY.items() if f.group in ("trader", "today"))
_REFERENCE: Final = tuple(name for name, f in VOCABULARY.items() if f.group == "reference")


def facts_of(
    tables: dict[str, pa.Table],
    first: date,
    last: date,
    *,
    names: Collection[str] | None = None,
    only: Collection[str] | None = None,
    all_from: date | None = None,
    minimum: int = 20,
    threads: int = 2,
    extra: Sequence[Feature] = (),
    zone: str = ALMATY,
) -> pa.Table:
    """The facts of some days, of a border without holidays."""
    return build_facts(
        tables["declarations"], tables.get("findings"), zone=zone, holidays=(), first_day=first,
        last_day=last, names=names, only=only, all_from=all_from, documents=tables.get("documents"),
        containers=tables.get("containers"), transport_means=tables.get("transport_means"), extra=extra,
        minimum_observations=minimum, threads=threads,
    )  # fmt: skip


def told(
    number: str,
    declarations: list[Row],
    findings: Sequence[Row] = (),
    version: int = 1,
    *,
    names: Collection[str] = _PAST,
    minimum: int = 20,
    extra: Sequence[Feature] = (),
) -> Row:
    """The facts of one declaration's first item."""
    tables = {
        "declarations": table(DECLARATIONS, declarations),
        "findings": table(FINDINGS, list(findings)),
    }
    whole = facts_of(
        tables, MONDAY - timedelta(days=400), MONDAY + timedelta(days=40), names=names, minimum=minimum,
        extra=extra, only={number},
    )  # fmt: skip
    return next(dict(row) for row in whole.to_pylist() if row["version"] == version)


def test_yesterday_counts_and_today_does_not() -> None:
    facts = told("D3", [
        a_declaration("D1", at(MONDAY, -0.001)),
        a_declaration("D2", at(MONDAY, 0)),
        a_declaration("D3", at(MONDAY, 9)),
    ])  # fmt: skip
    assert facts["trader.declarations_365d"] == 1
    assert facts["trader.customs_value_365d"] == 100.0
    assert facts["trader.days_since_first"] == 1
    assert facts["today.trader_declarations"] == 1
    assert facts["trader.first_office"] is None
    assert facts["trader.first_code"] is False


def test_the_same_instant_is_not_earlier() -> None:
    facts = told("D2", [a_declaration("D1", at(MONDAY)), a_declaration("D2", at(MONDAY))])
    assert facts["today.trader_declarations"] == 0


def test_a_declaration_leaves_the_window_after_365_days() -> None:
    for days, count in ((365, 1), (366, 0)):
        past = a_declaration("D1", at(MONDAY - timedelta(days=days)))
        facts = told("D2", [past, a_declaration("D2", at(MONDAY))])
        assert (facts["trader.declarations_365d"], facts["trader.days_since_first"]) == (count, days)


def test_an_amendment_does_not_make_its_own_declaration_known() -> None:
    amended = a_declaration("D1", at(MONDAY + timedelta(days=2)), version=2)
    facts = told("D1", [a_declaration("D1", at(MONDAY)), amended], version=2)
    assert facts["trader.declarations_365d"] == 0
    assert facts["trader.first_code"] is True
    assert facts["trader.days_since_first"] is None


def test_what_an_amendment_says_counts_from_the_day_after_it() -> None:
    past = [
        a_declaration("D1", at(MONDAY)),
        a_declaration("D1", at(MONDAY + timedelta(days=2)), version=2, trader_id="T2"),
    ]
    same_day = a_declaration("D2", at(MONDAY + timedelta(days=2), 20))
    day_after = a_declaration("D3", at(MONDAY + timedelta(days=3)))
    assert told("D2", [*past, same_day])["trader.declarations_365d"] == 1
    assert told("D3", [*past, day_after])["trader.declarations_365d"] == 0
    other = a_declaration("D3", at(MONDAY + timedelta(days=3)), trader_id="T2")
    assert told("D3", [*past, other])["trader.days_since_first"] == 3


def test_a_finding_counts_from_the_day_after_it_is_known() -> None:
    past = a_declaration("D1", at(MONDAY))
    late = a_finding("F1", "D1", at(MONDAY + timedelta(days=5)), closed_at=at(MONDAY, 15))
    for days, count in ((5, 0), (6, 1)):
        facts = told("D2", [past, a_declaration("D2", at(MONDAY + timedelta(days=days)))], [late])
        assert (facts["trader.violations_365d"], facts["trader.controls_365d"]) == (count, count)


def test_a_superseded_finding_counts_until_its_successor_is_known() -> None:
    past = a_declaration("D1", at(MONDAY))
    findings = [
        a_finding("F1", "D1", at(MONDAY, 18), assessed=Decimal("50.00")),
        a_finding(
            "F2", "D1", at(MONDAY + timedelta(days=3)), violation=False, supersedes="F1",
            closed_at=at(MONDAY, 18),
        ),
    ]  # fmt: skip
    for days, violations, rate, assessed in ((3, 1, 1.0, 50.0), (4, 0, 0.0, 0.0)):
        facts = told("D2", [past, a_declaration("D2", at(MONDAY + timedelta(days=days)))], findings)
        assert facts["trader.violations_365d"] == violations
        assert facts["trader.violation_rate_365d"] == rate
        assert facts["trader.assessed_365d"] == assessed
        assert facts["trader.controls_365d"] == 1


def test_what_is_learned_without_control_is_a_violation_but_no_control() -> None:
    learned = a_finding("F1", "D1", at(MONDAY, 18), source="voluntary", control_form=None)
    facts = told("D2", [a_declaration("D1", at(MONDAY)), a_declaration("D2", at(MONDAY, 36))], [learned])
    assert facts["trader.violations_365d"] == 1
    assert facts["trader.controls_365d"] == 0
    assert facts["trader.violation_rate_365d"] is None


def test_reference_values_are_those_of_the_monday() -> None:
    values = [a_declaration(f"D{n}", at(MONDAY, -20), customs_value=Decimal(n * 10)) for n in range(1, 21)]
    later = [a_declaration(f"E{n}", at(MONDAY), customs_value=Decimal(9000)) for n in range(20)]
    facts = told("Q", [*values, *later, a_declaration("Q", at(MONDAY + timedelta(days=6)))], names=_REFERENCE)
    assert (facts["reference.level"], facts["reference.observations"]) == ("hs10_origin", 20)
    assert [facts[f"reference.unit_value_{p}"] for p in ("p10", "p50", "p90")] == [2.0, 10.0, 18.0]


def test_too_few_values_fall_back_to_wider_goods_and_then_to_none() -> None:
    values = [a_declaration(f"D{n}", at(MONDAY, -20), origin_country="DE") for n in range(20)]
    asked = at(MONDAY + timedelta(days=1))
    assert told("Q", [*values, a_declaration("Q", asked)], names=_REFERENCE)["reference.level"] == "hs10"
    other = a_declaration("Q", asked, hs_code="8703239999")
    assert told("Q", [*values, other], names=_REFERENCE)["reference.level"] == "hs6"
    dollars = a_declaration("Q", asked, currency="USD")
    assert told("Q", [*values, dollars], names=_REFERENCE)["reference.level"] is None
    few = told("Q", [*values, a_declaration("Q", asked)], names=_REFERENCE, minimum=21)
    assert few["reference.unit_value_p50"] is None


def test_the_order_of_rows_and_threads_do_not_matter() -> None:
    history, last = History(11, ALMATY, size=60), FIRST + timedelta(days=400)
    some = facts_of(history.tables(shuffled=1), FIRST, last, minimum=2, threads=2)
    others = facts_of(history.tables(shuffled=2), FIRST, last, minimum=2, threads=1)
    assert some.num_rows > 60
    assert some.equals(others)


def test_few_names_and_few_declarations_give_what_all_give() -> None:
    history, last = History(12, ALMATY, size=60), FIRST + timedelta(days=400)
    whole = facts_of(history.tables(), FIRST, last)
    names = ["trader.violation_rate_365d", "reference.level", "item.unit_value", "today.vehicle_declarations"]
    only = {"D003", "D017", "D404"}
    part = facts_of(history.tables(), FIRST, last, names=names, only=only)
    expected = [
        {k: v for k, v in row.items() if "." not in k or k in names}
        for row in whole.to_pylist()
        if row["declaration_id"] in only
    ]
    assert part.to_pylist() == expected
    assert set(part.column_names[6:]) == set(names)


def test_a_chosen_few_of_the_past_and_everybody_since_give_what_all_give() -> None:
    history, last = History(12, ALMATY, size=60), FIRST + timedelta(days=400)
    whole, since, only = (
        facts_of(history.tables(), FIRST, last),
        FIRST + timedelta(days=200),
        {"D003", "D017"},
    )
    part = facts_of(history.tables(), FIRST, last, only=only, all_from=since)
    expected = [r for r in whole.to_pylist() if r["day"] >= since or r["declaration_id"] in only]
    assert part.to_pylist() == expected
    assert 0 < sum(row["day"] < since for row in expected) < len(expected) < whole.num_rows


def test_files_give_what_tables_give(tmp_path: Path) -> None:
    tables = {
        "declarations": table(
            DECLARATIONS, [a_declaration("D1", at(MONDAY)), a_declaration("D2", at(MONDAY, 40))]
        ),
        "findings": table(FINDINGS, [a_finding("F1", "D1", at(MONDAY, 13))]),
    }
    write_table(tables["declarations"], tmp_path / "declarations.parquet", DECLARATIONS)
    write_table(tables["findings"], tmp_path / "findings.parquet", FINDINGS)
    files = build_facts(
        tmp_path / "declarations.parquet", [tmp_path / "findings.parquet"], zone=ALMATY, holidays=(),
        first_day=MONDAY, last_day=MONDAY + timedelta(days=9), names=_PAST,
    )  # fmt: skip
    assert files.num_rows == 2
    assert files.equals(facts_of(tables, MONDAY, MONDAY + timedelta(days=9), names=_PAST))


def test_the_snapshot_is_named_after_what_was_known_the_night_before() -> None:
    past, asked = a_declaration("D1", at(MONDAY)), a_declaration("D2", at(MONDAY, 36))

    def name(declarations: list[Row], findings: Sequence[Row] = ()) -> object:
        return told("D2", declarations, findings, names=())["snapshot_id"]

    plain = name([past, asked])
    assert str(plain).startswith("2025-03-04-")
    assert name([asked, past]) == plain
    assert name([past | {"description": "shoes"}, asked]) == plain
    assert name([past, asked | {"customs_value": Decimal(1)}]) == plain
    assert name([past, asked], [a_finding("F1", "D1", at(MONDAY, 24))]) == plain
    assert name([past, asked], [a_finding("F1", "D1", at(MONDAY, 23))]) != plain
    assert name([past | {"customs_value": Decimal(1)}, asked]) != plain


def test_a_day_alone_has_the_snapshot_that_it_has_in_a_batch() -> None:
    tables, day = History(13, ALMATY, size=30).tables(), FIRST + timedelta(days=365)
    batch = facts_of(tables, FIRST, FIRST + timedelta(days=400), names=())
    alone = facts_of(tables, day, day, names=())
    assert alone.num_rows > 0
    assert set(alone["snapshot_id"].to_pylist()) == {
        row["snapshot_id"] for row in batch.to_pylist() if row["day"] == day
    }


def test_the_nightly_snapshot_holds_what_declarations_of_the_day_are_told() -> None:
    history = History(14, ALMATY, size=80)
    amended = {d["declaration_id"] for d in history.declarations if d["version"] != 1}
    tables, day = history.tables(), FIRST + timedelta(days=366)
    name, made = snapshot(
        tables["declarations"], tables["findings"], zone=ALMATY, day=day, minimum_observations=2
    )
    facts = facts_of(tables, day, day, minimum=2).to_pylist()
    by_trader = {row["trader_id"]: row for row in made["trader"].to_pylist()}
    unamended = [f for f in facts if f["declaration_id"] not in amended]
    compared = 0
    for fact in unamended:
        assert fact["snapshot_id"] == name
        kept = by_trader.get(fact["declaration.trader_id"], {})
        assert {k: fact[k] for k in kept if "." in k} == {k: v for k, v in kept.items() if "." in k}
        compared += bool(kept)
    assert compared > 0
    assert made["reference"].num_rows > 0
    assert "reference.unit_value_p10" in made["reference"].column_names


def test_a_pack_declares_further_columns() -> None:
    label = Text("colour", "цвет", "түсі")
    extra = [
        Feature("item.colour", label, Kind.TEXT, Grain.ITEM, label, "item"),
        Feature("declaration.seals", label, Kind.NUMBER, Grain.DECLARATION, label, "declaration"),
        Feature("item.missing", label, Kind.FLAG, Grain.ITEM, label, "item"),
    ]
    names = [f.name for f in extra]
    painted = [a_declaration("D1", at(MONDAY), colour="red", seals=3)]
    facts = told("D1", painted, names=names, extra=extra)
    assert (facts["item.colour"], facts["declaration.seals"], facts["item.missing"]) == ("red", 3.0, None)
    wrong = Feature("declaration.seals", label, Kind.TEXT, Grain.DECLARATION, label, "declaration")
    with pytest.raises(FeatureError, match=r"column seals is BIGINT, but .* is declared as text"):
        told("D1", painted, names=["declaration.seals"], extra=[wrong])


@pytest.mark.parametrize(("written", "known"), [("3", 3.0), ("3.5", 3.5), ("three", None), ("", None)])
def test_a_further_column_of_text_is_read_as_its_name_is_declared(written: str, known: float | None) -> None:
    label = Text("seals", "пломбы", "пломбалар")
    seals = Feature("declaration.seals", label, Kind.NUMBER, Grain.DECLARATION, label, "declaration")
    sealed = [a_declaration("D1", at(MONDAY), seals=written)]
    assert told("D1", sealed, names=[seals.name], extra=[seals])[seals.name] == known


def test_a_source_without_optional_columns_and_tables_gives_unknown_features() -> None:
    bare = table(DECLARATIONS, [a_declaration("D1", at(MONDAY))]).select(
        ["declaration_id", "version", "item_no", "registered_at", "direction"]
    )
    (facts,) = facts_of({"declarations": bare}, MONDAY, MONDAY).to_pylist()
    assert {name for name in VOCABULARY if facts[name] is not None} == {
        "item.item_no", "declaration.direction", "declaration.version", "declaration.item_count",
        "declaration.distinct_codes", "declaration.distinct_origins",
        *(name for name in VOCABULARY if name.startswith("calendar.")),
    }  # fmt: skip


def test_days_without_declarations_give_an_empty_table() -> None:
    declarations = table(DECLARATIONS, [a_declaration("D1", at(MONDAY))])
    day = MONDAY + timedelta(days=99)
    facts = facts_of({"declarations": declarations}, day, day)
    assert (facts.num_rows, facts.column_names[-1]) == (0, "today.same_code_declarations")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(FeatureError, match=r"item\.hs_cod is not in .*; the nearest name is item\.hs_code"):
        facts_of({"declarations": table(DECLARATIONS, [])}, MONDAY, MONDAY, names=["item.hs_cod"])


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(FeatureError, match="Asia/Nowhere is not a time zone"):
        facts_of({"declarations": table(DECLARATIONS, [])}, MONDAY, MONDAY, zone="Asia/Nowhere")


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(FeatureError, match="the last day, 2025-01-01, is before the first, 2025-03-03"):
        facts_of({"declarations": table(DECLARATIONS, [])}, MONDAY, date(2025, 1, 1))
