"""Which officer carries a control out: by load, with a keyed random element that nobody can steer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_EVEN_MINUTES: Final = 60.0
"""An officer with so many open minutes more than another is chosen half as often."""


@dataclass(frozen=True, slots=True)
class Eligible:
    """An officer who may carry a control out.

    Attributes:
        officer: stable name.
        open_minutes: of the controls that he has, 0 or more.
    """

    officer: str
    open_minutes: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, and how likely each was: kept, so that deviations can be tested for later."""

    officer: str
    probabilities: tuple[tuple[str, float], ...]


def distribute(eligible: Sequence[Eligible], *, draw: float) -> Choice | None:
    """Choose an officer; None if there is none.

    The less an officer has open, beyond what the least burdened has, the likelier he is chosen; nobody is
    certain to be, so nobody can be picked.

    Args:
        eligible: in any order.
        draw: a keyed random number for this control, 0 to 1, from ``DrawKey.draw``.

    Example:
        >>> busy, free = Eligible("busy", 120.0), Eligible("free", 0.0)
        >>> distribute([busy, free], draw=0.1).officer, distribute([busy, free], draw=0.9).officer
        ('busy', 'free')
        >>> [round(p, 3) for _, p in distribute([busy, free], draw=0.5).probabilities]
        [0.2, 0.8]
    """
    if not eligible:
        return None
    ordered = sorted(eligible, key=lambda one: one.officer)
    least = min(one.open_minutes for one in ordered)
    weights = [0.5 ** ((one.open_minutes - least) / _EVEN_MINUTES) for one in ordered]
    total = sum(weights)
    probabilities = tuple((one.officer, weight / total) for one, weight in zip(ordered, weights, strict=True))
    reached = 0.0
    for officer, probability in probabilities:
        reached += probability
        if draw < reached:
            return Choice(officer, probabilities)
    return Choice(probabilities[-1][0], probabilities)
