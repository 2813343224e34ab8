"""From rows to the engine's findings."""

from collections.abc import Iterable

import pyarrow as pa

from daliz.customs.control.models import Finding
from daliz.engine.records.schema import FINDINGS


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """Return findings as the canonical table.

    Args:
        findings: with control, declaration, decision and officer at hand.
    """
    rows = [
        {
            "finding_id": f"F{finding.pk}",
            "subject": "declaration" if finding.item_no is None else "item",
            "declaration_id": finding.control.declaration.number,
            "item_no": finding.item_no,
            "control_form": finding.control.form,
            "source": "control",
            "in_random": finding.control.decision.in_random and finding.control.by_system,
            "closed_at": finding.at,
            "known_at": finding.at,
            "supersedes": None if finding.supersedes_id is None else f"F{finding.supersedes_id}",
            "finality": finding.finality,
            "violation": finding.violation,
            "violation_type": finding.violation_type or None,
            "assessed": finding.assessed,
            "minutes": finding.minutes,
            "officer_id": finding.officer.login,
        }
        for finding in findings
    ]
    return pa.Table.from_pylist(rows, schema=FINDINGS.arrow)
