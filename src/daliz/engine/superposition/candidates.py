"""What may be active: profiles as they stand, at other thresholds, without a list, from elsewhere; models."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from daliz.engine.backtest.store import FactsStore
from daliz.engine.backtest.subject import of_profile
from daliz.engine.backtest.sweep import Sweep, sweeps, thresholds_of
from daliz.engine.indicators import Expression
from daliz.engine.indicators.nodes import (
    And,
    InList,
    IsTruth,
    Node,
    Not,
    Or,
    Truth,
    children,
    lists_of,
)
from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import CapacityRule, Direction, Pack, Profile, ProfileKind
from daliz.language import N_, DalizError, Text

EACH_WAY: Final = 1
"""Values of a threshold that are tried below the present one, and above it."""
SHARES: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of all declarations that a model may ask control for, the likeliest; they exclude each other."""
OF_MODELS: Final = ""
"""The direction of a model, of which nothing is believed but the pack's base rate."""


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
        fires: the condition, true of an item where it fires; None for a model.
        number: of the threshold that is moved, from 1 as the indicator is written; else None.
        before: the threshold as it stands.
        value: the threshold as it would be; for a model the probability from which it asks.
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


@dataclass(frozen=True, slots=True)
class Model:
    """What a model says of declarations.

    Attributes:
        name: what people call it.
        probability: of a violation, by declaration, 0 to 1.
    """

    name: str
    probability: Mapping[str, float]


def with_models(pack: Pack) -> Pack:
    """Return the pack with a direction for models, of which only the base rate is believed."""
    nameless = Direction(OF_MODELS, Text("", "", ""), violation_types=(), non_fiscal=False, deferrable=True)
    believed = {**pack.policy.prior, OF_MODELS: pack.policy.base_rate}
    return replace(
        pack,
        directions={**pack.directions, OF_MODELS: nameless},
        policy=replace(pack.policy, prior=believed),
    )


def of_pack(pack: Pack, day: date) -> list[Candidate]:
    """Return the expert profiles in force on ``day``, each in its latest version."""
    latest: dict[str, Profile] = {}
    for profile in sorted(pack.profiles_on(day), key=lambda p: (p.id, p.version)):
        if profile.kind is ProfileKind.EXPERT:
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
    experts = [profile for profile in profiles if profile.kind is ProfileKind.EXPERT]
    return [replace(_profile(p, pack, Sort.NEW), key=f"{p.id}@{p.version}") for p in experts]


def with_thresholds(
    candidates: Sequence[Candidate], store: FactsStore, pack: Pack, *, each_way: int = EACH_WAY
) -> list[Candidate]:
    """Return what the waivable among ``candidates`` would be with one threshold at another value.

    The values are those of a backtest's sweep, quantiles of what the threshold meets: the nearest of them
    below the present value and above it.
    """
    lists = {code: named.members for code, named in pack.lists.items()}
    owners = [
        (candidate, threshold)
        for candidate in candidates
        if not candidate.mandatory
        for threshold in thresholds_of(candidate.profile.indicator.root)
    ]
    found = sweeps(store, [threshold for _, threshold in owners], lists=lists)
    return [
        _moved(candidate, sweep, value, pack)
        for (candidate, _), sweep in zip(owners, found, strict=True)
        for value in _near(sweep, each_way)
    ]


def without_lists(candidates: Sequence[Candidate], lists: Collection[str], pack: Pack) -> list[Candidate]:
    """Return what the waivable among ``candidates`` would be if a list were empty.

    Raises:
        SuperpositionError: the pack has no such list.
    """
    for name in sorted(lists):
        if name not in pack.lists:
            raise SuperpositionError(
                N_("the pack {pack} has no list {name}; it has {known}"),
                pack=pack.code, name=name, known=", ".join(sorted(pack.lists)),
            )  # fmt: skip
    return [
        replace(
            _with(candidate, _emptied(candidate.profile.indicator.root, name), pack),
            key=f"{candidate.key}-{name}", sort=Sort.WITHOUT_LIST, without=name,
        )
        for candidate in candidates
        if not candidate.mandatory
        for name in sorted(lists)
        if name in lists_of(candidate.profile.indicator.root)
    ]  # fmt: skip


