"""Contracts: what every record must keep, as expressions of our own language, run over all rows at once."""

from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources
from typing import Final

import pyarrow as pa
import pycountry
import yaml

from daliz.engine.features import VOCABULARY, Feature, Grain, Kind, Vocabulary
from daliz.engine.indicators import parse_indicator, to_sql
from daliz.engine.pack import Contract
from daliz.engine.reading.countries import country_codes
from daliz.engine.reading.errors import ReadingError
from daliz.engine.records.duck import identifier, text_literal
from daliz.engine.records.schema import DECLARATIONS
from daliz.language import N_, Text

LISTS: Final = ("countries", "currencies")
"""The named lists that the contracts of every country look up."""

_DAY: Final = Feature(
    "declaration.registered_on",
    Text("day of registration", "день регистрации", "тіркелген күні"),
    Kind.DATE, Grain.DECLARATION, Text("not stated", "не указан", "көрсетілмеген"), "declaration",
)  # fmt: skip

_DERIVED: Final = {
    "item.hs_chapter": "left(hs_code, 2)",
    "item.hs_heading": "CASE WHEN length(hs_code) >= 4 THEN left(hs_code, 4) END",
    "item.hs_subheading": "CASE WHEN length(hs_code) >= 6 THEN left(hs_code, 6) END",
    "item.description_length": "CAST(length(description) AS DOUBLE)",
    "item.unit_value": "CAST(customs_value AS DOUBLE) / nullif(net_mass_kg, 0)",
    "item.value_per_unit": "CAST(customs_value AS DOUBLE) / nullif(quantity, 0)",
    "item.mass_per_unit": "net_mass_kg / nullif(quantity, 0)",
    "item.packing_ratio": "gross_mass_kg / nullif(net_mass_kg, 0)",
    "item.origin_is_departure": "origin_country = departure_country",
    "item.taxes": (
        "CASE WHEN coalesce(duty, vat, excise) IS NOT NULL THEN "
        "CAST(coalesce(duty, 0) + coalesce(vat, 0) + coalesce(excise, 0) AS DOUBLE) END"
    ),
    "declaration.trader_is_declarant": "trader_id = declarant_id",
    "declaration.item_count": "CAST(count(*) OVER (PARTITION BY declaration_id, version) AS DOUBLE)",
    "declaration.customs_value": (
        "CAST(sum(customs_value) OVER (PARTITION BY declaration_id, version) AS DOUBLE)"
    ),
}
"""Names of the vocabulary that the rows themselves give, beyond the columns."""


@cache
def general_contracts() -> tuple[Contract, ...]:
    """Return the contracts of every country, from ``packs/contracts.yaml``."""
    text = resources.files("daliz").joinpath("packs", "contracts.yaml").read_text(encoding="utf-8")
    vocabulary = Vocabulary([*VOCABULARY.values(), _DAY])
    lists = dict.fromkeys(LISTS, Kind.TEXT)
    return tuple(
        Contract(
            code, entry["field"], parse_indicator(entry["rule"], vocabulary, lists=lists, currency=None),
            Text(**entry["message"]),
        )
        for code, entry in yaml.safe_load(text)["contracts"].items()
    )  # fmt: skip


def general_lists() -> dict[str, frozenset[str]]:
    """Return the countries and currencies that the contracts of every country look up."""
    return {"countries": country_codes(), "currencies": frozenset(c.alpha_3 for c in pycountry.currencies)}


def facts_sql(contracts: Sequence[Contract], columns: Collection[str], zone: str) -> str:
    """Return the query of the facts that the contracts name, over the relation ``mapped``.

    Raises:
        ReadingError: a contract names a fact that a record alone does not give, such as history.
    """
    names = sorted({name for contract in contracts for name in contract.rule.names})
    facts = [f"{_fact(name, columns, zone)} AS {identifier(name)}" for name in names]
    return f"SELECT *, {', '.join(facts)} FROM mapped" if facts else "SELECT * FROM mapped"


def broken_sql(contracts: Sequence[Contract]) -> str:
    """Return the list, over the facts, of (field, value, code) of the contracts that a row breaks."""
    broken = ", ".join(
        f"CASE WHEN NOT ({to_sql(contract.rule)}) THEN {{'field': {text_literal(contract.field)}, "
        f"'value': CAST({identifier(contract.field)} AS VARCHAR), 'code': {text_literal(contract.code)}}} END"
        for contract in contracts
    )
    return f"list_filter([{broken}], lambda x: x IS NOT NULL)"


def _fact(name: str, columns: Collection[str], zone: str) -> str:
    group, _, short = name.partition(".")
    if name == _DAY.name:
        return f"CAST(timezone({text_literal(zone)}, registered_at) AS DATE)"
    if name in _DERIVED:
        return f"({_DERIVED[name]})"
    header = set(DECLARATIONS.header_names)
    for column in DECLARATIONS.columns:
        if column.name == short and group == ("declaration" if short in header else "item"):
            number = pa.types.is_decimal(column.type) or pa.types.is_integer(column.type)
            return f"CAST({short} AS DOUBLE)" if number else identifier(short)
    if group in ("item", "declaration") and short in columns:
        return identifier(short)
    raise ReadingError(
        N_("a contract asks for {name}, which a record alone does not tell"), code="contract-name", name=name
    )
