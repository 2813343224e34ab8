"""The whole decision over a small border: its laws, whatever the declarations."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.allocation import PRACTICE_KEY, Capacity, DrawKey, DrawReport, new_key, verify_draw
from daliz.engine.allocation.weeks import plan_weeks
from daliz.engine.assess import Assessment, Task, allocate_control, assess
from daliz.engine.pack import ExceptionList, Listed, ListKind, Pack, ProfileKind, load_pack
from daliz.engine.records.columns import column_of, rows_where
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import Scenario, write_world
from daliz.language import Text

FORMS = ("documents", "physical", "post_release")
SCARCE = Capacity.of("documents=8%,physical=4%,post_release=2%", forms=FORMS)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def task(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder,
        pack=pack,
        seed=11,
        months=2,
        per_day=40,
        scenario=Scenario.STATIONARY,
        first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )
    return Task(
        declarations=read_table(folder / "declarations.parquet", DECLARATIONS),
        findings=read_table(folder / "findings.parquet", FINDINGS),
        children={"transport_means": read_table(folder / "transport_means.parquet", TRANSPORT_MEANS)},
        pack=pack,
        capacity=SCARCE,
        key=PRACTICE_KEY,
        first_day=date(2026, 3, 1),
        last_day=date(2026, 3, 31),
    )


@pytest.fixture(scope="module")
def decided(task: Task) -> Assessment:
    return assess(task)


def ordered(a: Assessment) -> pa.Table:
    return rows_where(a.measures, "status", "ordered")


def corridors(a: Assessment) -> Mapping[tuple[str, int], str]:
    rows = a.decisions.select(["declaration_id", "version", "corridor"]).to_pylist()
    return {(row["declaration_id"], row["version"]): row["corridor"] for row in rows}


def test_every_version_of_every_declaration_is_decided_once(decided: Assessment, task: Task) -> None:
    keys = decided.decisions.group_by(["declaration_id", "version"]).aggregate([]).num_rows
    assert keys == decided.decisions.num_rows > 900


def test_the_same_task_gives_the_same_decisions(decided: Assessment, task: Task) -> None:
    again = assess(task)
    assert again.decisions.equals(decided.decisions)
    assert again.measures.equals(decided.measures)
    assert again.load.equals(decided.load)


def test_the_order_of_the_rows_does_not_matter(decided: Assessment, task: Task) -> None:
    assert isinstance(task.declarations, pa.Table)
    shuffled = task.declarations.take(np.random.default_rng(1).permutation(task.declarations.num_rows))
    again = assess(replace(task, declarations=shuffled))
    assert again.decisions.equals(decided.decisions)
    assert again.measures.equals(decided.measures)


def test_capacity_is_exceeded_by_mandatory_profiles_only(decided: Assessment) -> None:
    for row in decided.load.to_pylist():
        assert row["random"] + row["waivable"] <= max(row["available"] - row["mandatory"], 0.0) + 1e-9


def test_capacity_binds_so_that_something_is_set_aside_and_said(decided: Assessment) -> None:
    waived = rows_where(decided.measures, "status", "waived")
    assert waived.num_rows > 0
    assert waived["waiver"].null_count == 0
    assert sum(column_of(decided.load, "waived", int)) > 0


def test_nothing_is_controlled_without_a_profile_in_force(decided: Assessment, pack: Pack) -> None:
    in_force = {(p.id, p.version) for p in pack.profiles_on(date(2026, 3, 15))}
    rows = decided.measures.to_pylist()
    assert {(row["profile_id"], row["profile_version"]) for row in rows} <= in_force
    with_orders = {(row["declaration_id"], row["version"]) for row in ordered(decided).to_pylist()}
    freest = pack.corridors[0].code
    assert {key for key, corridor in corridors(decided).items() if corridor != freest} <= with_orders


def test_the_corridor_is_the_strictest_that_an_ordered_measure_leads_to(
    decided: Assessment, pack: Pack
) -> None:
    strictness = {corridor.code: corridor.strictness for corridor in pack.corridors}
    expected: defaultdict[tuple[str, int], int] = defaultdict(int)
    for row in ordered(decided).to_pylist():
        key = (row["declaration_id"], row["version"])
        expected[key] = max(expected[key], strictness[pack.measures[row["measure"]].corridor])
    for key, corridor in corridors(decided).items():
        assert strictness[corridor] == expected[key]


def test_all_four_corridors_are_used(decided: Assessment, pack: Pack) -> None:
    assert set(corridors(decided).values()) == {corridor.code for corridor in pack.corridors}


def controlled(a: Assessment) -> set[str]:
    return {r["declaration_id"] for r in ordered(a).to_pylist() if r["control_form"] is not None}


def test_more_officers_control_all_that_fewer_did(decided: Assessment, task: Task) -> None:
    """In some form: with more of them a declaration may move to the form where it brings more."""
    more = assess(
        replace(task, capacity=Capacity.of("documents=16%,physical=8%,post_release=4%", forms=FORMS))
    )
    assert controlled(decided) < controlled(more)


def verified(
    a: Assessment,
    *,
    decisions: pa.Table | None = None,
    measures: pa.Table | None = None,
    key: DrawKey = PRACTICE_KEY,
) -> DrawReport:
    """Verify the draw of ``a``, or what somebody made of its records."""
    return verify_draw(
        a.decisions if decisions is None else decisions,
        a.measures if measures is None else measures,
        a.task.declarations,
        a.task.pack,
        key=key,
        commitment=PRACTICE_KEY.commitment,
        period=(a.task.first_day, a.task.last_day),
    )


def drawn_and_opened(a: Assessment) -> str:
    """Return the number of a declaration that was controlled at random and has no amendment."""
    rows = column_of(a.decisions.filter(a.decisions["in_random"]), "declaration_id", str)
    numbers = column_of(a.decisions, "declaration_id", str)
    return next(n for n in rows if numbers.count(n) == 1)


def with_values(table: pa.Table, name: str, values: list[object]) -> pa.Table:
    place = table.column_names.index(name)
    return table.set_column(
        place, table.schema.field(place), pa.array(values, table.schema.field(place).type)
    )


def test_the_recorded_draw_is_the_committed_keys(decided: Assessment) -> None:
    report = verified(decided)
    assert report.holds
    assert report.drawn > 0


def test_a_draw_that_was_tampered_with_is_noticed(decided: Assessment) -> None:
    measures = decided.measures
    drawn = rows_where(measures, "capacity", "random")["declaration_id"][0].as_py()
    spared = measures.take([k for k, n in enumerate(measures["declaration_id"].to_pylist()) if n != drawn])
    report = verified(decided, measures=spared)
    assert report.missing == (drawn,)
    assert not report.holds


def test_a_mark_of_the_random_share_that_was_taken_away_is_noticed(decided: Assessment) -> None:
    spared = drawn_and_opened(decided)
    rows = decided.decisions.to_pylist()
    marks: list[object] = [r["in_random"] and r["declaration_id"] != spared for r in rows]
    report = verified(decided, decisions=with_values(decided.decisions, "in_random", marks))
    assert report.mismarked == (spared,)
    assert not report.holds


def test_a_declaration_moved_out_of_its_stratum_is_noticed(decided: Assessment) -> None:
    spared = drawn_and_opened(decided)
    rows = decided.decisions.to_pylist()
    strata: list[object] = [None if r["declaration_id"] == spared else r["stratum"] for r in rows]
    marks: list[object] = [r["in_random"] and r["declaration_id"] != spared for r in rows]
    moved = with_values(with_values(decided.decisions, "stratum", strata), "in_random", marks)
    numbers = decided.measures["declaration_id"].to_pylist()
    measures = decided.measures.take([k for k, n in enumerate(numbers) if n != spared])
    report = verified(decided, decisions=moved, measures=measures)
    assert report.missing == ()
    assert report.misplaced == (spared,)
    assert not report.holds


def test_a_declaration_that_was_never_decided_is_noticed(decided: Assessment) -> None:
    spared = drawn_and_opened(decided)
    kept = [
        table.take([k for k, n in enumerate(table["declaration_id"].to_pylist()) if n != spared])
        for table in (decided.decisions, decided.measures)
    ]
    report = verified(decided, decisions=kept[0], measures=kept[1])
    assert report.undecided == (spared,)
    assert not report.holds


def test_another_key_than_the_committed_one_is_noticed(decided: Assessment) -> None:
    report = verified(decided, key=new_key("other"))
    assert not report.same_key
    assert not report.holds


def test_random_profiles_that_follow_each_other_each_draw_on_their_own_days(task: Task, pack: Pack) -> None:
    turn = date(2026, 3, 15)
    follow = tuple(
        one
        for p in pack.profiles
        for one in (
            (replace(p, valid_until=date(2026, 3, 14)), replace(p, version=2, valid_from=turn))
            if p.kind is ProfileKind.RANDOM
            else (p,)
        )
    )
    a = assess(replace(task, pack=replace(pack, profiles=follow)))
    numbers, on = column_of(a.decisions, "declaration_id", str), column_of(a.decisions, "day", date)
    days = dict(zip(numbers, on, strict=True))
    rows = rows_where(a.measures, "capacity", "random").to_pylist()
    drawn = {(r["profile_version"], days[r["declaration_id"]] < turn) for r in rows}
    assert drawn == {(1, True), (2, False)}
    assert verified(a).holds


def test_days_without_a_random_profile_are_no_fault_of_the_draw(task: Task, pack: Pack) -> None:
    begun = tuple(
        replace(p, valid_from=date(2026, 3, 15)) if p.kind is ProfileKind.RANDOM else p for p in pack.profiles
    )
    a = assess(replace(task, pack=replace(pack, profiles=begun)))
    assert verified(a).holds


def test_everybody_may_be_controlled_and_the_controlled_surely_were(decided: Assessment) -> None:
    physical = decided.decisions["propensity_physical"].to_numpy()
    lanes = [row for row in decided.load.to_pylist() if row["control_form"] == "physical"]
    with_room = {row["day"] for row in lanes if row["available"] > row["mandatory"]}
    days = decided.decisions["day"].to_pylist()
    staffed = np.array([day in with_room for day in days])
    assert staffed.sum() > 500
    assert (physical[staffed] > 0).all()
    assert (physical <= 1).all()
    red = np.array([corridor == "red" for corridor in decided.decisions["corridor"].to_pylist()])
    by_draw = decided.decisions["in_random"].to_numpy(zero_copy_only=False)
    assert (physical[red & ~by_draw] == 1).all()


def test_documents_are_checked_at_least_as_surely_as_goods_are_opened(decided: Assessment) -> None:
    documents = decided.decisions["propensity_documents"].to_numpy()
    assert (documents >= decided.decisions["propensity_physical"].to_numpy() - 1e-12).all()


def test_reasons_name_the_values_that_the_indicator_saw(decided: Assessment, pack: Pack) -> None:
    asked = {(p.id, p.version): p.indicator.names for p in pack.profiles}
    import json

    for row in decided.measures.to_pylist():
        if row["capacity"] in {"mandatory", "waivable"}:
            seen = set(json.loads(row["reasons"]))
            assert seen == asked[row["profile_id"], row["profile_version"]]


def test_an_amendment_inherits_what_the_first_version_was_chosen_for(decided: Assessment, task: Task) -> None:
    reds = rows_where(decided.decisions, "corridor", "red").to_pylist()
    number = next(row["declaration_id"] for row in reds if row["day"] < date(2026, 3, 20))
    assert isinstance(task.declarations, pa.Table)
    own = rows_where(task.declarations, "declaration_id", number)
    later = [
        row
        | {"version": 2, "registered_at": row["registered_at"].replace(month=3, day=28), "customs_value": 1}
        for row in own.to_pylist()
    ]
    amended = pa.concat_tables(
        [task.declarations, pa.Table.from_pylist(later, schema=task.declarations.schema)]
    )
    again = assess(replace(task, declarations=amended))
    assert corridors(again)[number, 2] == "red"
    taken_over = [
        row for row in again.measures.to_pylist() if row["declaration_id"] == number and row["version"] == 2
    ]
    assert taken_over


@pytest.mark.parametrize(
    "missing", [["description"], ["origin_country"], ["net_mass_kg"], ["customs_value"], ["goods_location"]]
)
def test_a_source_without_a_column_is_decided_on_what_is_there(task: Task, missing: list[str]) -> None:
    assert isinstance(task.declarations, pa.Table)
    poorer = replace(task, declarations=task.declarations.drop_columns(missing), findings=None, children={})
    a = assess(replace(poorer, first_day=date(2026, 3, 23)))
    assert a.decisions.num_rows > 100
    assert a.decisions["probability"].null_count == 0


def test_without_findings_the_packs_priors_speak(task: Task, pack: Pack) -> None:
    a = assess(replace(task, findings=None, first_day=date(2026, 3, 23)))
    assert a.experience.controls == 0
    quiet = [row["probability"] for row in a.decisions.to_pylist() if not row["contributions"]]
    assert quiet[0] == pytest.approx(pack.policy.base_rate.hit_rate)


def test_findings_learned_after_the_first_day_teach_nothing(decided: Assessment, task: Task) -> None:
    assert isinstance(task.findings, pa.Table)
    late = task.findings.to_pylist()
    for row in late:
        row["finding_id"] += "-late"
        row["known_at"] = row["known_at"].replace(year=2027)
        row["violation"] = True
    more = pa.concat_tables([task.findings, pa.Table.from_pylist(late, schema=task.findings.schema)])
    assert assess(replace(task, findings=more)).experience.digest == decided.experience.digest


def test_the_policy_is_named_by_everything_that_decides(decided: Assessment, task: Task, pack: Pack) -> None:
    other = assess(replace(task, pack=replace(pack, fingerprint="0" * 64), first_day=date(2026, 3, 30)))
    same = assess(replace(task, first_day=date(2026, 3, 30)))
    assert other.policy_id != same.policy_id


def test_folders_of_declarations_are_read_where_they_lie(task: Task, tmp_path: Path) -> None:
    from daliz.engine.records.files import write_table

    assert isinstance(task.declarations, pa.Table)
    write_table(task.declarations, tmp_path / "declarations.parquet", DECLARATIONS)
    short = replace(task, first_day=date(2026, 3, 30))
    from_file = assess(replace(short, declarations=tmp_path / "declarations.parquet"))
    assert from_file.decisions.equals(assess(short).decisions)


def test_the_declarations_of_a_pack_s_own_border_say_nothing_beyond_it(decided: Assessment) -> None:
    assert {len(told) for told in column_of(decided.decisions, "codes_beyond", list)} == {0}


def test_values_in_another_currency_are_told_and_never_taken_for_the_pack_s(task: Task) -> None:
    assert isinstance(task.declarations, pa.Table)
    day = pc.equal(task.declarations["declaration_id"], task.declarations["declaration_id"][0])
    one = task.declarations.filter(day)
    pounds = one.set_column(
        one.schema.get_field_index("currency"),
        one.schema.field("currency"),
        pa.array(["GBP"] * one.num_rows, pa.string()),
    )
    registered = one["registered_at"][0].as_py().date()
    alone = replace(task, findings=None, first_day=registered, last_day=registered)
    ours, theirs = (assess(replace(alone, declarations=table)).decisions for table in (one, pounds))
    assert ours["expected_damage"].null_count == 0
    assert theirs["expected_damage"].null_count == theirs.num_rows
    assert theirs["codes_beyond"][0].as_py() == [{"fact": "declaration.currency", "code": "GBP"}]


def test_only_what_pack_and_profile_let_wait_is_deferred(decided: Assessment, pack: Pack) -> None:
    profiles = {profile.id: profile for profile in pack.profiles}
    rows = [row for row in decided.measures.to_pylist() if row["deferred"]]
    by_number = defaultdict(set)
    for row in ordered(decided).to_pylist():
        by_number[row["declaration_id"]].add(row["control_form"])
    for row in rows:
        of = profiles[row["profile_id"]]
        direction = pack.directions[of.direction]
        assert of.deferrable
        assert direction.deferrable
        assert not direction.non_fiscal
        assert (row["measure"], row["control_form"], row["status"]) == (
            "desk_check",
            "post_release",
            "ordered",
        )
        assert row["capacity"] in ("waivable", "inherited")
        assert "documents" not in by_number[row["declaration_id"]]


def listed_task(task: Task, decided: Assessment) -> tuple[Task, str, str]:
    """Return the task under two lists: who asked most is of minimal risk, another trader is watched."""
    numbers = column_of(rows_where(decided.measures, "capacity", "waivable"), "declaration_id", str)
    trader_of = dict(
        zip(
            *(column_of(decided.whole, name, str) for name in ("declaration_id", "declaration.trader_id")),
            strict=True,
        )
    )
    asking = Counter(trader_of[number] for number in sorted(set(numbers)))
    trusted = min(asking, key=lambda who: (-asking[who], who))
    watched = min(who for who in set(trader_of.values()) if who not in asking)
    name = Text(en="n", ru="n", kk="n")
    span = (date(2026, 3, 1), date(2026, 3, 20))
    lists = (
        ExceptionList(
            code="TRUSTED", kind=ListKind.MINIMAL_RISK, name=name, by="declaration.trader_id",
            members=(Listed(trusted, *span),), level="low",
            spares=frozenset(code for code, one in task.pack.directions.items() if one.deferrable),
            log_odds=0.0, source=name,
        ),
        ExceptionList(
            code="WATCHED", kind=ListKind.WATCH, name=name, by="declaration.trader_id",
            members=(Listed(watched, *span),), level="critical", spares=frozenset(), log_odds=1.5,
            source=name,
        ),
    )  # fmt: skip
    pack = replace(task.pack, exception_lists={one.code: one for one in lists})
    return replace(task, pack=pack), trusted, watched


def test_exception_lists_spare_waivable_selection_and_raise_what_is_watched(task: Task, pack: Pack) -> None:
    plain = assess(replace(task, by_models=False))
    under, trusted, watched = listed_task(replace(task, by_models=False), plain)
    a = assess(under)
    who = column_of(a.whole, "declaration.trader_id", str)
    before = {(r["declaration_id"], r["version"]): r for r in plain.decisions.to_pylist()}
    rank = {code: level.rank for code, level in pack.policy.levels.levels.items()}
    must = {
        (r["declaration_id"], r["version"])
        for r in a.measures.to_pylist()
        if r["capacity"] in ("mandatory", "inherited")
    }
    seen = Counter[str]()
    for trader, row in zip(who, a.decisions.to_pylist(), strict=True):
        key = row["declaration_id"], row["version"]
        old = before[key]
        if row["day"] > date(2026, 3, 20) or trader not in (trusted, watched):
            assert row["exceptions"] == []
            assert (row["probability"], row["level"]) == (old["probability"], old["level"])
            assert row["probability_unlisted"] is row["level_unlisted"] is None
            continue
        seen[trader] += 1
        assert (row["probability_unlisted"], row["level_unlisted"]) == (old["probability"], old["level"])
        if trader == trusted:
            assert row["exceptions"][0]["list"] == "TRUSTED"
            assert row["probability"] == old["probability"]
            assert row["level"] == ("low" if key not in must else row["level"])
        else:
            odds = [math.log(p / (1 - p)) for p in (row["probability"], old["probability"])]
            assert odds[0] - odds[1] == pytest.approx(1.5)
            assert rank[row["level"]] == max(rank.values())
    assert seen[trusted] > 2
    assert seen[watched] > 0


def test_what_a_list_spares_is_written_down_and_mandatory_and_random_control_stay(task: Task) -> None:
    plain = assess(replace(task, by_models=False))
    under, trusted, _ = listed_task(replace(task, by_models=False), plain)
    a = assess(under)
    mine = {
        number
        for number, who, day in zip(
            *(a.whole[name].to_pylist() for name in ("declaration_id", "declaration.trader_id", "day")),
            strict=True,
        )
        if who == trusted and day <= date(2026, 3, 20)
    }
    deferrable = {p.id for p in under.pack.profiles if under.pack.directions[p.direction].deferrable}
    spared = [
        row
        for row in a.measures.to_pylist()
        if row["declaration_id"] in mine and row["capacity"] == "waivable" and row["profile_id"] in deferrable
    ]
    assert spared
    assert {(row["status"], row["waiver"]) for row in spared} == {("waived", "list:TRUSTED")}

    def held(of: Assessment) -> set[tuple[object, ...]]:
        return {
            (row["declaration_id"], row["profile_id"], row["measure"])
            for row in of.measures.to_pylist()
            if row["capacity"] in ("mandatory", "random") and row["status"] == "ordered"
        }

    drawn_or_due = held(plain)
    assert drawn_or_due
    assert held(a) >= {key for key in drawn_or_due if key[0] in mine}


def test_weeks_in_which_nothing_waits_are_planned_as_their_days_are(decided: Assessment, pack: Pack) -> None:
    weeks = plan_weeks(
        decided.candidates,
        days=column_of(decided.whole, "day", date),
        capacity=SCARCE,
        pack=pack,
        wait_days=0,
    )
    assert weeks.value == pytest.approx(sum(day.value for day in decided.days.values()), rel=1e-9)
    planned = {(one.day, one.pool, one.form): one for one in weeks.lanes}
    rows = decided.load.to_pylist()
    assert len(planned) == len(rows) == 93
    for row in rows:
        one = planned[row["day"], row["pool"], row["control_form"]]
        assert (one.mandatory, one.random, one.waivable) == (row["mandatory"], row["random"], row["waivable"])
        assert (one.controls, one.minutes) == (row["controls"], row["minutes"])
        assert one.waived + one.costly == row["waived"]
        assert one.price == pytest.approx(row["price"], rel=1e-5)


def test_an_assessment_can_end_with_the_allocation(task: Task, decided: Assessment) -> None:
    a = assess(task, upto=allocate_control)
    assert [day.value for day in a.days.values()] == [day.value for day in decided.days.values()]
    assert not hasattr(a, "decided")
