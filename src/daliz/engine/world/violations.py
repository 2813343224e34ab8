"""How what is declared comes to differ from what is there, and which control would see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from daliz.engine.world.consignments import Consignments
from daliz.engine.world.goods import Catalogue, Flags, Floats, Whole
from daliz.engine.world.items import LOW_VALUE_USD, WHOLE_UNITS, Items
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.payments import FREE, LOW_VALUE, NO_PREFERENCE, RELIEF
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import IMPORT, TRANSIT, Supply

VIOLATION_TYPES: Final = (
    "undervaluation", "misclassification", "origin", "quantity", "concealment", "prohibited", "ipr",
    "documents", "procedure", "non_delivery",
)  # fmt: skip
PAPERS, PHYSICAL, AFTER = 1, 2, 4
"""Bits of the forms of control that reveal a violation: documents, physical, post_release."""
SEEN_IN_PAPERS: Final = PAPERS | PHYSICAL | AFTER
"""What papers betray before release, opening the goods betrays too: a physical control includes them."""


@dataclass(slots=True, eq=False)
class Lies:
    """A month's items as declared, with what is wrong in them.

    Attributes:
        true: the items as they are. said: the items as declared.
        scheme: index of the scheme, 0 where clean. kind: index of ``VIOLATION_TYPES``, -1 where clean.
        seen: bits of the forms that reveal it. harm: points.
        hidden_usd: value of goods not declared at all, US dollars.
        words: index of the good whose name the description gives.
        shows_brand: the description names the trade mark.
    """

    true: Items
    said: Items
    scheme: Whole
    kind: Whole
    seen: Whole
    harm: Floats
    hidden_usd: Floats
    words: Whole
    shows_brand: Flags

    def mark(self, at: Whole, kind: str, seen: Whole | int) -> None:
        """Say what is wrong with the items ``at`` and which forms see it."""
        self.kind[at] = VIOLATION_TYPES.index(kind)
        self.seen[at] = seen


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What a method works on: the month, the strength and papers of each item's line, chance."""

    cat: Catalogue
    lies: Lies
    strength: Floats
    papers: Floats
    declared_origin: Whole
    chance: np.random.Generator

    def by_papers(self, at: Whole, otherwise: int) -> Whole:
        """Bits for items that papers betray with their line's probability, else ``otherwise``."""
        betrayed = self.chance.random(len(at)) < self.papers[at]
        return np.where(betrayed, SEEN_IN_PAPERS, otherwise)


def violate(
    parameters: Parameters, cat: Catalogue, supply: Supply, consignments: Consignments, true: Items
) -> Lies:
    """Let schemes and errors have their way with a month of items."""
    count = len(true)
    chance = stream(parameters.seed, "violations", int(consignments.day[0]) if len(consignments) else 0)
    lies = Lies(
        true=true,
        said=true.copy(),
        scheme=np.zeros(count, dtype=np.int64),
        kind=np.full(count, -1, dtype=np.int64),
        seen=np.zeros(count, dtype=np.int64),
        harm=np.zeros(count),
        hidden_usd=np.zeros(count),
        words=true.good.copy(),
        shows_brand=true.branded.copy(),
    )
    line = consignments.line[true.of]
    scene = _Scene(
        cat,
        lies,
        supply.strength[line],
        supply.seen_before_release[line],
        supply.declared_origin[line],
        chance,
    )
    lucky = chance.random(count)
    first = _one_of_each(true, lucky)
    chosen = consignments.violates[true.of] & (first | (lucky < 0.6))
    for index, name in enumerate(supply.schemes):
        if name in _WAYS:
            at = np.flatnonzero(chosen & (supply.scheme[line] == index))
            _WAYS[name](scene, at)
            lies.scheme[at] = np.where(lies.kind[at] >= 0, index, 0)
    _errors(parameters, supply, consignments, scene, first)
    return lies


def _one_of_each(items: Items, lucky: Floats) -> Flags:
    """Mark one item of each consignment; in a violating one it always violates, others with odds of 0.6."""
    order = np.lexsort((lucky, items.of))
    first = np.zeros(len(items), dtype=bool)
    first[order[np.unique(items.of[order], return_index=True)[1]]] = True
    return first


def _undervalue(scene: _Scene, at: Whole) -> None:
    factor = np.clip(scene.strength[at] * np.exp(scene.chance.normal(0, 0.08, len(at))), 0.1, 0.95)
    scene.lies.said.usd[at] *= factor
    scene.lies.mark(at, "undervaluation", scene.by_papers(at, AFTER))


