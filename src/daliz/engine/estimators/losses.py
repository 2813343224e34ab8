"""What a violation costs: additional payments as a share of the customs value, shrunk to the direction."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def loss_shares(
    *,
    assessed: Floats,
    value: Floats,
    direction: NDArray[np.int64],
    direction_prior: Floats,
    prior_value: float,
) -> Floats:
    """Return, for each profile, payments assessed for each unit of value declared where it found a violation.

    Both levels are ratio estimators: the direction's pooled money over its pooled value, started from the
    pack's prior; the profile's money over its value, started from the direction's.

    Args:
        assessed: money assessed in the profile's violations, shape (profiles,), 0 or more.
        value: customs value of the same declarations, shape (profiles,), 0 or more.
        direction: index of each profile's direction.
        direction_prior: the pack's share for each direction, 0 or more.
        prior_value: customs value that a prior is worth, money, above 0.

    Example:
        >>> loss_shares(assessed=np.array([30.0]), value=np.array([100.0]), direction=np.array([0]),
        ...     direction_prior=np.array([0.1]), prior_value=1.0).round(2).tolist()
        [0.3]
    """
    money = direction_prior * prior_value
    worth = np.full_like(direction_prior, prior_value)
    np.add.at(money, direction, assessed)
    np.add.at(worth, direction, value)
    centre = (money / worth)[direction]
    return (assessed + centre * prior_value) / (value + prior_value)
