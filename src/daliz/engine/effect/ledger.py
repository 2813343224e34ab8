"""What was decided and what controls found of it, side by side: one row a declaration, one row a control.

A declaration counts once, with everything that any of its versions ordered. A control is one form of control
ordered for it; it is ``known`` once a finding of that form came back. Of a finding the latest form known
counts: an annulled one stands for no violation and no money, but the control took place and took its time.
What was learned without control, or by a control that was not ordered here, never counts as one of these.

``share`` is the chance that a declaration had of being drawn at random. Decisions keep one propensity a form,
which is 1 where a profile chose the declaration anyway; the share is then that of the declarations of its
stratum, policy and day which no profile chose, or the usual one of its stratum and policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import ClassVar, Final

import pyarrow as pa

from daliz.engine.estimators.intervals import CERTAIN, LARGEST_WEIGHT
from daliz.engine.pack import Pack
from daliz.engine.records.decisions import DECISIONS, MEASURES
from daliz.engine.records.duck import Connection, connect, identifier
from daliz.engine.records.files import Source, parquet_files, register
from daliz.engine.records.schema import DECLARATIONS, FINDINGS
from daliz.language import N_, DalizError

Row = dict[str, object]

HUNDREDTHS: Final = 100
"""Money and minutes are counted in these."""
MILLIONTHS: Final = 1_000_000
"""Weights, harm points and shares of a find are counted in these."""

_DECLARATIONS: Final = """
CREATE TABLE decided AS
WITH stood AS (
    SELECT declaration_id, min(day) AS day, arg_max(direction, version) AS direction,
        arg_max(office, version) AS office, arg_min(stratum, version) AS stratum,
        arg_min(policy_id, version) AS policy_id, max({propensity}) AS propensity,
        arg_min({propensity}, version) AS first_propensity, bool_or(in_random) AS drawn
    FROM decisions WHERE registered_at < $before GROUP BY declaration_id
), untargeted AS (
    SELECT stratum, policy_id, day, min(first_propensity) AS share FROM stood
    WHERE stratum IS NOT NULL AND first_propensity < {certain} GROUP BY ALL
), of_policy AS (
    SELECT stratum, policy_id, median(share) AS usual FROM untargeted GROUP BY ALL
)
SELECT stood.* EXCLUDE (first_propensity), coalesce(share, usual, 0) AS share
FROM stood LEFT JOIN untargeted USING (stratum, policy_id, day) LEFT JOIN of_policy USING (stratum, policy_id)
"""
_CLAIMS: Final = """
CREATE TABLE fired AS
SELECT DISTINCT declaration_id, profile_id FROM measures SEMI JOIN decided USING (declaration_id);
CREATE TABLE claim AS
SELECT *, count(*) OVER (PARTITION BY declaration_id, form) AS claims
FROM (
    SELECT declaration_id, control_form AS form, profile_id,
        capacity IN ('mandatory', 'waivable') AS targeted
    FROM measures SEMI JOIN decided USING (declaration_id)
    WHERE status = 'ordered' AND control_form IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY declaration_id, control_form, profile_id ORDER BY version) = 1
);
"""
_RESULTS: Final = """
CREATE TABLE result AS
WITH RECURSIVE known AS (
    SELECT * FROM findings
    WHERE known_at < $before AND source IN ('control', 'audit') AND declaration_id IS NOT NULL
), latest AS (
    SELECT * FROM known
    WHERE finding_id NOT IN (SELECT supersedes FROM known WHERE supersedes IS NOT NULL)
), chain AS (
    SELECT finding_id AS last, supersedes AS before, minutes FROM latest
    UNION
    SELECT chain.last, known.supersedes, known.minutes
    FROM chain JOIN known ON known.finding_id = chain.before
), spent AS (
    SELECT last AS finding_id, max(round(minutes * {hundredths})::BIGINT) AS minutes FROM chain GROUP BY last
), standing AS (
    SELECT latest.* EXCLUDE (minutes), spent.minutes, violation AND finality <> 'annulled' AS stands
    FROM latest LEFT JOIN spent USING (finding_id)
), on_goods AS (
    SELECT declaration_id, item_no, violation_type, arg_max(points, length(beginning)) AS points
    FROM goods JOIN harm ON starts_with(hs_code, beginning) GROUP BY ALL
), worst AS (
    SELECT standing.declaration_id, control_form, standing.violation_type,
        max(coalesce(on_goods.points, harm.points)) AS points
    FROM standing
    LEFT JOIN harm ON harm.violation_type = standing.violation_type AND beginning IS NULL
    LEFT JOIN on_goods ON on_goods.declaration_id = standing.declaration_id
        AND on_goods.violation_type = standing.violation_type
        AND (standing.item_no IS NULL OR on_goods.item_no = standing.item_no)
    WHERE stands GROUP BY ALL
), kinds AS (
    SELECT declaration_id, control_form, sum(points)::BIGINT AS harm,
        count(*) FILTER (points IS NULL) > 0 AS unsure
    FROM worst GROUP BY ALL
)
SELECT declaration_id, control_form AS form, bool_or(stands) AS found,
    bool_or(finality = 'provisional') AS provisional, bool_or(finality = 'annulled') AS annulled,
    coalesce(sum(CASE WHEN stands THEN assessed END) * {hundredths}, 0)::BIGINT AS assessed,
    coalesce(sum(CASE WHEN stands THEN collected END) * {hundredths}, 0)::BIGINT AS collected,
    coalesce(sum(minutes), 0)::BIGINT AS minutes,
    coalesce(any_value(harm), 0) AS harm, coalesce(any_value(unsure), FALSE) AS unsure
