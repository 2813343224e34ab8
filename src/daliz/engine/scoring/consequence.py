"""How grave a violation would be, as the risk level asks it: never below what the area demands."""

import numpy as np

from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import Pack
from daliz.engine.scoring.firing import Firings


def consequences(damage: Floats, firings: Firings, pack: Pack) -> Floats:
    """Return the consequence of a violation in each declaration, money of the administration.

    It is the damage; where that is unknown, the lower bound of the middle band. Where a profile fired that
    guards a higher-risk area (life and health, drugs, weapons, radiation), it is at least the lower bound of
    the band that the register states for that class, however little the goods are worth.

    Args:
        damage: if there is a violation, money; NaN where unknown, shape (declarations,).
        firings: which profiles fired.
        pack: for the bands and the register.

    Sources:
        Concept of the risk analysis and management system of Kazakhstan, item 4: higher-risk areas.
    """
    bands = pack.policy.levels.consequence
    bounds = {band.code: band.from_value for band in bands}
    known = np.where(np.isnan(damage), bands[len(bands) // 2].from_value, damage)
    return np.asarray(np.maximum(known, _floor(firings, pack, bounds)), dtype=np.float64)


def _floor(firings: Firings, pack: Pack, bounds: dict[str, float]) -> Floats:
    """Return the least consequence that the higher-risk areas of the fired profiles allow, 0 where none."""
    some = np.flatnonzero(firings.fired.any(axis=0))
    classes = [pack.register.higher_of(firings.profiles[k]) for k in some.tolist()]
    least = np.array([bounds[found.consequence] if found else 0.0 for found in classes])
    floor: Floats = np.max(firings.fired[:, some] * least, axis=1, initial=0.0)
    return floor
