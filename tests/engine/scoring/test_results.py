"""What was known of past controls at a moment."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa

from daliz.engine.records.schema import FINDINGS
from daliz.engine.scoring.experience import controlled_versions
from daliz.engine.scoring.results import known_results

MORNING = datetime(2026, 3, 1, 19, tzinfo=UTC)


def a_finding(number: str, declaration: str = "KZ-1", **more: object) -> dict[str, object]:
    return {
        "finding_id": number,
        "subject": "declaration",
        "declaration_id": declaration,
        "control_form": "documents",
        "source": "control",
        "closed_at": datetime(2026, 2, 20, tzinfo=UTC),
        "known_at": datetime(2026, 2, 21, tzinfo=UTC),
        "finality": "final",
        "violation": False,
    } | more


def known(*findings: dict[str, object]) -> dict[str, tuple[bool, Decimal | None, bool, bool]]:
    table = pa.Table.from_pylist(list(findings), schema=FINDINGS.arrow)
    return {
        row["declaration_id"]: (row["violation"], row["assessed"], row["in_random"], row["physical"])
        for row in known_results(table, before=MORNING).to_pylist()
    }


def test_two_controls_of_one_declaration_are_one_result() -> None:
    got = known(
        a_finding("1"),
        a_finding("2", control_form="physical", in_random=True, violation=True, assessed=Decimal("500.50")),
    )
    assert got == {"KZ-1": (True, Decimal("500.50"), True, True)}


def test_a_finding_not_yet_known_does_not_count() -> None:
    assert known(a_finding("1", known_at=MORNING)) == {}


def test_a_superseded_finding_gives_way_to_its_successor() -> None:
    got = known(a_finding("1", violation=True, assessed=Decimal(900)), a_finding("2", supersedes="1"))
    assert got == {"KZ-1": (False, None, False, False)}


def test_a_successor_that_is_not_yet_known_leaves_the_finding_standing() -> None:
    got = known(a_finding("1", violation=True), a_finding("2", supersedes="1", known_at=MORNING))
    assert got["KZ-1"][0] is True


def test_an_annulled_finding_is_unlearned() -> None:
    got = known(a_finding("1", violation=True), a_finding("2", supersedes="1", finality="annulled"))
    assert got == {}


def test_what_was_learned_without_control_is_left_out() -> None:
    assert (
        known(a_finding("1", source="voluntary", violation=True), a_finding("2", source="system_event")) == {}
    )


def test_of_an_amended_declaration_the_version_that_was_controlled_teaches() -> None:
    results = known_results(
        pa.Table.from_pylist([a_finding("1"), a_finding("2", "KZ-2")], schema=FINDINGS.arrow), before=MORNING
    )
    versions = pa.table(
        {
            "declaration_id": ["KZ-1", "KZ-1", "KZ-1", "KZ-2"],
            "version": pa.array([1, 2, 3, 1], pa.int32()),
            "registered_at": pa.array(
                [datetime(2026, 2, day, tzinfo=UTC) for day in (17, 18, 25, 27)], pa.timestamp("us", tz="UTC")
            ),
        }
    )
    kept = controlled_versions(versions, results).select(["declaration_id", "version"]).to_pylist()
    assert kept == [{"declaration_id": "KZ-1", "version": 2}, {"declaration_id": "KZ-2", "version": 1}]
