"""Values gathered as a document states them: what is not stated is absent, and nothing is lost."""

from collections.abc import Iterable
from functools import cache
from typing import Final

from daliz.engine.reading.countries import country_codes
from daliz.engine.reading.xml.declared import Values

THEIRS: Final = "_theirs"
"""Ends the further column that keeps a code as the document writes it where the canonical column cannot."""


def stated(**values: str | None) -> Values:
    """Return the values that are stated.

    Example:
        >>> stated(office="GB000040", border_office=None)
        {'office': 'GB000040'}
    """
    return {name: value for name, value in values.items() if value is not None}


def country(name: str, code: str | None) -> Values:
    """Return a country; a code that is not one of ISO 3166-1 stays theirs and the country is unknown.

    Example:
        >>> country("origin_country", "NO"), country("origin_country", "ZN")
        ({'origin_country': 'NO'}, {'origin_country_theirs': 'ZN'})
    """
    if code is None:
        return {}
    return {name: code} if code in _countries() else {name + THEIRS: code}


def the_one(values: Iterable[str | None]) -> str | None:
    """Return the value if only one is stated, however often; ``None`` if none is or they differ.

    Example:
        >>> the_one(["4000", None, "4000"]), the_one(["4000", "7100"])
        ('4000', None)
    """
    found = {value for value in values if value is not None}
    return found.pop() if len(found) == 1 else None


def listed(values: Iterable[str | None]) -> str | None:
    """Return the distinct values as one text, in their order.

    Example:
        >>> listed(["A", None, "B", "A"]), listed([])
        ('A; B', None)
    """
    return "; ".join(dict.fromkeys(value for value in values if value)) or None


@cache
def _countries() -> frozenset[str]:
    return country_codes()
