"""Findings on their way: each reaches the strategy on the morning after it became known, and not before."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from daliz.engine.records.schema import FINDINGS
from daliz.engine.replay.known import Finding


class Letters:
    """What was found, by the morning on which it is learned."""

    def __init__(self, begins: Sequence[datetime], *, delay_days: int) -> None:
        """Begin without letters.

        Args:
            begins: the instant at which each day begins, and at last the end of the last.
            delay_days: after the day of its control, days after which a finding is known at the earliest.
        """
        self._begins, self._delay = begins, delay_days
        self._moments = np.array([begin.timestamp() for begin in begins])
        self._due: dict[int, list[Finding]] = defaultdict(list)

    def send(self, findings: Sequence[Finding], *, day: int, in_random: bool) -> None:
        """Send what a control of a day found; what would arrive after the last day is let go.

        Args:
            findings: of one control.
            day: of the control.
            in_random: the control was drawn by chance.
        """
        if day + self._delay >= len(self._begins):
            return
        earliest = self._begins[day + self._delay]
        for finding in findings:
            known = max(finding["known_at"], earliest)
            morning = int(np.searchsorted(self._moments, known.timestamp(), side="right"))
            self._due[morning].append(finding | {"known_at": known, "in_random": in_random})

    def arriving(self, day: int) -> pa.Table | None:
        """Return what is learned on the morning of a day, as it became known; None if nothing is."""
        rows = self._due.pop(day, [])
        if not rows:
            return None
        rows.sort(key=lambda row: (row["known_at"], row["finding_id"]))
        return pa.Table.from_pylist(rows, schema=FINDINGS.arrow)
