"""A declaration decided as it comes, and the same one decided with its whole day: the same decision."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from daliz.engine.allocation import PRACTICE_KEY, Capacity, Claim
from daliz.engine.allocation.live import Taken
from daliz.engine.assess import Task, assess
from daliz.engine.features.compute import build_facts
from daliz.engine.features.lookup import TODAY
from daliz.engine.live import Decision, Foreteller, Night, Policy, policy_from, prepare
from daliz.engine.live.decision import Earlier
from daliz.engine.pack import CapacityRule, ExceptionList, Listed, ListKind, Pack, load_pack
from daliz.engine.records.arrivals import Arrival, arrivals
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world
from daliz.language import Text

FIRST = date(2026, 3, 10)
AMPLE = Capacity({}, {("*", form, None): 1e9 for form in ("documents", "physical", "post_release")})


@pytest.fixture(scope="module")
def pack() -> Pack:
    """The pack without the reserved floor: of ample time it would ask for control that brings nothing."""
    kz = load_pack("kz")
    return replace(kz, policy=replace(kz.policy, reserved_floor=0.0))


def with_lists(task: Task) -> Task:
    """Every third trader is of minimal risk, every fifth foreign party watched; documents may wait."""
    assert isinstance(task.declarations, pa.Table)
    name, ever = Text(en="n", ru="n", kk="n"), (date(2026, 1, 1), date(2026, 12, 31))

    table = task.declarations

    def every(nth: int, column: str) -> tuple[Listed, ...]:
        ids = sorted({one for one in table[column].to_pylist() if one})
        return tuple(Listed(one, *ever) for one in ids[::nth])

    trusted = ExceptionList(
        code="TRUSTED", kind=ListKind.MINIMAL_RISK, name=name, by="declaration.trader_id",
        members=every(3, "trader_id"), level="low", spares=frozenset(task.pack.directions), log_odds=0.0,
        source=name,
    )  # fmt: skip
    watched = ExceptionList(
        code="WATCHED", kind=ListKind.WATCH, name=name, by="declaration.counterparty_id",
        members=every(5, "counterparty_id"), level="high", spares=frozenset(), log_odds=1.5, source=name,
    )  # fmt: skip
    lists = {one.code: one for one in (trusted, watched)}
    waiting = tuple(
        replace(p, deferrable=task.pack.directions[p.direction].deferrable) for p in task.pack.profiles
    )
    return replace(task, pack=replace(task.pack, exception_lists=lists, profiles=waiting))


@pytest.fixture(scope="module")
def task(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=pack, seed=12, months=3, per_day=40, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    bare = Task(
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
    return with_lists(bare)


def arriving(task: Task, day: date) -> Iterator[Arrival]:
    table, means = task.declarations, task.children["transport_means"]
    assert isinstance(table, pa.Table)
    assert isinstance(means, pa.Table)
    since = datetime.fromisoformat(f"{day.isoformat()}T00:00:00+05:00")
    return arrivals(table, {"transport_means": means}, since=since, before=since + timedelta(days=1))


def same_day(task: Task) -> dict[tuple[str, int, int], dict[str, Any]]:
    """What is counted of the same day, for every item of the task's day."""
    facts = build_facts(
        task.declarations, task.findings, zone=task.pack.zone, holidays=task.pack.holidays,
        first_day=task.first_day, last_day=task.first_day, names=TODAY,
        transport_means=task.children["transport_means"],
    )  # fmt: skip
    return {
        (r["declaration_id"], r["version"], r["item_no"]): {n: r[n] for n in TODAY} for r in facts.to_pylist()
    }


def decide_day(
    night: Night,
    policy: Policy,
    task: Task,
    told: Mapping[tuple[str, int, int], dict[str, Any]] | None = None,
) -> list[Decision]:
    told = same_day(task) if told is None else told
    found, decisions, earlier = dict(night.answers), [], dict[str, Earlier]()
    taken = Taken.nothing(len(night.prices.lanes))
    for one in arriving(task, night.day):
        number, version, at, declaration = one.number, one.version, one.at, one.declared
        if version > 1 and number not in earlier:
            continue
        asked = {key: found[key] for key in policy.lookup.keys(declaration) if key in found}
        today = [told[number, version, int(str(item["item_no"]))] for item in declaration.items]
        facts = policy.facts(declaration, version=version, at=at, found=asked, today=today)
        decisions.append(
            policy.decide(
                declaration, number=number, version=version, at=at, facts=facts,
                snapshot_id=night.snapshot_id, taken=taken, earlier=earlier.get(number),
            )
        )  # fmt: skip
        earlier[number] = decisions[-1].earlier
    return decisions


def assert_money(own: Decimal | None, other: Decimal | None) -> None:
    """The same but for a hundredth that rounding may move."""
    assert (own is None) == (other is None)
    assert own is None or other is None or abs(own - other) <= Decimal("0.01")


