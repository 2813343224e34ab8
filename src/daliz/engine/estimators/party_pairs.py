"""Which parties deal with each other: pairs counted day by day, in arrays that whole nights can sum."""

from typing import Final, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.grams import Whole
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.rates import Floats

_BITS: Final = 32
Number = TypeVar("Number", np.int64, np.float64)


class Growing(Generic[Number]):
    """An array that grows at its end; reading it copies nothing."""

    def __init__(self, fill: Number) -> None:
        self._fill: Number = fill
        self._room: NDArray[Number] = np.full(64, fill)
        self._length = 0

    @classmethod
    def of(cls, values: NDArray[Number]) -> Self:
        """Return an array that has grown to ``values``; new places are filled with 0."""
        grown = cls(values.dtype.type(0))
        grown._room, grown._length = values, len(values)
        return grown

    def extend(self, length: int) -> None:
        """Grow to ``length``, new places filled."""
        if length > len(self._room):
            grown: NDArray[Number] = np.full(max(length, 2 * len(self._room)), self._fill)
            grown[: self._length] = self._room[: self._length]
            self._room = grown
        self._length = max(self._length, length)

    @property
    def values(self) -> NDArray[Number]:
        """A view of the values, which may be written to."""
        return self._room[: self._length]


class Register:
    """Numbers given to names in the order of first sight, and the first and last day of each."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._first, self._last = Growing(np.int64(0)), Growing(np.int64(0))

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, names: list[str | None], day: int | None = None) -> Whole:
        """Return the numbers of names, -1 for None; a day enters new names, else they are -1."""
        if day is None:
            return np.array([-1 if n is None else self._numbers.get(n, -1) for n in names], dtype=np.int64)
        before = len(self._numbers)
        found = np.array(
            [-1 if n is None else self._numbers.setdefault(n, len(self._numbers)) for n in names],
            dtype=np.int64,
        )
        for kept in (self._first, self._last):
            kept.extend(len(self._numbers))
        self._first.values[before:] = day
        self._last.values[found[found >= 0]] = day
        return found

    def names(self) -> list[str]:
        """Return the names in the order of their numbers."""
        return list(self._numbers)

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {"names": self.names(), "first": self.first, "last": self.last}

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the register that was kept."""
        register = cls()
        register._numbers = {name: number for number, name in enumerate(tree["names"])}
        register._first, register._last = Growing.of(tree["first"]), Growing.of(tree["last"])
        return register

    @property
    def first(self) -> Whole:
        """First day of each name."""
        return self._first.values

    @property
    def last(self) -> Whole:
        """Last day of each name."""
        return self._last.values


class Pairs:
    """Pairs of a subject and what it deals with, each once, with how often and when last."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._left, self._right = Growing(np.int64(0)), Growing(np.int64(0))
        self._times, self._last = Growing(np.int64(0)), Growing(np.int64(0))

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, left: Whole, right: Whole, day: int) -> Whole:
        """Count pairs of a day; return the number of each, -1 where either side is -1."""
        numbers = np.full(len(left), -1, dtype=np.int64)
        whole = np.flatnonzero((left >= 0) & (right >= 0))
        before = len(self._numbers)
        keys = (left[whole] << _BITS) | right[whole]
        numbers[whole] = [self._numbers.setdefault(key, len(self._numbers)) for key in keys.tolist()]
        for kept in (self._left, self._right, self._times, self._last):
            kept.extend(len(self._numbers))
        found = numbers[whole]
        fresh = found >= before
        self._left.values[found[fresh]] = left[whole][fresh]
        self._right.values[found[fresh]] = right[whole][fresh]
        np.add.at(self._times.values, found, 1)
        self._last.values[found] = day
        return numbers

    def find(self, left: Whole, right: Whole) -> Whole:
        """Return the numbers of pairs, -1 where never seen."""
        keys = ((left << _BITS) | right).tolist()
        whole = (left >= 0) & (right >= 0)
        return np.where(whole, [self._numbers.get(key, -1) for key in keys], -1).astype(np.int64)

    def kept(self) -> Tree:
        """Return what ``of_kept`` takes."""
        return {"left": self.left, "right": self.right, "times": self.times, "last": self.last}

    @classmethod
    def of_kept(cls, tree: Tree) -> Self:
        """Return the pairs that were kept."""
        pairs = cls()
        keys = (tree["left"] << _BITS) | tree["right"]
        pairs._numbers = {key: number for number, key in enumerate(keys.tolist())}
        pairs._left, pairs._right = Growing.of(tree["left"]), Growing.of(tree["right"])
        pairs._times, pairs._last = Growing.of(tree["times"]), Growing.of(tree["last"])
        return pairs

    @property
    def left(self) -> Whole:
        """The subject of each pair."""
        return self._left.values

    @property
    def right(self) -> Whole:
        """What it deals with."""
        return self._right.values

    @property
    def times(self) -> Whole:
        """How often each pair was seen."""
        return self._times.values

    @property
    def last(self) -> Whole:
        """The day each pair was seen last."""
        return self._last.values


def summed(at: Whole, values: Floats, size: int) -> Floats:
    """Sum ``values`` by index; entries at -1 are left out.

    Example:
        >>> summed(np.array([0, -1, 0]), np.array([1.0, 2.0, 3.0]), 2).tolist()
        [4.0, 0.0]
    """
    if (at < 0).any():
        at, values = at[at >= 0], values[at >= 0]
    return np.bincount(at, values, minlength=size).astype(np.float64)


def taken(values: Floats | Whole, at: Whole) -> Floats:
    """Return ``values`` at indices, as floats, 0 where the index is -1.

    Example:
        >>> taken(np.array([5.0]), np.array([0, -1])).tolist()
        [5.0, 0.0]
    """
    if not len(values):
        return np.zeros(len(at))
    return np.where(at >= 0, values[at], 0.0)
