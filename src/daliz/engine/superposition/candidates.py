"""What may be active: profiles of experts and of models, as they stand and from elsewhere; alternatives."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from daliz.engine.backtest.subject import of_profile
from daliz.engine.indicators.nodes import Node
from daliz.engine.pack import CapacityRule, Pack, Profile, ProfileKind
from daliz.language import N_, DalizError

OF_MODELS: Final = ""
"""The direction of a model without a profile, of which nothing is believed but the pack's base rate."""


class SuperpositionError(DalizError):
    """Nothing can be chosen from what was given."""

    code: ClassVar[str] = "superposition"


class Sort(StrEnum):
    """What a candidate is."""

    PRESENT = "present"
    THRESHOLD = "threshold"
    WITHOUT_LIST = "without_list"
    WITHOUT_EXCLUSIONS = "without_exclusions"
    NEW = "new"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be active and then asks for control.

    Attributes:
        key: its own: ``KZ-UV-01``, or ``KZ-UV-01[1]=0.7`` with its first threshold at 0.7.
        group: of its group one is active at most: the profile's id, the model's name.
        sort: what it is.
        profile: as it would be; of a model what it asks for.
        fires: the condition, true of an item where it fires, as far as a model has a say; None for a model
            without a profile.
        number: of the threshold that is moved, from 1 as the indicator is written; else None.
        before: the threshold as it stands.
        value: the threshold as it would be; of a model the probability from which it asks.
        without: the list that is taken out, or nothing.
    """

    key: str
    group: str
    sort: Sort
    profile: Profile
    fires: Node | None
    number: int | None = None
    before: float | None = None
    value: float | None = None
    without: str = ""

    @property
    def mandatory(self) -> bool:
        """Whether it stays whatever is chosen."""
        return self.profile.capacity is CapacityRule.MANDATORY

    @property
    def present(self) -> bool:
        """Whether it is what is in force today."""
        return self.sort is Sort.PRESENT

    @property
    def by_model(self) -> bool:
        """Whether it fires from a probability on."""
        return self.profile.kind is ProfileKind.MODEL

    @property
    def nameless(self) -> bool:
        """Whether it is a model that no profile stands for."""
        return self.profile.direction == OF_MODELS


def of_pack(pack: Pack, day: date) -> list[Candidate]:
    """Return the profiles of experts and of models in force on ``day``, each in its latest version."""
    latest: dict[str, Profile] = {}
    for profile in sorted(pack.profiles_on(day), key=lambda p: (p.id, p.version)):
        if profile.kind is not ProfileKind.RANDOM:
            latest[profile.id] = profile
    return [_profile(profile, pack, Sort.PRESENT) for profile in latest.values()]


def of_profiles(profiles: Sequence[Profile], pack: Pack, *, present: Collection[str]) -> list[Candidate]:
    """Return profiles from elsewhere; one of the id of a profile in force is an alternative to that.

    Raises:
        SuperpositionError: one is mandatory or takes the place of one, which is not chosen but decided.
    """
    mandatory = {p.id for p in pack.profiles if p.capacity is CapacityRule.MANDATORY and p.id in present}
    for profile in profiles:
        if profile.capacity is CapacityRule.MANDATORY or profile.id in mandatory:
            raise SuperpositionError(
                N_("{profile} is mandatory: it stays or comes by decision, whatever it would recover"),
                profile=profile.id,
            )
    chosen = [profile for profile in profiles if profile.kind is not ProfileKind.RANDOM]
    return [replace(_profile(p, pack, Sort.NEW), key=f"{p.id}@{p.version}") for p in chosen]


def _profile(profile: Profile, pack: Pack, sort: Sort) -> Candidate:
    fires = of_profile(profile, pack).fires
    return Candidate(profile.id, profile.id, sort, profile, fires, value=profile.threshold)
