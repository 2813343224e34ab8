"""Every candidate fires on the declarations: experts by their condition, models from a probability on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.pack import Pack
from daliz.engine.superposition.border import Border, border
from daliz.engine.superposition.candidates import Candidate, Sort
from daliz.engine.superposition.probabilities import at_shares, of_model
from daliz.engine.superposition.problem import Flags, Floats
from daliz.engine.superposition.question import Question


@dataclass(frozen=True, slots=True)
class Fired:
    """What fires where.

    Attributes:
        border: the declarations, with firings in the order of ``candidates``.
        candidates: those that say something of their own.
        untold: profiles of models of whose declarations no model said anything.
    """

    border: Border
    candidates: tuple[Candidate, ...]
    untold: frozenset[str]


def fire(store: FactsStore, labels: Labels, question: Question, candidates: Sequence[Candidate]) -> Fired:
    """Let every candidate fire on the declarations of the days, models at several thresholds.

    Alternatives that fire on the same declarations as an earlier one of their group say nothing new and are
    left out, but for those without a list, which tell what the list does.
    """
    whole = border(store, candidates, labels, question.pack, days=question.days)
    told: list[tuple[Candidate, Flags]] = []
    untold = set()
    for at, candidate in enumerate(candidates):
        applies = whole.fired[:, at]
        if not candidate.by_model:
            told.append((candidate, applies))
            continue
        chance = _foretold(whole, candidate, question.pack)
        spoken = applies & ~np.isnan(chance)
        if not spoken.any():
            untold.add(candidate.group)
        tried = [candidate]
        if question.steps and candidate.sort in (Sort.PRESENT, Sort.NEW):
            tried += at_shares(candidate, chance[spoken].tolist())
        told += [(one, spoken & (chance >= (one.value or 0.0))) for one in tried]
    known = frozenset(whole.numbers)
    for model in question.models:
        chance = np.array([model.probability.get(number, np.nan) for number in whole.numbers])
        tried = of_model(model, known, question.pack, question.pack.profiles[0])
        told += [(one, chance >= (one.value or 0.0)) for one in tried]
    kept, seen = [], set[tuple[str, bytes]]()
    for candidate, fired in told:
        signature = candidate.group, np.packbits(fired).tobytes()
        if candidate.present or candidate.without or signature not in seen:
            kept.append((candidate, fired))
        seen.add(signature)
    return Fired(
        whole.with_fired(np.column_stack([fired for _, fired in kept])),
        tuple(candidate for candidate, _ in kept),
        frozenset(untold),
    )


def _foretold(whole: Border, candidate: Candidate, pack: Pack) -> Floats:
    """Return what models held the likeliest find for, of the forms that a profile asks for; NaN: nothing."""
    asked = {pack.measures[code].form for code in candidate.profile.measures}
    told = [of for form, of in whole.foretold.items() if form in asked]
    nothing = np.full(len(whole), np.nan)
    return np.asarray(np.fmax.reduce([nothing, *told]), dtype=np.float64)
