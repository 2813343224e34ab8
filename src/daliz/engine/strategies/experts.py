"""What experts' profiles say of a day, and what controls taught of them: a strategy without models."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators.learner import FORMS, Shown
from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import CapacityRule, Pack, ProfileKind
from daliz.engine.scoring import Experience, Firings, learn
from daliz.engine.scoring.experience import Outcomes
from daliz.engine.scoring.program import FiringProgram

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What profiles say of each declaration of a day.

    Attributes:
        fired: which profiles fired, shape (declarations, profiles).
        chance: of a violation, by what fired, 0 to 1, shape (declarations,).
        damage: expected if there is one, money, 0 or more.
        asked: forms of control that some profile asks for, by ``FORMS``, shape (declarations, forms).
        mandatory: the same of mandatory profiles.
        value: customs value, money, 0 where unknown.
    """

    fired: Flags
    chance: Floats
    damage: Floats
    asked: Flags
    mandatory: Flags
    value: Floats


class Experts:
    """The pack's expert profiles, their hit rates learned from the findings that a strategy is told of."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._program = FiringProgram(pack, tuple(p for p in pack.profiles if p.kind is ProfileKind.EXPERT))
        forms = [{pack.measures[code].form for code in p.measures} for p in self._program.profiles]
        self._asks = np.array([[form in of for form in FORMS] for of in forms], dtype=np.bool_)
        self._asks = self._asks.reshape(len(forms), len(FORMS))
        self._mandatory = np.array(
            [p.capacity is CapacityRule.MANDATORY for p in self._program.profiles], dtype=np.bool_
        )
        self._kept: dict[str, tuple[Flags, float, bool]] = {}
        self._experience = self._learned({})

    @property
    def names(self) -> tuple[str, ...]:
        """Facts that profiles ask for, and what is needed of the declaration beside them."""
        return tuple(dict.fromkeys((*self._program.names, "declaration.customs_value")))

    def judge(self, facts: pa.Table) -> Judgement:
        """Say what fires on each declaration of ``facts``, in their order."""
        firings = self._program.fire(facts)
        fired = firings.fired
        value = facts["declaration.customs_value"].cast(pa.float64()).to_numpy(zero_copy_only=False)
        value = np.nan_to_num(value[firings.first_row])
        return Judgement(
            fired=fired,
            chance=self._experience.score.probability(fired),
            damage=self._experience.damage(fired, value),
            asked=(fired.astype(np.int64) @ self._asks) > 0,
            mandatory=((fired & self._mandatory).astype(np.int64) @ self._asks) > 0,
            value=value,
        )

    def keep(self, number: str, judgement: Judgement, at: int, *, in_random: bool) -> None:
        """Keep what fired on a declaration that will be controlled."""
        self._kept[number] = judgement.fired[at], float(judgement.value[at]), in_random

    def fit(self, shown: Mapping[str, Shown]) -> None:
        """Learn hit rates and damage anew from what controls showed, by declaration."""
        self._experience = self._learned(shown)

    def _learned(self, shown: Mapping[str, Shown]) -> Experience:
        told = [(self._kept[number], shown[number]) for number in sorted(shown) if number in self._kept]
        profiles = self._program.profiles
        fired = np.array([kept[0] for kept, _ in told], dtype=np.bool_).reshape(len(told), len(profiles))
        order = np.arange(len(told))
        firings = Firings(profiles, order, order, fired, fired, np.zeros_like(fired))
        outcomes = Outcomes(
            violation=np.array([bool(s.hit) for _, s in told], dtype=np.bool_),
            assessed=np.array([s.assessed.max(axis=1).sum() for _, s in told], dtype=np.float64),
            value=np.array([kept[1] for kept, _ in told], dtype=np.float64),
            in_random=np.array([kept[2] for kept, _ in told], dtype=np.bool_),
            physical=np.array(["physical" in s.forms for _, s in told], dtype=np.bool_),
        )
        return learn(firings, outcomes, self._pack)
