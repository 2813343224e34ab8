"""What a control finds: never more than its form can reveal, and the same whatever else is controlled."""

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRUTH
from daliz.engine.world import CONTROLS, findings_of
from tests.engine.world.asking import ask, number

MONDAY = datetime(2025, 3, 3, 6, tzinfo=UTC)
PAPERS = ["documents", "physical", "post_release"]


def a_border(*, of: int, detected_by: list[str], kind: str = "undervaluation") -> tuple[pa.Table, pa.Table]:
    """``of`` declarations D0, D1, … of two items; the second item of each violates."""
    names = [f"D{i}" for i in range(of)]
    declarations = pa.Table.from_pylist(
        [
            {"declaration_id": n, "version": 1, "item_no": k, "registered_at": MONDAY,
             "direction": "import", "office": "57501"}
            for n in names for k in (1, 2)
        ],
        schema=DECLARATIONS.arrow,
    )  # fmt: skip
    truth = pa.Table.from_pylist(
        [
            {"declaration_id": n, "item_no": k, "violation": k == 2,
             "violation_type": kind if k == 2 else None,
             "evaded": Decimal(1000 * (k - 1)), "harm": 0.0, "detected_by": detected_by if k == 2 else []}
            for n in names for k in (1, 2)
        ],
        schema=TRUTH.arrow,
    )  # fmt: skip
    return declarations, truth


def controls(
    names: list[str], form: str, *, item_no: int | None = None, extent: str | None = None
) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"declaration_id": n, "item_no": item_no, "control_form": form, "in_random": False,
             "decided_at": MONDAY, "extent": extent}
            for n in names
        ],
        schema=CONTROLS,
    )  # fmt: skip


def names(count: int) -> list[str]:
    return [f"D{i}" for i in range(count)]


def first_rows(findings: pa.Table) -> pa.Table:
    return findings.filter(pc.is_null(findings.column("supersedes")))


@pytest.mark.parametrize(
    ("detected_by", "form", "sees"),
    [
        (["physical"], "documents", False),
        (["physical"], "post_release", False),
        (["physical"], "physical", True),
        (["post_release"], "documents", False),
        (["post_release"], "physical", False),
        (["post_release"], "post_release", True),
        (PAPERS, "documents", True),
        (PAPERS, "physical", True),
        (["documents"], "physical", True),
    ],
)
def test_a_form_finds_only_what_it_can_reveal(detected_by: list[str], form: str, sees: bool) -> None:
    declarations, truth = a_border(of=60, detected_by=detected_by)
    found = first_rows(findings_of(controls(names(60), form), declarations, truth, seed=1))
    hits = number("select count(*) from f where violation", f=found)
    assert found.num_rows == 60
    assert (45 <= hits <= 60) if sees else hits == 0


def test_one_wrong_item_is_named_and_a_clean_declaration_is_found_clean() -> None:
    declarations, truth = a_border(of=1, detected_by=PAPERS, kind="documents")
    row = next(
        row
        for seed in range(50)
        for row in findings_of(controls(["D0"], "physical"), declarations, truth, seed=seed).to_pylist()
        if row["violation"]
    )
    assert (row["subject"], row["item_no"], row["violation_type"]) == ("item", 2, "documents")
    assert row["finality"] == "final"
    assert Decimal(850) <= row["assessed"] <= Decimal(1000)
    assert row["collected"] <= row["assessed"]
    clean = findings_of(controls(["D0"], "physical", item_no=1), declarations, truth, seed=0).to_pylist()[0]
    assert (clean["violation"], clean["assessed"], clean["item_no"]) == (False, None, 1)


def test_what_one_control_finds_does_not_depend_on_the_others() -> None:
    declarations, truth = a_border(of=20, detected_by=PAPERS)
    together = findings_of(controls(names(20), "documents"), declarations, truth, seed=9)
    alone = pa.concat_tables(
        [
            findings_of(controls([name], "documents"), declarations, truth, seed=9)
            for name in reversed(names(20))
        ]
    )
    assert together.sort_by("finding_id").equals(alone.sort_by("finding_id"))


