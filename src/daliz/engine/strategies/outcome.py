"""What controls come to in the end: one row a declaration and form of control."""

import pyarrow as pa

from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.records.files import conform
from daliz.engine.records.schema import FINDINGS

_REVEALS = (
    "(list_contains(detected_by, form) OR form = 'physical' AND list_contains(detected_by, 'documents'))"
)
_OF_FINDINGS = f"""
WITH standing AS (
    SELECT declaration_id, control_form AS form, item_no, assessed,
        violation AND finality <> 'annulled' AS found
    FROM findings
    WHERE control_form IS NOT NULL AND declaration_id IS NOT NULL
        AND finding_id NOT IN (SELECT supersedes FROM findings WHERE supersedes IS NOT NULL)
), harmful AS (
    SELECT declaration_id, form, sum(t.harm::DECIMAL(18, 6)) AS harm
    FROM standing JOIN truth AS t USING (declaration_id)
    WHERE found AND violation AND {_REVEALS} AND (standing.item_no IS NULL OR standing.item_no = t.item_no)
    GROUP BY ALL
), spent AS (
    SELECT declaration_id, control_form AS form, sum(round(minutes, 1)::DECIMAL(18, 1)) AS minutes
    FROM findings GROUP BY ALL
)
SELECT declaration_id, form AS control_form, bool_or(found) AS found,
    coalesce(sum(CASE WHEN found THEN assessed END), 0)::DECIMAL(20, 2) AS assessed,
    coalesce(any_value(harm), 0)::DOUBLE AS harm, coalesce(any_value(minutes), 0)::DOUBLE AS minutes
FROM standing LEFT JOIN harmful USING (declaration_id, form) LEFT JOIN spent USING (declaration_id, form)
GROUP BY declaration_id, form ORDER BY declaration_id, form
"""
_OF_TRUTH = f"""
SELECT declaration_id, form AS control_form, TRUE AS found, sum(evaded)::DECIMAL(20, 2) AS assessed,
    sum(harm::DECIMAL(18, 6))::DOUBLE AS harm, 0.0 AS minutes
FROM truth, (SELECT unnest(['documents', 'physical', 'post_release']) AS form)
WHERE violation AND {_REVEALS} GROUP BY declaration_id, form ORDER BY declaration_id, form
"""


def outcomes(truth: pa.Table, findings: pa.Table | None = None) -> pa.Table:
    """Return what the control of each declaration in each form comes to once everything is settled.

    Args:
        truth: canonical.
        findings: canonical, of controls in one form or several; without them every control sees all that its
            form can reveal and assesses all that was evaded.

    Returns:
        ``declaration_id``, ``control_form``, ``found`` (a violation that stands), ``assessed`` (money),
        ``harm`` (points, of the items found), ``minutes`` (of officers); in order of the first two. Without
        findings only controls that find something.

    Example:
        >>> truth = pa.table({"declaration_id": ["D1"], "item_no": [1], "violation": [True], "harm": [2.0],
        ...                   "evaded": [100], "detected_by": [["documents"]]})
        >>> [(row["control_form"], row["assessed"], row["harm"]) for row in outcomes(truth).to_pylist()]
        [('documents', Decimal('100.00'), 2.0), ('physical', Decimal('100.00'), 2.0)]
    """
    with connect() as connection:
        connection.register("truth", truth)
        if findings is None:
            return answer(connection, _OF_TRUTH)
        connection.register("findings", conform(findings, FINDINGS))
        return answer(connection, _OF_FINDINGS)
