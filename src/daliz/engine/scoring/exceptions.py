"""Exception lists applied to the score: what each does is kept apart, so that it can be shown."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from daliz.engine.estimators.rates import Floats, expit, logit
from daliz.engine.pack import CapacityRule, ExceptionList, Listed, ListKind, Pack, Profile
from daliz.engine.scoring.mixing import Expected


@dataclass(frozen=True, slots=True)
class OnLists:
    """The exception lists on which each declaration stands on its day, in the order of the pack."""

    of: Sequence[Sequence[ExceptionList]]

    @property
    def log_odds(self) -> Floats:
        """What the watch lists add to each declaration's log odds, 0 or more."""
        return np.array([sum(one.log_odds for one in lists) for lists in self.of], np.float64)

    def sparing(self, row: int, profile: Profile) -> str | None:
        """Return the list that spares a declaration what a profile asks for; None if none does.

        A mandatory profile spares nobody, the random one neither: its draw is not asked of here.
        """
        if profile.capacity is CapacityRule.MANDATORY:
            return None
        return next((one.code for one in self.of[row] if profile.direction in one.spares), None)

    def level(self, row: int, own: str, pack: Pack, *, must: bool) -> str:
        """Return the level after the lists: lowered by minimal risk, then raised by watch.

        Args:
            row: of the declaration.
            own: its level by likelihood and consequence.
            pack: for the ranks.
            must: a mandatory profile fired; then nothing lowers the level.
        """
        rank = {code: level.rank for code, level in pack.policy.levels.levels.items()}
        found = own
        for one in sorted(self.of[row], key=lambda one: one.kind is ListKind.WATCH):
            if one.level is None or (one.kind is ListKind.MINIMAL_RISK and must):
                continue
            nearer = min if one.kind is ListKind.MINIMAL_RISK else max
            found = nearer(found, one.level, key=lambda code: rank[code])
        return found


class ExceptionRegister:
    """The exception lists of a pack, ready to be looked into.

    Attributes:
        names: of the facts that lists go by.
    """

    def __init__(self, pack: Pack) -> None:
        self._lists = tuple(pack.exception_lists.values())
        self._spans: list[defaultdict[object, list[Listed]]] = [defaultdict(list) for _ in self._lists]
        for spans, named in zip(self._spans, self._lists, strict=True):
            for member in named.members:
                spans[member.id].append(member)
        self.names = frozenset(named.by for named in self._lists)

    def of(self, values: Mapping[str, Sequence[object]], days: Sequence[date]) -> OnLists:
        """Look up on which lists each declaration stands.

        Args:
            values: of each of ``names``, one a declaration.
            days: of registration, in the same order.
        """
        return OnLists(
            [
                [
                    named
                    for spans, named in zip(self._spans, self._lists, strict=True)
                    if any(
                        one.valid_from <= day <= one.valid_until
                        for one in spans.get(values[named.by][row], ())
                    )
                ]
                for row, day in enumerate(days)
            ]
        )


def exception_row(named: ExceptionList) -> dict[str, object]:
    """Return how a decision names a list on which its declaration stands."""
    return {
        "list": named.code,
        "kind": str(named.kind),
        "log_odds": named.log_odds,
        "level": named.level,
        "spares": bool(named.spares),
    }


def raised(chance: Floats, log_odds: Floats) -> Floats:
    """Return chances with log odds added; where nothing is added, and at 0, to the bit what they were.

    Example:
        >>> raised(np.array([0.5, 0.5, 0.0]), np.array([0.0, np.log(3.0), 1.0])).tolist()
        [0.5, 0.75, 0.0]
    """
    moved = (log_odds > 0) & (chance > 0) & (chance < 1)
    safe = np.where(moved, chance, 0.5)
    return np.where(moved, expit(logit(safe) + log_odds), chance)


def raised_expected(expected: Expected, log_odds: Floats, pack: Pack) -> Expected:
    """Return what is expected of each form once the watch lists count; money and harm follow the chance."""
    chance = raised(expected.chance, np.broadcast_to(log_odds[:, None], expected.chance.shape))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(expected.chance > 0, chance / expected.chance, 1.0)
    recovery, harm = expected.recovery * factor, expected.harm * factor
    gain = np.where(factor > 1, recovery + harm + pack.policy.money_per_hit * chance, expected.gain)
    return Expected(chance, recovery, harm, gain)
