"""The risk profile: an area, the indicators that recognise it and the measures that answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daliz.engine.indicators import Expression
from daliz.language import Text


class ProfileKind(StrEnum):
    """What makes a profile fire: an expert's indicator, a model's score, or the random draw."""

    EXPERT = "expert"
    MODEL = "model"
    RANDOM = "random"


class ProfileStatus(StrEnum):
    """Where a profile stands in its life; only an active one decides, a shadow one is only counted."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SHADOW = "shadow"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class Scope(StrEnum):
    """Where a profile holds: in the whole country, or at the offices it names."""

    REPUBLICAN = "republican"
    REGIONAL = "regional"


class CapacityRule(StrEnum):
    """Whether officers' time may set a profile's measures aside."""

    MANDATORY = "mandatory"
    WAIVABLE = "waivable"


class Stream(StrEnum):
    """The streams whose declarations a profile judges."""

    IMPORT = "import"
    EXPORT = "export"
    TRANSIT = "transit"


class Point(StrEnum):
    """When a declaration is assessed."""

    PRE_ARRIVAL = "pre_arrival"
    REGISTRATION = "registration"
    AMENDMENT = "amendment"
    NEW_INFORMATION = "new_information"
    AFTER_RELEASE = "after_release"


@dataclass(frozen=True, slots=True)
class Area:
    """The risk and the circumstances in which it arises.

    Attributes:
        name: what people call it.
        risk: which rule may be broken, and how.
        risk_goods: the goods that carry the risk.
        cover_goods: the goods they are declared as or hidden behind; None where there are none.
        countries: ISO 3166-1 alpha-2 codes of origin or departure; empty means any.
        routes: by which way they come; None means any.
    """

    name: Text
    risk: Text
    risk_goods: Text
    cover_goods: Text | None
    countries: tuple[str, ...]
    routes: Text | None


@dataclass(frozen=True, slots=True)
class Case:
    """An example that a profile must recognise, or must let pass.

    Attributes:
        name: what the example shows.
        fires: whether the profile must fire for the declaration.
        items: one mapping of vocabulary name to value per goods item, with what is said of the whole
            declaration repeated in each; a name left out is unknown.
    """

    name: str
    fires: bool
    items: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of a risk profile; a version never changes.

    A profile fires for a declaration when it is in force that day, ``applies`` holds (its stream and
    offices) and ``indicator`` holds for at least one item that ``exclusions`` do not take out.

    Attributes:
        id: stable name across versions.
        version: from 1.
        kind: expert, model or random.
        status: only ``active`` decides.
        direction: code of the pack's directions (bans, undervaluation, …).
        stream: import, export or transit.
        points: when it is judged.
        scope: republican, or regional with ``offices``.
        offices: codes; empty when republican.
        area: the risk and its circumstances.
        applies: stream and offices as an expression at declaration grain.
        indicator: what recognises the area; for ``random`` the condition of its stratum.
        exclusions: what takes an item out; only a waivable expert or model profile may have it.
        threshold: for ``model``, the probability from which it fires.
        stratum: for ``random``, the stratum it draws from.
        capacity: mandatory or waivable.
        share: fires on this fraction of what it recognises, above 0 up to 1.
        measures: codes in the order in which they are taken.
        hint: what an officer may know of the area; reveals no rule.
        look_at: what to look at.
        valid_from: first day in force.
        valid_until: last day in force.
        review_by: when its effect is to be reviewed, not after ``valid_until``.
        owner: who answers for it.
        source: the public law it rests on.
        cases: examples it must and must not recognise.
        deferrable: its document checks may wait until after release, where officers have more time then.
        risk_area: code of the area of the risk register that it guards; None where the pack keeps none, and
            for the random share, which guards them all.
    """

    id: str
    version: int
    kind: ProfileKind
    status: ProfileStatus
    direction: str
    stream: Stream
    points: tuple[Point, ...]
    scope: Scope
    offices: tuple[str, ...]
    area: Area
    applies: Expression
    indicator: Expression
    exclusions: Expression | None
    threshold: float | None
    stratum: str | None
    capacity: CapacityRule
    share: float
    measures: tuple[str, ...]
    hint: Text
    look_at: Text
    valid_from: date
    valid_until: date
    review_by: date
    owner: str
    source: Text
    cases: tuple[Case, ...]
    risk_area: str | None = None
    deferrable: bool = False

    def in_force(self, day: date) -> bool:
        """Tell whether the profile decides on ``day``: active and within its validity."""
        return self.status is ProfileStatus.ACTIVE and self.valid_from <= day <= self.valid_until
