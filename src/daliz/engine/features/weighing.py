"""Usual values of many weeks from one sorting: in each week the values that count are still in order."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def weigh(
    values: pa.Table, mondays: Sequence[int], quantiles: Sequence[tuple[str, int]], minimum: int
) -> pa.Table:
    """Return the quantiles of each group on each Monday on which enough values count.

    Args:
        values: rung (number of the group), value, since, until, sorted by rung and value; a value counts
            on a Monday when ``since < monday <= until``.
        mondays: days.
        quantiles: name and tenths, 1 to 10: the least value with at least that share at or below it.
        minimum: values a group must have, 1 or more.

    Returns:
        monday, rung, n, and each quantile under its name.

    Example:
        >>> values = pa.table({"rung": [7, 7, 7, 8], "value": [1.0, 2.0, 4.0, 9.0],
        ...                    "since": [0, 0, 12, 0], "until": [99, 99, 99, 99]})
        >>> weigh(values, [11, 18], [("p50", 5)], minimum=2).to_pydict()
        {'monday': [11, 18], 'rung': [7, 7], 'n': [2, 3], 'p50': [1.0, 2.0]}
    """
    rung, value, since, until = (values[name].to_numpy() for name in ("rung", "value", "since", "until"))
    begins = np.flatnonzero(np.diff(rung, prepend=-1))
    ends = np.append(begins, len(rung))[1:]
    weeks = []
    for monday in mondays:
        counted = np.flatnonzero((since < monday) & (until >= monday))
        first, after = np.searchsorted(counted, begins), np.searchsorted(counted, ends)
        enough = after - first >= minimum
        first, n = first[enough], (after - first)[enough]
        weeks.append(
            pa.table(
                {
                    "monday": np.full(len(n), monday, dtype=np.int64),
                    "rung": rung[begins[enough]],
                    "n": n,
                    **{name: value[counted[first - (-n * tenths // 10) - 1]] for name, tenths in quantiles},
                }
            )
        )
    return pa.concat_tables(weeks)
