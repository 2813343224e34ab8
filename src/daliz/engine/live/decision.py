"""A live decision and all that it rests on, as it is kept: the columns of ``decisions`` and ``measures``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daliz.engine.allocation import Claim, Standing
from daliz.engine.corridors import ORDERED, Order


@dataclass(frozen=True, slots=True)
class Take:
    """Officers' time that a decision takes of a lane.

    Attributes:
        pool: whose officers.
        form: form of control.
        claim: why.
        cost: in the unit of the day's capacity.
        non_fiscal: the floor is kept for it.
    """

    pool: str
    form: str
    claim: Claim
    cost: float
    non_fiscal: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one version of a declaration; see the schemas of ``records.decisions``.

    Attributes:
        declaration_id: number of the declaration.
        version: of it.
        registered_at: when it was registered, UTC.
        day: the local day.
        direction: import, export, …
        office: of the declaration.
        corridor: of the pack.
        probability: of a violation, 0 to 1.
        probability_profiles: the same by profiles alone.
        models: models' chance of a find by form of control, None of which they know nothing; empty without.
        model_belief: how far models count against profiles, 0 to 1.
        model: published version that scored it; None if none did.
        columns: what the models saw, shape (items, columns), single precision; None without models.
        expected_damage: probability × damage, money; None if no value is known.
        level: of the pack's matrix, after exception lists.
        exceptions: exception lists on which it stands, and what each does.
        probability_unlisted: probability before exception lists; None if it is on none.
        level_unlisted: level before exception lists; None if it is on none.
        propensity: by form of control.
        in_random: drawn for the random share and controlled.
        stratum: of the random share.
        contributions: log odds by the profiles that fired.
        unknown_profiles: those that could not be decided.
        codes_beyond: facts and codes that the pack does not know.
        policy_id: manifest of profiles, pack and engine.
        snapshot_id: state of history.
        price_id: plan of the day.
        key_id: of the draw.
        orders: what is ordered or waived, by profile, item and measure.
        controls: forms of control it gets, with the claim.
        takes: of officers' time.
        reached: pool and form of every lane that it could reach.
        prices: what a unit of each lane asked was worth, money; None where no time was left.
    """

    declaration_id: str
    version: int
    registered_at: datetime
    day: date
    direction: str
    office: str | None
    corridor: str
    probability: float
    probability_profiles: float
    models: Mapping[str, float | None]
    model_belief: float
    model: str | None
    columns: NDArray[np.float32] | None
    expected_damage: Decimal | None
    level: str
    exceptions: Sequence[Mapping[str, object]]
    probability_unlisted: float | None
    level_unlisted: str | None
    propensity: Mapping[str, float]
    in_random: bool
    stratum: str | None
    contributions: Sequence[tuple[str, float]]
    unknown_profiles: Sequence[str]
    codes_beyond: Sequence[Mapping[str, str]]
    policy_id: str
    snapshot_id: str
    price_id: str
    key_id: str
    orders: Sequence[Order]
    controls: Mapping[str, Claim]
    takes: Sequence[Take]
    reached: Sequence[tuple[str, str]]
    prices: Mapping[str, float | None]

    @property
    def ordered(self) -> list[Order]:
        """What is to be carried out."""
        return [order for order in self.orders if order.status == ORDERED]

    @property
    def earlier(self) -> "Earlier":
        """What a later version of the declaration inherits."""
        return Earlier(Standing(dict(self.controls), dict(self.propensity)), tuple(self.ordered))

    @property
    def content(self) -> dict[str, Any]:
        """The decision as JSON values; equal decisions have equal content."""
        return {
            "corridor": self.corridor,
            "level": self.level,
            "probability": self.probability,
            "probability_profiles": self.probability_profiles,
            "models": dict(self.models),
            "model_belief": self.model_belief,
            "model": self.model,
            "expected_damage": None if self.expected_damage is None else str(self.expected_damage),
            "exceptions": [dict(one) for one in self.exceptions],
            "probability_unlisted": self.probability_unlisted,
            "level_unlisted": self.level_unlisted,
            "propensity": dict(self.propensity),
            "in_random": self.in_random,
            "stratum": self.stratum,
            "contributions": [list(pair) for pair in self.contributions],
            "unknown_profiles": list(self.unknown_profiles),
            "codes_beyond": [dict(one) for one in self.codes_beyond],
            "controls": {form: claim.name.lower() for form, claim in self.controls.items()},
            "prices": dict(self.prices),
        }


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier version was chosen for: an amendment takes it over.

    Attributes:
        standing: controls and propensities.
        orders: what was ordered.
    """

    standing: Standing
    orders: tuple[Order, ...]
