"""Supplementary units: from what a tariff writes (``шт``) to the code that declarations state (``796``)."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from daliz.engine.official.lists import OfficialLists

KILOGRAM: Final = "kg"
"""The unit of duty by net mass."""

_CODE: Final = re.compile(r"\d{2,3}|[A-Z][A-Z0-9]{1,2}")


def unit_codes(lists: OfficialLists) -> Mapping[str, str]:
    """Return code by everything that the list of units in force last calls it, in small letters."""
    rows = lists.shelf("units").on("units", date.max).values()
    return {
        name.lower(): row["code"]
        for row in rows
        for name in (row["symbol"], row["en"], row["ru"], row["kk"], row["code"])
        if name
    }


def unit_named(text: str, codes: Mapping[str, str]) -> str | None:
    """Return the code of a unit as a tariff writes it; None if no list tells which it is.

    Example:
        >>> unit_named("шт", {"шт": "796"}), unit_named("796", {}), unit_named("шт", {})
        ('796', '796', None)
    """
    plain = text.strip()
    return codes.get(plain.lower()) or (plain if _CODE.fullmatch(plain) else None)


def unit_of_duty(text: str, codes: Mapping[str, str]) -> str:
    """Return ``kg``, the code of a unit, or, where no list tells which it is, the unit as it is written."""
    return text if text == KILOGRAM else unit_named(text, codes) or text
