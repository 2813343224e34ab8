"""Models in force beside what is remembered as of the night: they foretell one declaration at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from daliz.engine.estimators.keeping import as_bytes, of_bytes
from daliz.engine.estimators.learner import NAMES, Foresight, Memory, Scorer
from daliz.engine.estimators.learner.foresight import gathered
from daliz.engine.estimators.rates import Floats
from daliz.engine.features.alone import Fact

UNTOLD: Final = frozenset({"declaration.document_count", "declaration.container_count"})
"""Facts that models never learn, here as in the batch: the past that they learn from tells no papers."""

_ONE: Final = ""
"""How the one declaration is called among those that are foretold at once."""


@dataclass(frozen=True, slots=True)
class _Stated:
    """What is known of the items of one declaration."""

    facts: Sequence[Mapping[str, Fact]]

    def numbers(self, names: Sequence[str]) -> Floats:
        """Return numbers and flags as floats, NaN where unknown, shape (items, names)."""
        told = [None if name in UNTOLD else name for name in names]
        return np.array(
            [[None if name is None else row[name] for name in told] for row in self.facts], dtype=np.float64
        )

    def text(self, name: str) -> list[str | None]:
        """Return a text; None where unknown."""
        return [None if row[name] is None else str(row[name]) for row in self.facts]


@dataclass(frozen=True, slots=True, eq=False)
class Foreteller:
    """Models and memory of one day; nothing in it changes.

    Attributes:
        scorer: the models.
        memory: as the day began.
        day: its number.
    """

    scorer: Scorer
    memory: Memory
    day: int

    def foretell(self, facts: Sequence[Mapping[str, Fact]], vehicle: str | None) -> Foresight:
        """Return what models expect of a declaration, as the batch has it of many.

        Args:
            facts: of each goods item, with at least ``FACTS``.
            vehicle: the first of its vehicles, None if it states none.
        """
        keys = [_ONE] * len(facts)
        values, _ = self.memory.columns(_Stated(facts), self.day, keys=keys, vehicles=[vehicle] * len(facts))
        return gathered([self.scorer.outlook(keys, values)], [values.astype(np.float32)], [self.scorer])

    @property
    def content(self) -> bytes:
        """What a process loads; the same models and memory, the same bytes."""
        return as_bytes(
            {
                "day": self.day,
                "names": list(NAMES),
                "models": self.scorer.kept(),
                "memory": self.memory.kept(self.day),
            }
        )

    @classmethod
    def of_content(cls, content: bytes) -> Self:
        """Return what ``content`` kept.

        Raises:
            KeptStateError: it is none.
        """
        tree = of_bytes(content)
        return cls(Scorer.of_kept(tree["models"]), Memory.of_kept(tree["memory"]), int(tree["day"]))
