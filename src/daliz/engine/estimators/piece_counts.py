"""How usual each piece of a word is under each code, counted so that no one trader can sway it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.grams import Described, Texts, Whole, pieces_of
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats

_WORD_BITS: Final = 28
_CODE_BITS: Final = 20
_MOST_REMEMBERED: Final = 1 << 22
"""Numbers, of words by codes, that are remembered of what words say: 32 MiB."""

Asked = tuple[tuple[str, ...], bytes, bytes]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What pieces say for the codes under which they were seen: a piece is seen under few of all codes.

    Attributes:
        start: where what each piece says begins, shape (pieces + 1,).
        column: the code, shape (entries,).
        count: how often the piece was seen under it.
        more: what that says for it beyond what silence would, log.
    """

    start: Whole
    column: NDArray[np.int32]
    count: NDArray[np.float32]
    more: NDArray[np.float32]

    def by_word(self, piece: Whole, start: Whole, codes: int) -> Floats:
        """Return the sum over the pieces of each word, shape (words, codes).

        Args:
            piece: of one word after the other.
            start: where each word begins, shape (words + 1,).
            codes: how many there are.
        """
        begin = self.start[piece]
        many = self.start[piece + 1] - begin
        ends = np.cumsum(many)
        at = np.arange(ends[-1]) + np.repeat(begin - (ends - many), many)
        word = np.repeat(np.arange(len(start) - 1), np.add.reduceat(many, start[:-1]))
        cell = word * codes + self.column[at]
        sums = np.bincount(cell, self.more[at], minlength=(len(start) - 1) * codes)
        return sums.astype(np.float64, copy=False).reshape(-1, codes)


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
        self._said: Said | None = None  # of counts that were kept, from which nothing more is learned
        self._remembered: dict[str, tuple[Floats, np.int64]] = {}
        self._of_code, self._items = np.zeros(0), np.zeros(0)
        self._usual = np.zeros(buckets)
        self._traders: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._told: set[int] = set()
        self._prior: tuple[Floats, float] | None = None
        self._asked: tuple[Asked, tuple[Floats, NDArray[np.bool_]]] | None = None

    def __len__(self) -> int:
        return len(self.index)

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes: counts where there are any, from which nothing more is learned."""
        count, every = len(self.index), np.arange(self._buckets)
        said = self._said or self._say(every)
        return {
            "codes": list(self.index),
            "row": np.repeat(every, np.diff(said.start)),
            "column": said.column,
            "count": said.count,
            "of_code": self._of_code[:count],
            "items": self._items[:count],
            "usual": self._usual,
        }

    @classmethod
    def of_kept(cls, tree: Tree, *, buckets: int, smoothing: float) -> Self:
        """Return the counts that were kept."""
        counts = cls(buckets, smoothing)
        counts.index = {code: at for at, code in enumerate(tree["codes"])}
        counts._of_code, counts._items, counts._usual = tree["of_code"], tree["items"], tree["usual"]
        counts._said = counts._weigh(np.arange(buckets), tree["row"], tree["column"], tree["count"])
        return counts

    def add_codes(self, codes: Described) -> None:
        """Make room for codes not seen before.

        Raises:
            TypeError: the counts were kept.
        """
        if self._said is not None:
            raise TypeError("counts that were kept learn nothing more")
        self._asked = self._prior = None
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
        self._asked = self._prior = None
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
        words, seen = self._by_word(texts.words)
        forms_said = np.add.reduceat(words[texts.form_words], texts.form_start[:-1], axis=0)
        says = np.add.reduceat(seen[texts.form_words], texts.form_start[:-1]) > 0
        return forms_said, says

    def _by_word(self, words: Sequence[str]) -> tuple[Floats, Whole]:
        """Return what each word says for each code, and how many of its pieces were ever seen.

        Where nothing more is learned, what words say is remembered.
        """
        if self._said is None:
            return self._words_say(words)
        known = {word: self._remembered.get(word) for word in words}
        new = [word for word, said in known.items() if said is None]
        if new:
            fresh = dict(zip(new, zip(*self._words_say(new), strict=True), strict=True))
            if (len(self._remembered) + len(fresh)) * len(self.index) > _MOST_REMEMBERED:
                self._remembered = {}
            self._remembered.update(fresh)
            known |= fresh
        told = [said for said in known.values() if said is not None]
        return np.array([said for said, _ in told]), np.array([seen for _, seen in told])

    def _words_say(self, words: Sequence[str]) -> tuple[Floats, Whole]:
        count = len(self.index)
        bucket, start = pieces_of(words, self._buckets)
        said, piece = self._said, bucket
        if said is None:
            different, piece = np.unique(bucket, return_inverse=True)
            said = self._say(different)
        seen = np.add.reduceat((self._usual[bucket] > 0).astype(np.int64), start[:-1])
        silence = np.log(self._smoothing) - np.log(self._of_code[:count] + self._smoothing)
        sums = said.by_word(piece, start, count) + seen[:, None] * silence
        return sums / np.sqrt(np.maximum(seen, 1))[:, None], seen

    def _say(self, buckets: Whole) -> Said:
        """Return what pieces say as counted so far."""
        counts = self._counts[buckets, : len(self.index)]
        row, column = np.nonzero(counts)
        return self._weigh(buckets, row, column, counts[row, column])

    def _weigh(self, buckets: Whole, row: Whole, column: Whole, count: NDArray[np.float32]) -> Said:
        """Return what pieces say, from how often each was seen under which code, piece by piece."""
        usual = (self._usual[buckets] / max(self._usual.sum(), 1.0)).astype(np.float32)
        more = np.log(count / usual[row] + self._smoothing) - np.log(self._smoothing)
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(buckets)))])
        return Said(start, column.astype(np.int32), count, more)

    def prior(self) -> tuple[Floats, float]:
        """Return the log share of each code among what was counted, and that of one never declared."""
        if self._prior is None:
            items = self._items[: len(self.index)] + 0.5
            unseen = np.log(0.5 / (self._items.sum() + 0.5 * len(self.index) + 0.5))
            self._prior = np.log(items / (items.sum() + 0.5)), float(unseen)
        return self._prior
