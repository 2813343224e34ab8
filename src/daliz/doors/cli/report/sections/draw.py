"""The random share: what was drawn, against what was to be expected."""

from dataclasses import dataclass
from math import sqrt
from typing import Final, cast

from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Stratum

_SUSPECT: Final = 3.0
"""A draw further than so many standard deviations from its expectation deserves a look."""

_STRATA = """
WITH drawn AS (SELECT DISTINCT declaration_id FROM measures WHERE capacity = 'random'),
    carried AS (SELECT DISTINCT declaration_id FROM decisions WHERE in_random)
SELECT stratum, count(*),
    count(*) FILTER (WHERE declaration_id IN (SELECT declaration_id FROM drawn)),
    count(*) FILTER (WHERE declaration_id IN (SELECT declaration_id FROM carried))
FROM decision WHERE stratum IS NOT NULL GROUP BY stratum
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One stratum.

    Attributes:
        stratum: of the pack's policy.
        declarations: in it.
        drawn: of these, by the key.
        controlled: of these, carried out.
    """

    stratum: Stratum
    declarations: int
    drawn: int
    controlled: int

    @property
    def expected(self) -> float:
        """How many the share makes."""
        return self.declarations * self.stratum.share

    @property
    def spread(self) -> float:
        """The standard deviation of a fair draw."""
        return sqrt(self.expected * (1 - self.stratum.share))

    @property
    def is_suspect(self) -> bool:
        """Whether a fair draw would hardly ever be so far off."""
        return abs(self.drawn - self.expected) > max(_SUSPECT * self.spread, 0.5)


def strata(tables: Tables) -> tuple[Drawn, ...]:
    """Return one entry for each stratum, in the order of the policy."""
    found = {row[0]: cast("tuple[int, int, int]", row[1:]) for row in tables.rows(_STRATA)}
    return tuple(
        Drawn(stratum, *found.get(stratum.code, (0, 0, 0))) for stratum in tables.pack.policy.random.strata
    )
