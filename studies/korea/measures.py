"""How well scores put fraud first, and between which ends: tuples are drawn again as a whole, never rows."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from studies.korea.goods import Floats, Whole

DRAWS: Final = 500
_ENDS: Final = (0.05, 0.95)


def draws(tuples: int, seed: int, count: int = DRAWS) -> Floats:
    """Return how often each tuple counts: once each in the first row, then by chance (Poisson bootstrap).

    Example:
        >>> draws(3, seed=1, count=5).shape, draws(3, seed=1)[0].tolist()
        ((6, 3), [1.0, 1.0, 1.0])
    """
    counts = np.random.default_rng(seed).poisson(1.0, (count, tuples)).astype(np.float64)
    return np.vstack([np.ones(tuples), counts])


def figures(score: Floats, wrong: Floats, weight: Floats, shares: Sequence[float]) -> Floats:
    """Return AUC, then the precision among the best of each share, for each draw.

    Args:
        score: the more, the rather wrong; shape (rows,). Equal scores are half in order, and share a place.
        wrong: 1 or 0.
        weight: what each row counts in each draw, shape (draws, rows).
        shares: of all rows, above 0.

    Returns:
        Shape (draws, 1 + shares); the AUC is NaN where a draw has no wrong row or no clean one.

    Example:
        >>> figures(np.array([0.9, 0.8, 0.2, 0.1]), np.array([1.0, 0, 1, 0]), np.ones((1, 4)), [0.25, 0.5])
        array([[0.75, 1.  , 0.5 ]])
    """
    order = np.argsort(-score, kind="stable")
    first = np.flatnonzero(np.concatenate([[True], np.diff(score[order]) != 0]))
    found = np.add.reduceat((weight * wrong)[:, order], first, axis=1)
    clean = np.add.reduceat((weight * (1 - wrong))[:, order], first, axis=1)
    all_found, all_clean = np.cumsum(found, axis=1), np.cumsum(clean, axis=1)
    behind = (found * (all_clean[:, -1:] - all_clean + clean / 2)).sum(axis=1)
    none = np.zeros((len(weight), 1))
    taken, hits = np.hstack([none, all_found + all_clean]), np.hstack([none, all_found])
    precision = [
        [np.interp(share * rows[-1], rows, of) / (share * rows[-1]) for share in shares]
        for rows, of in zip(taken, hits, strict=True)
    ]
    with np.errstate(invalid="ignore"):
        area = behind / (all_found[:, -1] * all_clean[:, -1])
    return np.column_stack([area, np.array(precision)])


def auc(score: Floats, wrong: Floats) -> float:
    """Return the chance that a wrong row scores above a clean one, ties counting half.

    Example:
        >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0, 1, 1]))
        0.75
    """
    return float(figures(score, wrong, np.ones((1, len(score))), [])[0, 0])


def told(values: Floats) -> dict[str, float | None]:
    """Return a figure, the first of its draws, with the ends of its 90 % interval; None for NaN.

    Example:
        >>> told(np.array([0.5, *np.linspace(0, 1, 101)]))
        {'value': 0.5, 'low': 0.05, 'high': 0.95}
    """
    ends = zip(("value", "low", "high"), (values[0], *np.quantile(values[1:], _ENDS)), strict=True)
    return {name: None if np.isnan(end) else round(float(end), 4) for name, end in ends}


def of_rows(counts: Floats, same: Whole) -> Floats:
    """Return what each row counts in each draw, shape (draws, rows)."""
    return counts[:, same]
