"""Every act that the journal may hold has words."""

import ast
from collections.abc import Iterator

from daliz.customs.control.clocks import EXTENSION
from daliz.customs.control.models import Appeal, Obligation, Rerouting
from daliz.customs.intake.life import Step
from daliz.customs.redress import REOPENING
from daliz.doors.pages.acts import ACTS, SUBJECTS
from tests.conftest import ROOT

NOTES = {"note", "_note", "_noted", "Line"}


def named_in_source() -> Iterator[str]:
    """Yield the codes that the source writes out where it notes something."""
    for path in sorted((ROOT / "src" / "daliz").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in NOTES:
                continue
            given = [*call.args, *(one.value for one in call.keywords if one.arg == "act")]
            for text in (part for one in given for part in ast.walk(one)):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and "." in text.value:
                    yield text.value


def test_every_act_that_the_source_names_has_words() -> None:
    whole = {code for code in named_in_source() if not code.endswith(".")}
    assert {"staff.logged-in", "company.let-go", "request.asked", "term.stopped"} <= whole
    assert sorted(whole - set(ACTS) - {".asked"}) == []


def test_every_act_that_is_put_together_has_words() -> None:
    made = {f"declaration.{step.value}" for step in Step}
    made |= {f"appeal.{one}" for one in (Appeal.UPHELD, Appeal.CORRECTED, Appeal.ANNULLED)}
    made |= {
        f"release.{one}-settled"
        for one in (Obligation.SECURITY, Obligation.CONDITION, Obligation.EXAMINATION)
    }
    kinds = (Rerouting.PROPOSED, Rerouting.AT_ONCE, Rerouting.DEVIATION, "agreed", "declined")
    made |= {f"rerouting.{one}" for one in kinds}
    made |= {f"{act}.{said}" for act in (EXTENSION, REOPENING) for said in ("asked", "agreed", "declined")}
    made |= {"finding.annulled", "finding.corrected"}
    assert sorted(made - set(ACTS)) == []


def test_everything_that_an_entry_is_about_has_words() -> None:
    named: set[str] = set()
    for path in sorted((ROOT / "src" / "daliz").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.keyword) or node.arg != "subject":
                continue
            first = node.value.elts[0] if isinstance(node.value, ast.Tuple) else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                named.add(first.value)
    assert {"user", "declaration", "subscription"} <= named
    assert sorted(named - set(SUBJECTS)) == []
