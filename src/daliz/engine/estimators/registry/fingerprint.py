"""What a model was trained on, in 64 characters: the same rows in any order give the same fingerprint."""

import hashlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike


def training_fingerprint(columns: Mapping[str, ArrayLike]) -> str:
    """Return the SHA-256 of the columns' names and the sorted rows.

    Args:
        columns: features, outcome, weight and whatever else training read, by name, each of shape (rows,);
            NaN for unknown.

    Example:
        >>> one = training_fingerprint({"x": [1.0, 2.0], "y": [0.0, 1.0]})
        >>> one == training_fingerprint({"y": [1.0, 0.0], "x": [2.0, 1.0]})
        True
        >>> one == training_fingerprint({"x": [1.0, 2.0], "y": [1.0, 0.0]})
        False
    """
    names = sorted(columns)
    table = np.stack([np.asarray(columns[name], np.float64) for name in names], axis=1).astype("<f8")
    table[np.isnan(table)] = np.nan  # one NaN of the many
    table += 0.0  # and one zero of the two
    order = np.lexsort(table.view("<u8").T)
    digest = hashlib.sha256("\n".join(names).encode() + b"\0" + str(len(table)).encode() + b"\0")
    digest.update(table[order].tobytes())
    return digest.hexdigest()
