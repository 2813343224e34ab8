"""A daybook that learns day by day tells what ``build_facts`` tells of all that it learned so far."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.features import Feature, Grain, Kind
from daliz.engine.features.compute import FeatureError, build_facts
from daliz.engine.features.daybook import Daybook
from daliz.engine.pack import load_pack
from daliz.engine.records.files import TableError
from daliz.engine.records.schema import DECLARATIONS, FINDINGS
from daliz.engine.world import write_world
from daliz.language import Text
from tests.engine.features import official
from tests.engine.features.histories import FIRST, History, table
from tests.engine.features.test_facts import ALMATY, MONDAY, a_declaration, a_finding, at

HOLIDAYS = frozenset({date(2024, 3, 8), date(2023, 3, 21)})
CHILDREN = ("transport_means", "documents", "containers")
COUNTED = "trader.declarations_365d"


class Learner:
    """Learns a history part by part, twice: in a daybook, and as tables for ``build_facts``."""

    def __init__(self, zone: str, names: Sequence[str] | None = None, minimum: int = 2) -> None:
        self.zone, self.minimum, self.names = zone, minimum, names
        self.official = official.tables()
        self.book = Daybook(
            zone=zone, holidays=HOLIDAYS, names=names, minimum_observations=minimum, official=self.official
        )
        self.learned: dict[str, list[pa.Table]] = {}

    def learn(self, parts: dict[str, pa.Table]) -> None:
        for name, part in parts.items():
            self.learned.setdefault(name, []).append(part)
        if "declarations" in parts:
            self.book.add_declarations(
                parts["declarations"], **{name: parts[name] for name in CHILDREN if name in parts}
            )
        if "findings" in parts:
            self.book.add_findings(parts["findings"])

    def differs(self, first: date, last: date | None = None) -> list[object]:
        """Which columns of the facts are not those of ``build_facts``."""
        whole = {name: pa.concat_tables(parts) for name, parts in self.learned.items()}
        expected = build_facts(
            whole["declarations"], whole.get("findings"), zone=self.zone, holidays=HOLIDAYS, names=self.names,
            first_day=first, last_day=last or first, minimum_observations=self.minimum,
            official=self.official, transport_means=whole.get("transport_means"),
            documents=whole.get("documents"), containers=whole.get("containers"),
        )  # fmt: skip
        found = self.book.facts(first, last)
        assert found.schema == expected.schema
        return [
            (name, found[name].to_pylist(), expected[name].to_pylist())
            for name in expected.column_names
            if not found[name].equals(expected[name])
        ]


def days_of(table: pa.Table, column: str, zone: str) -> list[date]:
    return [
        datetime.fromtimestamp(instant // 1_000_000, ZoneInfo(zone)).date()
        for instant in table[column].cast(pa.int64()).to_pylist()
        if instant is not None
    ]


def by_day(history: History) -> dict[date, dict[str, pa.Table]]:
    """What becomes known on each day: versions on the day of registration, findings on theirs."""
    tables = history.tables()
    declared = tables["declarations"]
    days = days_of(declared, "registered_at", history.zone)
    known = days_of(tables["findings"], "known_at", history.zone)
    versions = list(zip(declared["declaration_id"].to_pylist(), declared["version"].to_pylist(), strict=True))
    parts = {}
    for day in sorted({*days, *known}):
        of_day = {v for v, d in zip(versions, days, strict=True) if d == day}
        part = {"declarations": declared.filter(pa.array([d == day for d in days], pa.bool_()))}
        for name in CHILDREN:
            rows = zip(
                tables[name]["declaration_id"].to_pylist(), tables[name]["version"].to_pylist(), strict=True
            )
            part[name] = tables[name].filter(pa.array([row in of_day for row in rows], pa.bool_()))
        part["findings"] = tables["findings"].filter(pa.array([d == day for d in known], pa.bool_()))
        parts[day] = part
    return parts


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 10**6),
    zone=st.sampled_from(("Asia/Almaty", "Europe/Berlin", "America/Sao_Paulo")),
    size=st.sampled_from((12, 30)),
)
def test_day_by_day_the_facts_are_those_of_the_whole(seed: int, zone: str, size: int) -> None:
    learner = Learner(zone)
    for number, (day, parts) in enumerate(by_day(History(seed, zone, size=size)).items()):
        learner.learn(parts)
        assert number % 4 or learner.differs(day) == []


@pytest.mark.parametrize("seed", [3, 4])
def test_what_arrives_late_changes_the_days_already_told(seed: int) -> None:
    """Rows come in any order, items of one version in different parts, findings before their declaration."""
    history = History(seed, "Europe/Berlin", size=50)
    shuffled = history.tables(shuffled=seed)
    learner = Learner(history.zone)
    for part in range(3):
        learner.learn({n: t.slice(part * t.num_rows // 3, t.num_rows // 3) for n, t in shuffled.items()})
        for days in (31, 365):
            assert learner.differs(FIRST + timedelta(days=days)) == []
    assert learner.differs(FIRST + timedelta(days=360), FIRST + timedelta(days=370)) == []


def test_a_world_of_some_weeks_is_told_day_by_day(tmp_path: Path) -> None:
    pack = load_pack("kz")
    write_world(
        tmp_path, pack=pack, seed=11, months=2, per_day=12, past_controls={"documents": 0.3, "physical": 0.1}
    )
    tables = {
        name: pq.read_table(tmp_path / f"{name}.parquet")
        for name in ("declarations", "transport_means", "findings")
    }
    days = days_of(tables["declarations"], "registered_at", pack.zone)
    known = days_of(tables["findings"], "known_at", pack.zone)
    learner = Learner(pack.zone, minimum=5)
    first = min(days) + timedelta(days=38)
    learner.learn(_within(tables, days, known, min(days), first))
    for number in range(4):
        day = first + timedelta(days=number)
        learner.learn(_within(tables, days, known, day, day + timedelta(days=1)))
        assert learner.differs(day) == []


def _within(
    tables: dict[str, pa.Table], days: list[date], known: list[date], first: date, before: date
) -> dict[str, pa.Table]:
    declared = tables["declarations"].filter(pa.array([first <= day < before for day in days]))
    found = tables["findings"].filter(pa.array([first <= day < before for day in known], pa.bool_()))
    means = tables["transport_means"]
    carried = means.filter(pc.is_in(means["declaration_id"], declared["declaration_id"].combine_chunks()))
    return {"declarations": declared, "findings": found, "transport_means": carried}


def a_book(names: Sequence[str] = (COUNTED,), extra: Sequence[Feature] = ()) -> Daybook:
    return Daybook(zone=ALMATY, holidays=(), names=names, extra=extra)


def of(*rows: Any) -> pa.Table:
    return table(DECLARATIONS, list(rows))


def test_midnight_begins_the_day() -> None:
    with a_book(["today.trader_declarations", COUNTED]) as book:
        book.add_declarations(of(a_declaration("D1", at(MONDAY, -0.001)), a_declaration("D2", at(MONDAY, 0))))
        book.add_declarations(of(a_declaration("D3", at(MONDAY, 9))))
        told = book.facts(MONDAY)
    assert told["declaration_id"].to_pylist() == ["D2", "D3"]
    assert told[COUNTED].to_pylist() == [1.0, 1.0]
    assert told["today.trader_declarations"].to_pylist() == [0.0, 1.0]


def test_a_finding_learned_later_counts_from_the_day_it_was_known() -> None:
    names = ["trader.violations_365d"]
    before, tuesday = MONDAY - timedelta(days=9), MONDAY + timedelta(days=1)
    with a_book(names) as book:
        book.add_declarations(of(a_declaration("D1", at(before)), a_declaration("D2", at(MONDAY))))
        assert book.facts(MONDAY)[names[0]].to_pylist() == [0.0]
        book.add_findings(table(FINDINGS, [a_finding("F1", "D1", at(MONDAY))]))
        book.add_declarations(of(a_declaration("D3", at(tuesday))))
        assert book.facts(MONDAY)[names[0]].to_pylist() == [0.0]
        assert book.facts(tuesday)[names[0]].to_pylist() == [1.0]
        corrected = a_finding("F2", "D1", at(tuesday), supersedes="F1", violation=False)
        book.add_findings(table(FINDINGS, [corrected]))
        assert book.facts(tuesday)[names[0]].to_pylist() == [1.0]
        book.add_declarations(of(a_declaration("D4", at(tuesday + timedelta(days=1)))))
        assert book.facts(tuesday + timedelta(days=1))[names[0]].to_pylist() == [0.0]


def test_a_further_column_may_come_later() -> None:
    label = Text("dogs", "собаки", "иттер")
    dogs = Feature("declaration.dogs", label, Kind.NUMBER, Grain.DECLARATION, label, "declaration")
    with a_book(["declaration.dogs"], [dogs]) as book:
        book.add_declarations(of(a_declaration("D1", at(MONDAY))))
        assert book.facts(MONDAY)["declaration.dogs"].to_pylist() == [None]
        book.add_declarations(of(a_declaration("D2", at(MONDAY), dogs=2, cats=1)))
        assert book.facts(MONDAY)["declaration.dogs"].to_pylist() == [None, 2.0]
        with pytest.raises(TableError, match="dogs is VARCHAR"):
            book.add_declarations(of(a_declaration("D3", at(MONDAY), dogs="three")))
        assert book.facts(MONDAY).num_rows == 2


def test_days_in_the_wrong_order_and_unknown_names_are_refused() -> None:
    with a_book() as book, pytest.raises(FeatureError, match="before the first"):
        book.facts(MONDAY, MONDAY - timedelta(days=1))
    with pytest.raises(FeatureError, match="not in the vocabulary"):
        a_book(["trader.dogs"])


def test_an_empty_day_has_no_rows() -> None:
    with a_book() as book:
        book.add_declarations(of(a_declaration("D1", at(MONDAY))))
        assert book.facts(MONDAY + timedelta(days=1)).num_rows == 0
        assert book.facts(MONDAY).num_rows == 1