FROM standing LEFT JOIN kinds USING (declaration_id, control_form)
WHERE control_form IS NOT NULL GROUP BY declaration_id, control_form
"""
_CONTROLS: Final = """
CREATE TABLE control AS
SELECT declaration_id, form, targeted OR NOT by_chance AS targeted, found IS NOT NULL AS known,
    coalesce(found, FALSE) AS found, coalesce(provisional, FALSE) AS provisional,
    coalesce(annulled, FALSE) AS annulled, coalesce(assessed, 0) AS assessed,
    coalesce(collected, 0) AS collected, coalesce(minutes, 0) AS minutes, coalesce(harm, 0) AS harm,
    coalesce(unsure, FALSE) AS unsure
FROM (SELECT declaration_id, form, bool_or(targeted) AS targeted FROM claim GROUP BY ALL)
JOIN (SELECT declaration_id, drawn AS by_chance FROM decided) USING (declaration_id)
LEFT JOIN result USING (declaration_id, form);
CREATE TABLE declaration AS
SELECT decided.*, strftime(day, '%Y-%m') AS month, coalesce(c.known, FALSE) AS seen,
    coalesce(c.found, FALSE) AS hit, coalesce(c.assessed, 0) AS hit_assessed,
    CASE WHEN share > 0 THEN round(least(1 / share, {largest}) * {millionths})::BIGINT ELSE 0 END AS weight,
    CASE WHEN propensity > 0 THEN round(least(1 / propensity, {largest}) * {millionths})::BIGINT ELSE 0 END
        AS stands_for,
    propensity > 0 AND propensity < 1.0 / {largest} OR share > 0 AND share < 1.0 / {largest} AS capped
FROM decided LEFT JOIN (SELECT * FROM control WHERE form = $form) AS c USING (declaration_id);
"""
_GOODS: Final = """
CREATE TABLE goods AS
SELECT declaration_id, item_no, hs_code FROM declarations SEMI JOIN decided USING (declaration_id)
WHERE registered_at < $before
QUALIFY version = max(version) OVER (PARTITION BY declaration_id)
"""
_NO_GOODS: Final = "CREATE TABLE goods (declaration_id VARCHAR, item_no INTEGER, hs_code VARCHAR)"
_PAYMENTS: Final = """
CREATE TABLE payment AS
SELECT declaration_id,
    (sum(coalesce(duty, 0) + coalesce(vat, 0) + coalesce(excise, 0)) * {hundredths})::BIGINT AS declared
