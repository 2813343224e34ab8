"""How the sum of a model's leaves becomes a probability or an amount."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Link = Literal["identity", "logistic", "exponential", "signed square"]


def transformed(raw: Floats, link: Link, sigmoid: float = 1.0) -> Floats:
    """Return the prediction for each sum of leaves.

    Example:
        >>> transformed(np.array([0.0, 2.0]), "logistic").round(4).tolist()
        [0.5, 0.8808]
        >>> transformed(np.array([-3.0]), "signed square").tolist()
        [-9.0]
    """
    with np.errstate(over="ignore"):
        if link == "logistic":
            return np.asarray(1.0 / (1.0 + np.exp(-sigmoid * raw)))
        if link == "exponential":
            return np.exp(raw)
        if link == "signed square":
            return np.sign(raw) * raw * raw
    return raw
