"""A border of a few days whose truth is known, and strategies that are watched while they live through it."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daliz.engine.allocation import Capacity as Plan
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import conform
from daliz.engine.records.schema import DECLARATIONS, TRUTH
from daliz.engine.replay import Replay, ReplayError, Setting, closed, replay
from daliz.engine.world import CONTROLS, findings_of, write_world
from tests.engine.replay.watched import Watched, watching

FIRST = datetime(2026, 3, 2, 7, tzinfo=UTC)
A_DAY = 20
"""Declarations registered every day."""
DAYS = 30
OWN = "tests.engine.replay.watched:Modest"
RAISING = "tests.engine.replay.watched:Raising"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def border(*, hour: int = 0) -> tuple[pa.Table, pa.Table]:
    """Every third declaration evades a million tenge by its value; every fifth hides goods."""
    rows, truths = [], []
    for n in range(DAYS * A_DAY):
        day, place = divmod(n, A_DAY)
        number = f"{day:02}/{place:02}"
        rows.append(
            {"declaration_id": number, "version": 1, "item_no": 1, "direction": "import", "office": "51501",
             "registered_at": FIRST + timedelta(days=day, hours=hour, minutes=place)}
        )  # fmt: skip
        wrong, hidden = place % 3 == 0, place % 5 == 1
        truths.append(
            {"declaration_id": number, "item_no": 1, "violation": wrong or hidden,
             "violation_type": "undervaluation" if wrong else "concealment" if hidden else None,
             "evaded": Decimal("1000000.00" if wrong else "0.00"),
             "harm": 10.0 if hidden and not wrong else 0.0,
             "detected_by": ["documents"] if wrong else ["physical"] if hidden else []}
        )  # fmt: skip
    declared = conform(pa.Table.from_pylist(rows), DECLARATIONS)
    return declared, conform(pa.Table.from_pylist(truths), TRUTH)


Lived = Callable[..., tuple[Watched, Replay]]


@pytest.fixture(scope="module")
def lived(pack: Pack) -> Lived:
    """Live through the border with a strategy that asks for so many controls of each form."""

    def live(
        *, asks: dict[str, int], warmup: int = 7, delay: int = 5, shares: dict[str, float] | None = None,
        hour: int = 0,
    ) -> tuple[Watched, Replay]:  # fmt: skip
        watched = watching(asks)
        setting = Setting(pack, Plan(shares or {"documents": 0.2, "physical": 0.1}, {}), warmup, delay)
        done = replay(*border(hour=hour), [OWN], setting, seed=5)
        assert dict(done.failures) == {}
        return watched, done

    return live


def test_the_past_is_told_and_then_each_declaration_is_asked_about_once(lived: Lived) -> None:
    watched, _ = lived(asks={})
    assert [len(ids) for _, ids in watched.observed] == [A_DAY] * 7
    assert [len(ids) for _, ids, _ in watched.asked] == [A_DAY] * 23
    told = [name for _, ids in watched.observed for name in ids] + [
        n for _, ids, _ in watched.asked for n in ids
    ]
    assert len(told) == len(set(told)) == DAYS * A_DAY
    assert watched.asked[0][0] == datetime(2026, 3, 9, 19, tzinfo=UTC)  # the ninth of March ends, in Almaty


def test_capacity_is_a_share_of_the_day(lived: Lived) -> None:
    watched, _ = lived(asks={})
    assert {str(dict(capacity.declarations)) for _, _, capacity in watched.asked} == {
        "{'documents': 4, 'physical': 2}"
    }


def test_what_exceeds_capacity_is_dropped_and_counted(lived: Lived) -> None:
    watched, done = lived(asks={"documents": 6, "physical": 3})
    figures = done.figures[OWN][-1]
    assert figures.forms["documents"].controls == 4 * 23
    assert figures.forms["physical"].controls == 2 * 23
    assert figures.dropped == 3 * 23
    learned = {row["declaration_id"] for _, row in watched.learned if str(row["declaration_id"]) >= "07"}
    assert {str(name)[3:] for name in learned} == {
        "00",
        "01",
        "02",
        "03",
        "06",
        "07",
    }  # the first of each form


def test_the_warm_up_is_labelled_in_both_forms_and_afterwards_only_own_controls(lived: Lived) -> None:
    watched, _ = lived(asks={"documents": 2})
    first: dict[str, set[object]] = {}
    for _, row in watched.learned:
        if row["supersedes"] is None:
            first.setdefault(str(row["declaration_id"]), set()).add(row["control_form"])
    early = {name: forms for name, forms in first.items() if name < "07"}
    late = {name: forms for name, forms in first.items() if name >= "07"}
    assert len(early) == 7 * A_DAY
    assert all(forms == {"documents", "physical"} for forms in early.values())
    assert {name[3:] for name in late} == {"00", "01"}
    assert all(forms == {"documents"} for forms in late.values())


def test_findings_are_learned_in_the_morning_and_not_before_the_delay(lived: Lived) -> None:
    watched, _ = lived(asks={"documents": 4}, delay=5)
    for now, row in watched.learned:
        controlled_on = date(2026, 3, 2) + timedelta(days=int(str(row["declaration_id"])[:2]))
        assert now.astimezone(UTC).hour == 19  # midnight in Almaty
        assert row["known_at"] < now  # type: ignore[operator]  # both instants
        local = (now + timedelta(hours=5)).date()
        assert local >= controlled_on + timedelta(
            days=6
        )  # known on the fifth day after, learned next morning


def test_without_delay_a_finding_keeps_its_own_time(lived: Lived, pack: Pack) -> None:
    watched, _ = lived(asks={"documents": 4}, delay=0)
    declared, truth = border()
    controls = pa.Table.from_pylist(
        [{"declaration_id": "10/00", "control_form": "documents",
          "decided_at": FIRST + timedelta(days=10, minutes=20)}], schema=CONTROLS,
    )  # fmt: skip
    expected = findings_of(controls, declared, truth, seed=5)["known_at"].to_pylist()
    got = [row["known_at"] for _, row in watched.learned if row["declaration_id"] == "10/00"]
    assert got == expected[: len(got)]
    assert got


def test_a_contested_finding_is_settled_later_and_the_strategy_hears_of_it(lived: Lived) -> None:
    watched, _ = lived(asks={})
    by_id = {row["finding_id"]: (now, row) for now, row in watched.learned}
    settled = [(now, row) for now, row in watched.learned if row["supersedes"] is not None]
    assert settled
    for now, row in settled:
        before, first = by_id[row["supersedes"]]
        assert first["finality"] == "provisional"
        assert row["finality"] in {"final", "annulled"}
        assert now >= before + timedelta(days=13)


def test_money_and_harm_are_what_controls_recover_in_the_end(lived: Lived) -> None:
    _, done = lived(asks={"documents": 1}, warmup=7)
    own = done.figures[OWN][-1]
    assert own.evaded == Decimal(23 * 7 * 1_000_000)
    assert own.harm == 23 * 3 * 10.0  # places 1, 11 and 16; place 6 undervalues
    assert own.forms["documents"].controls == 23
    assert 0.8 <= float(own.recovered) / (own.forms["documents"].found * 1_000_000) <= 1
    assert own.harm_found == 0.0


def test_hidden_goods_are_never_found_on_paper(lived: Lived, pack: Pack) -> None:
    _, done = lived(asks={"documents": 2}, shares={"documents": 0.2, "physical": 0.0})
    own = done.figures[OWN][-1]
    assert own.forms["documents"].controls == 2 * 23
    assert own.forms["documents"].found <= 23  # place 1 hides goods
    assert own.harm_found == 0.0


def test_the_oracle_does_no_worse_than_anybody(lived: Lived) -> None:
    _, done = lived(asks={"documents": 4, "physical": 2})
    own, best = done.figures[OWN][-1], done.figures["oracle"][-1]
    weight = 60_000
    assert float(best.recovered) + weight * best.harm_found >= float(own.recovered) + weight * own.harm_found
    assert best.hit_rate == 1.0
    assert best.share_controlled == 6 / 20


def test_days_are_those_of_the_pack(lived: Lived) -> None:
    watched, _ = lived(asks={}, hour=13)  # registered at 01:00 of the next day in Almaty
    assert watched.observed[0][0] == datetime(2026, 3, 3, 19, tzinfo=UTC)


def test_a_strategy_that_raises_has_a_failure_and_the_others_go_on(pack: Pack) -> None:
    setting = Setting(pack, Plan({"documents": 0.2}, {}), 7, 5)
    done = replay(*border(), [RAISING, "random"], setting, seed=5)
    assert list(done.figures) == ["random", "oracle"]
    failure = done.failures[RAISING]
    assert failure.error.text() == f"the strategy {RAISING} failed: RuntimeError: out of ideas"


def test_compliance_is_estimated_from_what_chance_drew(pack: Pack) -> None:
    setting = Setting(pack, Plan({"physical": 0.5}, {}), 1, 0)
    one = replay(*border(), ["random"], setting, seed=5).figures["random"][-1]
    assert one.forms["physical"].controls == 10 * 29
    assert one.compliance.low <= one.compliant <= one.compliance.high
    assert one.compliance.high - one.compliance.low < 0.1
    assert 0.5 <= one.compliant <= 0.55  # 10 of 20 are wrong; a few are missed or annulled


def test_the_same_replay_gives_the_same_decisions(pack: Pack) -> None:
    setting = Setting(pack, Plan({"documents": 0.2, "physical": 0.1}, {}), 7, 5)
    first, again = (replay(*border(), ["random"], setting, seed=5).courses["random"] for _ in range(2))
    assert np.array_equal(first.form, again.form)
    assert np.array_equal(first.rank, again.rank)


def test_truth_of_another_world_is_refused(pack: Pack) -> None:
    declared, truth = border()
    with pytest.raises(ReplayError, match="the truth lacks 20 of the declarations"):
        replay(
            declared, truth.slice(20), ["random"], Setting(pack, Plan({"documents": 0.2}, {}), 7, 5), seed=5
        )


def test_a_warm_up_as_long_as_the_border_is_refused(pack: Pack) -> None:
    with pytest.raises(ReplayError, match="lasts 30 days and the declarations 30"):
        replay(*border(), ["random"], Setting(pack, Plan({"documents": 0.2}, {}), 30, 5), seed=5)


@pytest.mark.parametrize(("own", "expected"), [(5.0, 0.0), (7.0, 0.5), (9.0, 1.0), (4.0, -0.25)])
def test_the_gap_closed_goes_from_the_baseline_to_the_oracle(own: float, expected: float) -> None:
    assert closed(own, 5.0, 9.0) == expected


@pytest.mark.slow
def test_a_pretend_border_is_replayed_for_the_baseline(pack: Pack, tmp_path: Path) -> None:
    write_world(tmp_path, pack=pack, seed=7, months=3, per_day=40)
    tables: Sequence[pa.Table] = [
        pq.read_table(tmp_path / f"{name}.parquet") for name in ("declarations", "truth", "transport_means")
    ]
    setting = Setting(pack, Plan({"documents": 0.16, "physical": 0.04}, {}), 56, 5)
    done = replay(tables[0], tables[1], ["lightgbm", "random"], setting, seed=7, transport_means=tables[2])
    plain, chance, best = (done.figures[name][-1] for name in ("lightgbm", "random", "oracle"))
    assert done.baseline == "lightgbm"
    assert chance.recovered < plain.recovered <= best.recovered
    assert (plain.hit_rate or 0) > 2 * (chance.hit_rate or 0)
    assert sum(one.controls for one in plain.bins) == plain.controls