FROM (
    SELECT * FROM declarations SEMI JOIN decided USING (declaration_id) WHERE registered_at < $before
    QUALIFY version = max(version) OVER (PARTITION BY declaration_id)
) GROUP BY declaration_id
"""


class EffectError(DalizError):
    """The effect of these decisions cannot be measured."""

    code: ClassVar[str] = "effect"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Declarations and controls, open for questions.

    Attributes:
        pack: whose forms of control and policy they follow.
        form: the revealing form of control, that of the random share.
        connection: DuckDB with ``declaration``, ``control``, ``claim`` (profiles that ordered a control),
            ``fired`` and, where declarations were given, ``payment``.
        has_payments: whether they were.
    """

    pack: Pack
    form: str
    connection: Connection = field(repr=False)
    has_payments: bool

    @classmethod
    def of(
        cls,
        pack: Pack,
        *,
        decisions: Source,
        measures: Source,
        findings: Source,
        declarations: Source | None = None,
        before: datetime | None = None,
    ) -> "Ledger":
        """Lay out what was decided and found.

        Args:
            pack: that decided.
            decisions: canonical, of one or more assessments of different declarations or versions.
            measures: of the same assessments.
            findings: canonical, all that are at hand.
            declarations: canonical, for the payments declared and for harm that depends on goods; None to
                leave these out.
            before: what was registered or known from this instant on is left out; None for nothing.

        Raises:
            EffectError: a version was decided twice, or decisions keep no propensity of the revealing form.
        """
        form = pack.policy.random.form
        propensity = f"propensity_{form}"
        if propensity not in DECISIONS.names:
            raise EffectError(N_("decisions keep no propensity of the form of control {form}"), form=form)
        given = [(decisions, DECISIONS), (measures, MEASURES), (findings, FINDINGS)]
        given += [(declarations, DECLARATIONS)] if declarations is not None else []
        connection = connect(folders=[folder for source, _ in given for folder in _folders(source)])
        for source, schema in given:
            register(connection, schema.name, source, schema)
        _each_once(connection)
        connection.register("harm", _harm(pack))
        moment = {"before": before or datetime.max.replace(tzinfo=UTC)}
        numbers = {"hundredths": HUNDREDTHS, "millionths": MILLIONTHS, "largest": f"{LARGEST_WEIGHT}.0"}
        by_chance = {"propensity": identifier(propensity), "certain": CERTAIN}
        connection.execute(_DECLARATIONS.format(**by_chance), moment)
        connection.execute(_CLAIMS)
        if declarations is not None:
            connection.execute(_GOODS, moment)
        else:
            connection.execute(_NO_GOODS)
        connection.execute(_RESULTS.format(**numbers), moment)
        for statement in _CONTROLS.format(**numbers).split(";\n")[:-1]:
            connection.execute(statement, {"form": form} if "$form" in statement else None)
        if declarations is not None:
            connection.execute(_PAYMENTS.format(**numbers), moment)
        return cls(pack, form, connection, declarations is not None)

    def rows(self, query: str, values: dict[str, object] | None = None) -> list[Row]:
        """Return the rows of a question by column name."""
        asked = self.connection.execute(query, values)
        names = [column[0] for column in asked.description]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

    @property
    def days(self) -> tuple[date, date] | None:
        """Return the first and the last local day of declarations; None if there are none."""
        first, last = self.connection.execute("SELECT min(day), max(day) FROM declaration").fetchall()[0]
        return (first, last) if first is not None else None


def whole(row: Row, name: str) -> int:
    """Return a count or sum of a row; a sum over nothing is 0."""
    value = row[name]
    return int(str(value)) if value is not None else 0


def _each_once(connection: Connection) -> None:
    """Refuse versions that were decided twice: nobody could tell which decision was carried out."""
    query = (
        "SELECT declaration_id FROM decisions GROUP BY declaration_id, version HAVING count(*) > 1 ORDER BY 1"
    )
    found = connection.execute(query).fetchall()
    if found:
        raise EffectError(
            N_("{n} declarations were decided more than once, {first} for one; name each assessment once"),
            n=len(found),
            first=found[0][0],
        )


def _folders(source: Source) -> Sequence[Path]:
    return [] if isinstance(source, pa.Table) else sorted({file.parent for file in parquet_files(source)})


def _harm(pack: Pack) -> pa.Table:
    """Return harm points by type of violation, and by type and beginning of a commodity code."""
    points = pack.policy.effect.harm
    rows: list[tuple[str, str | None, float]] = [(kind, None, one) for kind, one in points.by_type.items()]
    rows += [(kind, at, one) for kind, goods in points.on_goods.items() for at, one in goods.items()]
    return pa.table(
        {
            "violation_type": pa.array([kind for kind, _, _ in rows], pa.string()),
            "beginning": pa.array([beginning for _, beginning, _ in rows], pa.string()),
            "points": pa.array([round(one * MILLIONTHS) for *_, one in rows], pa.int64()),
        }
    )
