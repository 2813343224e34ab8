"""Rates of duty as tariffs write them: ``15``, ``15, но не менее 0,2 евро за 1 кг``, ``5 + 0.1 EUR/kg``."""

import re
from collections.abc import Mapping
from typing import Final

from daliz.engine.official.errors import ListError
from daliz.engine.official.values import amount
from daliz.language import N_

NOT_LESS: Final = "not_less"
PLUS: Final = "plus"

_NUMBER: Final = r"\d+(?:[.,]\d+)?"
_SPECIFIC: Final = (
    rf"(?P<amount>{_NUMBER})\s*(?P<currency>евро|eur|€|долл(?:\.|ара?|аров)?\s*сша|usd|\$|[a-z]{{3}})"
    rf"\s*(?:за|/|per)\s*(?P<per>{_NUMBER})?\s*(?P<unit>[^\d\s,;].*?)"
)
_SHARE: Final = rf"(?P<share>{_NUMBER})\s*%?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        _SHARE,
        _SPECIFIC,
        rf"{_SHARE}\s*,?\s*(?P<not_less>но\s+не\s+менее|but\s+not\s+less\s+than|not\s+less\s+than)\s+{_SPECIFIC}",
        rf"{_SHARE}\s*,?\s*(?P<plus>плюс|plus|\+)\s*{_SPECIFIC}",
    )
)
_CURRENCIES: Final[Mapping[str, str]] = {"евро": "EUR", "€": "EUR", "$": "USD"}
_KILOGRAM: Final = frozenset({"кг", "kg", "kilogram", "килограмм", "166"})


def duty_parts(text: str) -> dict[str, str]:
    """Return what a written rate says: ad_valorem (percent), method, amount, currency, per, unit.

    The method is empty where there is one rate, else ``not_less`` (the greater of the two) or ``plus``.

    Example:
        >>> duty_parts("15, но не менее 0,2 евро за 1 кг") == {
        ...     "ad_valorem": "15", "method": "not_less", "amount": "0.2", "currency": "EUR", "per": "1",
        ...     "unit": "kg"}
        True
        >>> duty_parts("5 %")["ad_valorem"]
        '5'
    """
    plain = " ".join(text.split()).strip(" .;")
    for form in _FORMS:
        found = form.fullmatch(plain)
        if found is None:
            continue
        parts = found.groupdict()
        said = {"ad_valorem": "", "method": "", "amount": "", "currency": "", "per": "", "unit": ""}
        if parts.get("share"):
            said["ad_valorem"] = amount(parts["share"])
        if parts.get("amount"):
            said["amount"] = amount(parts["amount"])
            said["currency"] = _currency(parts["currency"])
            said["per"] = amount(parts.get("per") or "1")
            said["unit"] = unit_code(parts["unit"])
        said["method"] = NOT_LESS if parts.get("not_less") else PLUS if parts.get("plus") else ""
        return said
    raise ListError(
        N_("{found!r} is not a rate of duty; write 15, or 15 but not less than 0.2 EUR per 1 kg"), found=text
    )


def unit_code(text: str) -> str:
    """Return ``kg`` for the kilogram, else the unit as it is written.

    Example:
        >>> unit_code("КГ"), unit_code("796")
        ('kg', '796')
    """
    plain = text.strip().rstrip(".")
    return "kg" if plain.lower() in _KILOGRAM else plain


def _currency(text: str) -> str:
    plain = text.strip().lower()
    if plain.startswith("долл"):
        return "USD"
    return _CURRENCIES.get(plain, plain.upper())
