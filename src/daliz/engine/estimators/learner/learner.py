"""``Learner``: learns from what is declared and what controls find, and foretells the next day."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.learner import ties
from daliz.engine.estimators.learner.columns import Memory, Morning
from daliz.engine.estimators.learner.evidence import AFTER, COLUMNS, HIDDEN, PAPERS, Evidence, Shown
from daliz.engine.estimators.learner.grown import Grown, Lessons, grow
from daliz.engine.estimators.learner.outlook import FORMS, Outlook, outlook_of
from daliz.engine.estimators.learner.ties import Places
from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import HarmPoints

_CALIBRATION_STRENGTH: Final = 60.0
"""Controls that agree with the score as it is; see ``Calibration.fit``."""
_CALIBRATED_BY: Final = 100
"""Violations found on foretold declarations before the chance is corrected by them."""
_CODE: Final = ties.names().index("item.hs_code")


@dataclass(slots=True, eq=False)
class _Kept:
    """What is kept of a declaration that was controlled, to learn from."""

    values: NDArray[np.float32]
    places: Places
    items: list[int]
    weight: float
    foretold: tuple[float, ...] | None
    shown: Shown | None = None
    learned: float | None = None

    @property
    def codes(self) -> list[str | None]:
        """Of the items."""
        return cast("list[str | None]", self.places[:, _CODE].tolist())

    @property
    def outcomes(self) -> Floats:
        """What rates learn of it, once it is known."""
        if self.shown is None:
            raise ValueError("nothing is known of it")
        return self.shown.found[:, [PAPERS, HIDDEN]]


_Tied = tuple[_Kept, Floats, float, float]
"""Whose outcomes, as rates take them, on which day they became known, and 1, or -1 to take them back."""


class Learner:
    """The state of learning: memory, evidence, models.

    Each day: ``morning`` tells the columns as of the night before, ``outlook`` what to expect, ``keep`` what
    will be controlled; ``evening`` remembers the day; ``learn`` takes findings as they become known.
    Columns are kept as they were at the decision, so no model learns from what was not yet known then.

    Args:
        harm: harm points of a violation.
        seed: of everything that is drawn.
        threads: models grown side by side; the models do not depend on it.
    """

    def __init__(self, *, harm: HarmPoints, seed: int = 0, threads: int = 2) -> None:
        self.memory = Memory()
        self.evidence = Evidence()
        self.models: Grown | None = None
        self.calibrations: dict[str, Calibration] = {}
        self.thoroughness = 1.0
        self._harm = harm
        self._seed, self._threads = seed, threads
        self._kept: dict[str, _Kept] = {}
        self._early: set[str] = set()

    @property
    def positives(self) -> int:
        """Items found in violation that the models in force rest on."""
        return self.models.positives if self.models else 0

    def morning(self, facts: pa.Table, day: int, vehicles: Mapping[str, str] | None = None) -> Morning:
        """Return a day's items with every column of the models; see ``Memory.morning``."""
        return self.memory.morning(facts, day, vehicles or {})

    def evening(self, morning: Morning, vehicles: Mapping[str, str] | None = None) -> None:
        """Remember what was declared that day."""
        self.memory.evening(morning, vehicles or {})

    def keep(
        self,
        morning: Morning,
        numbers: Collection[str],
        *,
        weight: Mapping[str, float] | None = None,
        foretold: Mapping[str, Mapping[str, float]] | None = None,
        versions: Mapping[str, int] | None = None,
    ) -> None:
        """Keep the declarations that are to be controlled, with their columns as they are now.

        Args:
            morning: of the day.
            numbers: of the declarations.
            weight: declarations for which each stands, 1 / propensity, capped; 1 unless given.
            foretold: chance of a find by form, before calibration, to be compared with what is found.
            versions: the one of each that is controlled, where the day has several of a declaration.

        A version kept later takes the place of the one before, with what is already known of it.
        """
        wanted = frozenset(numbers)
        stated = cast("list[int]", morning.facts["version"].to_pylist())
        rows: dict[str, list[int]] = {}
        for row, (number, version) in enumerate(zip(morning.number, stated, strict=True)):
            if number in wanted and (versions is None or versions[number] == version):
                rows.setdefault(number, []).append(row)
        every = [row for of in rows.values() for row in of]
        values, places = morning.values[every].astype(np.float32), morning.places[every]
        end = 0
        for number, of in rows.items():
            self._let_go(number)
            begin, end = end, end + len(of)
            told = (foretold or {}).get(number)
            self._kept[number] = _Kept(
                values=values[begin:end],
                places=places[begin:end],
                items=morning.item_no[of].tolist(),
                weight=(weight or {}).get(number, 1.0),
                foretold=tuple(told[form] for form in FORMS) if told else None,
            )
            if number in self._early:
                self._early.discard(number)
                self._show([number], float(morning.day))

    def weigh(self, weight: Mapping[str, float]) -> None:
        """State anew for how many declarations each of these stands that is kept: 1 / propensity, capped."""
        for number, of in weight.items():
            if number in self._kept:
                self._kept[number].weight = of

    def _let_go(self, number: str) -> None:
        """Unlearn what a declaration that is kept anew has taught; it is learned of what takes its place."""
        old = self._kept.get(number)
        if old is None or old.shown is None:
            return
        if old.learned is not None:
            self._tie([(old, old.outcomes, old.learned, -1.0)])
        self._early.add(number)

    def learn(self, findings: pa.Table, day: int) -> None:
        """Take findings that became known before ``day``; what was corrected or annulled is unlearned."""
        self._show(self.evidence.learn(findings), float(day))

    def _show(self, numbers: Iterable[str], day: float) -> None:
        told, weights, known = [], [], []
        tied: list[_Tied] = []
        for number in numbers:
            kept = self._kept.get(number)
            if kept is None:
                self._early.add(number)
                continue
            if kept.learned is not None:
                tied.append((kept, kept.outcomes, kept.learned, -1.0))
                kept.learned = None
            kept.shown = self.evidence.shown(number, kept.items)
            if kept.shown is not None:
                tied.append((kept, kept.outcomes, day, 1.0))
                kept.learned = day
            told.append(number)
            weights.append(float(bool(kept.shown and kept.shown.hit)))
            known.append(kept.shown is not None)
        self._tie(tied)
        if told:
            self.memory.rings.learn(told, weights, known)

    def _tie(self, tied: Sequence[_Tied]) -> None:
        """Have the rates take outcomes, or take them back, all at once."""
        if not tied:
            return
        sizes = [len(outcomes) for _, outcomes, _, _ in tied]
        self.memory.ties.learn(
            np.concatenate([kept.places for kept, *_ in tied]),
            np.concatenate([outcomes for _, outcomes, _, _ in tied]),
            np.repeat([day for *_, day, _ in tied], sizes),
            np.repeat([sign for *_, sign in tied], sizes),
        )

    def fit(self) -> Grown | None:
        """Grow the models from all that is known, and correct their chances; None while too little is."""
        lessons = self.lessons()
        if lessons is None:
            return None
        grown = grow(lessons, seed=self._seed, threads=self._threads)
        self.models = grown if grown.trees else None
        self.calibrations = self._calibrated()
        self.thoroughness = self.evidence.thoroughness()
        return self.models

    def everything_shown(self) -> dict[str, Shown]:
        """Return what controls showed, by declaration."""
        return {number: kept.shown for number, kept in self._kept.items() if kept.shown is not None}

    def lessons(self) -> Lessons | None:
        """Return what controls taught, in the order of the declarations' numbers; None if nothing."""
        taught = [(number, kept) for number, kept in sorted(self._kept.items()) if kept.shown is not None]
        if not taught:
            return None
        shown = [kept.shown for _, kept in taught if kept.shown is not None]
        sizes = [len(kept.items) for _, kept in taught]
        harm = [
            self._harm.of(kept.shown.kind, code) if kept.shown and kept.shown.kind else 0.0
            for _, kept in taught
            for code in kept.codes
        ]
        return Lessons(
            parts=[kept.values for _, kept in taught],
            found=np.concatenate([s.found for s in shown]),
            assessed=np.concatenate([s.assessed for s in shown]),
            harm=np.array(harm, np.float64),
            weight=np.repeat([kept.weight for _, kept in taught], sizes),
        )

    def _calibrated(self) -> dict[str, Calibration]:
        """Compare what was foretold with what was found: forward in time, for none had been learned from."""
        calibrations = {}
        for at, form in enumerate(FORMS):
            pairs = [
                (kept.foretold[at], form in kept.shown.hit, kept.weight)
                for _, kept in sorted(self._kept.items())
                if kept.foretold is not None and kept.shown is not None and form in kept.shown.forms
            ]
            if sum(hit for _, hit, _ in pairs) >= _CALIBRATED_BY:
                p, y, weight = (np.array(values, np.float64) for values in zip(*pairs, strict=True))
                calibrations[form] = Calibration.fit(p, y, weight, strength=_CALIBRATION_STRENGTH)
        return calibrations

    def outlook(self, morning: Morning, *, keys: Sequence[str] | None = None) -> Outlook | None:
        """Return what to expect of each declaration of the day; None while there are no models.

        Args:
            morning: of the day.
            keys: what an item belongs to, where that is not its declaration but a version of it.
        """
        if self.models is None:
            return None
        return outlook_of(
            keys or morning.number,
            self.models.estimate(morning.values),
            self.calibrations,
            thoroughness=self.thoroughness,
        )

    def known_kinds(self) -> list[str]:
        """Return which kinds of finding the models in force can foretell."""
        return [
            COLUMNS[k] for k in (PAPERS, HIDDEN, AFTER) if self.models and COLUMNS[k] in self.models.kinds()
        ]
