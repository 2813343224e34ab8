"""``HierarchicalRate``: how often something was found among the like, from the general to the particular.

The rate of a chapter is drawn towards the rate of everything, that of a heading towards its chapter's, and so
on down: what is rare says little for itself and leans on what it is part of.
"""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats, expit, logit

_Z90 = 1.6448536269514722
_FAR = 500.0
"""Half-lives after which evidence is brought to a later origin, long before numbers run out."""


Place = tuple[Any, ...]
"""A name at every level, the widest first; None where there is none."""


class HierarchicalRate:
    """Empirical-Bayes rates down one declared hierarchy, decaying with time, in scikit-learn's ways.

    A row names a place at every level, the widest first: (chapter, heading, code), or (trader, trader and
    heading). A place that the row does not name (None) has nothing below it either: the row leans on the
    level above. Evidence counts half as much ``half_life_days`` later. What was learned can be taken back by
    the same day and a negative weight.

    Args:
        levels: names of the levels, the widest first.
        strength: how many controls the rate of the level above weighs as much as, above 0.
        half_life_days: days in which evidence loses half its weight; None keeps it for ever.
        prior_rate: belief before anything was found, 0 to 1.

    Attributes:
        n_features_in_: number of levels.
        n_outputs_: how many outcomes are told apart (1 where ``y`` is one column).

    Sources:
        [efron2010] chapter 1; [gelman2013] section 5.3; [micci2001] for levels that lean on each other.

    Example:
        >>> rows = [["64", "6403"]] * 30 + [["64", "6404"]] * 2
        >>> rate = HierarchicalRate(("hs2", "hs4")).fit(rows, [1] * 15 + [0] * 15 + [0, 0])
        >>> rate.predict([["64", "6403"], ["64", "6404"], ["64", "6401"], ["01", "0101"]]).round(2).tolist()
        [0.49, 0.33, 0.46, 0.42]
    """

    def __init__(
        self,
        levels: Sequence[str] = ("whole",),
        *,
        strength: float = 5.0,
        half_life_days: float | None = None,
        prior_rate: float = 0.1,
    ) -> None:
        self.levels = levels
        self.strength = strength
        self.half_life_days = half_life_days
        self.prior_rate = prior_rate

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments by name."""
        return {
            "levels": self.levels, "strength": self.strength,
            "half_life_days": self.half_life_days, "prior_rate": self.prior_rate,
        }  # fmt: skip

    def set_params(self, **values: Any) -> Self:
        """Change arguments by name; unknown names are an error."""
        for name, value in values.items():
            if name not in self.get_params():
                raise ValueError(f"HierarchicalRate has no argument {name!r}")
            setattr(self, name, value)
        return self

    def fit(
        self,
        X: ArrayLike,  # noqa: N803 -- scikit-learn's name
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        days: ArrayLike | None = None,
    ) -> Self:
        """Learn from outcomes, forgetting what was learned before; the arguments are ``partial_fit``'s."""
        outcome = np.asarray(y, np.float64)
        self.n_features_in_ = len(self.levels)
        self.n_outputs_ = 1 if outcome.ndim == 1 else outcome.shape[1]
        self._place: list[dict[Any, int]] = [{} for _ in range(self.n_features_in_ + 1)]
        self._tried = [np.zeros((0, self.n_outputs_)) for _ in self._place]
        self._found = [np.zeros((0, self.n_outputs_)) for _ in self._place]
        self._origin: float | None = None
        return self.partial_fit(X, outcome, sample_weight, days=days)

    def partial_fit(
        self,
        X: ArrayLike,  # noqa: N803
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        days: ArrayLike | None = None,
    ) -> Self:
        """Learn more.

        Args:
            X: the place of each row at each level, None where it has none, shape (rows, levels).
            y: share of a violation found, 0 to 1, NaN where not tried; shape (rows,) or (rows, outputs).
            sample_weight: what each row counts; negative takes back what was learned.
            days: number of the day of each row, any origin; all the same day if left out.
        """
        if not hasattr(self, "_place"):
            return self.fit(X, y, sample_weight, days=days)
        outcome = np.asarray(y, np.float64).reshape(-1, self.n_outputs_)
        weight = np.ones(len(outcome)) if sample_weight is None else np.asarray(sample_weight, np.float64)
        when = np.broadcast_to(np.asarray(0.0 if days is None else days, np.float64), weight.shape)
        self._bring_forward(when)
        weight = (weight / self._fade(when))[:, None]
        tried = np.where(np.isnan(outcome), 0.0, weight)
        found = np.where(np.isnan(outcome), 0.0, weight * np.nan_to_num(outcome))
        for level, rows in enumerate(self._places(X)):
            known = rows >= 0
            self._tried[level] = _grown(self._tried[level], len(self._place[level]))
            self._found[level] = _grown(self._found[level], len(self._place[level]))
            np.add.at(self._tried[level], rows[known], tried[known])
            np.add.at(self._found[level], rows[known], found[known])
        return self

    def predict(self, X: ArrayLike, *, day: float = 0.0) -> Floats:  # noqa: N803
        """Return the rate at the deepest level of each row, shape (rows,) or (rows, outputs)."""
        rate = self.levels_of(X, day=day)[0][:, -1]
        return rate[:, 0] if self.n_outputs_ == 1 else rate

    def predict_interval(self, X: ArrayLike, *, day: float = 0.0) -> tuple[Floats, Floats]:  # noqa: N803
        """Return the ends of a 90 % credible interval of ``predict``, by the normal curve of log-odds."""
        rates, tried = self.levels_of(X, day=day)
        mean = np.clip(rates[:, -1], 1e-12, 1 - 1e-12)
        evidence = tried[:, -1] + self.strength
        spread = _Z90 * np.sqrt(1 / (evidence * mean) + 1 / (evidence * (1 - mean)))
        ends = expit(logit(mean) - spread), expit(logit(mean) + spread)
        if self.n_outputs_ == 1:
            return ends[0][:, 0], ends[1][:, 0]
        return ends

    def levels_of(self, X: ArrayLike, *, day: float = 0.0) -> tuple[Floats, Floats]:  # noqa: N803
        """Return the rate and the evidence at every level: the whole, then as declared.

        Args:
            X: the place of each row at each level, shape (rows, levels).
            day: the day on which it is asked; evidence has decayed until then.

        Returns:
            rates: shape (rows, 1 + levels, outputs). tried: controls behind each, decayed, the same shape.
        """
        rates, tried = Together([self]).levels_of([list(map(tuple, self._names(X).tolist()))], day=day)
        return rates[:, 0], tried[:, 0]

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes: all that was learned."""
        tree: dict[str, Any] = {"origin": self._origin, "outputs": self.n_outputs_}
        for level, place in enumerate(self._place):
            tree[f"{level}"] = {
                "keys": [list(key) for key in place],
                "tried": self._tried[level][: len(place)],
                "found": self._found[level][: len(place)],
            }
        return tree

    def of_kept(self, tree: Tree) -> Self:
        """Take over what was kept of one with the same arguments."""
        self.n_features_in_, self.n_outputs_ = len(self.levels), int(tree["outputs"])
        levels = [tree[f"{level}"] for level in range(self.n_features_in_ + 1)]
        self._place = [{tuple(key): at for at, key in enumerate(level["keys"])} for level in levels]
        self._tried = [level["tried"] for level in levels]
        self._found = [level["found"] for level in levels]
        self._origin = tree["origin"]
        return self

    def _fade(self, days: Any) -> Any:
        """Return what evidence of the origin is worth on these days."""
        if self.half_life_days is None or self._origin is None:
            return 1.0
        return 0.5 ** ((np.asarray(days) - self._origin) / self.half_life_days)

    def _bring_forward(self, days: Floats) -> None:
        """Count evidence from the first day told, and from a later one where that lies too far back."""
        if self.half_life_days is None or not len(days):
            return
        last = float(days.max())
        if self._origin is None:
            self._origin = last
        elif last - self._origin > _FAR * self.half_life_days:
            worth = self._fade(last)
            self._tried = [tried * worth for tried in self._tried]
            self._found = [found * worth for found in self._found]
            self._origin = last

    def _places(self, X: ArrayLike) -> list[NDArray[np.int64]]:  # noqa: N803
        """Return the index of each row's place at each level, given anew where it is new; -1 where none."""
        names = self._names(X)
        keys: list[Any] = [()] * len(names)
        placed = [np.full(len(names), self._place[0].setdefault((), 0), np.int64)]
        for known, column in zip(self._place[1:], names.T.tolist(), strict=True):
            keys = [
                None if above is None or name is None else (*above, name)
                for above, name in zip(keys, column, strict=True)
            ]
            placed.append(
                np.array([-1 if k is None else known.setdefault(k, len(known)) for k in keys], dtype=np.int64)
            )
        return placed

    def _names(self, X: ArrayLike) -> NDArray[np.object_]:  # noqa: N803
        names = np.asarray(X, dtype=object)
        if names.ndim != 2 or names.shape[1] != len(self.levels):
            raise ValueError(f"X names {len(self.levels)} levels a row, not shape {names.shape}")
        return names


