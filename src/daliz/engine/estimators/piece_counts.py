"""How usual each piece of a word is under each code, counted so that no one trader can sway it."""

from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.grams import Described, Texts, Whole
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats

_WORD_BITS: Final = 28
_CODE_BITS: Final = 20
_AT_ONCE: Final = 64
"""Words summed together, so that their pieces stay in the cache of the processor."""

Asked = tuple[tuple[str, ...], bytes, bytes]


class PieceCounts:
    """Counts of pieces by code, and the evidence of a text for each code.

    Where the trader is known, a word of his counts for a code once, however often he writes it.

    Args:
        buckets: how many pieces are told apart.
        smoothing: pieces of usual wording that each code starts with, above 0.

    Attributes:
        index: column of each code, in the order of first sight.
    """

    def __init__(self, buckets: int, smoothing: float) -> None:
        self._buckets, self._smoothing = buckets, np.float32(smoothing)
        self.index: dict[str, int] = {}
        self._counts = np.zeros((buckets, 0), dtype=np.float32)
        self._of_code, self._items = np.zeros(0), np.zeros(0)
        self._usual = np.zeros(buckets)
        self._traders: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._told: set[int] = set()
        self._asked: tuple[Asked, tuple[Floats, NDArray[np.bool_]]] | None = None

    def __len__(self) -> int:
        return len(self.index)

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes: counts where there are any, from which nothing more is learned."""
        count = len(self.index)
        row, column = np.nonzero(self._counts[:, :count])
        return {
            "codes": list(self.index),
            "row": row,
            "column": column,
            "count": self._counts[row, column],
            "of_code": self._of_code[:count],
            "items": self._items[:count],
            "usual": self._usual,
        }

    @classmethod
    def of_kept(cls, tree: Tree, *, buckets: int, smoothing: float) -> Self:
        """Return the counts that were kept."""
        counts = cls(buckets, smoothing)
        counts.index = {code: at for at, code in enumerate(tree["codes"])}
        counts._counts = np.zeros((buckets, len(counts.index)), dtype=np.float32)
        counts._counts[tree["row"], tree["column"]] = tree["count"]
        counts._of_code, counts._items, counts._usual = tree["of_code"], tree["items"], tree["usual"]
        return counts

    def add_codes(self, codes: Described) -> None:
        """Make room for codes not seen before."""
        self._asked = None
        for code in codes:
            if code is not None:
                self.index.setdefault(code, len(self.index))
        missing = len(self.index) - len(self._items)
        if missing > 0:
            missing = max(missing, len(self._items))
            self._counts = np.pad(self._counts, ((0, 0), (0, missing)))
            self._of_code, self._items = (
                np.pad(self._of_code, (0, missing)),
                np.pad(self._items, (0, missing)),
            )

    def add(self, texts: Texts, codes: Described, weight: Floats, traders: Described) -> None:
        """Count the pieces of ``texts`` under their codes, which ``add_codes`` has made room for."""
        self._asked = None
        words, columns, weights = [], [], []
        of_form = np.split(texts.form_words, texts.form_start[1:-1])
        for row, code in enumerate(codes):
            form = texts.form[row]
            if form < 0 or code is None or not weight[row] > 0:
                continue
            column, trader = self.index[code], traders[row]
            if self._first(trader, "", column):
                self._items[column] += weight[row]
            for word in of_form[form].tolist():
                if self._first(trader, texts.words[word], column):
                    words.append(word)
                    columns.append(column)
                    weights.append(weight[row])
        if words:
            self._count(texts, np.array(words), np.array(columns), np.array(weights))

    def _first(self, trader: str | None, word: str, column: int) -> bool:
        """Tell whether a trader has not yet been counted with this word and code, and remember him."""
        if trader is None:
            return True
        who = self._traders.setdefault(trader, len(self._traders))
        what = self._words.setdefault(word, len(self._words))
        key = (who << _WORD_BITS | what) << _CODE_BITS | column
        if key in self._told:
            return False
        self._told.add(key)
        return True

    def _count(self, texts: Texts, words: Whole, columns: Whole, weights: Floats) -> None:
        bucket, start = texts.pieces(self._buckets)
        lengths = np.diff(start)[words]
        ends = np.cumsum(lengths)
        at = np.arange(ends[-1]) + np.repeat(start[words] - (ends - lengths), lengths)
        row, column, weight = bucket[at], np.repeat(columns, lengths), np.repeat(weights, lengths)
        np.add.at(self._counts, (row, column), weight.astype(np.float32))
        self._of_code += np.bincount(column, weight, minlength=len(self._of_code))
        self._usual += np.bincount(row, weight, minlength=self._buckets)

    def evidence(self, texts: Texts) -> tuple[Floats, NDArray[np.bool_]]:
        """Return what each form says for each code, and whether it says anything.

        For each word the mean log ratio of its pieces under the code to their usual share, times the square
        root of how many they are; a form is the sum of its words. Pieces never seen say nothing. What was
        asked last is remembered until something is learned: a day is asked more than once.

        Returns:
            shape (forms, codes) and (forms,); not to be written to.
        """
        asked = (texts.words, texts.form_words.tobytes(), texts.form_start.tobytes())
        held = self._asked  # other threads may ask meanwhile
        if held is None or held[0] != asked:
            self._asked = held = (asked, self._weighed(texts))
        return held[1]

    def _weighed(self, texts: Texts) -> tuple[Floats, NDArray[np.bool_]]:
        count = len(self.index)
        if not texts.words or not count:
            forms = len(texts.form_start) - 1
            return np.zeros((forms, count)), np.zeros(forms, dtype=np.bool_)
        bucket, start = texts.pieces(self._buckets)
        different, where = np.unique(bucket, return_inverse=True)
        usual = self._usual[different]
        known = usual > 0
        share = np.where(known, usual / max(self._usual.sum(), 1.0), 1.0).astype(np.float32)[:, None]
        ratio = self._counts[different, :count]
        ratio /= share
        ratio += self._smoothing
        np.log(ratio, out=ratio)
        ratio -= np.log(self._of_code[:count] + self._smoothing).astype(np.float32)
        ratio[~known] = 0.0
        words = np.empty((len(texts.words), count), dtype=np.float32)
        for first in range(0, len(words), _AT_ONCE):
            ends = start[first : first + _AT_ONCE + 1]
            pieces = ratio[where[ends[0] : ends[-1]]]
            np.add.reduceat(pieces, ends[:-1] - ends[0], axis=0, out=words[first : first + _AT_ONCE])
        seen = np.add.reduceat(known[where].astype(np.int64), start[:-1])
        words /= np.sqrt(np.maximum(seen, 1)).astype(np.float32)[:, None]
        forms_said = np.add.reduceat(words[texts.form_words], texts.form_start[:-1], axis=0)
        says = np.add.reduceat(seen[texts.form_words], texts.form_start[:-1]) > 0
        return forms_said.astype(np.float64), says

    def prior(self) -> Floats:
        """Return the log share of each code among what was counted, shape (codes,)."""
        items = self._items[: len(self.index)] + 0.5
        shares: Floats = np.log(items / (items.sum() + 0.5))
        return shares

    @property
    def unseen_prior(self) -> float:
        """The log share kept for a code that was never declared."""
        return float(np.log(0.5 / (self._items.sum() + 0.5 * len(self.index) + 0.5)))
