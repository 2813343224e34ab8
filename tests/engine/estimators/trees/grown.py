"""Small models grown by the library itself, for the tests that compare with it."""

from functools import cache
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rows(n: int = 3000, seed: int = 5) -> Floats:
    """Return rows of prices, counts, flags and shares, a fifth of the first four columns unknown."""
    rng = np.random.default_rng(seed)
    x = np.stack(
        [
            np.exp(rng.normal(size=n) * 2),
            rng.poisson(2.0, n).astype(float),
            (rng.random(n) > 0.5).astype(float),
            rng.normal(size=n),
            rng.random(n),
            np.round(rng.normal(size=n) * 3),
        ],
        axis=1,
    )
    x[:, :4][rng.random((n, 4)) < 0.2] = np.nan
    return x


def target(objective: str, x: Floats) -> Floats:
    """Return what the rows' outcomes are: a violation or none, or an amount."""
    rng = np.random.default_rng(6)
    pull = np.nan_to_num(x[:, 3]) * 2 + np.nan_to_num(np.log(x[:, 0])) * x[:, 4] - np.isnan(x[:, 1])
    if objective in {"binary", "cross_entropy"}:
        return (rng.random(len(x)) < 1 / (1 + np.exp(-pull))).astype(float)
    return np.exp(pull.clip(-4, 4) / 2 + rng.normal(size=len(x)) / 2)


@cache
def booster(objective: str, **more: Any) -> lightgbm.Booster:
    """Return a model of 40 trees, always the same one."""
    x = rows()
    settings = {
        "objective": objective,
        "num_leaves": 31,
        "learning_rate": 0.1,
        "verbose": -1,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": 7,
        **more,
    }
    names = ["item.unit_value", "trader.violations", "item.preference", "value.gap", "mass.gap", "route.gap"]
    data = lightgbm.Dataset(x, target(objective, x), feature_name=names)
    return lightgbm.train(settings, data, 40)


def extreme_rows(thresholds: NDArray[np.float64], feature: NDArray[np.int64], width: int) -> Floats:
    """Return rows of what breaks comparisons: NaN, infinities, subnormals, thresholds and neighbours."""
    rng = np.random.default_rng(8)
    edge = float(np.float32(1e-35))
    odd = [np.nan, np.inf, -np.inf, 0.0, -0.0, 5e-324, -5e-324, 1e-310, 1e-35, edge, -edge, 1.8e308, -1.8e308]
    odd += [
        float(np.nextafter(edge, 1)),
        float(np.nextafter(-edge, -1)),
        1e300,
        float(np.nextafter(1e300, 2e300)),
    ]
    x = rng.choice(np.array(odd), (4000, width))
    for column in range(width):
        own = thresholds[feature == column]
        hit = (rng.random(len(x)) < 0.6) & (len(own) > 0)
        near = np.concatenate([own, np.nextafter(own, np.inf), np.nextafter(own, -np.inf)])
        x[hit, column] = rng.choice(np.append(near, 0.0), int(hit.sum()))
    return x