def test_another_seed_finds_otherwise() -> None:
    declarations, truth = a_border(of=20, detected_by=PAPERS)
    one, two = (findings_of(controls(names(20), "documents"), declarations, truth, seed=s) for s in (1, 2))
    assert one.column("minutes").to_pylist() != two.column("minutes").to_pylist()


def test_a_glance_sees_less_of_what_is_hidden_than_opening_everything() -> None:
    declarations, truth = a_border(of=300, detected_by=["physical"], kind="concealment")
    found = {
        extent: number(
            "select count(*) from f where violation",
            f=findings_of(controls(names(300), "physical", extent=extent), declarations, truth, seed=1),
        )
        for extent in ("visual", "selective", "partial", "full")
    }
    assert found["visual"] < found["selective"] < found["partial"] < found["full"]
    assert found["full"] > 260


def test_contested_values_are_settled_later_and_some_are_annulled() -> None:
    declarations, truth = a_border(of=600, detected_by=PAPERS)
    found = findings_of(controls(names(600), "post_release"), declarations, truth, seed=4)
    assert found.schema.equals(FINDINGS.arrow)
    provisional, annulled, orphans, early = ask(
        """select count(*) filter (finality = 'provisional'), count(*) filter (finality = 'annulled'),
        count(*) filter (finality = 'provisional' and finding_id not in
            (select supersedes from f where supersedes is not null)),
        count(*) filter (known_at < closed_at) from f""",
        f=found,
    )
    assert isinstance(provisional, int)
    assert isinstance(annulled, int)
    assert 150 < provisional < 330
    assert 3 < annulled < 60
    assert (orphans, early) == (0, 0)


def test_past_controls_keep_to_their_shares_and_spare_the_last_month(
    declarations: pa.Table, findings: pa.Table
) -> None:
    share = {
        form: number(
            f"""select (select count(*) from f where control_form = '{form}' and supersedes is null) /
            (select count(distinct declaration_id) from d where registered_at < '2025-05-31 19:00:00+00')""",
            d=declarations, f=findings,
        )
        for form in ("documents", "physical")
    }  # fmt: skip
    assert 0.15 < share["documents"] < 0.17
    assert 0.03 < share["physical"] < 0.05
    late = number(
        """select count(*) from f
        join (select distinct declaration_id, registered_at from d) using (declaration_id)
        where registered_at >= '2025-05-31 19:00:00+00'""",
        d=declarations, f=findings,
    )  # fmt: skip
    assert late == 0


def test_a_random_share_of_physical_controls_is_marked(findings: pa.Table) -> None:
    drawn, forms = ask(
        """select avg(in_random::int) filter (control_form = 'physical'),
        list(distinct control_form) filter (in_random) from f""",
        f=findings,
    )
    assert 0.15 < float(str(drawn)) < 0.35
    assert forms == ["physical"]


def test_naive_experts_find_more_than_chance_and_lost_transit_comes_to_light_by_itself(
    findings: pa.Table,
) -> None:
    expert, chance = ask(
        """select avg(violation::int) filter (not in_random), avg(violation::int) filter (in_random)
        from f where control_form = 'physical' and supersedes is null""",
        f=findings,
    )
    assert float(str(expert)) > float(str(chance))
    events = ask(
        "select count(*) > 0, bool_and(violation_type = 'non_delivery'), count(control_form) from f "
        "where source = 'system_event'",
        f=findings,
    )
    assert events == (True, True, 0)


def test_every_superseding_finding_has_what_it_supersedes(findings: pa.Table) -> None:
    orphans = number(
        "select count(*) from f where supersedes is not null "
        "and supersedes not in (select finding_id from f)",
        f=findings,
    )
    assert orphans == 0
    assert number("select count(*) - count(distinct finding_id) from f", f=findings) == 0
