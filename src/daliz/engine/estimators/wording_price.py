"""Words against price: a description that speaks of dear goods beside a cheap declared value."""

from typing import Final, Self

import numpy as np

from daliz.engine.estimators.grams import Described, Texts
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.party_pairs import Growing
from daliz.engine.estimators.rates import Floats

_PRIOR: Final = 20.0
"""Items before half of what a word shows is believed."""
_MEMORY: Final = 2_000.0
"""Items after which a code's usual price forgets the old ones as fast as it learns new ones."""
_OUTLIER: Final = 2.0
"""Log deviations are cut here: one absurd value teaches no more than a strange one."""


class WordingPrice:
    """What each word adds to the usual unit value of its heading: brands, materials, kinds of make.

    For each code a running mean of the log unit value; for each word within a heading (4 digits) the mean of
    what is left over when the code and the other words have had their say, shrunk to nothing (additive
    effects, fitted one day at a time). Keyed by heading, because leather means one thing in shoes and
    another in gloves.

    Example:
        >>> words = ["кроссовки Adidos", "кроссовки"] * 200
        >>> price = WordingPrice()
        >>> for _ in range(20):
        ...     price.learn(words, ["6404110000"] * 400, np.array([40.0, 20.0] * 200))
        >>> gap = price.gap(["кроссовки Adidos", "кроссовки"], ["6404110000"] * 2, np.array([20.0, 20.0]))
        >>> bool(0.5 < gap[0] < 0.8), bool(abs(gap[1]) < 0.15)
        (True, True)
    """

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._words: dict[tuple[str, str], int] = {}
        self._mean, self._seen = Growing(np.float64(0)), Growing(np.float64(0))
        self._left_over, self._times = Growing(np.float64(0)), Growing(np.float64(0))

    def learn(self, descriptions: Described, codes: Described, unit_value: Floats) -> None:
        """Learn a day.

        Args:
            descriptions: texts; a missing one teaches the usual price alone.
            codes: as declared.
            unit_value: money per kg; what is not above 0 teaches nothing.
        """
        logs = _logs(unit_value)
        rows = [row for row, code in enumerate(codes) if code is not None and not np.isnan(logs[row])]
        logs = logs[rows]
        code = np.array(
            [self._codes.setdefault(str(codes[r]), len(self._codes)) for r in rows], dtype=np.int64
        )
        for kept in (self._mean, self._seen):
            kept.extend(len(self._codes))
        texts = Texts.of([descriptions[row] for row in rows])
        of, word = self._words_of(texts, [str(codes[row]) for row in rows], grow=True)
        if not rows:
            return
        today = np.bincount(code, minlength=len(self._codes)).astype(np.float64)
        new = (self._seen.values == 0) & (today > 0)
        sums = np.bincount(code, logs, minlength=len(self._codes))
        self._mean.values[new] = sums[new] / today[new]
        effect = self._left_over.values / (self._times.values + _PRIOR)
        said = np.bincount(of, effect[word], minlength=len(rows))
        rest = np.clip(logs - self._mean.values[code] - said, -_OUTLIER, _OUTLIER)
        self._left_over.values[:] += np.bincount(word, rest[of] + effect[word], minlength=len(effect))
        self._times.values[:] += np.bincount(word, minlength=len(effect))
        self._seen.values[:] = np.minimum(self._seen.values + today, _MEMORY)
        drift = np.bincount(code, rest, minlength=len(self._codes))
        self._mean.values[:] += np.where(new, 0.0, drift / np.maximum(self._seen.values, 1.0))

    def gap(self, descriptions: Described | Texts, codes: Described, unit_value: Floats) -> Floats:
        """Return how much dearer the words are than the declared price, on the log scale.

        0.69 means that such words usually go with twice the price; below 0 the price is higher than the words
        let expect. NaN where description, price or code is unknown.
        """
        known = [code if code in self._codes else None for code in codes]
        texts = Texts.of(descriptions)
        of, word = self._words_of(texts, known, grow=False)
        effect = self._left_over.values[word] / (self._times.values[word] + _PRIOR)
        said = np.bincount(of, effect, minlength=len(known))
        usual = np.array([np.nan if c is None else self._mean.values[self._codes[c]] for c in known])
        gaps: Floats = np.where(texts.form >= 0, usual + said - _logs(unit_value), np.nan)
        return gaps

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes: what ``gap`` asks, from which nothing more is learned."""
        return {
            "codes": list(self._codes),
            "mean": self._mean.values,
            "words": [list(word) for word in self._words],
            "left_over": self._left_over.values[: len(self._words)],
            "times": self._times.values[: len(self._words)],
        }

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the prices that were kept."""
        prices = cls()
        prices._codes = {code: at for at, code in enumerate(tree["codes"])}
        prices._words = {(heading, word): at for at, (heading, word) in enumerate(tree["words"])}
        prices._mean = Growing.of(tree["mean"])
        prices._left_over, prices._times = Growing.of(tree["left_over"]), Growing.of(tree["times"])
        return prices

    def _words_of(self, texts: Texts, codes: Described, *, grow: bool) -> tuple[list[int], list[int]]:
        """Return, for every known word of every text, the row and the number of the word in its heading."""
        of, words = [], []
        of_form = [w.tolist() for w in np.split(texts.form_words, texts.form_start[1:-1])]
        for row, (form, code) in enumerate(zip(texts.form.tolist(), codes, strict=True)):
            if form < 0 or code is None:
                continue
            for word in of_form[form]:
                key = (code[:4], texts.words[word])
                number = self._words.setdefault(key, len(self._words)) if grow else self._words.get(key)
                if number is not None:
                    of.append(row)
                    words.append(number)
        if grow:
            for kept in (self._left_over, self._times):
                kept.extend(len(self._words))
        return of, words


def _logs(unit_value: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.where(np.asarray(unit_value, dtype=np.float64) > 0, unit_value, np.nan))
