"""How much to draw at random: never less than the floor, more where what was learned has begun to decay."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from daliz.engine.pack import Stratum

_SURE: Final = 1.2816
"""Standard errors for one-sided 90 %: decay must show beyond chance before anybody is controlled for it."""
_FULL: Final = 0.5
"""The decay at which the cap is reached: half of what was learned is gone."""
_FOLLOW: Final = 0.5
"""The part of the way that a share goes towards its aim in one period, so that it does not flutter."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well scores tell violations from the rest.

    Attributes:
        auc: probability that a violation is scored above a declaration without one, 0 to 1.
        error: its standard error.
    """

    auc: float
    error: float

    @classmethod
    def of(cls, score: NDArray[np.float64], violation: NDArray[np.bool_]) -> "Ranking | None":
        """Return it from random controls, the only ones it is unbiased on; None without both outcomes.

        Args:
            score: what was scored before the control, shape (n,).
            violation: what the control found, shape (n,).

        Sources:
            [hanley1982].

        Example:
            >>> found = Ranking.of(np.array([0.9, 0.4, 0.6, 0.1]), np.array([True, True, False, False]))
            >>> found.auc, round(found.error, 3)
            (0.75, 0.276)
        """
        few, rest = int(violation.sum()), int((~violation).sum())
        if not few or not rest:
            return None
        from scipy.stats import rankdata  # noqa: PLC0415 -- half a second, and who decides live ranks nothing

        auc = (rankdata(score)[violation].sum() - few * (few + 1) / 2) / (few * rest)
        both_above, one_above = auc / (2 - auc), 2 * auc**2 / (1 + auc)
        spread = auc * (1 - auc) + (few - 1) * (both_above - auc**2) + (rest - 1) * (one_above - auc**2)
        return cls(float(auc), float(np.sqrt(spread / (few * rest))))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What recent controls of one stratum say of what was learned.

    Attributes:
        predicted: hits that targeted controls were predicted to bring, the sum of their probabilities.
        spread: the variance of that sum, sum of p (1 - p).
        hits: hits that they brought.
        published: the ranking that the model showed when it was published; None if unknown.
        recent: its ranking of recent random controls; None if there are too few.
    """

    predicted: float
    spread: float
    hits: int
    published: Ranking | None = None
    recent: Ranking | None = None

    @property
    def decay(self) -> float:
        """The share of what was learned that is surely gone, 0 to 1.

        By the hits that targeting promised and did not bring, and by the ranking's distance from chance that
        it lost; whichever shows more. Each is a lower bound at 90 %.

        Example:
            >>> Evidence(predicted=40.0, spread=25.0, hits=38).decay
            0.0
            >>> round(Evidence(predicted=40.0, spread=25.0, hits=20).decay, 2)
            0.34
        """
        missed = 0.0
        if self.predicted > 0:
            missed = 1 - (self.hits + _SURE * self.spread**0.5) / self.predicted
        lost = 0.0
        if self.published is not None and self.recent is not None and self.published.auc > 0.5:
            error = (self.published.error**2 + self.recent.error**2) ** 0.5
            fell = self.published.auc - self.recent.auc - _SURE * error
            lost = fell / (self.published.auc - 0.5)
        return min(max(missed, lost, 0.0), 1.0)


def adapted_shares(
    strata: Sequence[Stratum], evidence: Mapping[str, Evidence], *, before: Mapping[str, float]
) -> dict[str, float]:
    """Return the share of each stratum to draw at random in the next period.

    Some exploration always pays where trade changes [kim2022active], and how much differs from country to
    country and from year to year, so it should follow the performance measured and the drift [mai2021]. Here
    the floor is the pack's share; the cap is the pack's too; between them a share goes half of the way to its
    aim each period. Drawing stays random within a stratum, not by uncertainty, so every estimate from
    it stays unbiased, with this share as its propensity: it is policy, and is to be logged before the draw.

    Args:
        strata: with floor (``share``) and ``cap``.
        evidence: by stratum; a stratum without any goes back towards its floor.
        before: shares of the period before, by stratum; the floor where absent.

    Sources:
        [kim2022active], [mai2021].
    """
    shares = {}
    for stratum in strata:
        told = evidence.get(stratum.code)
        decay = told.decay if told is not None else 0.0
        aim = stratum.share + (stratum.cap - stratum.share) * min(decay / _FULL, 1.0)
        last = before.get(stratum.code, stratum.share)
        shares[stratum.code] = min(max(last + _FOLLOW * (aim - last), stratum.share), stratum.cap)
    return shares
