"""Whole backtests over a small border whose truth is known."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.assess import Assessment, Task, assess
from daliz.engine.backtest import (
    FactsStore,
    Labels,
    ProfileError,
    backtest,
    named_profile,
    names_needed,
    of_expression,
    of_profile,
    peers_of,
    tally,
    thresholds_of,
    write_store,
)
from daliz.engine.backtest.judgement import precision_of
from daliz.engine.indicators import parse_indicator
from daliz.engine.indicators.nodes import Node
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import read_table, write_table
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS, TRUTH
from daliz.engine.world import write_world
from daliz.engine.world.findings import CONTROLS, findings_of

FORMS = ("documents", "physical", "post_release")
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)
Tables = Mapping[str, pa.Table]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def border(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=pack, seed=3, months=2, per_day=60, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    schemas = (DECLARATIONS, FINDINGS, TRANSPORT_MEANS, TRUTH)
    return {schema.name: read_table(folder / f"{schema.name}.parquet", schema) for schema in schemas}


@pytest.fixture(scope="module")
def store(
    border: Tables, pack: Pack, decided: Assessment, tmp_path_factory: pytest.TempPathFactory
) -> FactsStore:
    facts = decided.facts.append_column("declaration.version", decided.facts["version"].cast(pa.float64()))
    assert names_needed(peers_of(pack)[0], pack) <= set(facts.column_names)
    folder = tmp_path_factory.mktemp("facts")
    return write_store(facts.to_reader(), folder / "facts.parquet")


@pytest.fixture(scope="module")
def decided(border: Tables, pack: Pack) -> Assessment:
    return assess(
        Task(
            declarations=border["declarations"],
            findings=border["findings"],
            children={"transport_means": border["transport_means"]},
            pack=pack,
            capacity=Capacity.of("documents=10%,physical=8%", forms=FORMS),
            key=PRACTICE_KEY,
            first_day=FIRST,
            last_day=LAST,
        )
    )


@pytest.fixture(scope="module")
def outcomes(border: Tables, decided: Assessment) -> pa.Table:
    """What opening the goods would find of every declaration of the month, controlled or not."""
    ids = pc.unique(decided.decisions["declaration_id"])
    rows = [
        {"declaration_id": number, "control_form": "physical", "decided_at": at}
        for number, at in first_seen(decided).items()
    ]
    assert len(rows) == len(ids)
    controls = pa.Table.from_pylist(rows, schema=CONTROLS)
    return findings_of(controls, border["declarations"], border["truth"], seed=3)


def first_seen(decided: Assessment) -> dict[str, object]:
    rows = decided.decisions.select(["declaration_id", "registered_at"]).to_pylist()
    return {row["declaration_id"]: row["registered_at"] for row in reversed(rows)}


def of_numbers(findings: pa.Table, numbers: set[str]) -> pa.Table:
    return findings.filter(pc.is_in(findings["declaration_id"], value_set=pa.array(sorted(numbers))))


def conditions(pack: Pack) -> dict[str, Node]:
    return {peer.key: peer.fires for peer in peers_of(pack)}


def test_weighted_intervals_hold_over_a_border_of_known_truth(
    store: FactsStore, decided: Assessment, outcomes: pa.Table, tmp_path: Path, *, pack: Pack
) -> None:
    lists = {code: named.members for code, named in pack.lists.items()}
    everybody = tally(store, conditions(pack), Labels.of(pack, outcomes), lists=lists)
    write_table(decided.decisions, tmp_path / "decisions.parquet", DECISIONS)
    rows = decided.decisions.select(["declaration_id", "propensity_physical"]).to_pylist()
    likely = {row["declaration_id"]: row["propensity_physical"] for row in rows}  # of the last version
    chance = np.random.default_rng(4)
    told = misled = 0
    held = {0.9: 0, 0.95: 0}
    for _ in range(15):
        seen = {number for number, p in likely.items() if chance.random() < p}
        labels = Labels.of(pack, of_numbers(outcomes, seen), [tmp_path])
        got = tally(store, conditions(pack), labels, lists=lists)
        for key in got.keys:
            true, sums = everybody.of(key), got.of(key)
            if true["fired"] < 20 or precision_of(sums, level=0.9).method != "weighted":
                continue
            told += 1
            truth = true["found"] / true["fired"]
            for level in held:
                ends = precision_of(sums, level=level).interval
                held[level] += ends.low - 1e-9 <= truth <= ends.high + 1e-9
            plain = precision_of({**sums, "certain": 0, "drawable": 0}, level=0.95).interval
            misled += not plain.low <= truth <= plain.high
    assert told > 100
    assert held[0.9] / told >= 0.9
    assert held[0.95] / told >= 0.95
    assert misled / told > 0.1, "the plain rate is biased, or the weights would not be needed"


def test_firings_are_those_of_an_assessment(store: FactsStore, decided: Assessment, pack: Pack) -> None:
    lists = {code: named.members for code, named in pack.lists.items()}
    got = tally(store, conditions(pack), Labels.of(pack, None), lists=lists)
    by_id = {profile.id: at for at, profile in enumerate(decided.experts.profiles)}
    last = {
        row["declaration_id"]: at
        for at, row in enumerate(decided.decisions.select(["declaration_id"]).to_pylist())
    }
    fired = decided.experts.fired[sorted(last.values())]
    assert {key: int(got.of(key)["fired"]) for key in got.keys} == {
        key: int(fired[:, by_id[key]].sum()) for key in got.keys
    }


def test_a_profile_is_told_whole(store: FactsStore, border: Tables, outcomes: pa.Table, pack: Pack) -> None:
    subject = of_profile(named_profile("KZ-UV-01", pack), pack)
    answer = backtest(store, subject, pack, Labels.of(pack, outcomes), moved=thresholds_of(subject.holds))
    told = answer.judgement
    assert (answer.first_day, answer.last_day) == (FIRST, LAST)
    assert told.whole.controlled == told.whole.fired == told.precision.controlled > 20
    assert told.precision.biased
    assert sum(part.fired for part in told.offices.values()) == told.whole.fired
    assert sum(part.assessed for part in told.months.values()) == told.whole.assessed > 0
    assert told.recall == told.whole.found / told.everything.found
    assert told.needed_minutes == told.whole.fired * 80
    assert all(0 < one.jaccard <= one.share <= 1 for one in told.overlaps if one.both)
    present = [[one for one in tried if one.present] for _, tried in answer.moved]
    assert all(len(of) == 1 and of[0].whole == told.whole for of in present)
    price = answer.moved[0]
    assert price[0].text == "item.unit_value < 0.85 * reference.unit_value_p10"
    assert [one.whole.fired for one in price[1]] == sorted(one.whole.fired for one in price[1])


def test_an_expression_that_never_fires_says_so(store: FactsStore, pack: Pack) -> None:
    expression = parse_indicator("item.unit_value < 0", pack.vocabulary, currency=pack.currency)
    told = backtest(store, of_expression(expression), pack, Labels.of(pack, None)).judgement
    assert told.whole.fired == told.items == 0
    assert told.precision.method == "none"
    assert told.recall is None


def test_a_profile_is_named_with_or_without_its_version(pack: Pack) -> None:
    assert named_profile("KZ-UV-01", pack).version == max(
        p.version for p in pack.profiles if p.id == "KZ-UV-01"
    )
    assert named_profile("KZ-UV-01@2", pack).version == 2
    with pytest.raises(ProfileError, match="the nearest is KZ-UV-0"):
        named_profile("KZ-UV-0", pack)
    with pytest.raises(ProfileError, match="drawn by chance"):
        named_profile("KZ-RN-01", pack)
