"""Models as candidates: profiles of models in force, and probabilities from elsewhere, from thresholds on."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import CapacityRule, Direction, Pack, Profile, ProfileKind
from daliz.engine.superposition.candidates import OF_MODELS, Candidate, Sort, SuperpositionError
from daliz.language import N_, Text

SHARES: Final = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of all declarations that a model may ask control for, the likeliest; they exclude each other."""


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


def of_model(model: Model, known: Collection[str], pack: Pack, like: Profile) -> list[Candidate]:
    """Return a model at several thresholds, those that single out the ``SHARES`` of the declarations.

    Args:
        model: what it says.
        known: the declarations that are chosen from.
        pack: for what a model asks: the cheapest measure of each form of control but the random share's own
            is what officers do at least.
        like: a profile whose owner, source and days stand in; none of them is read.

    Raises:
        SuperpositionError: the model says nothing of any declaration.
    """
    told = [p for number, p in model.probability.items() if number in known]
    if not told:
        raise SuperpositionError(
            N_("the model {name} says nothing of any declaration in these days"), name=model.name
        )
    profile = replace(
        like, id=model.name, version=1, kind=ProfileKind.MODEL, direction=OF_MODELS, exclusions=None,
        capacity=CapacityRule.WAIVABLE, share=1.0, measures=_least_measures(pack), cases=(),
    )  # fmt: skip
    first = Candidate(model.name, model.name, Sort.MODEL, profile, None)
    return [_asking_from(first, value) for value in _values(told)]


def at_shares(candidate: Candidate, told: Collection[float]) -> list[Candidate]:
    """Return a model's profile at thresholds that single out the ``SHARES`` of what it speaks of.

    Args:
        candidate: as it stands.
        told: probabilities of the declarations that it may ask for.
    """
    return [_asking_from(candidate, value) for value in _values(told) if value != candidate.value]


def _asking_from(candidate: Candidate, value: float) -> Candidate:
    key = f"{candidate.key}>={print_number(value)}"
    return replace(candidate, key=key, sort=Sort.MODEL, before=candidate.value, value=value)


def _values(told: Collection[float]) -> list[float]:
    """Return the thresholds that single out the ``SHARES``, the least first."""
    falling = sorted(told, reverse=True)
    found = [_singling_out(falling, int(share * len(told))) for share in SHARES]
    if falling and all(value is None for value in found):
        found = [_singling_out(falling, falling.count(falling[0]))]
    return sorted({value for value in found if value is not None})


def _singling_out(told: Sequence[float], most: int) -> float | None:
    """Return a threshold that no more than so many reach; None if the likeliest are more than that.

    Of all that single out the same it is the one that is written shortest.

    Args:
        told: probabilities, descending.
        most: how many may reach it.

    Example:
        >>> _singling_out([0.9137, 0.9137, 0.1, 0.1, 0.1], 3)
        0.9
        >>> _singling_out([0.9, 0.9, 0.9, 0.1], 2) is None
        True
    """
    following = told[most] if most < len(told) else 0.0
    least = next((value for value in reversed(told[:most]) if value > following), None)
    if least is None:
        return None
    shorter = (math.floor(least * 10**digits) / 10**digits for digits in range(1, 16))
    return next((value for value in shorter if following < value <= least), least)


def _least_measures(pack: Pack) -> tuple[str, ...]:
    """Return, for each form of control, the measure that takes least time."""
    by_form: dict[str, str] = {}
    for measure in sorted(pack.measures.values(), key=lambda m: (m.minutes, m.code)):
        if measure.form is not None:
            by_form.setdefault(measure.form, measure.code)
    return tuple(by_form[form] for form in pack.forms if form in by_form)