def _misclassify(scene: _Scene, at: Whole) -> None:
    """Half of them leave the true name on paper; of the rest mass, price or brand tell on opening."""
    cat, lies = scene.cat, scene.lies
    at = at[cat.passes_as[lies.true.good[at]] >= 0]
    other = cat.passes_as[lies.true.good[at]]
    seen = scene.by_papers(at, PHYSICAL)
    lies.said.good[at] = other
    lies.words[at] = np.where(seen == SEEN_IN_PAPERS, lies.true.good[at], other)
    own = np.array([g.unit for g in cat.goods], dtype=object)
    counted = np.where(
        own[other] == own[lies.true.good[at]],
        lies.true.quantity[at],
        lies.said.net_mass_kg[at] / cat.unit_kg[other],
    ).astype(float)
    whole = np.array([g.unit in WHOLE_UNITS for g in cat.goods])[other]
    counted = np.where(whole, np.maximum(1, np.round(counted)), np.maximum(0.1, np.round(counted, 1)))
    lies.said.quantity[at] = np.where(cat.has_unit[other], counted, np.nan)
    lies.mark(at, "misclassification", seen)


def _launder(scene: _Scene, at: Whole) -> None:
    lies = scene.lies
    lies.said.origin[at] = scene.declared_origin[at]
    lies.said.preference[at] = FREE
    lies.true.preference[at] = NO_PREFERENCE
    lies.mark(at, "origin", scene.by_papers(at, AFTER))


def _lighten(scene: _Scene, at: Whole) -> None:
    """Declare less mass, and value with it; half leave the count of pieces as it is."""
    lies, chance = scene.lies, scene.chance
    factor = np.clip(scene.strength[at] * np.exp(chance.normal(0, 0.05, len(at))), 0.3, 0.95)
    lies.said.net_mass_kg[at] = np.maximum(0.01, np.round(lies.said.net_mass_kg[at] * factor, 2))
    honest_gross = np.where(chance.random(len(at)) < 0.5, 1.0, factor)
    gross = np.round(lies.said.gross_mass_kg[at] * honest_gross, 2)
    lies.said.gross_mass_kg[at] = np.maximum(gross, lies.said.net_mass_kg[at])
    lies.said.usd[at] *= factor
    fewer = np.maximum(1.0, np.round(lies.said.quantity[at] * factor))
    lies.said.quantity[at] = np.where(chance.random(len(at)) < 0.5, lies.said.quantity[at], fewer)
    lies.mark(at, "quantity", PHYSICAL)


def _split(scene: _Scene, at: Whole) -> None:
    """Scale each part of a consignment to just below the value that is free of duty."""
    lies = scene.lies
    total = np.bincount(lies.true.of, lies.true.usd)[lies.true.of[at]]
    scale = scene.chance.uniform(0.45, 0.97, len(at)) * LOW_VALUE_USD / total
    for items in (lies.true, lies.said):
        items.usd[at] *= scale
        items.net_mass_kg[at] = np.maximum(0.01, np.round(items.net_mass_kg[at] * scale, 2))
        items.gross_mass_kg[at] = np.maximum(
            np.round(items.gross_mass_kg[at] * scale, 2), items.net_mass_kg[at]
        )
        items.quantity[at] = np.maximum(1.0, np.round(items.quantity[at] * scale))
    lies.said.preference[at] = LOW_VALUE
    lies.true.preference[at] = NO_PREFERENCE
    lies.mark(at, "procedure", scene.by_papers(at, AFTER))


def _hide(scene: _Scene, at: Whole) -> None:
    """Put dear goods behind dull ones; gross mass creeps up, papers are in perfect order."""
    lies, chance = scene.lies, scene.chance
    lies.hidden_usd[at] = np.minimum(np.exp(chance.normal(np.log(7_000), 1.2, len(at))), 2e6)
    lies.said.gross_mass_kg[at] = np.round(
        lies.said.gross_mass_kg[at] * chance.uniform(1.02, 1.15, len(at)), 2
    )
    lies.harm[at] = np.where(chance.random(len(at)) < 0.2, chance.uniform(5, 20, len(at)), 0.0)
    lies.mark(at, "concealment", PHYSICAL)


def _smuggle(scene: _Scene, at: Whole) -> None:
    lies, chance = scene.lies, scene.chance
    lies.said.gross_mass_kg[at] = np.round(
        lies.said.gross_mass_kg[at] * chance.uniform(1.0, 1.08, len(at)), 2
    )
    lies.harm[at] = np.round(chance.uniform(30, 80, len(at)), 1)
    lies.mark(at, "prohibited", PHYSICAL)


def _control(scene: _Scene, at: Whole) -> None:
    scene.lies.harm[at] = np.round(scene.chance.uniform(30, 60, len(at)), 1)
    scene.lies.mark(at, "prohibited", SEEN_IN_PAPERS)


def _forge(scene: _Scene, at: Whole) -> None:
    scene.lies.harm[at] = np.round(scene.chance.uniform(10, 40, len(at)), 1)
    scene.lies.mark(at, "documents", SEEN_IN_PAPERS)


