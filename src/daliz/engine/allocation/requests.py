"""What fired profiles ask of officers, and what that takes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from daliz.engine.allocation.planner import Claim
from daliz.engine.pack import CapacityRule, Measure, Pack, Policy, Profile


@dataclass(slots=True)
class Asked:
    """All that one declaration asks of one form of control.

    Attributes:
        measures: every measure of this form, by code.
        waivable: some waivable profile asks for it.
        mandatory: some mandatory profile asks for it.
        random: the random share drew it.
        non_fiscal: some waivable profile that asks guards more than revenue.
        deferred: document checks may be done in this form, after release, instead.
        instead: nobody asks for it otherwise, so that nothing is set aside where it finds no time.
    """

    measures: dict[str, Measure] = field(default_factory=dict)
    waivable: bool = False
    mandatory: bool = False
    random: bool = False
    non_fiscal: bool = False
    deferred: bool = False
    instead: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Why it is asked for, strongest first."""
        made = {Claim.MANDATORY: self.mandatory, Claim.RANDOM: self.random, Claim.WAIVABLE: self.waivable}
        return tuple(claim for claim in Claim if made[claim])

    @property
    def minutes(self) -> float:
        """Officer minutes that it takes, above 0."""
        return sum(measure.minutes for measure in self.measures.values())

    @property
    def delay_hours(self) -> float:
        """How much later the goods are released, hours; measures delay them at the same time."""
        return max(measure.delay_hours for measure in self.measures.values())

    def burden(self, policy: Policy) -> float:
        """Return what it costs officers and the trader, money."""
        return self.minutes * policy.officer_minute + self.delay_hours * policy.delay_hour


def ask(pack: Pack, profiles: Iterable[tuple[Profile, bool]]) -> dict[str, Asked]:
    """Gather what one declaration asks, by form of control.

    Args:
        pack: for measures and directions.
        profiles: those that fired, and whether each did so by the random draw.

    A physical control includes the documents: their minutes are added to it. Where every profile that asks
    for documents lets them wait, they may be checked after release instead, by the pack's measure.
    """
    asked: defaultdict[str, Asked] = defaultdict(Asked)
    papers = []
    for profile, by_draw in profiles:
        if any(pack.measures[code].form == "documents" for code in profile.measures):
            papers.append(profile.deferrable and not by_draw)
        for code in profile.measures:
            measure = pack.measures[code]
            if measure.form is None:
                continue
            entry = asked[measure.form]
            entry.measures[code] = measure
            if by_draw:
                entry.random = True
            elif profile.capacity is CapacityRule.MANDATORY:
                entry.mandatory = True
            else:
                entry.waivable = True
                entry.non_fiscal |= pack.directions[profile.direction].non_fiscal
    if pack.policy.deferred_as is not None and papers and all(papers):
        instead = "post_release" not in asked
        later = asked["post_release"]
        later.instead = instead
        later.measures[pack.policy.deferred_as] = pack.measures[pack.policy.deferred_as]
        later.waivable = later.deferred = True
    if "physical" in asked and "documents" in asked:
        asked["physical"].measures.update(asked["documents"].measures)
    return dict(asked)


def deferred(pack: Pack, profiles: Iterable[tuple[Profile, bool]]) -> bool:
    """Tell whether document checks of a declaration may be done after release instead; see ``ask``."""
    later = ask(pack, profiles).get("post_release")
    return later is not None and later.deferred
