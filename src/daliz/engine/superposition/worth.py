"""What control of each declaration is worth: what past controls taught, held against what they found.

The learned score and damage (``scoring.learn``) speak of every declaration, controlled or not, by all
candidates that fire on it. A tighter threshold is a sign of its own; a looser one is none: what it alone
would ask for is worth what the other signs and the base rate say. What they expect is then held, form by form
and in bands from low to high, against what controls of that form found, each control weighted by one over its
propensity. So a form that reveals less counts for less. What one control found is never taken as the worth of
that same declaration: nobody can know it when he chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from daliz.engine.estimators.intervals import CERTAIN, LARGEST_WEIGHT
from daliz.engine.pack import Pack
from daliz.engine.scoring import Experience, Firings, learn
from daliz.engine.scoring.experience import Outcomes
from daliz.engine.superposition.border import Border, Found
from daliz.engine.superposition.candidates import Candidate
from daliz.engine.superposition.probabilities import with_models
from daliz.engine.superposition.problem import Flags, Floats, Indices

BANDS: Final = 5
"""Bands of equal size in which expectation is held against findings."""
PRIOR_CONTROLS: Final = 10.0
"""How many usual controls the expectation itself is worth against what controls found."""
MEASURES: Final = ("hits", "recovery", "harm")


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What control is expected to bring, each of shape (declarations, forms).

    Attributes:
        hits: probability that the form finds a violation, 0 to 1.
        recovery: additional payments, money.
        harm: other damage averted, money that it weighs.
    """

    hits: Floats
    recovery: Floats
    harm: Floats

    def total(self, money_per_hit: float) -> Floats:
        """Return all of it as money."""
        total: Floats = self.recovery + self.harm + self.hits * money_per_hit
        return total

    def where(self, kept: Flags) -> "Worth":
        """Return that of the declarations that ``kept`` marks."""
        return Worth(self.hits[kept], self.recovery[kept], self.harm[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Teacher:
    """What was learned before the days that are kept out.

    Attributes:
        signs: the candidates whose firing says something, indices.
        experience: hit rates, damage and score, with one column a sign.
        ratios: by form and measure: found over expected in each band.
        edges: by measure: where the bands begin, ascending.
        forms: of control, in the order of the columns.
    """

    signs: Indices
    experience: Experience
    ratios: Mapping[tuple[str, str], Floats]
    edges: Mapping[str, Floats]
    forms: tuple[str, ...]

    def expects(self, border: Border) -> Worth:
        """Return what control of each declaration is worth."""
        expected = _expected(self.experience, border.fired[:, self.signs], border)
        corrected = [
            np.column_stack([self._corrected(name, form, values) for form in self.forms])
            for name, values in zip(MEASURES, expected, strict=True)
        ]
        return Worth(np.minimum(corrected[0], 1.0), corrected[1], corrected[2])

    def _corrected(self, measure: str, form: str, expected: Floats) -> Floats:
        band = np.searchsorted(self.edges[measure], expected, side="right") - 1
        corrected: Floats = expected * self.ratios[form, measure][np.maximum(band, 0)]
        return corrected


def teach(
    border: Border,
    candidates: Sequence[Candidate],
    found: Mapping[str, Found],
    pack: Pack,
    *,
    forms: tuple[str, ...],
) -> Teacher:
    """Learn from what controls of ``border`` found.

    Args:
        border: the declarations of the days that are chosen from.
        candidates: in the order of ``border.fired``.
        found: by declaration, as known before the days that are kept out.
        pack: priors, and what harm weighs.
        forms: of control.

    Sources:
        [hajek1971] for the ratio of weighted sums.
    """
    rows = np.array([i for i, number in enumerate(border.numbers) if number in found], dtype=np.intp)
    own = [found[border.numbers[i]] for i in rows.tolist()]
    signs = _signs(border, candidates)
    fired = border.fired[np.ix_(rows, signs)]
    order = np.arange(len(rows))
    firings = Firings(
        tuple(candidates[c].profile for c in signs.tolist()), order, order, fired, fired, np.zeros_like(fired)
    )
    outcomes = Outcomes(
        violation=np.array([one.violation for one in own], dtype=np.bool_),
        assessed=np.array([one.assessed for one in own], dtype=np.float64),
        value=np.nan_to_num(border.value[rows]),
        in_random=np.array([one.in_random for one in own], dtype=np.bool_),
        physical=np.array([one.form == "physical" for one in own], dtype=np.bool_),
    )
    experience = learn(firings, outcomes, with_models(pack))
    expected = _expected(experience, border.fired[:, signs], border)
    seen = (
        outcomes.violation.astype(np.float64),
        outcomes.assessed,
        np.array([harm_of(one, pack) for one in own], dtype=np.float64),
    )
    weights = weights_of(border, found, rows)
    in_form = {form: np.array([one.form == form for one in own], dtype=np.bool_) for form in forms}
    edges, ratios = {}, {}
    for name, values, facts in zip(MEASURES, expected, seen, strict=True):
        edges[name] = _edges(values[rows])
        for form, own_form in in_form.items():
            ratios[form, name] = _ratios(
                values[rows][own_form], facts[own_form], weights[own_form], edges[name]
            )
    return Teacher(signs, experience, ratios, edges, forms)


def _signs(border: Border, candidates: Sequence[Candidate]) -> Indices:
    """Return the candidates that say something: all but looser alternatives to a profile in force."""
    present = {c.group: at for at, c in enumerate(candidates) if c.present}
    kept = []
    for at, candidate in enumerate(candidates):
        of_today = present.get(candidate.group, at)
        if not (border.fired[:, at] & ~border.fired[:, of_today]).any():
            kept.append(at)
    return np.array(kept, dtype=np.intp)


def degrees(border: Border, candidates: Sequence[Candidate], c: int) -> Indices:
    """Return how strongly a candidate fires on each declaration, 0 where it does not; shape (n,).

    An expert's profile fires or not. A model says how probable a violation is: of its thresholds, which lie
    within each other, as many are passed.
    """
    degree = border.fired[:, c].astype(np.intp)
    if candidates[c].by_model:
        group = [k for k, one in enumerate(candidates) if one.group == candidates[c].group]
        degree *= border.fired[:, group].sum(axis=1)
    return degree


def told_alone(border: Border, worth: Worth, degree: Indices, money_per_hit: float) -> Floats:
    """Return what control of each declaration brings to one who knows what one candidate says, money.

    The mean of what it brings over all on which the candidate fires as strongly, of recovery within each
    tenth of customs value, which everybody knows; so the largest are not taken to bring more than such do.

    Args:
        border: the declarations.
        worth: of control of each, by all signs.
        degree: how strongly the candidate fires, shape (n,).
        money_per_hit: what a violation found weighs.

    Returns:
        Shape (n, forms); 0 where the candidate does not fire.
    """
    told = np.zeros_like(worth.recovery)
    value = np.nan_to_num(border.value)
    tenth = np.searchsorted(np.quantile(value, np.arange(1, 10) / 10), value, side="right")
    for strength in np.unique(degree[degree > 0]):
        fires = degree == strength
        told[fires] = (worth.harm[fires] + worth.hits[fires] * money_per_hit).mean(axis=0)
        for at in range(10):
            own = fires & (tenth == at)
            if own.any():
                told[own] += worth.recovery[own].mean(axis=0)
    return told


def weights_of(border: Border, found: Mapping[str, Found], rows: Indices) -> Floats:
    """Return one over the propensity of each control in its fullest form, capped; 1 where it is unknown.

    A document check alone was as likely as a document check less physical control, which includes it.
    """
    weights = np.ones(len(rows))
    for at, i in enumerate(rows.tolist()):
        form = found[border.numbers[i]].form
        if form not in border.propensity:
            continue
        chance = border.propensity[form][i]
        if form == "documents":
            chance -= border.propensity["physical"][i]
        if 0 < chance < CERTAIN:
            weights[at] = min(1 / chance, LARGEST_WEIGHT)
    return weights


def harm_of(found: Found, pack: Pack) -> float:
    """Return what the other damage of a finding weighs, money: the worst of the directions it confirms."""
    if not found.violation:
        return 0.0
    harms = [
        pack.policy.prior[code].harm
        for code, direction in pack.directions.items()
        if code in pack.policy.prior and not set(found.types).isdisjoint(direction.violation_types)
    ]
    return max(harms, default=pack.policy.base_rate.harm) * pack.policy.money_per_harm


def _expected(experience: Experience, fired: Flags, border: Border) -> tuple[Floats, Floats, Floats]:
    """Return hits, recovery and harm as the score alone expects them."""
    hits = experience.score.probability(fired)
    share, harm = np.full(len(border), experience.base_loss_share), np.full(len(border), experience.base_harm)
    for at in range(fired.shape[1]):
        share = np.where(fired[:, at], np.maximum(share, experience.loss_share[at]), share)
        harm = np.where(fired[:, at], np.maximum(harm, experience.harm[at]), harm)
    usual = experience.usual_damage - experience.base_harm
    loss = np.where(np.isnan(border.value), usual, share * border.value)
    return hits, hits * loss, hits * harm


def _edges(expected: Floats) -> Floats:
    """Return where each band begins; the first takes in all below."""
    if not len(expected):
        return np.zeros(1)
    return np.asarray(np.quantile(expected, np.arange(BANDS) / BANDS), dtype=np.float64)


def _ratios(expected: Floats, seen: Floats, weights: Floats, edges: Floats) -> Floats:
    """Return found over expected in each band, drawn towards 1 by ``PRIOR_CONTROLS`` usual controls."""
    ratios = np.ones(len(edges))
    band = np.maximum(np.searchsorted(edges, expected, side="right") - 1, 0)
    for at in range(len(edges)):
        own = band == at
        if not own.any():
            continue
        w = weights[own] / weights[own].mean()
        belief = PRIOR_CONTROLS * float(np.mean(expected[own]))
        if belief > 0:
            ratios[at] = (float(np.sum(w * seen[own])) + belief) / (float(np.sum(w * expected[own])) + belief)
    return ratios
