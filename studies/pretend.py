"""A small pretend border that is decided, controlled and known in full: what studies of effect measure."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.allocation import Capacity, DrawKey
from daliz.engine.assess import Assessment, Task, assess
from daliz.engine.pack import EffectPolicy, Pack
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.world import CONTROLS, findings_of, write_world

_PRACTICE_DAY = date(2026, 6, 1)
"""The pack's profiles as of this day decide, whatever the days of the world."""

_ORDERED = """
SELECT DISTINCT m.declaration_id, NULL::INTEGER AS item_no, m.control_form,
    m.control_form = 'physical' AND d.drawn AS in_random, d.at + INTERVAL 20 MINUTE AS decided_at,
    NULL::VARCHAR AS extent
FROM measures AS m JOIN (
    SELECT declaration_id, min(registered_at) AS at, bool_or(in_random) AS drawn FROM decisions GROUP BY ALL
) AS d USING (declaration_id)
WHERE m.status = 'ordered' AND m.control_form IS NOT NULL
ORDER BY declaration_id, control_form
"""
_EVERY = """
SELECT declaration_id, NULL::INTEGER AS item_no, 'physical' AS control_form, FALSE AS in_random,
    min(registered_at) + INTERVAL 20 MINUTE AS decided_at, NULL::VARCHAR AS extent
FROM decisions GROUP BY ALL ORDER BY declaration_id
"""
_TRUTH = """
WITH standing AS (
    SELECT declaration_id, violation AND finality <> 'annulled' AS stands, assessed FROM findings
    WHERE finding_id NOT IN (SELECT supersedes FROM findings WHERE supersedes IS NOT NULL)
), there AS (
    SELECT declaration_id, bool_or(violation AND
        (list_contains(detected_by, 'physical') OR list_contains(detected_by, 'documents'))) AS revealable
    FROM truth SEMI JOIN standing USING (declaration_id) GROUP BY declaration_id
)
SELECT count(*) AS declarations, count(*) FILTER (stands) AS found,
    count(*) FILTER (revealable) AS revealable,
    CAST(coalesce(sum(assessed) FILTER (stands), 0) AS DOUBLE) AS assessed
FROM standing JOIN there USING (declaration_id)
"""


@dataclass(frozen=True, slots=True)
class Border:
    """What became of a pretend border.

    Attributes:
        folder: with ``declarations.parquet`` and ``truth.parquet``.
        decided: the assessment.
        findings: what the controls that were ordered found, in the end.
        violations: share of declarations in which a full examination of each would find one that stands.
        revealable: share of those with a violation that a full examination can reveal, seen or not.
        assessed: what full examinations of all would assess, money that stands.
    """

    folder: Path
    decided: Assessment
    findings: pa.Table
    violations: float
    revealable: float
    assessed: float


def drawing(pack: Pack, share: float, *, sensitivity: float | None = None) -> Pack:
    """Return the pack with one random share for every stratum, and a sensitivity if one is stated."""
    policy = pack.policy
    strata = tuple(replace(stratum, share=share) for stratum in policy.random.strata)
    effect = EffectPolicy(policy.effect.tolerance, sensitivity, policy.effect.harm)
    return replace(pack, policy=replace(policy, random=replace(policy.random, strata=strata), effect=effect))


def border(folder: Path, pack: Pack, *, seed: int, months: int, per_day: float, capacity: Capacity) -> Border:
    """Make a border, decide it, control what was ordered, and learn the truth by controlling everything."""
    made = write_world(folder, pack=pack, seed=seed, months=months, per_day=per_day)
    task = Task(
        declarations=folder / "declarations.parquet",
        findings=None,
        children={},
        pack=pack,
        capacity=capacity,
        key=DrawKey(f"study-{seed}", seed.to_bytes(32, "big")),
        first_day=made.first_day,
        last_day=made.last_day,
        profiles_of=_PRACTICE_DAY,
    )
    decided = assess(task)
    declarations = pq.read_table(folder / "declarations.parquet")
    truth = pq.read_table(folder / "truth.parquet")
    findings = findings_of(_asked(decided, _ORDERED), declarations, truth, seed=seed)
    everything = findings_of(_asked(decided, _EVERY), declarations, truth, seed=seed)
    with connect() as connection:
        connection.register("findings", everything)
        connection.register("truth", truth)
        known = answer(connection, _TRUTH).to_pylist()[0]
    return Border(
        folder=folder,
        decided=decided,
        findings=findings,
        violations=known["found"] / known["declarations"],
        revealable=known["revealable"] / known["declarations"],
        assessed=known["assessed"],
    )


def _asked(decided: Assessment, query: str) -> pa.Table:
    with connect() as connection:
        connection.register("decisions", decided.decisions)
        connection.register("measures", decided.measures)
        return answer(connection, query).cast(CONTROLS)
