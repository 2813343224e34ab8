"""Policy: how much is controlled, what is drawn at random, when a risk is high; dated data, never code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from daliz.engine.indicators import Expression
from daliz.language import Text


class UnknownRule(StrEnum):
    """What an unknown indicator means in a mandatory profile."""

    FIRES = "fires"
    DOES_NOT_FIRE = "does_not_fire"


class Decider(StrEnum):
    """Who decides on control: the system, or the officer in charge on the system's advice."""

    SYSTEM = "system"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of all declarations, from which a random share is drawn.

    Attributes:
        code: stable name.
        name: what people call it.
        when: which declarations belong to it, at declaration grain; strata are tried in order and the
            first that holds is theirs.
        share: the fraction drawn, 0–1; the floor where it adapts to decay.
        cap: the most that an adapted share may be, ``share`` to 1.
    """

    code: str
    name: Text
    when: Expression
    share: float
    cap: float


@dataclass(frozen=True, slots=True)
class RandomPolicy:
    """The random share: one fixed, fully revealing measure, drawn from everyone.

    Attributes:
        form: the form of control, that of ``measure``.
        measure: code of the measure.
        strata: in the order in which they are tried.
        most_of_capacity: where live strategies draw day by day, the most of the form's capacity that the
            random share may take, above 0 to 1: scarce officers are not all spent on chance.
    """

    form: str
    measure: str
    strata: tuple[Stratum, ...]
    most_of_capacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Band:
    """One step of a scale: it holds from ``from_value`` (inclusive) up to the next band's."""

    code: str
    name: Text
    from_value: float


@dataclass(frozen=True, slots=True)
class Level:
    """A risk level: its name and its place from 0, the lowest."""

    code: str
    name: Text
    rank: int


@dataclass(frozen=True, slots=True)
class Levels:
    """The risk level as the relation of frequency to consequence.

    Attributes:
        likelihood: bands of the probability of a violation, ascending, the first from 0.
        consequence: bands of the damage if it occurs, money of the administration, ascending, first from 0.
        matrix: level codes, one row per likelihood band, one column per consequence band.
        levels: the levels by code, lowest first.
    """

    likelihood: tuple[Band, ...]
    consequence: tuple[Band, ...]
    matrix: tuple[tuple[str, ...], ...]
    levels: Mapping[str, Level]

    def level(self, probability: float, damage: float) -> str:
        """Return the code of the level of a violation this likely that would cost this much.

        Args:
            probability: 0–1.
            damage: expected damage if the violation occurs, money of the administration, 0 or more.
        """
        row = _band(self.likelihood, probability)
        column = _band(self.consequence, damage)
        return self.matrix[row][column]


@dataclass(frozen=True, slots=True)
class PriorRate:
    """What is believed of a direction before anything was found.

    Attributes:
        hit_rate: share of controls that find a violation, 0–1.
        weight: how many controls this belief is worth.
        loss_share: revenue lost by a violation, as a share of the customs value of the items concerned.
        harm: damage other than to revenue by a violation, harm points.
    """

    hit_rate: float
    weight: float
    loss_share: float
    harm: float


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The level of compliance that the administration accepts, as shares of declarations without a violation.

    Attributes:
        low: below it, more control is needed, 0–1.
        high: from it on, control may be relaxed, at least ``low``, at most 1.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HarmPoints:
    """Damage other than to revenue by one violation.

    The same violation may weigh more on some goods: wrong papers for goods that need a permit are a permit
    that is missing or false.

    Attributes:
        by_type: type of violation → harm points; a type that is not named is of unknown harm.
        on_goods: type of violation → commodity code or its beginning → harm points instead.
    """

    by_type: Mapping[str, float] = field(default_factory=dict)
    on_goods: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def of(self, kind: str, code: str | None) -> float:
        """Return the harm points of a violation of a type on goods of a code; 0 where unknown.

        The longest beginning of the code that is named counts.

        Example:
            >>> points = HarmPoints({"documents": 1}, {"documents": {"0207": 25}})
            >>> points.of("documents", "0207141000"), points.of("documents", "6109100000")
            (25, 1)
        """
        goods = self.on_goods.get(kind)
        if goods and code:
            for end in range(len(code), 1, -1):
                if code[:end] in goods:
                    return goods[code[:end]]
        return self.by_type.get(kind, 0.0)


@dataclass(frozen=True, slots=True)
class EffectPolicy:
    """What the effect of control is measured against.

    Attributes:
        tolerance: of the level of compliance; None where the pack states none.
        sensitivity: probability that the random share's form of control sees a violation that it can reveal,
            above 0, at most 1; None where nobody has measured it.
        harm: damage other than to revenue by one violation.
    """

    tolerance: Tolerance | None = None
    sensitivity: float | None = None
    harm: HarmPoints = field(default_factory=HarmPoints)


@dataclass(frozen=True, slots=True)
class Policy:
    """How officers' time is spent.

    Attributes:
        default_capacity: control form → share of the declarations of a day that can be so controlled,
            used when no capacity is given; its keys are the pack's forms of control.
        random: the random share.
        levels: the risk levels.
        prior: direction → cold start; every direction has one.
        base_rate: what is believed of a declaration for which nothing fires.
        reserved_floor: share of each form's capacity kept for non-fiscal directions, 0–1.
        unknown_in_mandatory: what an unknown indicator means in a mandatory profile.
        money_per_harm: money of the administration that one harm point weighs as.
        money_per_hit: what it is worth that a violation is found at all, whatever it brings, money of the
            administration: others are deterred, and the trader is known.
        expected_a_day: declarations expected over all offices on a day of which no past tells, 0 or more.
        officer_minute: what a minute of an officer's time costs, money of the administration.
        delay_hour: what it costs that goods are released an hour later, money of the administration.
        deferred_as: code of the measure after release by which a document check is done that a profile lets
            wait; None where nothing waits.
        decides: whether measures and corridor bind the officer, or are advice from which he may depart with
            a reason of the pack's ``deviations``.
        effect: what the effect of control is measured against.
    """

    default_capacity: Mapping[str, float]
    random: RandomPolicy
    levels: Levels
    prior: Mapping[str, PriorRate]
    base_rate: PriorRate
    reserved_floor: float
    unknown_in_mandatory: UnknownRule
    money_per_harm: float
    money_per_hit: float = 0.0
    expected_a_day: int = 0
    officer_minute: float = 0.0
    delay_hour: float = 0.0
    deferred_as: str | None = None
    decides: Decider = Decider.SYSTEM
    effect: EffectPolicy = field(default_factory=EffectPolicy)

    @property
    def advises(self) -> bool:
        """Tell whether corridor and measures are advice to the officer who decides."""
        return self.decides is Decider.OFFICER


def _band(bands: tuple[Band, ...], value: float) -> int:
    """Return the index of the last band that begins at or below ``value``; the first if none does."""
    return max((i for i, band in enumerate(bands) if band.from_value <= value), default=0)
