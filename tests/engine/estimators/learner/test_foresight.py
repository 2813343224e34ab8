"""Living through the past to foretell: with nothing of what lay ahead, lined up with what is assessed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.estimators.learner import NAMES, Foresight, foresee
from daliz.engine.estimators.learner.past import Everyone
from daliz.engine.features.compute import build_facts
from daliz.engine.pack import Pack
from daliz.engine.records.columns import column_of
from daliz.engine.scoring.firing import declarations_of
from tests.engine.estimators.learner.conftest import Border

FIRST = date(2026, 3, 1)
MIDNIGHT = datetime(2026, 2, 28, 19, tzinfo=UTC)  # the beginning of FIRST in Kazakhstan


def foreseen(border: Border, pack: Pack, *, days: int = 1) -> Foresight | None:
    return foresee(
        border.declarations,
        border.findings,
        transport_means=border.transport_means,
        pack=pack,
        since=date(2026, 2, 1),
        first_day=FIRST,
        last_day=FIRST + timedelta(days=days - 1),
        progress=lambda stage, share: None,
    )


@pytest.fixture(scope="module")
def seen(border: Border, pack: Pack) -> Foresight:
    of = foreseen(border, pack, days=2)
    assert of is not None
    return of


def before(border: Border, moment: datetime) -> Border:
    known = border.findings.filter(pc.less(border.findings["known_at"], pa.scalar(moment)))
    return replace(border, findings=known)


def changed(table: pa.Table, **columns: Sequence[object]) -> pa.Table:
    for name, values in columns.items():
        at = table.schema.get_field_index(name)
        table = table.set_column(
            at, table.schema.field(name), pa.array(values, table.schema.field(name).type)
        )
    return table


def test_chances_are_chances_and_opening_finds_no_less(seen: Foresight) -> None:
    assert (seen.positives >= 30).all()
    assert seen.known[0].tolist() == [True, True, False]
    assert set(seen.versions) == {"learned"}
    assert ((seen.chance >= 0) & (seen.chance <= 1)).all()
    assert (seen.chance[:, 1] >= seen.chance[:, 0]).all()
    assert (seen.recovery >= 0).all()
    assert len(np.unique(seen.chance[:, 1])) > len(seen.chance) // 2
    assert seen.values.shape == (len(seen.item_chance), len(NAMES))


def test_no_finding_of_the_future_changes_the_first_day_nor_any_declaration_after_it(
    seen: Foresight, border: Border, pack: Pack
) -> None:
    future = pc.greater_equal(border.findings["known_at"], pa.scalar(MIDNIGHT)).to_pylist()
    assert any(future)
    told = border.findings["violation"].to_pylist()
    otherwise = changed(
        border.findings, violation=[v != ahead for v, ahead in zip(told, future, strict=True)]
    )
    past = pc.less(border.declarations["registered_at"], pa.scalar(MIDNIGHT + timedelta(days=1)))
    again = foreseen(Border(border.declarations.filter(past), otherwise, border.transport_means), pack)
    assert again is not None
    first = len(again.chance)
    assert again.digest == seen.digest
    assert again.chance.tobytes() == seen.chance[:first].tobytes()
    assert again.recovery.tobytes() == seen.recovery[:first].tobytes()
    assert again.values.tobytes() == seen.values[: len(again.values)].tobytes()


def test_with_too_few_finds_known_there_are_no_models_whatever_comes_later(
    border: Border, pack: Pack
) -> None:
    hits = border.findings.filter(border.findings["violation"]).sort_by("known_at")
    numbers = list(dict.fromkeys(hits["declaration_id"].to_pylist()))
    kept = border.findings.filter(
        pc.or_(
            pc.is_in(border.findings["declaration_id"], value_set=pa.array(numbers[:12])),
            pc.invert(border.findings["violation"]),
        )
    )
    late = hits.filter(pc.is_in(hits["declaration_id"], value_set=pa.array(numbers[12:])))
    later = changed(late, known_at=[MIDNIGHT + timedelta(hours=1)] * late.num_rows)
    few = replace(border, findings=pa.concat_tables([kept, later]))
    assert len(numbers) > 30
    assert foreseen(few, pack) is None


def test_nothing_is_foretold_without_findings(border: Border, pack: Pack) -> None:
    assert foreseen(replace(border, findings=border.findings.slice(0, 0)), pack) is None


def test_each_version_of_a_declaration_has_its_own_row_where_the_assessment_has_it(
    border: Border, pack: Pack
) -> None:
    local = pc.and_(
        pc.greater_equal(border.declarations["registered_at"], pa.scalar(MIDNIGHT)),
        pc.less(border.declarations["registered_at"], pa.scalar(MIDNIGHT + timedelta(hours=20))),
    )
    first = border.declarations.filter(local)
    some = first.filter(pc.is_in(first["declaration_id"], value_set=first["declaration_id"].unique()[:5]))
    later = [at + timedelta(hours=2) for at in column_of(some, "registered_at", datetime)]
    second = changed(some, version=[2] * some.num_rows, registered_at=later)
    amended = replace(border, declarations=pa.concat_tables([border.declarations, second]))
    of = foreseen(amended, pack)
    assert of is not None
    facts = build_facts(
        amended.declarations, amended.findings, zone=pack.zone, holidays=pack.holidays, first_day=FIRST,
        last_day=FIRST, names=["item.customs_value"],
    )  # fmt: skip
    _, first_row = declarations_of(facts)
    assert len(of.chance) == len(first_row)
    assert facts["version"].to_numpy()[first_row].tolist().count(2) == 5
    value = facts["item.customs_value"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    np.testing.assert_allclose(
        of.values[:, NAMES.index("item.customs_value")], value.astype(np.float32), rtol=1e-6
    )


def test_what_a_control_led_the_declarant_to_correct_is_not_learned_from(
    seen: Foresight, border: Border, pack: Pack
) -> None:
    """Corrections after the control has ended leave the models of what was controlled as they are."""
    known = before(border, MIDNIGHT).findings
    numbers = column_of(known, "declaration_id", str)
    closed = dict(zip(numbers, column_of(known, "closed_at", datetime), strict=True))
    day = timedelta(days=1)
    rows = border.declarations.filter(
        pc.is_in(border.declarations["declaration_id"], pa.array(sorted(closed)))
    )
    late = [closed[number] + day for number in column_of(rows, "declaration_id", str)]
    values: list[object] = [None] * rows.num_rows
    corrected = changed(rows, version=[2] * rows.num_rows, registered_at=late, net_mass_kg=values)
    in_time = corrected.filter(pc.less(corrected["registered_at"], pa.scalar(MIDNIGHT)))
    assert in_time.num_rows > 100
    amended = replace(border, declarations=pa.concat_tables([border.declarations, in_time]))
    of = foreseen(amended, pack)
    assert of is not None
    assert set(of.positives) == set(seen.positives)


def test_a_control_drawn_at_random_weighs_for_all_of_its_direction_that_were_not_chosen() -> None:
    day = pa.table(
        {
            "declaration_id": ["D1", "D1", "D2", "D3", "D4", "D5", "D6", "D7"],
            "declaration.direction": ["import"] * 6 + ["export"] * 2,
        }
    )
    everyone = Everyone(drawn=frozenset({"D2", "D7", "elsewhere"}))
    everyone.count(day, {"D1": 1, "D2": 1, "D7": 1})
    assert everyone.weights() == {"D2": 4.0, "D7": 2.0}  # D2 to D5; D6 and D7: D1 was chosen for a reason
    everyone.count(day.slice(2, 1), {})
    assert everyone.weights() == {"D2": 5.0, "D7": 2.0}


def test_no_control_weighs_for_more_than_two_hundred() -> None:
    many = pa.table(
        {
            "declaration_id": [f"D{number}" for number in range(500)],
            "declaration.direction": ["import"] * 500,
        }
    )
    everyone = Everyone(drawn=frozenset({"D7"}))
    everyone.count(many, {"D7": 1})
    assert everyone.weights() == {"D7": 200.0}
