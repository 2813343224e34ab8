"""Makes a pack of one's own from the template, with what is known of the country filled in."""

import re
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies

from daliz.engine.pack import TEMPLATE
from daliz.language import LANGUAGES, N_, DalizError

_COUNTRY: Final = re.compile(r"[A-Z]{2}")


class NewPackError(DalizError):
    """A pack cannot be begun as asked."""

    code: ClassVar[str] = "pack-new"


def write_new_pack(code: str, folder: Path, *, zone: str | None = None, currency: str | None = None) -> int:
    """Copy the template to ``folder`` for a country; return how many files were written.

    Args:
        code: ISO 3166-1 alpha-2 code of the country, in either case.
        folder: of the new pack; must not exist.
        zone: IANA time zone; that of the country unless it has several.
        currency: ISO 4217; what the country pays with today unless given.

    Raises:
        NewPackError: there is no such country, the folder exists, or zone or currency must be stated.

    Sources:
        Unicode CLDR, by way of Babel: names of territories, their zones and money.
    """
    country = code.upper()
    names = {lang: Locale(lang).territories.get(country) for lang in LANGUAGES}
    if not _COUNTRY.fullmatch(country) or not all(names.values()):
        raise NewPackError(
            N_("{found!r} is not a country; write its two letters, ISO 3166-1, such as UZ"), found=code
        )
    if folder.exists():
        raise NewPackError(N_("{folder} exists already; name a folder that does not"), folder=str(folder))
    own = {
        "code: xx": f"code: {country.lower()}",
        "country: XX": f"country: {country}",
        "name: {en: Somewhere, ru: Где-то, kk: Бір жер}": f"name: {{{_in_languages(names)}}}",
        "zone: Etc/UTC": f"zone: {zone or _zone(country)}",
        "currency: XXX": f"currency: {currency or _currency(country)}",
        "id: XX-": f"id: {country}-",
        "'XXX'": f"'{currency or _currency(country)}'",
    }
    files = sorted(path for path in TEMPLATE.rglob("*") if path.is_file())
    for path in files:
        text = path.read_text(encoding="utf-8")
        for old, new in own.items():
            text = text.replace(old, new)
        target = folder / path.relative_to(TEMPLATE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return len(files)


def _in_languages(names: dict[str, str | None]) -> str:
    return ", ".join(f'{lang}: "{name}"' for lang, name in names.items())


def _zone(country: str) -> str:
    """Return the country's only time zone."""
    zones = sorted(name for name, owner in get_global("zone_territories").items() if owner == country)
    if len(zones) != 1:
        raise NewPackError(
            N_("{country} has {number} time zones; name one with --zone: {zones}"),
            country=country, number=len(zones), zones=", ".join(zones),
        )  # fmt: skip
    return zones[0]


def _currency(country: str) -> str:
    """Return what the country pays with today."""
    today = date.today()  # noqa: DTZ011 -- money does not change with the hour
    found = get_territory_currencies(country, today, today, tender=True)
    if not found:
        raise NewPackError(
            N_("the money of {country} is not known; name it with --currency"), country=country
        )
    return str(found[0])