def assert_same(
    live: Decision, want: Mapping[str, Any], measures: Sequence[Mapping[str, Any]], pack: Pack
) -> None:
    """Hold a live decision against the batch's rows of the same version; chances to the 12th digit."""
    assert live.corridor == want["corridor"]
    assert live.level == want["level"]
    assert live.probability == pytest.approx(want["probability"], abs=1e-12)
    assert live.probability_profiles == pytest.approx(want["probability_profiles"], abs=1e-12)
    assert_money(live.expected_damage, want["expected_damage"])
    assert live.snapshot_id == want["snapshot_id"]
    assert (live.in_random, live.stratum, live.key_id) == (want["in_random"], want["stratum"], want["key_id"])
    assert live.unknown_profiles == want["unknown_profiles"]
    assert live.codes_beyond == want["codes_beyond"]
    assert live.exceptions == want["exceptions"]
    assert live.level_unlisted == want["level_unlisted"]
    assert live.probability_unlisted == pytest.approx(want["probability_unlisted"], abs=1e-12)
    assert [{"profile_id": p, "log_odds": w} for p, w in live.contributions] == want["contributions"]
    assert live.propensity == pytest.approx({f: want[f"propensity_{f}"] for f in pack.forms}, abs=1e-9)
    names = (
        "item_no", "profile_id", "profile_version", "capacity", "measure", "control_form", "extent", "status",
        "deferred", "reasons",
    )  # fmt: skip
    assert [tuple(getattr(o, n) for n in names) for o in live.orders] == [
        tuple(row[n] for n in names) for row in measures
    ]
    spared = [o.spared_by and f"list:{o.spared_by}" for o in live.orders]
    assert spared == [w if (w := row["waiver"]) and w.startswith("list:") else None for row in measures]


@pytest.mark.slow
def test_live_decides_as_the_day_decided_whole_where_time_is_ample(task: Task) -> None:
    compared, pack, did = 0, task.pack, Counter[str]()
    for day in (FIRST + timedelta(days=n) for n in range(1)):
        one = replace(task, first_day=day, last_day=day)
        whole = assess(one)
        night = prepare(one)
        kept = policy_from(night.content, pack=pack, profiles=one.profiles, key=one.key)
        assert kept.policy_id == whole.policy_id
        expected = {(r["declaration_id"], r["version"]): r for r in whole.decisions.to_pylist()}
        measures: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in whole.measures.to_pylist():
            measures.setdefault((row["declaration_id"], row["version"]), []).append(row)
        for live in decide_day(night, kept, one):
            want = expected[live.declaration_id, live.version]
            assert_same(live, want, measures.get((live.declaration_id, live.version), []), pack)
            did.update(str(one["list"]) for one in live.exceptions)
            did.update("spared" for order in live.orders if order.spared_by)
            did.update("deferred" for order in live.orders if order.deferred)
            compared += 1
    assert compared > 30
    assert {"TRUSTED", "WATCHED", "spared", "deferred"} <= set(did)


@pytest.mark.slow
def test_live_decides_as_the_day_decided_whole_by_models_too(task: Task) -> None:
    grown = assess(replace(task, by_models=True)).foresight
    assert grown is not None
    scorer = replace(grown.scorers[0], version="kz-1")
    compared, fired, pack = 0, 0, task.pack
    for day in (FIRST + timedelta(days=n) for n in range(3)):
        one = replace(task, first_day=day, last_day=day, by_models=True, scorer_on=lambda _: scorer)
        whole, night = assess(one), prepare(one)
        assert night.foreteller is not None
        content = night.foreteller.content
        kept = policy_from(
            night.content, pack=pack, profiles=one.profiles, key=one.key,
            foreteller=Foreteller.of_content(content),
        )  # fmt: skip
        assert kept.foreteller is not None
        assert kept.foreteller.content == content
        assert kept.policy_id == whole.policy_id
        expected = {(r["declaration_id"], r["version"]): r for r in whole.decisions.to_pylist()}
        saw: dict[tuple[str, int], list[Any]] = {}
        assert whole.foresight is not None
        rows = whole.facts.select(["declaration_id", "version"]).to_pylist()
        for item, seen in zip(rows, whole.foresight.values, strict=True):
            saw.setdefault((item["declaration_id"], item["version"]), []).append(seen)
        measures: dict[tuple[str, int], list[dict[str, Any]]] = {}
        for row in whole.measures.to_pylist():
            measures.setdefault((row["declaration_id"], row["version"]), []).append(row)
        for live in decide_day(night, kept, one):
            key = live.declaration_id, live.version
            assert live.columns is not None
            np.testing.assert_allclose(live.columns, np.array(saw[key]), rtol=1e-6, err_msg=str(key))
            want = expected[key]
            assert (live.model, live.model_belief) == ("kz-1", want["model_belief"])
            for form in pack.forms:
                assert live.models[form] == pytest.approx(want[f"model_{form}"], abs=1e-9)
            assert_same(live, want, measures.get(key, []), pack)
            compared += 1
            fired += any(order.profile_id.startswith("KZ-MD") for order in live.orders)
    assert compared > 90
    assert fired > 0


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
