"""The world as a whole: repeatable, canonical, and as violent as it says."""

import hashlib
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.pack import Pack
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS, TRUTH
from daliz.engine.world import Scenario, WorldError, write_world
from daliz.engine.world.past_controls import PastControlsError
from tests.engine.world.asking import ask, number


def digests(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.iterdir())}


def small(pack: Pack, folder: Path, seed: int) -> dict[str, str]:
    write_world(folder, pack=pack, seed=seed, months=2, per_day=25, past_controls={"physical": 0.1})
    return digests(folder)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_world(
    pack: Pack, tmp_path: Path
) -> None:
    first, again, other = (
        small(pack, tmp_path / name, seed) for name, seed in [("a", 3), ("b", 3), ("c", 4)]
    )
    assert sorted(first) == [
        "declarations.parquet", "findings.parquet", "transport_means.parquet", "truth.parquet",
    ]  # fmt: skip
    assert first == again
    assert all(first[name] != other[name] for name in first)


def test_declarations_lie_within_the_local_days_of_the_world(world: Path) -> None:
    span = ask(
        """select min(registered_at) >= '2024-12-31 19:00:00+00',
        max(registered_at) < '2025-06-30 19:00:00+00' from d""",
        d=pq.read_table(world / "declarations.parquet"),
    )
    assert span == (True, True)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("declarations", DECLARATIONS),
        ("truth", TRUTH),
        ("findings", FINDINGS),
        ("transport_means", TRANSPORT_MEANS),
    ],
)
def test_every_table_is_canonical(world: Path, name: str, schema: object) -> None:
    table = read_table(world / f"{name}.parquet", schema)  # type: ignore[arg-type]
    assert table.num_rows > 0


def test_no_record_is_broken(declarations: pa.Table) -> None:
    broken = number(
        """select count(*) from d where net_mass_kg <= 0 or gross_mass_kg < net_mass_kg or customs_value <= 0
        or not isfinite(net_mass_kg) or not isfinite(quantity) or quantity <= 0 or length(hs_code) <> 10
        or (quantity is null) <> (quantity_unit is null) or description = '' or length(origin_country) <> 2
        or duty < 0 or vat < 0 or excise < 0 or invoice_value <= 0""",
        d=declarations,
    )
    assert broken == 0


def test_items_of_a_declaration_agree_on_their_header_and_are_numbered_from_one(
    declarations: pa.Table,
) -> None:
    header = ", ".join(
        f"count(distinct coalesce({name}::text, '?')) n_{name}" for name in DECLARATIONS.header_names
    )
    most = ", ".join(f"max(n_{name})" for name in DECLARATIONS.header_names)
    differing = ask(f"select {most} from (select {header} from d group by declaration_id)", d=declarations)
    assert set(differing) == {1}
    numbered = number(
        "select count(*) from (select max(item_no) m, count(distinct item_no) n, min(item_no) f, count(*) c "
        "from d "
        "group by declaration_id) where m <> n or f <> 1 or c <> n",
        d=declarations,
    )
    assert numbered == 0


def test_rows_stand_in_the_order_of_registration(declarations: pa.Table) -> None:
    behind = """select count(*) from
        (select registered_at < lag(registered_at) over (order by row) as back from
        (select registered_at, row_number() over () as row from d)) where back"""
    assert number(behind, d=declarations) == 0


def test_truth_speaks_of_every_item_once(declarations: pa.Table, truth: pa.Table) -> None:
    missing = number(
        "select count(*) from d full join t using (declaration_id, item_no) "
        "where d.version is null or t.harm is null",
        d=declarations, t=truth,
    )  # fmt: skip
    assert missing == 0
    assert truth.num_rows == declarations.num_rows


def test_a_clean_item_evades_nothing_and_a_violation_names_its_type_and_forms(truth: pa.Table) -> None:
    wrong = number(
        """select count(*) from t where
        (not violation and (evaded <> 0 or harm <> 0 or violation_type is not null or len(detected_by) > 0))
        or (violation and (violation_type is null or len(detected_by) = 0 or scheme is null
            or evaded < 0))""",
        t=truth,
    )
    assert wrong == 0


def test_opening_the_goods_sees_whatever_papers_betray(truth: pa.Table) -> None:
    sql = """select count(*) from t
        where list_contains(detected_by, 'documents') and not list_contains(detected_by, 'physical')"""
    assert number(sql, t=truth) == 0


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("scenario", list(Scenario))
def test_five_to_eight_declarations_in_a_hundred_violate(
    pack: Pack, tmp_path: Path, seed: int, scenario: Scenario
) -> None:
    summary = write_world(tmp_path, pack=pack, seed=seed, months=3, per_day=100, scenario=scenario)
    assert 0.045 < summary.violations / summary.declarations < 0.09
    assert 0.85 < summary.declarations / (100 * 90) < 1.15
    assert 2.0 < summary.items / summary.declarations < 3.6


def test_evaded_money_has_a_heavy_tail(truth: pa.Table) -> None:
    share = number(
        """select sum(evaded) filter (place <= 0.1) / sum(evaded) from
        (select evaded::double evaded, percent_rank() over (order by evaded desc) place
        from t where evaded > 0)""",
        t=truth,
    )
    assert share > 0.5


