"""A reader's language: the names of codes, and numbers, money, days and values as that reader writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.numbers import format_compact_decimal
from babel.units import format_unit

from daliz.doors.cli.declared import visible
from daliz.doors.cli.words import CLAIMS, DIRECTIONS, FORMS, LEVELS_OF_REFERENCE
from daliz.engine.features import Feature, Kind, Unit
from daliz.engine.indicators import sentence
from daliz.engine.official import name_of
from daliz.engine.pack import Pack, Profile
from daliz.engine.pack.control import EXTENT_NAMES
from daliz.language import N_, Text, translate
from daliz.language.numbers import Number, format_date, format_month, format_number, format_percent

__all__ = ["Voice"]

_CODE_LISTS: Final[Mapping[str, str]] = {
    "transport_mode": "transport_modes",
    "valuation_method": "valuation_methods",
    "quantity_unit": "units",
    "preference": "preferences",
    "kind": "declaration_kinds",
}
_NO_BREAK: Final = "\u00a0"
_UNKNOWN: Final = "–"
_THOUSAND_BY_CLDR: Final = "м."
_THOUSAND: Final = "мың"
"""A Kazakh thousand that nobody takes for a million."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Speaks of one pack's things in one language.

    Attributes:
        lang: one of ``LANGUAGES``.
        pack: whose codes have names.
    """

    lang: str
    pack: Pack

    def say(self, message: str, /, **values: object) -> str:
        """Return a marked message in this language."""
        return translate(message, self.lang, **values)

    def text(self, text: Text | None) -> str:
        """Return a label of the data."""
        return text.in_(self.lang) if text else _UNKNOWN

    def number(self, value: Number | None, decimals: int | None = None) -> str:
        """Return a number, a dash if unknown."""
        return _UNKNOWN if value is None else format_number(value, self.lang, decimals=decimals)

    def percent(self, share: Number | None, decimals: int = 1) -> str:
        """Return a share in percent, a dash if unknown."""
        return _UNKNOWN if share is None else format_percent(share, self.lang, decimals=decimals)

    def points(self, difference: Number | None) -> str:
        """Return a difference of two shares in percentage points, with its sign."""
        if difference is None:
            return _UNKNOWN
        points = round(float(difference) * 100, 1)
        sign = "+" if points > 0 else ""
        return sign + format_number(points, self.lang, decimals=1)

    def money(self, amount: Number | None, currency: str | None = None) -> str:
        """Return an amount in whole units of a currency, the administration's own unless told."""
        if amount is None:
            return _UNKNOWN
        number = format_number(amount, self.lang, decimals=0)
        return f"{number}{_NO_BREAK}{visible(currency or self.pack.currency)}"

    def short_money(self, amount: Number | None) -> str:
        """Return an amount in thousands, millions or billions, for a headline."""
        if amount is None:
            return _UNKNOWN
        short = format_compact_decimal(amount, locale=_LOCALES[self.lang], fraction_digits=1)
        short = short.replace(_THOUSAND_BY_CLDR, _THOUSAND)
        return f"{short}{_NO_BREAK}{self.pack.currency}"

    def day(self, day: date) -> str:
        """Return a day."""
        return format_date(day, self.lang)

    def month(self, day: date) -> str:
        """Return the month of a day."""
        return format_month(day, self.lang)

    def corridor(self, code: str) -> str:
        """Return a corridor's name."""
        return next((c.name.in_(self.lang) for c in self.pack.corridors if c.code == code), code)

    def office(self, code: str | None) -> str:
        """Return an office's name and code; a dash if none is stated."""
        if code is None:
            return _UNKNOWN
        known = self.pack.offices.get(code)
        if known:
            return f"{known.name.in_(self.lang)} ({code})"
        listed = self._official_office(code)
        return f"{visible(listed)} ({visible(code, longest=40)})" if listed else visible(code, longest=40)

    def office_name(self, code: str | None) -> str:
        """Return an office's name, its code if it has none."""
        known = self.pack.offices.get(code) if code else None
        if known:
            return known.name.in_(self.lang)
        return visible((code and self._official_office(code)) or code or _UNKNOWN, longest=40)

    def _official_office(self, code: str) -> str | None:
        """Return what the official list of offices that holds last calls an office that the pack has not."""
        return name_of(self.pack.official, "offices", code, date.max, self.lang)

    def pool(self, code: str) -> str:
        """Return what a pool of officers is called."""
        if code == "*":
            return self.say(N_("all offices"))
        region = self.pack.regions.get(code)
        return region.in_(self.lang) if region else self.office(code)

    def level(self, code: str) -> str:
        """Return a risk level's name."""
        known = self.pack.policy.levels.levels.get(code)
        return known.name.in_(self.lang) if known else code

    def measure(self, code: str) -> str:
        """Return a measure's name."""
        known = self.pack.measures.get(code)
        return known.name.in_(self.lang) if known else code

    def direction(self, code: str) -> str:
        """Return what a profile guards against."""
        known = self.pack.directions.get(code)
        return known.name.in_(self.lang) if known else code

    def stream(self, code: str) -> str:
        """Return import, export, transit or passenger."""
        return self.say(DIRECTIONS[code]) if code in DIRECTIONS else visible(code, longest=40)

    def procedure(self, code: str | None) -> str:
        """Return a procedure's code and name."""
        known = self.pack.procedures.get(code) if code else None
        return f"{code} – {known.name.in_(self.lang)}" if known else visible(code or _UNKNOWN, longest=40)

    def country(self, code: str | None) -> str:
        """Return a country's name and code."""
        if not code:
            return _UNKNOWN
        name = _LOCALES[self.lang].territories.get(code)
        return f"{name} ({code})" if name else visible(code, longest=40)

    def form(self, code: str) -> str:
        """Return a form of control."""
        return self.say(FORMS[code]) if code in FORMS else code

    def claim(self, code: str) -> str:
        """Return why a control was ordered."""
        return self.say(CLAIMS[code]) if code in CLAIMS else code

    def extent(self, code: str | None) -> str:
        """Return how deep a control goes; empty where there are no degrees."""
        return self.say(EXTENT_NAMES.get(code, code)) if code else ""

    def sentence(self, profile: Profile) -> str:
        """Return the profile's indicator as a plain sentence."""
        return sentence(profile.indicator, self.pack.vocabulary, self.lang, self.pack.names)

    def label(self, name: str) -> str:
        """Return what people call a feature."""
        known = self.pack.vocabulary.get(name)
        return known.label.in_(self.lang) if known else name

    def value(self, name: str, value: object) -> str:
        """Return the value of a feature with its unit; of several items' values the first few."""
        if isinstance(value, list):
            shown = [self.value(name, one) for one in value[:5]]
            return "; ".join(shown) + (" …" if len(value) > 5 else "")
        if value is None:
            return self.say(N_("unknown"))
        feature = self.pack.vocabulary.get(name)
        if isinstance(value, bool):
            return self.say(N_("yes")) if value else self.say(N_("no"))
        if isinstance(value, int | float | Decimal):
            return self._measured(value, feature)
        return self._named(name, str(value), feature)

    def _measured(self, value: Number, feature: Feature | None) -> str:
        unit = feature.unit if feature else Unit()
        if unit == Unit.of("money"):
            return self.money(value)
        if unit == Unit.of("day"):
            return format_unit(value, "duration-day", length="short", locale=_LOCALES[self.lang])
        if unit == Unit.of("hour"):
            return format_unit(value, "duration-hour", length="short", locale=_LOCALES[self.lang])
        exact = float(value)
        amount = format_number(
            round(exact, 0 if abs(exact) >= 10_000 else 1 if abs(exact) >= 100 else 3), self.lang
        )
        named = self._unit(unit)
        return f"{amount}{_NO_BREAK}{named}" if named else amount

    def _unit(self, unit: Unit) -> str:
        """Return the name of a unit: ``KZT/kg``."""
        words = {
            "money": self.pack.currency,
            "invoice_money": self.say(N_("invoice currency")),
            "kg": self.say(N_("kg")),
            "quantity": self.say(N_("unit")),
            "day": self.say(N_("day")),
            "hour": self.say(N_("hour")),
        }
        over = "·".join(words.get(base, base) for base, power in unit.powers for _ in range(power))
        under = "·".join(words.get(base, base) for base, power in unit.powers for _ in range(-power))
        return f"{over or '1'}/{under}" if under else over

    def _named(self, name: str, value: str, feature: Feature | None) -> str:
        if feature is not None and feature.kind is Kind.DATE:
            return self.day(date.fromisoformat(value))
        short = name.rpartition(".")[2]
        if short.endswith("_country"):
            return self.country(value)
        named = {
            "office": self.office,
            "border_office": self.office,
            "goods_location": self.office,
            "procedure": self.procedure,
            "direction": self.stream,
        }.get(short)
        if named is not None:
            return named(value)
        if name == "reference.level" and value in LEVELS_OF_REFERENCE:
            return self.say(LEVELS_OF_REFERENCE[value])
        return self._listed(short, value)

    def unit(self, code: str | None) -> str:
        """Return the short name of a supplementary unit, its code where the pack has none."""
        units = self.pack.code_lists.get(_CODE_LISTS["quantity_unit"])
        name = units.members.get(code or "") if units else None
        return name.in_(self.lang) if name else visible(code or "")

    def _listed(self, column: str, code: str) -> str:
        """Return a code with the name that the pack's list of the column gives it."""
        listed = self.pack.code_lists.get(_CODE_LISTS.get(column, column))
        if listed is not None and code in listed.members:
            return f"{listed.members[code].in_(self.lang)} ({visible(code)})"
        return visible(code)


_LOCALES: Final = {"en": Locale("en", "GB"), "ru": Locale("ru"), "kk": Locale("kk")}
