"""What fired profiles ask of officers: a request for each declaration, form of control and claim."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daliz.engine.allocation.plan import Claim, Request
from daliz.engine.pack import CapacityRule, Measure, Pack, Profile


@dataclass(slots=True)
class Asked:
    """All that one declaration asks of one form of control.

    Attributes:
        measures: every measure of this form, by code.
        waivable: some waivable profile asks for it.
        mandatory: some mandatory profile asks for it.
        random: the random share drew it.
        non_fiscal: some waivable profile that asks guards more than revenue.
    """

    measures: dict[str, Measure] = field(default_factory=dict)
    waivable: bool = False
    mandatory: bool = False
    random: bool = False
    non_fiscal: bool = False


def ask(pack: Pack, profiles: Iterable[tuple[Profile, bool]]) -> dict[str, Asked]:
    """Gather what one declaration asks, by form of control.

    Args:
        pack: for measures and directions.
        profiles: those that fired, and whether each did so by the random draw.

    A physical control includes the documents: their minutes are added to it.
    """
    asked: defaultdict[str, Asked] = defaultdict(Asked)
    for profile, by_draw in profiles:
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
    if "physical" in asked and "documents" in asked:
        asked["physical"].measures.update(asked["documents"].measures)
    return dict(asked)


def requests(
    asked: Asked, *, declaration: int, number: str, gain: float, draw: float, by_minutes: bool
) -> Sequence[Request]:
    """Return one declaration's requests of one form, one for each kind of claim it has."""
    minutes = sum(measure.minutes for measure in asked.measures.values())
    claims: Mapping[Claim, bool] = {
        Claim.MANDATORY: asked.mandatory,
        Claim.RANDOM: asked.random,
        Claim.WAIVABLE: asked.waivable,
    }
    return [
        Request(
            declaration=declaration,
            claim=claim,
            cost=minutes if by_minutes else 1.0,
            minutes=minutes,
            gain=gain,
            non_fiscal=asked.non_fiscal and claim is Claim.WAIVABLE,
            draw=draw,
            number=number,
        )
        for claim, made in claims.items()
        if made
    ]
