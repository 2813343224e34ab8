"""The random share as it follows measured decay, period by period, between the pack's floors and caps."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import pyarrow as pa

from daliz.engine.allocation.decay import evidence_of
from daliz.engine.allocation.exploration import adapted_shares
from daliz.engine.pack import Pack
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import conform
from daliz.engine.records.schema import FINDINGS

_PERIOD_DAYS: Final = 28
_LOOKED_BACK: Final = 3
"""Periods whose decisions are compared with what was found: findings take weeks to settle."""
_COLUMNS: Final = (
    "declaration_id", "version", "stratum", "probability", "model_documents", "in_random",
)  # fmt: skip
_SCHEMA: Final = pa.schema([DECISIONS.arrow.field(name) for name in _COLUMNS])

Decided = dict[str, object]
"""A decision as ``_COLUMNS`` name it."""


class Adapting:
    """What was decided lately, and the shares that follow from what was found of it."""

    def __init__(self, pack: Pack) -> None:
        self._strata = pack.policy.random.strata
        self.shares = {stratum.code: stratum.share for stratum in self._strata}
        self._decided: list[tuple[int, list[Decided]]] = []
        self._findings: list[pa.Table] = []
        self._next: int | None = None

    def learn(self, findings: pa.Table) -> None:
        """Take findings that became known."""
        self._findings.append(conform(findings, FINDINGS).select(FINDINGS.arrow.names))

    def note(self, day: int, rows: Iterable[Decided]) -> None:
        """Take the decisions of a day that led to control."""
        self._decided.append((day, list(rows)))

    def bring(self, day: int, now: datetime) -> None:
        """Bring the shares up to a day: every four weeks they go on towards what was measured."""
        if self._next is None:
            self._next = day + _PERIOD_DAYS
        if day < self._next:
            return
        self._next = day + _PERIOD_DAYS
        self._decided = [(of, rows) for of, rows in self._decided if of >= day - _LOOKED_BACK * _PERIOD_DAYS]
        decided = pa.Table.from_pylist([row for _, rows in self._decided for row in rows], schema=_SCHEMA)
        findings = pa.concat_tables([FINDINGS.arrow.empty_table(), *self._findings])
        evidence = evidence_of(decided, findings, before=now)
        self.shares = adapted_shares(self._strata, evidence, before=self.shares)
