"""Pieces of words: character n-grams that do not cross the bounds of a word, hashed into buckets."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.folding import fold

Whole = NDArray[np.int64]
Names = NDArray[np.object_]
Described = Sequence[str | None] | Names
"""Texts or codes, None where missing."""
SIZES: Final = (3, 4, 5)
"""Letters of a piece, the bounds of the word included."""


@lru_cache(maxsize=1 << 17)
def pieces(word: str, buckets: int) -> tuple[int, ...]:
    """Return the buckets of a word's pieces and of the word itself, each once, ascending.

    Hashed by CRC-32, which is the same on every machine.

    Example:
        >>> len(pieces("shini", 1 << 15))  # 5 of three letters, 4 of four, 3 of five, and the word
        13
    """
    bounded = f" {word} "
    found = {bounded}
    for size in SIZES:
        found.update(bounded[at : at + size] for at in range(len(bounded) - size + 1))
    return tuple(sorted({zlib.crc32(piece.encode()) % buckets for piece in found}))


@dataclass(frozen=True, slots=True)
class Texts:
    """Descriptions taken apart, each different form once.

    Attributes:
        form: index of each description's form, -1 where there is none, shape (descriptions,).
        form_words: words of each form, ``form_start[i]`` to ``form_start[i + 1]``, indices of ``words``.
        form_start: shape (forms + 1,).
        words: the different words.
    """

    form: Whole
    form_words: Whole
    form_start: Whole
    words: tuple[str, ...]

    @classmethod
    def of(cls, descriptions: "Described | Texts") -> "Texts":
        """Fold descriptions, unless they are; one that is missing, or has no word, has no form."""
        if isinstance(descriptions, Texts):
            return descriptions
        forms: dict[tuple[str, ...], int] = {}
        index: dict[str, int] = {}
        form = np.full(len(descriptions), -1, dtype=np.int64)
        for row, text in enumerate(descriptions):
            words = tuple(sorted(set(fold(text)))) if text else ()
            if words:
                form[row] = forms.setdefault(words, len(forms))
        spread = [index.setdefault(word, len(index)) for words in forms for word in words]
        lengths = [len(words) for words in forms]
        return cls(
            form=form,
            form_words=np.array(spread, dtype=np.int64),
            form_start=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            words=tuple(index),
        )

    def pieces(self, buckets: int) -> tuple[Whole, Whole]:
        """Return the buckets of every word's pieces, one word after the other, and where each word begins."""
        return pieces_of(self.words, buckets)


def pieces_of(words: Sequence[str], buckets: int) -> tuple[Whole, Whole]:
    """Return the buckets of every word's pieces, one word after the other, and where each word begins."""
    of_words = [pieces(word, buckets) for word in words]
    starts = np.concatenate([[0], np.cumsum([len(p) for p in of_words], dtype=np.int64)])
    return np.array([bucket for p in of_words for bucket in p], dtype=np.int64), starts
