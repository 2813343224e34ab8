"""What a tally says of one subject: precision with an interval, money, minutes, and what it has to itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from daliz.engine.backtest.subject import Subject
from daliz.engine.backtest.tally import HUNDREDTHS, MILLIONTHS, Tally
from daliz.engine.estimators.intervals import NOTHING_KNOWN, Cell, Interval, combined, wilson

UNKNOWN: Final = "unknown:"
"""Before a subject's key: the condition that it could not be decided."""

Method = Literal["weighted", "random", "plain", "none"]


@dataclass(frozen=True, slots=True)
class Precision:
    """The share of firings in which a control finds a violation.

    Attributes:
        method: ``weighted`` by the propensity of control; ``random``, of controls drawn by chance alone;
            ``plain``, of whatever was controlled, biased because that was chosen for its risk; ``none``.
        interval: the estimate and its ends.
        controlled: controls that it rests on.
        found: of these, with a violation.
        covers: firings that it speaks for.
    """

    method: Method
    interval: Interval
    controlled: int
    found: int
    covers: int

    @property
    def biased(self) -> bool:
        """Whether it speaks only of what officers chose to control."""
        return self.method == "plain"


@dataclass(frozen=True, slots=True)
class Part:
    """Firings of a part: a month, an office, one form of control, or all.

    Attributes:
        fired: declarations.
        controlled: of these.
        found: of these, with a violation.
        assessed: additional payments assessed where one was found, money.
        collected: of these, collected.
        minutes: officers' time spent on the controls, minutes.
    """

    fired: int
    controlled: int
    found: int
    assessed: Decimal
    collected: Decimal
    minutes: float

    @classmethod
    def of(cls, sums: Mapping[str, int]) -> "Part":
        """Read the measures of a tally."""
        return cls(
            fired=sums["fired"],
            controlled=sums["controlled"],
            found=sums["found"],
            assessed=Decimal(sums["assessed"]) / HUNDREDTHS,
            collected=Decimal(sums["collected"]) / HUNDREDTHS,
            minutes=sums["minutes"] / HUNDREDTHS,
        )


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of a subject another one sees too, in declarations.

    Attributes:
        key: of the other.
        fired: by the other.
        both: by both.
        share: of the subject's firings.
        jaccard: both over either.
        found: violations found where both fired.
    """

    key: str
    fired: int
    both: int
    share: float
    jaccard: float
    found: int


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely the firings were to be controlled, by the decisions of the time, in the revealing form.

    Attributes:
        form: the form of control.
        decided: firings of which the propensity is known.
        certain: of these, control was certain.
        certain_controlled: of these, a result is known.
        drawable: control was possible and not certain.
        drawn: of these, controlled.
        impossible: control was impossible; nothing can be estimated for them.
        capped: controls whose weight was cut to the largest.
    """

    form: str
    decided: int
    certain: int
    certain_controlled: int
    drawable: int
    drawn: int
    impossible: int
    capped: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that is told of one subject.

    Attributes:
        subject: what fired.
        items: goods items it fired on.
        unknown: declarations that could not be decided: unknown for some item and true for none.
        whole: over all declarations on which it fired.
        everything: the same over all declarations read.
        forms: by form of control: how many controls of that form, how many found.
        precision: the best estimate that the data allows.
        plain: what was found of what was controlled.
        random: of controls drawn by chance.
        chances: propensities; None without decisions.
        recall: share of all known violations on which it fired; None if none is known.
        provisional: controls whose finding is not final.
        assessed_per_firing: expected payments assessed for each firing, money; None if nothing is known.
        needed_minutes: officers' time that controlling every firing would take, minutes; None if unknown.
        needed_by: ``measures`` of the profile, or as ``observed`` in past controls.
        months: by month.
        offices: by office.
        alone: firings that no peer shares; None if there are no peers.
        overlaps: with the peers, the greatest first.
    """

    subject: Subject
    items: int
    unknown: int
    whole: Part
    everything: Part
    forms: Mapping[str, tuple[int, int]]
    precision: Precision
    plain: Precision
    random: Precision
    chances: Chances | None
    recall: float | None
    provisional: int
    assessed_per_firing: Decimal | None
    needed_minutes: float | None
    needed_by: Literal["measures", "observed", "nothing"]
    months: Mapping[str, Part]
    offices: Mapping[str, Part]
    alone: Part | None
    overlaps: Sequence[Overlap]


def judge(
    counted: Tally,
    subject: Subject,
    *,
    peers: Sequence[Subject],
    forms: Sequence[str],
    form: str,
    level: float,
) -> Judgement:
    """Say what a tally knows of ``subject``, which was in its focus.

    Args:
        counted: with the subject, the peers and, under ``unknown:KEY``, what could not be decided.
        subject: in focus.
        peers: profiles to compare with.
        forms: of control.
        form: the revealing one, for which propensities count.
        level: confidence of intervals, between 0 and 1.
    """
    sums = counted.of(subject.key)
    whole = Part.of(sums)
    precision = precision_of(sums, level=level)
    undecided = f"{UNKNOWN}{subject.key}"
    unknown = 0
    if undecided in counted.keys:
        unclear, fired = counted.keys.index(undecided), counted.keys.index(subject.key)
        unknown = int(counted.both[unclear, unclear] - counted.both[unclear, fired])
    needed, by = _needed(whole, subject)
    return Judgement(
        subject=subject,
        items=int(counted.items[counted.keys.index(subject.key)]),
        unknown=unknown,
        whole=whole,
        everything=Part.of(counted.everything),
        forms={one: (sums[f"controlled_{one}"], sums[f"found_{one}"]) for one in forms},
        precision=precision,
        plain=_plain(sums, level),
        random=_random(sums, level),
        chances=_chances(sums, form) if "decided" in sums else None,
        recall=whole.found / counted.everything["found"] if counted.everything["found"] else None,
        provisional=sums["provisional"],
        assessed_per_firing=_per_firing(sums, precision),
        needed_minutes=needed,
        needed_by=by,
        months={name: Part.of(part) for name, part in counted.months.items()},
        offices={name: Part.of(part) for name, part in counted.offices.items()},
        alone=Part.of(counted.alone or dict.fromkeys(sums, 0)) if peers else None,
        overlaps=_overlaps(counted, subject, peers),
    )


def precision_of(sums: Mapping[str, int], *, level: float) -> Precision:
    """Return the best estimate of precision that the measures of one condition allow.

    By propensities where decisions tell them: certain controls and the others are two cells, each as large as
    it is. Else the plain rate of whatever was controlled.
    """
    if sums.get("certain", 0) + sums.get("drawable", 0):
        certain = Cell(
            size=sums["certain"],
            controlled=sums["certain_controlled"],
            weight=float(sums["certain_controlled"]),
            found=float(sums["certain_found"]),
            square=float(sums["certain_controlled"]),
            found_square=float(sums["certain_found"]),
        )
        drawn = Cell(
            size=sums["drawable"],
            controlled=sums["drawn"],
            weight=sums["weight"] / MILLIONTHS,
            found=sums["weight_found"] / MILLIONTHS,
            square=sums["square"] / MILLIONTHS,
            found_square=sums["square_found"] / MILLIONTHS,
        )
        if certain.controlled + drawn.controlled:
            return Precision(
                "weighted",
                combined([certain, drawn], level=level),
                certain.controlled + drawn.controlled,
                sums["certain_found"] + sums["drawn_found"],
                certain.size + drawn.size,
            )
    return _plain(sums, level)


def _plain(sums: Mapping[str, int], level: float) -> Precision:
    controlled, found = sums["controlled"], sums["found"]
    if not controlled:
        return Precision("none", NOTHING_KNOWN, 0, 0, 0)
    return Precision("plain", wilson(found, controlled, level=level), controlled, found, sums["fired"])


def _random(sums: Mapping[str, int], level: float) -> Precision:
    controlled, found = sums["controlled_by_chance"], sums["found_by_chance"]
    if not controlled:
        return Precision("none", NOTHING_KNOWN, 0, 0, 0)
    return Precision("random", wilson(found, controlled, level=level), controlled, found, sums["fired"])


def _chances(sums: Mapping[str, int], form: str) -> Chances:
    return Chances(
        form=form,
        decided=sums["decided"],
        certain=sums["certain"],
        certain_controlled=sums["certain_controlled"],
        drawable=sums["drawable"],
        drawn=sums["drawn"],
        impossible=sums["impossible"],
        capped=sums["capped"],
    )


def _per_firing(sums: Mapping[str, int], precision: Precision) -> Decimal | None:
    """Return payments assessed for each firing: by propensities, else for each control as it was."""
    cents = Decimal(0)
    if precision.method == "weighted":
        size = sums["certain"] + sums["drawable"]
        for part, controlled, weight in (
            ("certain", sums["certain_controlled"], sums["certain_controlled"]),
            ("drawable", sums["drawn"], sums["weight"] / MILLIONTHS),
        ):
            if sums[part] and not controlled:
                return None
            if sums[part]:
                money = sums["certain_assessed" if part == "certain" else "weight_assessed"]
                cents += Decimal(sums[part]) / size * money / Decimal(weight)
    elif precision.method == "plain":
        cents = Decimal(sums["assessed"]) / sums["controlled"]
    else:
        return None
    return (cents / HUNDREDTHS).quantize(Decimal("0.01"))


def _needed(whole: Part, subject: Subject) -> tuple[float | None, Literal["measures", "observed", "nothing"]]:
    if subject.minutes is not None:
        return whole.fired * subject.minutes, "measures"
    if whole.controlled and whole.minutes:
        return round(whole.minutes / whole.controlled * whole.fired, 2), "observed"
    return None, "nothing"


def _overlaps(counted: Tally, subject: Subject, peers: Sequence[Subject]) -> list[Overlap]:
    own = counted.keys.index(subject.key)
    fired = int(counted.both[own, own])
    overlaps = []
    for peer in peers:
        at = counted.keys.index(peer.key)
        both, theirs = int(counted.both[own, at]), int(counted.both[at, at])
        either = fired + theirs - both
        overlaps.append(
            Overlap(
                key=peer.key,
                fired=theirs,
                both=both,
                share=both / fired if fired else 0.0,
                jaccard=both / either if either else 0.0,
                found=int(counted.both_found[own, at]),
            )
        )
    return sorted(overlaps, key=lambda one: (-one.both, -one.jaccard, one.key))
