"""How likely and how grave: the matrix of risk levels, and the probabilities in steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, cast

from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Band, Level

STEPS: Final = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Steps of the probability of a violation; finer where most declarations are."""

_BANDS = """
SELECT likelihood, coalesce(consequence, $middle) AS consequence, count(*) FROM (
    SELECT list_count(list_filter($likelihood::DOUBLE[], lambda b: b <= probability)) AS likelihood,
        list_count(list_filter($consequence::DOUBLE[],
            lambda b: b <= CAST(expected_damage AS DOUBLE) / nullif(probability, 0))) AS counted,
        CASE WHEN expected_damage IS NULL OR probability = 0 THEN NULL ELSE counted END AS consequence
    FROM decision
) GROUP BY ALL ORDER BY ALL
"""
_LEVELS = "SELECT level, corridor, count(*) FROM decision GROUP BY ALL ORDER BY ALL"
_STEPS = """
SELECT step, count(*), count(*) FILTER (WHERE NOT coalesce(automatic, FALSE)),
    count(*) FILTER (WHERE automatic AND declaration_id IN (SELECT declaration_id FROM control)),
    sum(chance)
FROM (
    SELECT d.*, automatic,
        least(list_count(list_filter($steps::DOUBLE[], lambda s: s <= probability)), $last) AS step
    FROM decision AS d LEFT JOIN pack_corridor USING (corridor)
) GROUP BY step ORDER BY step
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: its level and how many declarations lie there."""

    level: Level
    declarations: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Likelihood (rows, the greatest first) by consequence (columns, the least first)."""

    consequence: tuple[Band, ...]
    rows: tuple[tuple[Band, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class LevelCount:
    """One risk level: declarations by corridor in the order of the pack."""

    level: Level
    by_corridor: tuple[int, ...]

    @property
    def total(self) -> int:
        """All declarations of this level."""
        return sum(self.by_corridor)


@dataclass(frozen=True, slots=True)
class Step:
    """Declarations whose probability lies from ``low`` up to ``high``, and what became of them."""

    low: float
    high: float
    declarations: int
    before_release: int
    after_release: int
    expected_violations: float


def matrix(tables: Tables) -> Matrix:
    """Return the pack's matrix with the number of declarations in each cell."""
    levels = tables.pack.policy.levels
    counts = {
        (cast("int", row), cast("int", column)): cast("int", count)
        for row, column, count in tables.rows(
            _BANDS,
            {
                "likelihood": _starts(levels.likelihood),
                "consequence": _starts(levels.consequence),
                "middle": len(levels.consequence) // 2 + 1,
            },
        )
    }
    rows = [
        (
            band,
            tuple(
                Cell(levels.levels[code], counts.get((row, column), 0))
                for column, code in enumerate(levels.matrix[row - 1], start=1)
            ),
        )
        for row, band in enumerate(levels.likelihood, start=1)
    ]
    return Matrix(levels.consequence, tuple(reversed(rows)))


def level_counts(tables: Tables) -> tuple[LevelCount, ...]:
    """Return the levels, the gravest first, as decided."""
    found = {(row[0], row[1]): cast("int", row[2]) for row in tables.rows(_LEVELS)}
    levels = sorted(tables.pack.policy.levels.levels.values(), key=lambda level: -level.rank)
    corridors = [corridor.code for corridor in tables.pack.corridors]
    return tuple(
        LevelCount(level, tuple(found.get((level.code, code), 0) for code in corridors)) for level in levels
    )


def steps(tables: Tables) -> tuple[Step, ...]:
    """Return the probabilities in steps, the least first; steps with none are there too."""
    found = {
        cast("int", row[0]): row
        for row in tables.rows(_STEPS, {"steps": list(STEPS), "last": len(STEPS) - 1})
    }
    none = (0, 0, 0, 0, Decimal())
    return tuple(
        Step(low, high, *cast("tuple[int, int, int]", tuple(row[1:4])), float(cast("Decimal", row[4])))
        for k, (low, high) in enumerate(pairwise(STEPS), start=1)
        for row in [found.get(k, none)]
    )


def _starts(bands: Sequence[Band]) -> list[float]:
    """Return where each band begins; the first holds whatever lies below it."""
    return [float("-inf"), *(float(band.from_value) for band in bands[1:])]