def test_payments_follow_from_value_and_rate(declarations: pa.Table) -> None:
    sql = """select count(*) from d
        where direction = 'import' and preference is null and duty_rate is not null and
        (abs(duty - customs_value::double * duty_rate) > 0.0101
         or abs(vat - (customs_value + duty + coalesce(excise, 0))::double * 0.12) > 0.0101)"""
    assert number(sql, d=declarations) == 0
    transit = ask(
        "select count(duty), count(vat), count(excise) from d where direction = 'transit'", d=declarations
    )
    assert transit == (0, 0, 0)


def test_names_are_spelled_in_several_scripts(declarations: pa.Table) -> None:
    kinds = ask(
        """select bool_or(trader_name like 'ТОО %'), bool_or(trader_name like '% ЖШС'),
        bool_or(trader_name like 'LLP %') from d""",
        d=declarations,
    )
    assert kinds == (True, True, True)
    spellings = number(
        "select max(n) from (select count(distinct trader_name) n from d group by trader_id)", d=declarations
    )
    assert spellings == 4


def test_some_values_are_missing_and_none_are_empty_text(declarations: pa.Table) -> None:
    for name in (
        "description",
        "carrier_id",
        "counterparty_id",
        "origin_country",
        "gross_mass_kg",
        "quantity",
    ):
        column = declarations.column(name)
        assert 0 < column.null_count < 0.8 * len(column), name


def test_offices_are_those_of_the_pack(pack: Pack, declarations: pa.Table) -> None:
    for name in ("office", "border_office", "goods_location"):
        assert set(declarations.column(name).unique().to_pylist()) - {None} <= set(pack.offices), name


def test_rest_days_are_quiet(declarations: pa.Table) -> None:
    quiet, busy = ask(
        """select count(distinct declaration_id) filter (day = date '2025-03-21'),
        count(distinct declaration_id) filter (day = date '2025-03-18')
        from (select declaration_id, (registered_at::timestamp + interval 5 hour)::date as day from
        (select declaration_id, registered_at at time zone 'UTC' as registered_at from d))""",
        d=declarations,
    )
    assert isinstance(quiet, int)
    assert isinstance(busy, int)
    assert quiet < 0.6 * busy


def test_a_drifting_world_brings_schemes_that_were_not_there_and_drops_goods(drifting: Path) -> None:
    tables = {
        "d": pq.read_table(drifting / "declarations.parquet"),
        "t": pq.read_table(drifting / "truth.parquet"),
    }
    early, late = ask(
        """select count(*) filter (registered_at < '2025-07-01'),
        count(*) filter (registered_at > '2025-10-01')
        from t join d using (declaration_id, item_no)
        where scheme in ('freight_deduction', 'relief_abuse')""",
        **tables,
    )
    assert early == 0
    assert isinstance(late, int)
    assert late > 20
    moved = number(
        """with c as (select hs_code, count(*) filter (registered_at < '2025-07-01') a,
        count(*) filter (registered_at > '2025-12-01') b from d where direction = 'import' group by 1)
        select sum(abs(a / (select sum(a) from c) - b / (select sum(b) from c))) / 2 from c""",
        **tables,
    )
    assert moved > 0.25


def test_value_added_tax_rises_to_sixteen_percent_with_2026(drifting: Path) -> None:
    rates = ask(
        """select min(r), max(r) from (select round(vat::double / (customs_value + duty)::double, 2) r from d
        where direction = 'import' and preference is null and excise is null and customs_value > 1000)""",
        d=pq.read_table(drifting / "declarations.parquet"),
    )
    assert rates == (0.12, 0.16)


def test_a_cold_world_is_full_of_new_traders(pack: Pack, tmp_path: Path, declarations: pa.Table) -> None:
    write_world(tmp_path, pack=pack, seed=5, months=6, per_day=120, scenario=Scenario.COLD)
    late_comers = """select avg((first > '2025-03-01')::int) from
        (select min(registered_at) as first from d group by trader_id)"""
    cold = number(late_comers, d=pq.read_table(tmp_path / "declarations.parquet"))
    assert cold > 1.5 * number(late_comers, d=declarations)


def test_what_cannot_be_made_is_refused(pack: Pack, tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="0 months asked for"):
        write_world(tmp_path, pack=pack, seed=1, months=0, per_day=10)
    with pytest.raises(WorldError, match="seed is -1"):
        write_world(tmp_path, pack=pack, seed=-1, months=1, per_day=10)
    with pytest.raises(PastControlsError, match="xray is not a form"):
        write_world(tmp_path, pack=pack, seed=1, months=1, per_day=10, past_controls={"xray": 0.1})
    assert not list(tmp_path.iterdir())


def test_progress_is_told_month_by_month(pack: Pack, tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    write_world(
        tmp_path, pack=pack, seed=1, months=2, per_day=5, first_month=date(2025, 12, 15),
        progress=lambda stage, share: told.append((stage, share)),
    )  # fmt: skip
    assert told == [("people", 0.0), ("months", 0.0), ("months", 0.5), ("months", 1.0)]