def _counterfeit(scene: _Scene, at: Whole) -> None:
    """Branded goods at a fraction of the price; four in ten still name the brand."""
    lies, chance = scene.lies, scene.chance
    factor = scene.strength[at] * np.exp(chance.normal(0, 0.15, len(at)))
    for items in (lies.true, lies.said):
        items.usd[at] *= factor
        items.branded[at] = True
    lies.shows_brand[at] = chance.random(len(at)) < 0.4
    lies.harm[at] = np.round(chance.uniform(5, 30, len(at)), 1)
    lies.mark(at, "ipr", PHYSICAL)


def _lose(scene: _Scene, at: Whole) -> None:
    scene.lies.harm[at] = 5.0
    scene.lies.mark(at, "non_delivery", AFTER)


def _deduct(scene: _Scene, at: Whole) -> None:
    """Take pretended costs off the customs value; the invoice stays as it is."""
    said = scene.lies.said
    said.usd[at] *= scene.strength[at]
    said.invoiced[at] /= scene.strength[at]
    scene.lies.mark(at, "undervaluation", scene.by_papers(at, AFTER))


def _relieve(scene: _Scene, at: Whole) -> None:
    scene.lies.said.preference[at] = RELIEF
    scene.lies.mark(at, "procedure", scene.by_papers(at, AFTER))


def _broker(scene: _Scene, at: Whole) -> None:
    """A complicit broker does what the client's goods allow."""
    code = scene.cat.passes_as[scene.lies.true.good[at]] >= 0
    draw = scene.chance.random(len(at))
    wrong_code = code & (draw < 0.5)
    _misclassify(scene, at[wrong_code])
    _forge(scene, at[~wrong_code & (draw > 0.85)])
    _undervalue(scene, at[~wrong_code & (draw <= 0.85)])


_WAYS: Final[Mapping[str, Callable[[_Scene, Whole], None]]] = MappingProxyType(
    {
        "undervaluation_ring": _undervalue,
        "misclassification": _misclassify,
        "origin_laundering": _launder,
        "mass_understated": _lighten,
        "splitting": _split,
        "cover_goods": _hide,
        "one_day_firm": _undervalue,
        "complicit_broker": _broker,
        "permit_forged": _forge,
        "counterfeit": _counterfeit,
        "prohibited_goods": _smuggle,
        "export_control": _control,
        "non_delivery": _lose,
        "freight_deduction": _deduct,
        "relief_abuse": _relieve,
    }
)


def _errors(
    parameters: Parameters, supply: Supply, consignments: Consignments, scene: _Scene, first: Flags
) -> None:
    """Errors of honest consignments: one item each, of a kind that nothing foretells or by careless firms."""
    lies, chance = scene.lies, scene.chance
    honest = supply.honest[consignments.line]
    line = consignments.line[lies.true.of]
    early, late = parameters.schemes, parameters.schemes_late
    part = consignments.day / max(1, parameters.days)
    draw = chance.random(len(consignments))
    for name in ("careless", "unforeseen"):
        share = early[name] + (late[name] - early[name]) * part
        odds = share * (supply.carelessness[consignments.line] if name == "careless" else 1.0)
        wrong = honest & (draw < odds)
        draw = np.where(wrong, 2.0, np.maximum(0.0, draw - odds))
        at = np.flatnonzero(wrong[lies.true.of] & first)
        _one_error(supply, scene, at, line)
        lies.scheme[at] = np.where(lies.kind[at] >= 0, supply.schemes.index(name), 0)


def _one_error(supply: Supply, scene: _Scene, at: Whole, line: Whole) -> None:
    """Choose an error that the goods and the direction allow."""
    chance = scene.chance
    imported = supply.direction[line[at]] == IMPORT
    scene.strength[at] = chance.uniform(0.6, 0.9, len(at))
    scene.papers[at] = 0.7
    draw = chance.random(len(at))
    code = imported & (scene.cat.passes_as[scene.lies.true.good[at]] >= 0) & (draw < 0.35)
    _misclassify(scene, at[code])
    rest = at[~code]
    imported, draw = imported[~code], chance.random(len(rest))
    _undervalue(scene, rest[imported & (draw < 0.45)])
    stayed = supply.direction[line[rest]] != TRANSIT
    _lighten(scene, rest[(imported & (draw >= 0.45) & (draw < 0.75)) | (~imported & stayed & (draw < 0.6))])
    paper = (imported & (draw >= 0.75)) | (~imported & stayed & (draw >= 0.6)) | ~stayed
    scene.lies.mark(rest[paper], "documents", SEEN_IN_PAPERS)
    scene.lies.harm[rest[paper]] = np.round(chance.uniform(0.5, 5, int(paper.sum())), 1)
