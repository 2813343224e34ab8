"""One chance and one expectation from profiles and models: belief moves to models with what they rest on."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.learner.grown import MINIMUM_FOUND
from daliz.engine.estimators.rates import Floats, expit, logit
from daliz.engine.pack import Pack

HALF_BELIEVED: Final = 50.0
"""Items found in violation, beyond those without which there is no model, at which models and profiles are
believed equally."""
_UNASKED: Final = 0.25
"""Of the profiles' chance, what counts for a form that no profile asks for."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What each form of control of each declaration is expected to bring, shape (declarations, forms) each.

    Attributes:
        chance: that it finds something, 0 to 1.
        recovery: payments, money of the administration, 0 or more.
        harm: harm averted, money by the pack's weight, 0 or more.
        gain: all that counts for it by the pack's weights, money.
    """

    chance: Floats
    recovery: Floats
    harm: Floats
    gain: Floats


def belief(positives: float) -> float:
    """Return how far models are believed, 0 to 1: from not at all when they are first grown, without a step.

    Example:
        >>> belief(30), belief(80), round(belief(980), 2)
        (0.0, 0.5, 0.95)
    """
    more = max(positives - MINIMUM_FOUND, 0.0)
    return more / (more + HALF_BELIEVED)


def by_profiles(chance: Floats, damage: Floats, asked: NDArray[np.bool_], pack: Pack) -> Expected:
    """Return what profiles alone expect: of the forms they ask for, and nothing of others.

    Args:
        chance: of a violation by what fired, shape (declarations,).
        damage: money if there is one, shape (declarations,).
        asked: forms that some profile asks for, shape (declarations, forms).
        pack: for the weight of a find.
    """
    of_form = asked * chance[:, None]
    money = of_form * damage[:, None]
    return Expected(of_form, money, np.zeros_like(money), money + pack.policy.money_per_hit * of_form)


def mixed(
    experts: Expected,
    *,
    expert_chance: Floats,
    asked: NDArray[np.bool_],
    chance: Floats,
    recovery: Floats,
    harm: Floats,
    known: NDArray[np.bool_],
    positives: int | Floats,
    pack: Pack,
) -> Expected:
    """Mix what models expect with what profiles do: chances in log-odds, money as it is.

    Args:
        experts: from ``by_profiles``.
        expert_chance: of a violation by what fired, shape (declarations,).
        asked: forms that some profile asks for, shape (declarations, forms).
        chance: by models, shape (declarations, forms).
        recovery: payments by models, money.
        harm: points by models.
        known: forms of which models know anything, shape (forms,) or (declarations, forms).
        positives: items found in violation that the models rest on; one number, or one a declaration.
        pack: for the weights of harm and of a find.

    Sources:
        [genest1986] for pooling of opinions by logarithms.
    """
    counts, each = np.unique(np.atleast_1d(np.asarray(positives, np.float64)), return_inverse=True)
    trust = np.array([belief(count) for count in counts.tolist()])[each][:, None]
    theirs = _inside(np.maximum(expert_chance, 1e-6)[:, None] * np.where(asked, 1.0, _UNASKED))
    pooled = expit(trust * logit(_inside(chance)) + (1 - trust) * logit(theirs))
    pooled = np.where(known, pooled, experts.chance)
    money = np.where(known, trust * recovery + (1 - trust) * experts.recovery, experts.recovery)
    averted = np.where(known, trust * harm * pack.policy.money_per_harm, 0.0)
    return Expected(pooled, money, averted, money + averted + pack.policy.money_per_hit * pooled)


def _inside(chance: Floats) -> Floats:
    return np.clip(chance, 1e-9, 1 - 1e-9)
