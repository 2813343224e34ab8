"""A declaration decided as it comes, and the same one decided with its whole day: the same decision."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

import pyarrow as pa
import pytest

from daliz.engine.allocation import PRACTICE_KEY, Capacity, Claim
from daliz.engine.allocation.live import Taken
from daliz.engine.assess import Task, assess
from daliz.engine.features.lookup import TODAY
from daliz.engine.live import Decision, Night, Policy, policy_from, prepare
from daliz.engine.live.decision import Earlier
from daliz.engine.pack import CapacityRule, Pack, load_pack
from daliz.engine.records.declaration import HEADER, Declaration
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world

FIRST = date(2026, 3, 10)
AMPLE = Capacity({}, {("*", form, None): 1e9 for form in ("documents", "physical", "post_release")})


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without the reserved floor: of ample time it would ask for control that brings nothing."""
    kz = load_pack("kz")
    return replace(kz, policy=replace(kz.policy, reserved_floor=0.0))


@pytest.fixture(scope="module")
def task(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=pack, seed=12, months=3, per_day=60, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return Task(
        declarations=read_table(folder / "declarations.parquet", DECLARATIONS),
        findings=read_table(folder / "findings.parquet", FINDINGS),
        children={
            "documents": DOCUMENTS.arrow.empty_table(),
            "transport_means": read_table(folder / "transport_means.parquet", TRANSPORT_MEANS),
        },
        pack=pack,
        capacity=AMPLE,
        key=PRACTICE_KEY,
        first_day=FIRST,
        last_day=FIRST,
        by_models=False,
    )


def declared(rows: Sequence[Mapping[str, Any]]) -> Declaration:
    items = [c.name for c in DECLARATIONS.columns if not c.header]
    return Declaration(
        header={name: rows[0][name] for name in HEADER if rows[0][name] is not None},
        items=[{name: row[name] for name in items if row[name] is not None} for row in rows],
        below={},
    )


def arriving(table: pa.Table, day: date) -> Iterator[tuple[str, int, datetime, Declaration]]:
    rows = [r for r in table.to_pylist() if (r["registered_at"] + timedelta(hours=5)).date() == day]
    rows.sort(key=lambda r: (r["registered_at"], r["declaration_id"], r["version"], r["item_no"]))
    for (at, number, version), of in groupby(
        rows, lambda r: (r["registered_at"], r["declaration_id"], r["version"])
    ):
        yield number, version, at, declared(list(of))


def decide_day(
    night: Night, policy: Policy, task: Task, same_day: Mapping[tuple[str, int, int], dict[str, Any]]
) -> list[Decision]:
    found, decisions, earlier = dict(night.answers), [], dict[str, Earlier]()
    taken = Taken.nothing(len(night.prices.lanes))
    for number, version, at, declaration in arriving(task.declarations, night.day):  # type: ignore[arg-type]  # a table here
        if version > 1 and number not in earlier:
            continue
        asked = {key: found[key] for key in policy.lookup.keys(declaration) if key in found}
        today = [same_day[number, version, int(str(item["item_no"]))] for item in declaration.items]
        facts = policy.facts(declaration, version=version, at=at, found=asked, today=today)
        decisions.append(
            policy.decide(
                declaration, number=number, version=version, at=at, facts=facts,
                snapshot_id=night.snapshot_id, taken=taken, earlier=earlier.get(number),
            )
        )  # fmt: skip
        earlier[number] = decisions[-1].earlier
    return decisions


@pytest.mark.slow
def test_live_decides_as_the_day_decided_whole_where_time_is_ample(task: Task, pack: Pack) -> None:
    compared = 0
    for day in (FIRST + timedelta(days=n) for n in range(3)):
        one = replace(task, first_day=day, last_day=day)
        whole = assess(one)
        columns = [n for n in TODAY if n in whole.facts.column_names]
        same_day = {
            (r["declaration_id"], r["version"], r["item_no"]): {n: r[n] for n in columns}
            for r in whole.facts.select(["declaration_id", "version", "item_no", *columns]).to_pylist()
        }
        night = prepare(one)
        kept = policy_from(night.content, pack=pack, profiles=one.profiles, key=one.key)
        assert kept.policy_id == whole.policy_id
        expected = {(r["declaration_id"], r["version"]): r for r in whole.decisions.to_pylist()}
        measures: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in whole.measures.to_pylist():
            measures.setdefault((row["declaration_id"], row["version"]), []).append(row)
        for live in decide_day(night, kept, one, same_day):
            want = expected[live.declaration_id, live.version]
            assert live.corridor == want["corridor"]
            assert live.level == want["level"]
            assert live.probability == want["probability"]
            assert live.expected_damage == want["expected_damage"]
            assert live.snapshot_id == want["snapshot_id"]
            assert (live.in_random, live.stratum, live.key_id) == (
                want["in_random"],
                want["stratum"],
                want["key_id"],
            )
            assert live.unknown_profiles == want["unknown_profiles"]
            assert live.codes_beyond == want["codes_beyond"]
            assert [{"profile_id": p, "log_odds": w} for p, w in live.contributions] == want["contributions"]
            assert live.propensity == pytest.approx(
                {f: want[f"propensity_{f}"] for f in pack.forms}, abs=1e-9
            )
            told = [
                (
                    o.item_no,
                    o.profile_id,
                    o.profile_version,
                    o.capacity,
                    o.measure,
                    o.control_form,
                    o.extent,
                    o.status,
                    o.reasons,
                )
                for o in live.orders
            ]
            names = (
                "item_no", "profile_id", "profile_version", "capacity", "measure", "control_form", "extent",
                "status", "reasons",
            )  # fmt: skip
            assert told == [
                tuple(r[n] for n in names) for r in measures.get((live.declaration_id, live.version), [])
            ]
            compared += 1
    assert compared > 120


def test_a_day_long_after_the_last_that_is_known_is_planned_like_that_one(task: Task) -> None:
    later = date(2026, 6, 10)
    shares = Capacity({"documents": 0.16, "physical": 0.04, "post_release": 0.0}, {})
    night = prepare(replace(task, capacity=shares, first_day=later, last_day=later))
    lanes = {lane.form: lane for lane in night.prices.lanes}
    assert lanes["documents"].arrivals > 30
    assert lanes["documents"].capacity == pytest.approx(0.16 * lanes["documents"].arrivals, abs=1)
    assert night.prices.hours[23] == 1


def test_the_first_day_of_a_system_without_past_controls_what_it_must_and_what_it_draws(
    task: Task, pack: Pack
) -> None:
    """Sixty declarations are expected, so that 4 % are two controls; a fifth of everybody is drawn."""
    must = tuple(
        replace(p, capacity=CapacityRule.MANDATORY) if p.direction == "untruthful_declaration" else p
        for p in pack.profiles
    )
    stated = replace(pack, profiles=must, policy=replace(pack.policy, expected_a_day=60))
    drawing = stated.with_random_shares({s.code: 0.2 for s in pack.policy.random.strata})
    first = replace(
        task,
        declarations=task.declarations[:0],  # type: ignore[index]  # a table here
        findings=None,
        children={},
        pack=drawing,
        capacity=Capacity({"documents": 0.16, "physical": 0.04, "post_release": 0.0}, {}),
    )
    night = prepare(first)
    lanes = {lane.form: lane for lane in night.prices.lanes}
    assert (lanes["documents"].capacity, lanes["physical"].capacity) == (9.0, 2.0)
    assert (lanes["physical"].random, lanes["documents"].random) == (2.0, 0.0)
    policy = policy_from(night.content, pack=drawing, profiles=first.profiles, key=first.key)
    nothing_today: dict[tuple[str, int, int], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(TODAY, 0.0))
    decisions = decide_day(night, policy, task, nothing_today)
    assert len(decisions) > 40
    drawn = [d for d in decisions if d.version == 1 and first.key.draw("random", d.declaration_id) < 0.2]
    assert drawn
    assert all(d.in_random and "physical" in d.controls for d in drawn)
    mandatory = [order for d in decisions for order in d.orders if order.capacity == "mandatory"]
    assert mandatory
    assert {order.status for order in mandatory} == {"ordered"}
    assert any(d.controls.get("documents") is Claim.WAIVABLE for d in decisions)
