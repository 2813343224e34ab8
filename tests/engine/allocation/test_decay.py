"""What decisions promised against what controls found, by stratum; and the shares that decisions tell."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from daliz.engine.allocation.decay import evidence_of, shares_of
from daliz.engine.allocation.exploration import Ranking
from daliz.engine.records.schema import FINDINGS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def a_finding(number: str, *, violation: bool, form: str = "documents", known: int = 20) -> dict[str, object]:
    return {
        "finding_id": f"F-{number}-{form}",
        "subject": "declaration",
        "declaration_id": number,
        "control_form": form,
        "source": "control",
        "closed_at": datetime(2026, 2, known, tzinfo=UTC),
        "known_at": datetime(2026, 2, known, tzinfo=UTC),
        "finality": "final",
        "violation": violation,
    }


def a_decision(number: str, probability: float, **more: object) -> dict[str, object]:
    return {
        "declaration_id": number,
        "version": 1,
        "registered_at": datetime(2026, 2, 1, tzinfo=UTC),
        "stratum": "import",
        "probability": probability,
        "model_documents": None,
        "in_random": False,
        "random_share": 0.01,
    } | more


def tables(
    decisions: list[dict[str, object]], findings: list[dict[str, object]]
) -> tuple[pa.Table, pa.Table]:
    return pa.Table.from_pylist(decisions), pa.Table.from_pylist(findings, schema=FINDINGS.arrow)


def test_promises_are_held_against_what_was_found() -> None:
    decided, found = tables(
        [
            a_decision("A", 0.5),
            a_decision("B", 0.25),
            a_decision("C", 0.9),
            a_decision("D", 0.4, stratum="export"),
        ],
        [a_finding("A", violation=True), a_finding("B", violation=False), a_finding("D", violation=False)],
    )
    told = evidence_of(decided, found, before=NOW)
    assert list(told) == ["export", "import"]
    assert (told["import"].predicted, told["import"].spread, told["import"].hits) == (0.75, 0.4375, 1)
    assert (told["export"].predicted, told["export"].hits) == (0.4, 0)


def test_where_only_documents_were_checked_no_more_was_promised_than_they_reveal() -> None:
    decided, found = tables(
        [a_decision("A", 0.5, model_documents=0.125), a_decision("B", 0.5, model_documents=0.125)],
        [a_finding("A", violation=False), a_finding("B", violation=False, form="physical")],
    )
    assert evidence_of(decided, found, before=NOW)["import"].predicted == 0.625


def test_only_the_draw_tells_how_well_scores_rank_and_only_what_was_known() -> None:
    decided, found = tables(
        [a_decision(n, p, in_random=True) for n, p in (("A", 0.9), ("B", 0.2), ("C", 0.1), ("D", 0.3))]
        + [a_decision("A", 0.8, version=2, in_random=True)],
        [
            a_finding("A", violation=True), a_finding("B", violation=False), a_finding("C", violation=False),
            a_finding("D", violation=True) | {"known_at": datetime(2026, 3, 2, tzinfo=UTC)},
        ],
    )  # fmt: skip
    told = evidence_of(decided, found, before=NOW)["import"]
    assert told.predicted == 0
    assert told.recent is not None
    assert told.recent.auc == 1.0
    assert told.decay == 0.0


def test_the_last_decisions_tell_the_shares() -> None:
    later = datetime(2026, 2, 9, tzinfo=UTC)
    decided, _ = tables(
        [
            a_decision("A", 0.5, random_share=0.02, registered_at=later), a_decision("B", 0.5),
            a_decision("C", 0.5, stratum=None, random_share=None),
        ],
        [],
    )  # fmt: skip
    assert shares_of(decided) == {"import": pytest.approx(0.02)}


def test_a_ranking_lost_since_the_model_was_published_is_decay() -> None:
    """Twenty violations among forty drawn, scored alike: of an AUC of 0.9 seven tenths are surely gone."""
    numbers = [f"D{at}" for at in range(40)]
    decided, found = tables(
        [a_decision(number, 0.3, in_random=True) for number in numbers],
        [a_finding(number, violation=at % 2 == 0) for at, number in enumerate(numbers)],
    )
    assert evidence_of(decided, found, before=NOW)["import"].decay == 0.0
    told = evidence_of(decided, found, before=NOW, published=Ranking(0.9, 0.0))["import"]
    assert told.decay == pytest.approx(0.704, abs=0.001)
