"""What is asked of a superposition, and what it has to choose from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from daliz.engine.allocation import PRACTICE_KEY, Capacity, DrawKey
from daliz.engine.backtest.store import FactsStore
from daliz.engine.pack import Pack, Profile
from daliz.engine.superposition.alternatives import (
    EACH_WAY,
    with_thresholds,
    without_exclusions,
    without_lists,
)
from daliz.engine.superposition.border import names_needed
from daliz.engine.superposition.candidates import Candidate, SuperpositionError, of_pack, of_profiles
from daliz.engine.superposition.probabilities import Model
from daliz.language import N_

_FEWEST: Final = 8
"""Days below which there is nothing to choose from and to keep out."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        pack: the country pack.
        capacity: officers' time.
        days: first and last local day, both included.
        profiles_of: the profiles in force on this day are today's set.
        kept_out: share of the days, the last ones, that takes no part in the choice, 0 to 1.
        steps: values of each threshold that are tried below the present one, and above it; 0 for none.
        profiles: from elsewhere.
        models: what models say.
        lists: without which profiles are tried.
        exclusions: whether profiles are tried without their exclusions.
        least: share of today's gain that a candidate must bring to be kept, and a change as much again to be
            proposed, 0 to 1.
        most: how many waivable profiles and models may be active; None for any number.
        level: confidence of intervals.
        key: of the draw.
    """

    pack: Pack
    capacity: Capacity
    days: tuple[date, date]
    profiles_of: date
    kept_out: float = 0.2
    steps: int = EACH_WAY
    profiles: tuple[Profile, ...] = ()
    models: tuple[Model, ...] = ()
    lists: tuple[str, ...] = ()
    exclusions: bool = False
    least: float = 0.001
    most: int | None = None
    level: float = 0.9
    key: DrawKey = PRACTICE_KEY

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of control for which there is time, as the pack orders them."""
        return tuple(form for form in self.pack.forms if form in self.capacity.forms)

    def chosen_days(self) -> tuple[date, date]:
        """Return the first and last of the days that are chosen from.

        Raises:
            SuperpositionError: there are too few days.
        """
        first, last = self.days
        whole = (last - first).days + 1
        if whole < _FEWEST:
            raise SuperpositionError(
                N_("from {first} to {last} are {n} days; to choose and to check takes {fewest} at least"),
                first=first, last=last, n=whole, fewest=_FEWEST,
            )  # fmt: skip
        kept = min(max(round(whole * self.kept_out), 1), whole - 1)
        return first, last - timedelta(days=kept)


def gathered(question: Question, store: FactsStore) -> list[Candidate]:
    """Return all candidates but models at other thresholds, which depend on what the models say.

    Raises:
        SuperpositionError: nothing is in force, or what was given cannot be chosen.
    """
    pack = question.pack
    present = of_pack(pack, question.profiles_of)
    own = of_profiles(question.profiles, pack, present={c.group for c in present})
    found = [*present, *own]
    if question.exclusions:
        found += without_exclusions(present, pack)
    if question.steps:
        found += with_thresholds([*present, *own], store, pack, each_way=question.steps)
    if question.lists:
        found += without_lists(found, question.lists, pack)
    if not any(not c.mandatory for c in found) and not question.models:
        raise SuperpositionError(
            N_("no waivable profile is in force on {day}; there is nothing to choose"),
            day=question.profiles_of,
        )
    return found


def features_needed(question: Question) -> frozenset[str]:
    """Return the features that a store must have."""
    pack = question.pack
    present = of_pack(pack, question.profiles_of)
    own = of_profiles(question.profiles, pack, present={c.group for c in present})
    return names_needed([*present, *own, *without_exclusions(present, pack)], pack)
