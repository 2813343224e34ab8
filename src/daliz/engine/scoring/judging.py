"""What profiles and models together say of declarations: chance, damage, gain of each form, risk level.

The batch asks for many at once, live assessment for one; both ask here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.learner import FORMS, Foresight
from daliz.engine.estimators.rates import Floats
from daliz.engine.pack import CapacityRule, Pack, Profile
from daliz.engine.scoring.consequence import consequences
from daliz.engine.scoring.exceptions import OnLists
from daliz.engine.scoring.experience import Experience
from daliz.engine.scoring.firing import Firings
from daliz.engine.scoring.mixing import Expected, by_profiles, mixed


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What is thought of each declaration, before exception lists.

    Attributes:
        by_profiles: probability of a violation by profiles alone, shape (declarations,).
        probability: the same by profiles and models.
        damage: if there is a violation, money; NaN if unknown.
        expected: what each form of control is expected to bring.
    """

    by_profiles: Floats
    probability: Floats
    damage: Floats
    expected: Expected


def judged(
    firings: Firings,
    *,
    value: Floats,
    ours: NDArray[np.bool_],
    experience: Experience,
    seen: Foresight | None,
    pack: Pack,
) -> Judged:
    """Pool what profiles expect and what models do; where no model scored, profiles judge alone.

    Args:
        firings: the profiles that fired.
        value: customs value, NaN where unknown, shape (declarations,).
        ours: it is money of the administration; in another currency it says nothing of the damage.
        experience: what was learned of the profiles.
        seen: what models expect, None where there is none.
        pack: for forms of control and weights.
    """
    fired = firings.fired
    alone = experience.score.probability(fired)
    damage = experience.damage(fired, np.where(ours, value, np.nan))
    asked = _asked(firings.profiles, fired, pack)
    usual = np.where(np.isnan(damage), experience.usual_damage, damage)
    expected = by_profiles(alone, usual, asked, pack)
    if seen is None:
        return Judged(alone, alone, damage, expected)
    expected = mixed(
        expected, expert_chance=alone, asked=asked, chance=seen.chance, recovery=seen.recovery,
        harm=seen.harm, known=seen.known, positives=seen.positives, pack=pack,
    )  # fmt: skip
    rows = np.arange(len(fired))
    fullest = np.argmax(expected.chance, axis=1)
    found = expected.chance[rows, fullest]
    loss = (expected.recovery + expected.harm)[rows, fullest] / np.maximum(found, 1e-9)
    return Judged(
        by_profiles=alone,
        probability=np.where(seen.scored, found, alone),
        damage=np.where(seen.scored, np.where(ours, loss, np.nan), damage),
        expected=expected,
    )


def gains_by_form(
    own: Judged,
    *,
    probability: Floats,
    expected: Expected,
    experience: Experience,
    seen: Foresight | None,
    pack: Pack,
) -> list[dict[str, float]]:
    """Return what each form of control is expected to bring: by models each its own, else one for all.

    Args:
        own: what is thought of the declarations.
        probability: after exception lists.
        expected: after exception lists.
        experience: for the usual damage where it is unknown.
        seen: what models expect.
        pack: for forms of control and the weight of a find.
    """
    damage = np.where(np.isnan(own.damage), experience.usual_damage, own.damage)
    alone = probability * (damage + pack.policy.money_per_hit)
    scored = np.zeros(len(alone), np.bool_) if seen is None else seen.scored
    found = [dict.fromkeys(pack.forms, float(value)) for value in alone]
    place = {form: at for at, form in enumerate(FORMS)}
    best = expected.gain.max(axis=1, initial=0.0)
    for at in np.flatnonzero(scored).tolist():
        row = expected.gain[at]
        found[at] = {form: float(row[place[form]] if form in place else best[at]) for form in pack.forms}
    return found


def with_waiting(gain: dict[str, float], *, deferred: bool) -> dict[str, float]:
    """Return gains where document checks may wait until after release: then that brings as much as they.

    Example:
        >>> with_waiting({"documents": 3.0, "post_release": 1.0}, deferred=True)
        {'documents': 3.0, 'post_release': 3.0}
    """
    return gain | {"post_release": max(gain["post_release"], gain["documents"])} if deferred else gain


def chance_of(expected: Expected, row: int, profile: Profile, pack: Pack) -> float:
    """Return the chance that a model profile is held against: of the fullest form that it asks for."""
    forms = {pack.measures[code].form for code in profile.measures}
    return max(
        (float(expected.chance[row, at]) for at, form in enumerate(FORMS) if form in forms), default=0.0
    )


def levelled(
    probability: Floats, own: Judged, firings: Firings, listed: OnLists, pack: Pack
) -> tuple[list[str], list[str]]:
    """Return the risk level of each declaration, and what it was before exception lists.

    Args:
        probability: after exception lists.
        own: what is thought of the declarations.
        firings: the profiles that fired.
        listed: the lists on which each declaration stands.
        pack: for the matrix.
    """
    some = np.flatnonzero(firings.fired.any(axis=0))
    must = np.array([firings.profiles[k].capacity is CapacityRule.MANDATORY for k in some.tolist()], np.bool_)
    mandatory = np.asarray((firings.fired[:, some] & must).any(axis=1), np.bool_).tolist()
    worth = consequences(own.damage, firings, pack).tolist()
    level = pack.policy.levels.level
    before = [level(p, v) for p, v in zip(own.probability.tolist(), worth, strict=True)]
    after = [level(p, v) for p, v in zip(probability.tolist(), worth, strict=True)]
    rows = enumerate(zip(after, mandatory, strict=True))
    return [listed.level(row, one, pack, must=held) for row, (one, held) in rows], before


def _asked(profiles: Sequence[Profile], fired: NDArray[np.bool_], pack: Pack) -> NDArray[np.bool_]:
    """Tell which forms of control some fired profile asks for, shape (declarations, forms)."""
    some = np.flatnonzero(fired.any(axis=0))
    forms = [{pack.measures[code].form for code in profiles[k].measures} for k in some.tolist()]
    asks = np.array([[form in of for form in FORMS] for of in forms], dtype=np.int64)
    return np.asarray(
        fired[:, some].astype(np.int64) @ asks.reshape(len(forms), len(FORMS)) > 0, dtype=np.bool_
    )
