"""What is known of past declarations: what controls of them found, and how likely each was to be controlled.

Results are final ones, however late they came to be known; facts alone stop at the night before. Of an
amended declaration the version is judged that was controlled: what a control led the declarant to correct is
no sign that could have led to the control. Without a control it is the last version.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Final

import pyarrow as pa

from daliz.engine.backtest.store import FactsStore
from daliz.engine.pack import Pack
from daliz.engine.records.columns import answer
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.duck import Connection, identifier, text_literal
from daliz.engine.records.files import Source, parquet_files, register
from daliz.engine.records.schema import FINDINGS
from daliz.engine.scoring.results import STANDING
from daliz.language import N_, DalizError

_JUDGED: Final = """
WITH several AS (
    SELECT DISTINCT declaration_id, version, registered_at FROM {facts}
    WHERE declaration_id IN (SELECT declaration_id FROM {facts} WHERE version > 1)
), judged AS (
    SELECT declaration_id,
        CASE WHEN any_value(closed_at) IS NULL THEN max(version)
        ELSE coalesce(max(version) FILTER (registered_at <= closed_at), min(version)) END AS version
    FROM several LEFT JOIN result USING (declaration_id)
    GROUP BY declaration_id
)
SELECT DISTINCT declaration_id, version FROM several ANTI JOIN judged USING (declaration_id, version)
"""


class DecisionsError(DalizError):
    """The decisions cannot say how likely control was."""

    code: ClassVar[str] = "backtest-decisions"


@dataclass(frozen=True, slots=True)
class Labels:
    """Where it is known what controls found.

    Attributes:
        findings: canonical findings, or None if there are none.
        forms: forms of control that are told apart.
        form: the one that reveals everything, for which propensities count: that of the random share.
        decisions: ``decisions.parquet`` of earlier assessments, for their propensities; may be empty.
    """

    findings: Source | None
    forms: tuple[str, ...]
    form: str
    decisions: tuple[Path, ...] = field(default=())

    @classmethod
    def of(cls, pack: Pack, findings: Source | None, decisions: Sequence[Path] = ()) -> "Labels":
        """Return labels in the pack's forms of control.

        Raises:
            DecisionsError: a folder of decisions has none, or its form of control keeps no propensity.
        """
        files = [folder / "decisions.parquet" if folder.is_dir() else folder for folder in decisions]
        for file in files:
            if not file.exists():
                raise DecisionsError(
                    N_("{place} has no decisions.parquet; name the output folder of `daliz assess`"),
                    place=file.parent,
                )
        form = pack.policy.random.form
        if files and f"propensity_{form}" not in DECISIONS.names:
            raise DecisionsError(N_("decisions keep no propensity of the form of control {form}"), form=form)
        return cls(findings, pack.forms, form, tuple(files))

    @property
    def folders(self) -> list[Path]:
        """What a connection must be let into."""
        given = list(self.decisions)
        if self.findings is not None and not isinstance(self.findings, pa.Table):
            given += parquet_files(self.findings)
        return sorted({file.parent for file in given})

    def lay(self, connection: Connection, store: FactsStore) -> None:
        """Make the tables ``result``, ``chance`` and ``stale`` (versions that are not judged)."""
        findings = FINDINGS.arrow.empty_table() if self.findings is None else self.findings
        register(connection, "findings", findings, FINDINGS)
        _keep(
            connection,
            "result",
            answer(connection, self._results(), {"before": datetime.max.replace(tzinfo=UTC)}),
        )
        _keep(connection, "stale", answer(connection, _JUDGED.format(facts=store.relation())))
        if self.decisions:
            register(connection, "decisions", list(self.decisions), DECISIONS)
            propensity = identifier(f"propensity_{self.form}")
            connection.execute(
                f"CREATE TABLE chance AS SELECT declaration_id, version, max({propensity}) AS p "
                "FROM decisions GROUP BY ALL"
            )

    def _results(self) -> str:
        of_forms = "".join(
            f", coalesce(bool_or(control_form = {form}), FALSE) AS {identifier(f'controlled_{name}')}"
            f", coalesce(bool_or(violation) FILTER (control_form = {form}), FALSE) "
            f"AS {identifier(f'found_{name}')}"
            for name, form in ((name, text_literal(name)) for name in self.forms)
        )
        return f"""{STANDING}
SELECT declaration_id, bool_or(violation) AS violation,
    coalesce(bool_or(in_random), FALSE) AS by_chance,
    coalesce(bool_or(violation) FILTER (in_random), FALSE) AS found_by_chance,
    coalesce(sum(CASE WHEN violation THEN assessed END), 0) AS assessed,
    coalesce(sum(CASE WHEN violation THEN collected END), 0) AS collected,
    coalesce(sum(CAST(minutes AS DECIMAL(18, 2))), 0) AS minutes,
    count(*) FILTER (finality = 'provisional') > 0 AS provisional,
    max(closed_at) AS closed_at{of_forms}
FROM standing GROUP BY declaration_id"""


def _keep(connection: Connection, name: str, table: pa.Table) -> None:
    connection.register("given", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
    connection.unregister("given")