class Together:
    """Several hierarchies of as many outcomes, asked side by side: few calls for many levels.

    They are asked as they stand now; what they learn later is not seen.

    Args:
        rates: fitted.
    """

    def __init__(self, rates: Sequence[HierarchicalRate]) -> None:
        self._rates = rates
        self._depth = 1 + max(len(rate.levels) for rate in rates)
        levels = [(rate, level) for rate in rates for level in range(1 + len(rate.levels))]
        nothing = np.zeros((1, rates[0].n_outputs_))  # of a place that is not known, at the end
        self._tried = np.concatenate([*(r._tried[at][: len(r._place[at])] for r, at in levels), nothing])
        self._found = np.concatenate([*(r._found[at][: len(r._place[at])] for r, at in levels), nothing])
        begins = iter(np.cumsum([0, *(len(rate._place[at]) for rate, at in levels)]).tolist())
        self._begin = [[next(begins) for _ in rate._place] for rate in rates]
        self._strength = np.array([[float(rate.strength)] for rate in rates])
        self._prior = np.array([[float(rate.prior_rate)] * nothing.shape[1] for rate in rates])

    def levels_of(self, places: Sequence[Sequence[Place]], *, day: float) -> tuple[Floats, Floats]:
        """Return the rate and the evidence at every level: the whole, then as declared.

        Args:
            places: of each row in each hierarchy, level by level.
            day: the day on which it is asked; evidence has decayed until then.

        Returns:
            rates: shape (rows, hierarchies, 1 + most levels, outputs); where a hierarchy has fewer levels
            the last are of places not known. tried: controls behind each, decayed, the same shape.
        """
        named = zip(self._rates, self._begin, places, strict=True)
        placed = np.array([self._at(*one) for one in named], dtype=np.int64)
        at = placed.reshape(len(self._rates), -1, self._depth).swapaxes(0, 1)
        fade = np.array([[[float(rate._fade(day))]] for rate in self._rates])
        tried = np.maximum(self._tried[at] * fade, 0.0)
        found = np.minimum(np.maximum(self._found[at] * fade, 0.0), tried)
        weight = tried + self._strength[:, None]
        rates, above = np.empty_like(tried), self._prior
        for level in range(self._depth):
            above = (found[:, :, level] + self._strength * above) / weight[:, :, level]
            rates[:, :, level] = above
        return rates, tried

    def _at(self, rate: HierarchicalRate, begin: Sequence[int], rows: Sequence[Place]) -> list[list[int]]:
        """Return where each row's place at each level stands, -1 where none is known; like rows once."""
        answers: dict[Place, list[int]] = {}
        root = begin[0] if rate._place[0] else -1
        for row in rows:
            if row in answers:
                continue
            at = [-1] * self._depth
            at[0] = root
            for level, name in enumerate(row, 1):
                known = None if name is None else rate._place[level].get(row[:level])
                if known is None:
                    break
                at[level] = begin[level] + known
            answers[row] = at
        return [answers[row] for row in rows]


def _grown(values: Floats, size: int) -> Floats:
    """Return the values with room for more places; room is doubled, so that growing stays cheap."""
    if size <= len(values):
        return values
    more = np.zeros((max(size, 2 * len(values), 64), values.shape[1]))
    more[: len(values)] = values
    return more
