"""Days of a world, declaration by declaration through the database, against the same days decided whole."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.customs import flow
from daliz.customs.assessment.actions import publish
from daliz.customs.assessment.desk import DESK
from daliz.customs.assessment.models import Decision
from daliz.customs.assessment.translate import columns_of
from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import tables_of
from daliz.engine.allocation import Capacity
from daliz.engine.assess import Task, assess
from daliz.engine.estimators.learner import NAMES, Scorer, foresee
from daliz.engine.live import prepare
from daliz.engine.records.arrivals import Arrival, arrivals
from daliz.engine.records.files import conform
from daliz.engine.records.schema import DECLARATIONS, TRANSPORT_MEANS
from daliz.ground.staff.actor import SYSTEM, Role
from tests.customs.conftest import DAY
from tests.ground.cast import acting

AMPLE = Capacity({}, {("*", form, None): 1e9 for form in ("documents", "physical", "post_release")})


def arriving(border: Task, begin: datetime, end: datetime) -> Iterator[Arrival]:
    """Give the first versions registered in a span, in order, with their vehicles."""
    table, means = border.declarations, border.children["transport_means"]
    assert isinstance(table, pa.Table)
    assert isinstance(means, pa.Table)
    came = arrivals(table, {"transport_means": means}, since=begin, before=end)
    return (one for one in came if one.version == 1)


def history(border: Task, before: datetime) -> dict[str, pa.Table]:
    """What was known before the first live day, and what the database has since."""
    assert isinstance(border.declarations, pa.Table)
    past = border.declarations.filter(pc.less(border.declarations["registered_at"], pa.scalar(before)))
    since = tables_of(
        Version.objects.exclude(registered_at=None).select_related("declaration").order_by("id")
    )
    carried = border.children["transport_means"]
    assert isinstance(carried, pa.Table)
    means = carried.join(
        past.select(["declaration_id", "version"]), ["declaration_id", "version"], join_type="left semi"
    )
    return {
        "declarations": pa.concat_tables([past.select(DECLARATIONS.names), since["declarations"]]),
        "documents": since["documents"],
        "transport_means": pa.concat_tables([conform(means, TRANSPORT_MEANS), since["transport_means"]]),
    }


def sources(tables: dict[str, pa.Table]) -> dict[str, Any]:
    children = {name: table for name, table in tables.items() if name != "declarations"}
    return {"declarations": tables["declarations"], "children": children}


@pytest.fixture
def fresh_desk(db: None) -> Iterator[None]:
    """A process that has just started, and ends with the test."""
    DESK.forget()
    yield
    DESK.forget()


@pytest.fixture(scope="module")
def scorer(border: Task) -> Scorer:
    """Models grown from what was known before the first live day, as if they had been published."""
    since, nothing = DAY - timedelta(days=365), None
    assert isinstance(border.findings, pa.Table)
    grown = foresee(
        border.declarations, border.findings, transport_means=nothing, pack=border.pack, since=since,
        first_day=DAY, last_day=DAY, progress=lambda *_: None,
    )  # fmt: skip
    assert grown is not None
    return replace(grown.scorers[0], version="kz-1")


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_desk")
def test_days_decided_live_are_the_days_decided_whole(
    border: Task, scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = replace(border.pack, policy=replace(border.pack.policy, reserved_floor=0.0))
    monkeypatch.setattr("daliz.customs.onward.pack", lambda: free)
    monkeypatch.setattr("daliz.customs.assessment.desk.pack", lambda: free)
    border = replace(border, by_models=True, scorer_on=lambda _: scorer)
    begin = datetime.fromisoformat(f"{DAY.isoformat()}T00:00:00+05:00")
    actors = acting("broker", Role.DECLARANT, organisation="everybody")
    for n in range(2):
        midnight = begin + timedelta(days=n)
        tables = history(border, begin)
        known = replace(
            border, **sources(tables), pack=free, capacity=AMPLE,
            first_day=DAY + timedelta(days=n), last_day=DAY + timedelta(days=n),
        )  # fmt: skip
        publish(night=prepare(known), pack=free, actor=SYSTEM, now=midnight)
        DESK.forget()
        for one in arriving(border, midnight, midnight + timedelta(days=1)):
            flow.submit(declared=one.declared, reference="", actor=actors, now=one.at)
    DESK.forget()
    tables = history(border, begin)
    compared = 0
    for n in range(2):
        day = DAY + timedelta(days=n)
        whole = assess(
            replace(
                border, **sources(tables), pack=free, capacity=AMPLE, first_day=day, last_day=day,
            )
        )  # fmt: skip
        expected: Mapping[str, Mapping[str, Any]] = {
            r["declaration_id"]: r for r in whole.decisions.to_pylist()
        }
        measures: dict[str, list[tuple[Any, ...]]] = {}
        assert whole.foresight is not None
        columns: dict[str, list[Any]] = {}
        for item, row in zip(whole.facts["declaration_id"].to_pylist(), whole.foresight.values, strict=True):
            columns.setdefault(str(item), []).append(row)
        names = ("item_no", "profile_id", "profile_version", "capacity", "measure", "status", "reasons")
        for row in whole.measures.to_pylist():
            measures.setdefault(row["declaration_id"], []).append(tuple(row[name] for name in names))
        for decision in Decision.objects.filter(day=day).select_related("version__declaration"):
            number = str(decision.version.declaration.number)
            want = expected.pop(number)  # type: ignore[attr-defined]  # a dict
            assert decision.corridor == want["corridor"]
            assert decision.probability == pytest.approx(want["probability"], abs=1e-9)
            assert (decision.expected_damage is None) == (want["expected_damage"] is None)
            content = json.loads(decision.content)
            assert content["model"] == want["model"] == "kz-1"
            for form, chance in content["models"].items():
                assert chance == pytest.approx(want[f"model_{form}"], abs=1e-9)
            saw = columns_of(json.loads(decision.seen)["models"], width=len(NAMES))
            np.testing.assert_allclose(saw, columns[number], rtol=1e-6)
            assert (decision.snapshot_id, decision.policy_id) == (want["snapshot_id"], want["policy_id"])
            assert (decision.in_random, decision.level) == (want["in_random"], want["level"])
            told = [tuple(getattr(order, name) for name in names) for order in decision.orders.order_by("id")]
            assert told == measures.get(number, [])
            compared += 1
        assert expected == {}
    assert compared > 60