def without_exclusions(candidates: Sequence[Candidate], pack: Pack) -> list[Candidate]:
    """Return what the waivable among ``candidates`` would be without their exclusions."""
    return [
        replace(
            _profile(replace(candidate.profile, exclusions=None), pack, Sort.WITHOUT_EXCLUSIONS),
            key=f"{candidate.key}-exclusions", group=candidate.group,
        )
        for candidate in candidates
        if not candidate.mandatory and candidate.profile.exclusions is not None
    ]  # fmt: skip


def of_models(models: Sequence[Model], known: Collection[str], pack: Pack, like: Profile) -> list[Candidate]:
    """Return each model at several thresholds, those that single out the ``SHARES`` of the declarations.

    Args:
        models: what they say.
        known: the declarations that are chosen from.
        pack: for what a model asks: the cheapest measure of each form of control but the random share's own
            is what officers do at least.
        like: a profile whose owner, source and days stand in; none of them is read.

    Raises:
        SuperpositionError: a model says nothing of any declaration.
    """
    found = []
    for model in models:
        told = sorted((p for number, p in model.probability.items() if number in known), reverse=True)
        if not told:
            raise SuperpositionError(
                N_("the model {name} says nothing of any declaration in these days"), name=model.name
            )
        values = {value for share in SHARES if (value := _singling_out(told, share)) is not None} or {told[0]}
        profile = replace(
            like, id=model.name, version=1, kind=ProfileKind.MODEL, direction=OF_MODELS, exclusions=None,
            capacity=CapacityRule.WAIVABLE, share=1.0, measures=_least_measures(pack), cases=(),
        )  # fmt: skip
        found += [
            Candidate(
                f"{model.name}>={print_number(value)}", model.name, Sort.MODEL, profile, None, value=value
            )
            for value in sorted(values)
        ]
    return found


def _singling_out(told: Sequence[float], share: float) -> float | None:
    """Return the least probability that no more than a share has; None if the likeliest are more than that.

    Args:
        told: probabilities, descending.
        share: of them, 0 to 1.

    Example:
        >>> _singling_out([0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1], 0.3)
        0.9
        >>> _singling_out([0.9, 0.9, 0.9, 0.1], 0.5) is None
        True
    """
    most = int(share * len(told))
    following = told[most] if most < len(told) else -1.0
    return next((value for value in reversed(told[:most]) if value > following), None)


def _least_measures(pack: Pack) -> tuple[str, ...]:
    """Return, for each form of control, the measure that takes least time."""
    by_form: dict[str, str] = {}
    for measure in sorted(pack.measures.values(), key=lambda m: (m.minutes, m.code)):
        if measure.form is not None:
            by_form.setdefault(measure.form, measure.code)
    return tuple(by_form[form] for form in pack.forms if form in by_form)


def _profile(profile: Profile, pack: Pack, sort: Sort) -> Candidate:
    return Candidate(profile.id, profile.id, sort, profile, of_profile(profile, pack).fires)


def _with(candidate: Candidate, root: Node, pack: Pack) -> Candidate:
    """Return a candidate of the same group with another indicator."""
    indicator = candidate.profile.indicator
    other = Expression(root, indicator.kind, indicator.unit)
    made = _profile(replace(candidate.profile, indicator=other), pack, candidate.sort)
    return replace(made, group=candidate.group)


def _moved(candidate: Candidate, sweep: Sweep, value: float, pack: Pack) -> Candidate:
    threshold = sweep.threshold
    return replace(
        _with(candidate, threshold.at(value), pack),
        key=f"{candidate.key}[{threshold.number}]={print_number(value)}", sort=Sort.THRESHOLD,
        number=threshold.number, before=threshold.value, value=value,
    )  # fmt: skip


def _near(sweep: Sweep, each_way: int) -> list[float]:
    below = [value for value in sweep.values if value < sweep.threshold.value]
    above = [value for value in sweep.values if value > sweep.threshold.value]
    return below[max(len(below) - each_way, 0) :] + above[:each_way]


def _emptied(node: Node, name: str) -> Node:
    """Return the condition with a list taken to have no member."""
    match node:
        case InList(_, own) if own == name:
            return Truth(False)
        case And(operands):
            return And(tuple(_emptied(one, name) for one in operands))
        case Or(operands):
            return Or(tuple(_emptied(one, name) for one in operands))
        case Not(operand):
            return Not(_emptied(operand, name))
        case IsTruth(operand, value):
            return IsTruth(_emptied(operand, name), value)
        case _:
            if any(name in lists_of(child) for child in children(node)):
                raise SuperpositionError(
                    N_("the list {name} stands within an aggregate; it can only be emptied by hand"),
                    name=name,
                )
            return node
