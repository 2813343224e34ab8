"""Columns of numbers as columns of a table: words by index, exact money."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

from daliz.engine.world.goods import Flags, Whole

Column: TypeAlias = "pa.Array[Any]"
"""A column of any type."""


def money_array(hundredths: Whole, missing: Flags | None = None) -> Column:
    """Turn whole hundredths into decimals with two places, exactly.

    Example:
        >>> money_array(np.array([150, -1])).to_pylist()
        [Decimal('1.50'), Decimal('-0.01')]
    """
    halves = np.empty((len(hundredths), 2), dtype="<i8")
    halves[:, 0] = hundredths
    halves[:, 1] = np.where(hundredths < 0, -1, 0)
    known = np.ones(len(hundredths), dtype=bool) if missing is None else ~missing
    validity = pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(
        pa.decimal128(20, 2), len(hundredths), [validity, pa.py_buffer(halves.tobytes())], int((~known).sum())
    )


def texts(words: Sequence[str | None], index: Whole, missing: Flags | None = None) -> pa.StringArray:
    """Take words by index; -1, or missing, is null.

    Example:
        >>> texts(["a", "b"], np.array([1, -1, 0])).to_pylist()
        ['b', None, 'a']
    """
    unknown = (index < 0) if missing is None else (index < 0) | missing
    positions: pa.Int64Array = pa.array(np.maximum(index, 0), pa.int64(), mask=unknown)
    taken: pa.StringArray = pa.array(list(words), pa.string()).take(positions)
    return taken


def same(text: str, count: int) -> pa.StringArray:
    """Repeat a word."""
    return texts([text], np.zeros(count, dtype=np.int64))


def instants(microseconds: Whole) -> Column:
    """Instants in UTC from microseconds since 1970."""
    return pa.array(microseconds).cast(pa.timestamp("us", tz="UTC"))
