"""Countries as each language calls them (Unicode CLDR, by Babel)."""

from daliz.language.numbers import locale_of


def country_name(code: str, lang: str) -> str:
    """Return the name of an ISO 3166 alpha-2 code; the code itself where it is none.

    Example:
        >>> country_name("CN", "en"), country_name("CN", "ru"), country_name("??", "kk")
        ('China', 'Китай', '??')
    """
    return str(locale_of(lang).territories.get(code.upper(), code)) if code else code
