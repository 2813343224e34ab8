"""From rows to the engine's findings."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import pyarrow as pa

from daliz.customs.control.models import Finding
from daliz.engine.records.schema import FINDINGS

OF_FINDINGS: Final = ("control__declaration", "control__decision", "officer", "supersedes__control")
"""What has to be at hand with findings."""


def findings_table(
    findings: Iterable[Finding], *, since: datetime | None = None, before: datetime | None = None
) -> pa.Table:
    """Return findings as the canonical table, with what became known of them.

    A finding is provisional from when it was recorded, and final from when its control was concluded; where
    that was later, the final one supersedes it. So what is known at an instant does not depend on when it is
    asked.

    Args:
        findings: with ``OF_FINDINGS`` at hand.
        since: only what became known from then on.
        before: only what became known before then.
    """
    rows = [
        row
        for finding in findings
        for known_at, row in _known(finding)
        if (since is None or known_at >= since) and (before is None or known_at < before)
    ]
    return pa.Table.from_pylist(rows, schema=FINDINGS.arrow)


def _known(finding: Finding) -> Iterator[tuple[datetime, dict[str, object]]]:
    """Give what became known of a finding, and when."""
    row: dict[str, object] = {
        "finding_id": f"F{finding.pk}",
        "subject": "declaration" if finding.item_no is None else "item",
        "declaration_id": finding.control.declaration.number,
        "item_no": finding.item_no,
        "control_form": finding.control.form,
        "source": "control",
        "in_random": finding.control.decision.in_random and finding.control.by_system,
        "closed_at": finding.at,
        "known_at": finding.at,
        "supersedes": _standing_id(finding.supersedes) if finding.supersedes is not None else None,
        "finality": finding.finality,
        "violation": finding.violation,
        "violation_type": finding.violation_type or None,
        "assessed": finding.assessed,
        "minutes": finding.minutes,
        "officer_id": finding.officer.login,
    }
    ended = _made_final_at(finding)
    if ended is None:
        yield finding.at, row
        return
    yield finding.at, row | {"finality": "provisional"}
    final = {"finding_id": _standing_id(finding), "supersedes": f"F{finding.pk}", "minutes": 0.0}
    yield ended, row | final | {"closed_at": ended, "known_at": ended}


def _made_final_at(finding: Finding) -> datetime | None:
    """Return when a finding that was provisional became final; None where it was what it is at once."""
    ended = finding.control.concluded_at
    first = finding.supersedes_id is None and finding.finality == "final"
    return ended if first and ended is not None and ended > finding.at else None


def _standing_id(finding: Finding) -> str:
    """Return under which number a finding stood last."""
    return f"F{finding.pk}" if _made_final_at(finding) is None else f"F{finding.pk}/final"
