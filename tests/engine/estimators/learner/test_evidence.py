"""What a control shows of papers, of hidden goods and afterwards; findings replaced and annulled."""

from datetime import UTC, datetime
from typing import cast

import numpy as np
import pyarrow as pa
import pytest

from daliz.engine.estimators.learner import Evidence, Shown
from daliz.engine.records.schema import FINDINGS

NAN = float("nan")


def a_finding(number: str, form: str | None = "documents", **more: object) -> dict[str, object]:
    return {
        "finding_id": number,
        "subject": "declaration",
        "declaration_id": "KZ-1",
        "control_form": form,
        "source": "control",
        "closed_at": datetime(2026, 2, 20, tzinfo=UTC),
        "known_at": datetime(2026, 2, 21, tzinfo=UTC),
        "finality": "final",
        "violation": False,
    } | more


def a_hit(number: str, form: str | None = "documents", **more: object) -> dict[str, object]:
    return a_finding(number, form, violation=True, violation_type="undervaluation", assessed=700, **more)


def told(evidence: Evidence, *findings: dict[str, object]) -> list[str]:
    return evidence.learn(pa.Table.from_pylist(list(findings), schema=FINDINGS.arrow))


def shown(*findings: dict[str, object], items: tuple[int, ...] = (1, 2)) -> Shown | None:
    evidence = Evidence()
    told(evidence, *findings)
    return evidence.shown("KZ-1", items)


def found(*findings: dict[str, object], items: tuple[int, ...] = (1, 2)) -> list[list[float]]:
    of = shown(*findings, items=items)
    assert of is not None
    return cast("list[list[float]]", of.found.tolist())


def same(actual: list[list[float]], expected: list[list[float]]) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-12)


def test_a_clean_document_check_says_nothing_of_hidden_goods() -> None:
    same(found(a_finding("F1")), [[0, NAN, NAN], [0, NAN, NAN]])


def test_a_clean_physical_control_speaks_of_papers_and_of_hidden_goods() -> None:
    same(found(a_finding("F1", "physical")), [[0, 0, NAN], [0, 0, NAN]])


def test_what_only_opening_found_is_half_papers_before_anything_is_known_of_its_type() -> None:
    same(found(a_hit("F1", "physical", item_no=2)), [[0, 0, NAN], [0.5, 0.5, NAN]])


def test_where_both_forms_were_carried_out_the_papers_say_which_it_was() -> None:
    hidden = (a_finding("F1"), a_hit("F2", "physical", item_no=1))
    same(found(*hidden), [[0, 1, NAN], [0, 0, NAN]])
    plain = (a_hit("F1", item_no=1), a_hit("F2", "physical", item_no=1))
    same(found(*plain), [[1, 0, NAN], [0, 0, NAN]])


def test_what_papers_showed_stands_though_opening_found_nothing_more() -> None:
    of = shown(a_hit("F1", item_no=1), a_finding("F2", "physical"))
    assert of is not None
    same(of.found.tolist(), [[1, 0, NAN], [0, 0, NAN]])
    assert of.assessed[0].tolist() == [700, 0, 0]
    assert of.kind == "undervaluation"
    assert of.forms == {"documents", "physical"}
    assert of.hit == {"documents"}


def test_types_are_learned_to_be_hidden_or_not_from_declarations_controlled_in_both_forms() -> None:
    evidence = Evidence()
    for n in range(3):
        told(
            evidence,
            a_finding(f"D{n}", declaration_id=f"KZ-{n}"),
            a_hit(f"P{n}", "physical", declaration_id=f"KZ-{n}"),
        )
    assert evidence.share_in_papers("undervaluation") == pytest.approx(1 / 5)  # (0 + 1) / (3 + 2)
    assert evidence.share_in_papers("another") == 0.5
    assert evidence.share_in_papers(None) == 0.0
    told(evidence, a_finding("A0", "physical", declaration_id="KZ-0", supersedes="P0", finality="annulled"))
    assert evidence.share_in_papers("undervaluation") == pytest.approx(1 / 4)


def test_a_finding_on_the_whole_declaration_is_spread_over_its_items() -> None:
    of = shown(a_hit("F1", item_no=None))
    assert of is not None
    same(of.found.tolist(), [[0.7, NAN, NAN], [0.7, NAN, NAN]])
    assert of.assessed[:, 0].tolist() == pytest.approx([500, 500])  # 0.7 x 500 x 2 items = 700
    same(found(a_hit("F1", item_no=None), items=(1,)), [[1, NAN, NAN]])


def test_an_item_that_the_declaration_has_not_stands_for_the_whole_of_it() -> None:
    same(found(a_hit("F1", item_no=9)), [[0.7, NAN, NAN], [0.7, NAN, NAN]])


def test_audits_are_told_apart_whether_or_not_they_state_their_form() -> None:
    for form in ("post_release", None):
        of = shown(a_hit("F1", form, source="audit", item_no=1))
        assert of is not None
        same(of.found.tolist(), [[NAN, NAN, 1], [NAN, NAN, 0]])
        assert of.hit == {"post_release"}


def test_what_came_to_light_by_itself_does_not_count() -> None:
    assert shown(a_hit("F1", None, source="system_event"), a_hit("F2", None, source="voluntary")) is None


def test_a_later_finding_replaces_the_one_it_names() -> None:
    evidence = Evidence()
    told(evidence, a_hit("F1", item_no=1, finality="provisional"))
    assert told(evidence, a_hit("F2", item_no=1, supersedes="F1") | {"assessed": 40}) == ["KZ-1"]
    of = evidence.shown("KZ-1", (1,))
    assert of is not None
    assert of.assessed[0, 0] == 40


def test_an_annulled_finding_leaves_nothing() -> None:
    evidence = Evidence()
    told(evidence, a_hit("F1"))
    assert told(evidence, a_hit("F2", supersedes="F1", finality="annulled")) == ["KZ-1"]
    assert evidence.shown("KZ-1", (1, 2)) is None


def test_what_superseded_it_may_come_first() -> None:
    assert shown(a_hit("F2", supersedes="F1", finality="annulled"), a_hit("F1")) is None


def test_what_a_voluntary_correction_supersedes_no_longer_stands() -> None:
    evidence = Evidence()
    told(evidence, a_hit("F1"))
    by_itself = a_finding("F2", None, source="voluntary", supersedes="F1", declaration_id=None)
    assert told(evidence, by_itself) == ["KZ-1"]
    assert evidence.shown("KZ-1", (1,)) is None


def test_the_type_is_that_of_the_first_violation_that_states_one() -> None:
    of = shown(a_hit("F1") | {"violation_type": None}, a_hit("F2"))
    assert of is not None
    assert of.kind == "undervaluation"


def test_nothing_is_known_of_a_declaration_that_nobody_controlled() -> None:
    assert Evidence().shown("KZ-1", (1,)) is None
