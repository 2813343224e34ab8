"""Is what is declared now still what the model learned from? The shift of each feature's distribution."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def population_shift(trained: Floats, recent: Floats, *, bins: int = 10) -> Floats:
    """Return the population stability index of each feature.

    The sum over bins of (share now - share then) · ln(share now / share then): 0 if nothing changed. Bins are
    quantiles of the training; what is unknown is a bin of its own. Half a row is added to every bin, so that
    an empty one does not make the index infinite. Of two samples from the same source of n and m rows it
    comes out near (bins - 1) · (1/n + 1/m) by chance.

    Args:
        trained: the training rows, NaN for unknown, shape (n, features).
        recent: recent rows, whether controlled or not, shape (m, features).
        bins: for what is known, 2 or more.

    Sources:
        [siddiqi2006].

    Example:
        >>> then, now = np.arange(1000.0)[:, None], np.arange(1000.0)[:, None]
        >>> population_shift(then, now).tolist(), bool(population_shift(then, now + 500)[0] > 1)
        ([0.0], True)
    """
    shifts = np.zeros(trained.shape[1])
    for column in range(trained.shape[1]):
        then, now = trained[:, column], recent[:, column]
        known = then[~np.isnan(then)]
        edges = (
            np.unique(np.quantile(known, np.arange(1, bins) / bins, method="lower")) if len(known) else known
        )
        shares = []
        for rows in (then, now):
            place = np.where(np.isnan(rows), len(edges) + 1, np.searchsorted(edges, rows))
            counts = np.bincount(place.astype(np.int64), minlength=len(edges) + 2) + 0.5
            shares.append(counts / counts.sum())
        shifts[column] = float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))
    return shifts
