"""Gettext without global state: the language is an argument, because one process serves three at once."""

import gettext
import io
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES: Final = ("en", "ru", "kk")
"""The languages Daliz speaks; English is the source text."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of data in all three languages: a label, a hint, a name of an office.

    Example:
        >>> Text(en="green corridor", ru="зелёный коридор", kk="жасыл дәліз").in_("kk")
        'жасыл дәліз'
    """

    en: str
    ru: str
    kk: str

    def in_(self, lang: str) -> str:
        """Return the text in ``lang`` (one of ``LANGUAGES``)."""
        return {"en": self.en, "ru": self.ru, "kk": self.kk}[lang]


def N_(message: str) -> str:  # noqa: N802 -- the name that gettext tools know
    """Mark a message for extraction without translating it yet."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:  # noqa: N802 -- as ``N_``
    """Mark both forms of a counted message for extraction without translating it yet."""
    return singular, plural


def translate(message: str, lang: str = "en", /, **values: object) -> str:
    """Return ``message`` in ``lang`` with its ``{named}`` placeholders filled in.

    Example:
        >>> translate("{found} is not a country", "en", found="XX")
        'XX is not a country'
    """
    text = catalogue(lang).gettext(message)
    return text.format(**values) if values else text


def ntranslate(singular: str, plural: str, number: int, lang: str = "en", /, **values: object) -> str:
    """Return the form of a counted message that ``lang`` asks for; ``{n}`` is the number.

    Example:
        >>> ntranslate("{n} item", "{n} items", 2, "en")
        '2 items'
    """
    return catalogue(lang).ngettext(singular, plural, number).format(n=number, **values)


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """Return the language's catalogue, read once a process; an untranslated message stays English."""
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; Daliz speaks {', '.join(LANGUAGES)}")
    if lang == "en":
        return gettext.NullTranslations()
    source = resources.files("daliz.language").joinpath("locale", lang, "LC_MESSAGES", "daliz.po")
    if not source.is_file():
        return gettext.NullTranslations()
    with source.open("rb") as file:
        messages = read_po(file, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
