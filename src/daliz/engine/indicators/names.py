"""What people call the lists and codes in expressions: the pack's words, and Daliz's own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from daliz.language import N_, Text, translate
from daliz.language.places import country_name

DIRECTIONS: Final[Mapping[str, str]] = {
    "import": N_("import"),
    "export": N_("export"),
    "transit": N_("transit"),
    "passenger": N_("passenger"),
}
LEVELS_OF_REFERENCE: Final[Mapping[str, str]] = {
    "hs10_origin": N_("code of 10 digits and origin"),
    "hs10": N_("code of 10 digits"),
    "hs6_origin": N_("code of 6 digits and origin"),
    "hs6": N_("code of 6 digits"),
    "hs4_origin": N_("code of 4 digits and origin"),
    "hs4": N_("code of 4 digits"),
}
_SHARED: Final = {"declaration.direction": DIRECTIONS, "reference.level": LEVELS_OF_REFERENCE}
"""Facts whose codes are Daliz's own, the same in every pack: fact → code → words."""


@dataclass(frozen=True, slots=True)
class Names:
    """The words of one administration.

    Attributes:
        lists: what people call the named lists, by code.
        codes: what people call the codes of a fact: fact → code → words.
    """

    lists: Mapping[str, Text] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)

    def of_code(self, fact: str, code: str, lang: str) -> str | None:
        """Return what people call ``code`` where it stands in ``fact``; None where nobody named it.

        Countries are called as the language calls them. A code of digits stands behind its words, for it is
        written so in declarations; one that is an English word does not.

        Example:
            >>> home = {"IM40": Text("release for home use", "выпуск", "шығару")}
            >>> names = Names(codes={"declaration.procedure": home})
            >>> names.of_code("declaration.procedure", "IM40", "en")
            'release for home use (IM40)'
            >>> names.of_code("declaration.direction", "import", "ru")
            'импорт'
            >>> names.of_code("item.origin_country", "CN", "kk")
            'Қытай'
        """
        if fact.endswith("_country"):
            country = country_name(code, lang)
            return None if country == code else country
        if code in _SHARED.get(fact, {}):
            return translate(_SHARED[fact][code], lang)
        words = self.codes.get(fact, {}).get(code)
        if words is None:
            return None
        said = words.in_(lang)
        return f"{said} ({code})" if any(sign.isdigit() for sign in code) else said
