"""What the columns of the models are called: the vocabulary's labels, and words for what is told besides."""

from collections.abc import Mapping
from typing import Final

from daliz.engine.estimators.learner.ties import TIES
from daliz.engine.features import VOCABULARY
from daliz.language import LANGUAGES, N_, Text, translate

_UNKNOWN_RATIO: Final = N_("one of the two is unknown or 0")
_UNKNOWN_TIE: Final = N_("it is not stated; what the wider place is known for counts")
_UNKNOWN_WORDS: Final = N_("no description, or none was ever seen")
_UNKNOWN_LINK: Final = N_("nobody else is linked")

_RATIOS: Final[Mapping[str, str]] = {
    "ratio.unit_value_to_usual": N_("value per kg against the usual one of such goods"),
    "ratio.unit_value_to_low": N_("value per kg against the low end of such goods"),
    "ratio.value_per_unit_to_usual": N_("value per unit against the usual one of such goods"),
    "ratio.mass_per_unit_to_usual": N_("mass per unit against the usual one of such goods"),
    "ratio.value_to_invoice": N_("customs value against the invoice"),
    "ratio.taxes_to_value": N_("payments against the customs value"),
}
_WORDING: Final[Mapping[str, str]] = {
    "wording.log_odds": N_("how little the description suggests the declared code"),
    "wording.extra_share": N_("payments that the code suggested by the description would add"),
    "wording.value_gap": N_("value per kg against that of goods described alike"),
}
_LINKS: Final[Mapping[str, str]] = {
    "ring.counterparty_rate": N_("violations of others who share the foreign party"),
    "ring.declarant_rate": N_("violations of others who share the declarant"),
    "ring.carrier_goods_rate": N_("violations of others who share carrier and goods"),
    "ring.vehicle_rate": N_("violations of others who share the vehicle"),
    "ring.payer_rate": N_("violations of others who share the payer"),
    "ring.address_rate": N_("violations of others of the same name or address"),
    "ring.suppliers_rate": N_("violations of others who share suppliers"),
    "ring.neighbourhood_rate": N_("violations in the wider circle of linked parties"),
    "ring.renamed_trader": N_("likeness to a trader that stopped after violations"),
    "ring.renamed_counterparty": N_("likeness to a foreign party that stopped after violations"),
    "ring.renamed_declarant": N_("likeness to a declarant that stopped after violations"),
    "ring.new_firms_declarant": N_("new firms of the same declarant"),
    "ring.new_firms_goods": N_("new firms with the same goods"),
}
_TIES: Final[Mapping[str, str]] = {
    "goods": N_("goods"),
    "way": N_("way of the goods"),
    "gate": N_("border crossing"),
    "trader": N_("trader"),
    "trader_way": N_("trader and way"),
    "declarant": N_("declarant"),
    "declarant_way": N_("declarant and way"),
    "counterparty": N_("foreign party"),
    "carrier": N_("carrier"),
}
_RATES: Final[Mapping[str, str]] = {
    "papers": N_("past violations seen in papers ({tie}: {level})"),
    "hidden": N_("past violations seen only in the goods ({tie}: {level})"),
    "controls": N_("how much was controlled ({tie}: {level})"),
}


def label_of(name: str) -> Text:
    """Return what people call a column.

    Example:
        >>> label_of("rate.trader.trader_id.papers").en
        "past violations seen in papers (trader: trader's number)"
    """
    if name in VOCABULARY:
        return VOCABULARY[name].label
    template = _RATIOS.get(name) or _WORDING.get(name) or _LINKS.get(name)
    return _rate(name) if template is None else _said(template)


def unknown_of(name: str) -> Text:
    """Return what it means that a column is unknown."""
    if name in VOCABULARY:
        return VOCABULARY[name].unknown
    begins = name.partition(".")[0]
    said = {"ratio": _UNKNOWN_RATIO, "rate": _UNKNOWN_TIE, "wording": _UNKNOWN_WORDS, "ring": _UNKNOWN_LINK}
    return _said(said[begins])


def _rate(name: str) -> Text:
    """Return the label of a column such as ``rate.goods.hs_heading.papers``."""
    _, tie, level, outcome = name.split(".")
    named = next(
        place for one in TIES if one.name == tie for place in one.levels if place.partition(".")[2] == level
    )
    return Text(
        **{
            lang: translate(
                _RATES[outcome],
                lang,
                tie=translate(_TIES[tie], lang),
                level=VOCABULARY[named].label.in_(lang),
            )
            for lang in LANGUAGES
        }
    )


def _said(template: str) -> Text:
    return Text(**{lang: translate(template, lang) for lang in LANGUAGES})
