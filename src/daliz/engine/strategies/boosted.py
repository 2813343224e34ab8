"""``lightgbm``: the baseline, as a good data scientist would build it in a week.

One classifier of "a control found something" over items, whatever the form of control, and one regression of
the log of what was assessed; declarations by probability × money, the best opened, the next checked on paper.
No model of the forms, no rings, no wording. Tuned once, on worlds of the seeds 901 and 902.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import lightgbm
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.pack import Pack
from daliz.engine.strategies.chance import draw, generator
from daliz.engine.strategies.columns import CATEGORIES, RAW, Columns
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.encodings import FOLDS, out_of_fold, rates
from daliz.engine.strategies.protocol import Capacity, answer
from daliz.engine.strategies.room import Room, thorough_first

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

RETRAINED_AFTER: Final = timedelta(days=14)
FEWEST: Final = 20
"""Items found in violation that training needs; before, the dearest declarations come first."""
BY_CHANCE: Final = 0.10
"""Of each form's capacity, in ``lightgbm+random``."""
_SETTING: Final[dict[str, object]] = {
    "learning_rate": 0.06, "num_leaves": 31, "lambda_l2": 5.0, "feature_fraction": 0.5,
    "bagging_fraction": 0.8, "bagging_freq": 1, "num_threads": 1, "deterministic": True, "verbosity": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Label:
    """What a control of a declaration found, as far as is known: the item, None for the whole, and money."""

    violation: bool
    item_no: int | None
    money: float


@dataclass(frozen=True, slots=True)
class _Model:
    """What was learned.

    Attributes:
        probability: classifier of items.
        money: regression of log money on items found.
        smear: what brings the money predicted to the mean of the money found.
        rates: of each category's values, and last that of a value never seen.
    """

    probability: Any
    money: Any
    smear: float
    rates: Sequence[Floats]


class Boosted:
    """Learns from all controls alike, every two weeks."""

    def __init__(self, *, pack: Pack, seed: int, rounds: int = 150, by_chance: float = 0.0) -> None:
        """Begin.

        Args:
            pack: of the country.
            seed: of chance.
            rounds: trees of the classifier; the regression has half as many.
            by_chance: share of each form's capacity that is given by chance, 0 to 1.
        """
        self._pack, self._seed, self._rounds, self._by_chance = pack, seed, rounds, by_chance
        self._columns = Columns(pack)
        self._numbers: list[Floats] = []
        self._codes: list[Whole] = []
        self._items: list[Whole] = []
        self._rows: dict[str, tuple[int, int]] = {}
        self._size = 0
        self._labels: dict[str, dict[str, _Label]] = {}
        self._model: _Model | None = None
        self._trained: datetime | None = None

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Remember the declarations; a later version of a known one is left aside."""
        self._remember(Day.of_declarations(declarations))

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Remember the latest that is known of each control; an annulled finding found nothing."""
        names = ["declaration_id", "control_form", "item_no", "violation", "assessed", "finality"]
        for row in findings.select(names).to_pylist():
            if row["declaration_id"] is None or row["control_form"] is None:
                continue
            wrong = bool(row["violation"]) and row["finality"] != "annulled"
            label = _Label(wrong, row["item_no"], float(row["assessed"] or 0) if wrong else 0.0)
            self._labels.setdefault(row["declaration_id"], {})[row["control_form"]] = label

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Rank by probability × money: the best are opened, the next checked on paper."""
        day = Day.of_declarations(declarations)
        numbers, codes = self._remember(day)
        if self._trained is None or now - self._trained >= RETRAINED_AFTER:
            self._train()
            self._trained = now
        probability, damage = self._score(day, numbers, codes)
        room = Room(capacity, day, self._pack)
        forms = thorough_first(capacity, self._pack)
        drawn, chance = self._draw(day, capacity, forms, now)
        for one, form in drawn.items():
            room.take(one, form)
        ranked = np.argsort(-damage, kind="stable").tolist()
        given = dict(drawn)
        for form in forms:
            for one in ranked:
                if one not in given and room.take(one, form):
                    given[one] = form
        order = [*drawn, *(one for one in ranked if one not in drawn)]
        known = self._model is not None
        return answer(
            [day.ids[one] for one in order],
            [given.get(one) for one in order],
            propensity=[1.0 if one in given and one not in drawn else chance[one] for one in order],
            in_random=[one in drawn for one in order],
            probability=[float(probability[one]) if known else None for one in order],
            expected_damage=[float(damage[one]) if known else None for one in order],
        )

    def _remember(self, day: Day) -> tuple[Floats, Whole]:
        numbers, codes = self._columns.of(day)
        ends = np.append(day.first[1:], len(day.of))
        for name, begin, end in zip(day.ids, day.first.tolist(), ends.tolist(), strict=True):
            self._rows.setdefault(name, (self._size + begin, self._size + end))
        self._size += len(day.of)
        self._numbers.append(numbers)
        self._codes.append(codes)
        self._items.append(day.items["item_no"].to_numpy().astype(np.int64))
        return numbers, codes

    def _train(self) -> None:
        """Train on all that is known, if it is enough."""
        item_no = np.concatenate(self._items)
        rows, hits, money, folds = [], [], [], []
        for number, (name, by_form) in enumerate(sorted(self._labels.items())):
            if name not in self._rows:
                continue
            place = np.arange(*self._rows[name])
            found = max(by_form.values(), key=lambda label: (label.violation, label.money))
            wrong = np.full(len(place), found.violation)
            if found.item_no is not None:
                wrong &= item_no[place] == found.item_no
            rows.append(place)
            hits.append(wrong.astype(np.float64))
            money.append(wrong * found.money / max(int(wrong.sum()), 1))
            folds.append(np.full(len(place), number % FOLDS))
        if not rows:
            return
        y, m, fold = np.concatenate(hits), np.concatenate(money), np.concatenate(folds)
        paid = m > 0
        if paid.sum() < FEWEST or y.all():
            return
        at = np.concatenate(rows)
        numbers, codes = np.concatenate(self._numbers)[at], np.concatenate(self._codes)[at]
        sizes = [len(self._columns.codes[name]) for name in CATEGORIES]
        encoded = [out_of_fold(codes[:, j], y, fold, size) for j, size in enumerate(sizes)]
        x = np.column_stack([numbers, *encoded])
        amount = self._fit(x[paid], np.log1p(m[paid]), "regression", self._rounds // 2, leaf=20)
        usual = max(float(np.expm1(amount.predict(x[paid])).mean()), 1.0)
        self._model = _Model(
            probability=self._fit(x, y, "binary", self._rounds, leaf=30),
            money=amount,
            smear=float(np.minimum(m[paid], np.quantile(m[paid], 0.99)).mean()) / usual,
            rates=[rates(codes[:, j], y, size + 1) for j, size in enumerate(sizes)],
        )

    def _fit(self, x: Floats, y: Floats, objective: str, rounds: int, *, leaf: int) -> Any:
        setting = _SETTING | {"objective": objective, "min_data_in_leaf": leaf, "seed": self._seed % 2**31}
        return lightgbm.train(setting, lightgbm.Dataset(x, y), rounds)

    def _score(self, day: Day, numbers: Floats, codes: Whole) -> tuple[Floats, Floats]:
        """Return probability and expected money of each declaration; without a model its declared value."""
        if self._model is None:
            value = np.nan_to_num(numbers[:, RAW.index("customs_value")])
            return np.full(len(day), np.nan), _summed(value, day)
        model = self._model
        encoded = [known[np.minimum(codes[:, j], len(known) - 1)] for j, known in enumerate(model.rates)]
        x = np.column_stack([numbers, *encoded])
        p = np.clip(model.probability.predict(x), 0.0, 1 - 1e-9)
        money = np.maximum(np.expm1(model.money.predict(x)), 0.0) * model.smear
        return 1 - np.exp(_summed(np.log1p(-p), day)), _summed(p * money, day)

    def _draw(
        self, day: Day, capacity: Capacity, forms: Sequence[str], now: datetime
    ) -> tuple[dict[int, str], Sequence[float]]:
        """Draw what is given by chance, from everyone; whole controls that average to the share."""
        if not self._by_chance:
            return {}, [0.0] * len(day)
        chance = generator(self._seed, now)
        part = Capacity(
            declarations={
                form: int(self._by_chance * n + chance.random())
                for form, n in sorted(capacity.declarations.items())
            },
            minutes={lane: self._by_chance * n for lane, n in sorted(capacity.minutes.items())},
        )
        return draw(day, Room(part, day, self._pack), forms=forms, generator=chance)


class BoostedAndRandom(Boosted):
    """The same, with a tenth of each form's capacity given by chance."""

    def __init__(self, *, pack: Pack, seed: int, rounds: int = 150) -> None:
        """Begin as ``Boosted``."""
        super().__init__(pack=pack, seed=seed, rounds=rounds, by_chance=BY_CHANCE)


def _summed(values: Floats, day: Day) -> Floats:
    """Return the sum over the items of each declaration."""
    sums: Floats = np.bincount(day.of, weights=values, minlength=len(day)).astype(np.float64)
    return sums
