"""What holds in the database of a system whose declarations came in once and were not amended."""

from collections.abc import Callable, Mapping
from typing import Any, Final


def broken(ask: Callable[[str], list[tuple[Any, ...]]]) -> list[str]:
    """Return what does not hold, in words; nothing where all is well.

    Args:
        ask: carries a query out and returns its rows.
    """
    return [f"{what}: {row}" for what, said in _ONCE.items() for row in ask(said)]


_ONCE: Final[Mapping[str, str]] = {
    "not decided once": (
        "SELECT d.id, count(c.id) FROM intake_declaration d JOIN intake_version v ON v.declaration_id = d.id "
        "LEFT JOIN assessment_decision c ON c.version_id = v.id GROUP BY d.id HAVING count(c.id) <> 1"
    ),
    "left half way": "SELECT id, state FROM intake_declaration WHERE state IN ('draft', 'registered')",
    "released twice": (
        "SELECT declaration_id, count(*) FROM intake_timelineentry WHERE what = 'release' "
        "GROUP BY declaration_id HAVING count(*) > 1"
    ),
    "released without a line": (
        "SELECT id FROM intake_declaration d WHERE state = 'released' AND NOT EXISTS (SELECT 1 FROM "
        "intake_timelineentry t WHERE t.declaration_id = d.id AND t.what = 'release')"
    ),
    "control begun twice": (
        "SELECT subject_id, count(*) FROM journal_entry WHERE act = 'control.taken' "
        "GROUP BY subject_id HAVING count(*) > 1"
    ),
    "two controls of a form": (
        "SELECT declaration_id, form, count(*) FROM control_control GROUP BY declaration_id, form "
        "HAVING count(*) > 1"
    ),
    "under control without control": (
        "SELECT id FROM intake_declaration d WHERE state = 'control' AND NOT EXISTS "
        "(SELECT 1 FROM control_control c WHERE c.declaration_id = d.id)"
    ),
    "registered, and not notified once": (
        "SELECT d.id, count(n.id) FROM intake_declaration d LEFT JOIN outbox_notice n ON "
        "n.subject_id = CAST(d.id AS varchar(64)) AND n.topic = 'registered' "
        "GROUP BY d.id HAVING count(n.id) <> 1"
    ),
    "released, and not notified once": (
        "SELECT d.id, count(n.id) FROM intake_declaration d LEFT JOIN outbox_notice n ON n.subject_id = "
        "CAST(d.id AS varchar(64)) AND n.topic = 'release' WHERE d.state = 'released' "
        "GROUP BY d.id HAVING count(n.id) <> 1"
    ),
    "journalled other than once": (
        "SELECT d.id, count(e.id) FROM intake_declaration d LEFT JOIN journal_entry e ON e.subject_id = "
        "CAST(d.id AS varchar(64)) AND e.act = 'declaration.registered' GROUP BY d.id HAVING count(e.id) <> 1"
    ),
}
"""Queries that find nothing where all is well."""
