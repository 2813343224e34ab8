"""The few figures a manager asks for first."""

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from daliz.doors.cli.report.tables import Tables

_HEADLINE = """
SELECT
    count(*),
    count(*) FILTER (WHERE NOT coalesce(automatic, FALSE)),
    count(*) FILTER (WHERE automatic AND controlled),
    sum(expected_damage),
    sum(expected_damage) FILTER (WHERE controlled),
    count(*) FILTER (WHERE set_aside AND NOT controlled)
FROM (
    SELECT d.*, p.automatic,
        d.declaration_id IN (SELECT declaration_id FROM control) AS controlled,
        d.declaration_id IN (SELECT declaration_id FROM fired WHERE waived) AS set_aside
    FROM decision AS d LEFT JOIN pack_corridor AS p USING (corridor)
)
"""


@dataclass(frozen=True, slots=True)
class Headline:
    """The whole at a glance.

    Attributes:
        declarations: assessed.
        before_release: of these, stopped before release.
        after_release: released and controlled afterwards.
        expected_damage: of all, money; None if unknown for all.
        covered_damage: the part that lies in controlled declarations.
        set_aside: declarations for which a profile fired and no officer had time.
    """

    declarations: int
    before_release: int
    after_release: int
    expected_damage: Decimal | None
    covered_damage: Decimal | None
    set_aside: int

    def share(self, part: int) -> float:
        """Return a part of the declarations as a share."""
        return part / self.declarations if self.declarations else 0.0

    @property
    def covered(self) -> float | None:
        """Share of the expected damage that lies in controlled declarations."""
        if not self.expected_damage:
            return None
        return float((self.covered_damage or Decimal()) / self.expected_damage)


def headline(tables: Tables) -> Headline:
    """Return the figures at a glance."""
    count, before, after, damage, covered, aside = tables.rows(_HEADLINE)[0]
    return Headline(
        declarations=cast("int", count),
        before_release=cast("int", before),
        after_release=cast("int", after),
        expected_damage=cast("Decimal | None", damage),
        covered_damage=cast("Decimal | None", covered),
        set_aside=cast("int", aside),
    )
