"""What past controls taught: hit rates, damage and the score, as of the night before the first day."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.estimators import Rates, hit_rates, loss_shares
from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import Pack
from daliz.engine.records.columns import answer, column_of, rows_of
from daliz.engine.records.duck import connect
from daliz.engine.scoring.evidence import Score, fit_score, overlap_weights
from daliz.engine.scoring.firing import Firings

_CONTROLLED: Final = """
SELECT declaration_id, coalesce(max(version) FILTER (registered_at <= closed_at), min(version)) AS version
FROM fact JOIN result USING (declaration_id) GROUP BY declaration_id
"""
_PRIOR_CONTROLS: Final = 10.0
"""How many controls of usual value the prior of a loss is worth."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What controls of past declarations found, one entry a controlled declaration.

    Attributes:
        violation: whether a violation was found.
        assessed: additional payments assessed, money.
        value: customs value declared, money; 0 where unknown.
        in_random: the control came from the random share.
        physical: the goods were opened, which includes the documents.
    """

    violation: NDArray[np.bool_]
    assessed: Floats
    value: Floats
    in_random: NDArray[np.bool_]
    physical: NDArray[np.bool_]

    @classmethod
    def none(cls) -> "Outcomes":
        """Return the outcomes of no controls at all."""
        no, nothing = np.zeros(0, dtype=np.bool_), np.zeros(0, dtype=np.float64)
        return cls(violation=no, assessed=nothing, value=nothing, in_random=no, physical=no)


@dataclass(frozen=True, slots=True)
class Experience:
    """Everything that a score needs from the past.

    Attributes:
        score: base and weights.
        rates: shrunk hit rate of each profile, with intervals.
        overlap: share of each profile's evidence that is its own.
        loss_share: payments lost for each unit of customs value in a violation, for each profile.
        harm: money that the other damage of a violation weighs, for each profile.
        base_loss_share: the same where nothing fires.
        base_harm: the same where nothing fires, money.
        usual_damage: what stands in for the damage where the customs value is unknown, money.
        controls: how many controlled declarations it rests on.
        random_controls: of these, from the random share.
    """

    score: Score
    rates: Rates
    overlap: Floats
    loss_share: Floats
    harm: Floats
    base_loss_share: float
    base_harm: float
    usual_damage: float
    controls: int
    random_controls: int

    @property
    def digest(self) -> str:
        """A short name that changes with any number in it."""
        numbers = [
            self.score.base, *self.score.weights.tolist(), *self.loss_share.tolist(),
            *self.harm.tolist(), self.base_loss_share, self.base_harm,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps([float(n).hex() for n in numbers]).encode()).hexdigest()[:16]

    def damage(self, fired: NDArray[np.bool_], value: Floats) -> Floats:
        """Return the damage if there is a violation, money; NaN where the customs value is unknown.

        The worst of the profiles that fired counts, so that one more sign never makes damage smaller.

        Args:
            fired: declarations × profiles.
            value: customs value of each declaration, money, NaN if unknown.
        """
        share = np.max(fired * self.loss_share, axis=1, initial=self.base_loss_share)
        harm = np.max(fired * self.harm, axis=1, initial=self.base_harm)
        damage: Floats = np.asarray(share * value + harm)
        return damage


def experience_content(experience: Experience) -> dict[str, Any]:
    """Return what was learned as JSON values; floats in hexadecimal, so that they come back as they were."""
    rates = experience.rates
    arrays = {
        "weights": experience.score.weights, "mean": rates.mean, "low": rates.low, "high": rates.high,
        "controlled": rates.controlled, "found": rates.found, "overlap": experience.overlap,
        "loss_share": experience.loss_share, "harm": experience.harm,
    }  # fmt: skip
    numbers = {
        "base": experience.score.base, "strength": rates.strength,
        "base_loss_share": experience.base_loss_share, "base_harm": experience.base_harm,
        "usual_damage": experience.usual_damage,
    }  # fmt: skip
    return {
        **{name: [float(value).hex() for value in values] for name, values in arrays.items()},
        **{name: float(value).hex() for name, value in numbers.items()},
        "controls": experience.controls,
        "random_controls": experience.random_controls,
    }


def experience_of(content: Mapping[str, Any]) -> Experience:
    """Return what ``experience_content`` kept."""

    def array(name: str) -> Floats:
        return np.array([float.fromhex(value) for value in content[name]], dtype=np.float64)

    def number(name: str) -> float:
        return float.fromhex(content[name])

    rates = Rates(
        mean=array("mean"), low=array("low"), high=array("high"), controlled=array("controlled"),
        found=array("found"), strength=number("strength"),
    )  # fmt: skip
    return Experience(
        score=Score(base=number("base"), weights=array("weights")),
        rates=rates,
        overlap=array("overlap"),
        loss_share=array("loss_share"),
        harm=array("harm"),
        base_loss_share=number("base_loss_share"),
        base_harm=number("base_harm"),
        usual_damage=number("usual_damage"),
        controls=int(content["controls"]),
        random_controls=int(content["random_controls"]),
    )


def learn(firings: Firings, outcomes: Outcomes, pack: Pack) -> Experience:
    """Estimate rates, damage and score from past controls, all shrunk to the pack's priors.

    Args:
        firings: which profiles fired on each controlled declaration.
        outcomes: what the controls found, in the same order; may be empty.
        pack: priors by direction, and what harm weighs.

    The base, where nothing fires, is learned from the random share alone: other controls were chosen
    because they looked risky. A document check says nothing of hidden goods: a profile that asks for
    physical control learns from physical controls only.
    """
    directions = sorted(pack.policy.prior)
    priors = [pack.policy.prior[d] for d in directions]
    index = np.array([directions.index(p.direction) for p in firings.profiles], dtype=np.int64)
    fired, violation = firings.fired, outcomes.violation
    blind = fired & _asks_physical(firings, pack) & ~outcomes.physical[:, None]
    ones = (fired & ~blind).astype(np.float64)
    rates = hit_rates(
        found=violation.astype(np.float64) @ ones,
        controlled=ones.sum(axis=0),
        direction=index,
        direction_prior=np.array([p.hit_rate for p in priors]),
        prior_weight=np.array([p.weight for p in priors]),
    )
    base = pack.policy.base_rate
    quiet = outcomes.in_random & ~fired.any(axis=1)
    base_rate = (violation[quiet].sum() + base.hit_rate * base.weight) / (quiet.sum() + base.weight)
    found_value = np.where(violation, outcomes.value, 0.0)
    found_money = np.where(violation, outcomes.assessed, 0.0)
    usual_value = float(np.median(outcomes.value[violation])) if violation.any() else 0.0
    worth = max(_PRIOR_CONTROLS * usual_value, 1.0)
    base_loss = float((found_money.sum() + base.loss_share * worth) / (found_value.sum() + worth))
    base_harm = base.harm * pack.policy.money_per_harm
    overlap = overlap_weights(fired, index)
    seen = ~blind.any(axis=1)
    return Experience(
        score=fit_score(
            hit_rate=rates.mean,
            base_rate=float(base_rate),
            overlap=overlap,
            fired=fired[seen],
            violation=violation[seen],
        ),
        rates=rates,
        overlap=overlap,
        loss_share=loss_shares(
            assessed=found_money @ ones,
            value=found_value @ ones,
            direction=index,
            direction_prior=np.array([p.loss_share for p in priors]),
            prior_value=worth,
        ),
        harm=np.array([p.harm for p in priors])[index] * pack.policy.money_per_harm,
        base_loss_share=base_loss,
        base_harm=base_harm,
        usual_damage=base_loss * usual_value + base_harm,
        controls=len(violation),
        random_controls=int(outcomes.in_random.sum()),
    )


def _asks_physical(firings: Firings, pack: Pack) -> NDArray[np.bool_]:
    """Tell which profiles ask that goods be opened."""
    forms = [{pack.measures[code].form for code in profile.measures} for profile in firings.profiles]
    return np.array(["physical" in asked for asked in forms], dtype=np.bool_)


def controlled_versions(facts: pa.Table, results: pa.Table) -> pa.Table:
    """Keep, of each controlled declaration, the rows of the version that was controlled.

    That is the last one registered before its control was closed, else the first: what a control led the
    declarant to correct is no sign that could have led to the control.

    Args:
        facts: of controlled declarations, with ``registered_at``.
        results: from ``known_results``.
    """
    with connect() as connection:
        connection.register("fact", facts.select(["declaration_id", "version", "registered_at"]))
        connection.register("result", results)
        chosen = answer(connection, _CONTROLLED)
    versions = dict(zip(*(chosen[name].to_pylist() for name in ("declaration_id", "version")), strict=True))
    ids, own = column_of(facts, "declaration_id", str), column_of(facts, "version", int)
    kept = [
        row for row, (number, version) in enumerate(zip(ids, own, strict=True)) if versions[number] == version
    ]
    return rows_of(facts, np.array(kept, dtype=np.int64))


def outcomes_of(facts: pa.Table, first_row: NDArray[np.int64], results: pa.Table) -> Outcomes:
    """Line up what was found with the declarations of ``facts``.

    Args:
        facts: with ``declaration.customs_value``.
        first_row: first row of each declaration in ``facts``.
        results: from ``known_results``, one row a declaration.
    """
    by_id = {row["declaration_id"]: row for row in results.to_pylist()}
    taken = rows_of(facts, first_row)
    rows = [by_id[number] for number in column_of(taken, "declaration_id", str)]
    value = np.nan_to_num(taken["declaration.customs_value"].to_numpy())
    return Outcomes(
        violation=np.array([row["violation"] for row in rows], dtype=np.bool_),
        assessed=np.array([row["assessed"] or 0 for row in rows], dtype=np.float64),
        value=value,
        in_random=np.array([row["in_random"] for row in rows], dtype=np.bool_),
        physical=np.array([row["physical"] for row in rows], dtype=np.bool_),
    )
