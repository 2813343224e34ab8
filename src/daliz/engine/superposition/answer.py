"""What a superposition answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daliz.engine.superposition.bound import Bound
from daliz.engine.superposition.outlook import Outlook
from daliz.engine.superposition.resampling import Estimate
from daliz.engine.superposition.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class ListVerdict:
    """What the profiles would recover less if a list were empty, on the days that are chosen from.

    Attributes:
        name: of the list.
        used: profiles of the proposed set that ask it, in their indicator or in their exclusions.
        missed: what they would bring less without it, money; below 0 if they would bring more.
    """

    name: str
    used: tuple[str, ...]
    missed: Estimate


@dataclass(frozen=True, slots=True)
class Superposition:
    """The answer.

    Attributes:
        candidates: how many there were.
        profiles_of: the day whose profiles in force are today's set.
        chosen_days: first and last day that was chosen from.
        kept_days: first and last day that was kept out.
        declarations: of the first and of the second.
        controls_known: controls that it learned from.
        weighted: findings were weighted by propensities; else they are biased.
        weighted_share: of the controls that it learned from, with a known propensity, 0 to 1.
        today: expected gain of today's set on the chosen days, money.
        proposed: that of the proposed set.
        worth: that of the proposed set less its upkeep, which is what was maximised.
        upkeep: what one candidate must bring on the chosen days, money.
        bound: what no set's worth can exceed.
        lost: share of the best that the proposed set may lack at most, 0 to 1.
        verdicts: by profile and model.
        retired: what all that are proposed to be retired would bring together beside the proposed set, money;
            None where none is.
        lists: by list that was asked about.
        kept_today: what today's set brings on the days that were kept out.
        kept_proposed: what the proposed set does.
        kept_more: the second less the first.
    """

    candidates: int
    profiles_of: date
    chosen_days: tuple[date, date]
    kept_days: tuple[date, date]
    declarations: tuple[int, int]
    controls_known: int
    weighted: bool
    weighted_share: float
    today: float
    proposed: float
    worth: float
    upkeep: float
    bound: Bound
    lost: float
    verdicts: tuple[Verdict, ...]
    retired: Estimate | None
    lists: tuple[ListVerdict, ...]
    kept_today: Outlook
    kept_proposed: Outlook
    kept_more: Mapping[str, Estimate]
