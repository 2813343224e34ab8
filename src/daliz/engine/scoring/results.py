"""What was known of past controls at a moment: superseded and annulled findings no longer count."""

from datetime import datetime
from typing import Final

import pyarrow as pa

from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.records.files import Source, parquet_files, register
from daliz.engine.records.schema import FINDINGS

STANDING: Final = """
WITH known AS (
    SELECT * FROM findings WHERE known_at < $before
), standing AS (
    SELECT * FROM known
    WHERE finding_id NOT IN (SELECT supersedes FROM known WHERE supersedes IS NOT NULL)
        AND finality <> 'annulled'
        AND source IN ('control', 'audit')
        AND declaration_id IS NOT NULL
)
"""
"""Begins a query over ``findings``: ``standing`` is what controls of declarations found, as it was known
before ``$before``, each finding in its latest form, without what was annulled."""
_KNOWN: Final = f"""
{STANDING}
SELECT
    declaration_id,
    bool_or(violation) AS violation,
    sum(CASE WHEN violation THEN assessed END) AS assessed,
    bool_or(coalesce(in_random, FALSE)) AS in_random,
    bool_or(coalesce(control_form = 'physical', FALSE)) AS physical,
    max(closed_at) AS closed_at
FROM standing
GROUP BY declaration_id
ORDER BY declaration_id
"""


def known_results(findings: Source, *, before: datetime) -> pa.Table:
    """Return one row per controlled declaration: violation, assessed (money), in_random, physical, closed_at.

    Only findings known before ``before`` count, in their latest known form; what was learned without
    control (non-delivery, voluntary correction) says nothing of whom to control and is left out.
    """
    folders = [] if isinstance(findings, pa.Table) else [file.parent for file in parquet_files(findings)]
    with connect(folders=folders) as connection:
        register(connection, "findings", findings, FINDINGS)
        return answer(connection, _KNOWN, {"before": before})
