"""In which language a request is answered, and text that waits until it is known.

The middleware sets Django's language for the request (forms of Django and allauth speak by it); what Daliz
says goes through its own catalogues in the same language.
"""

from typing import Final

from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import get_language

from daliz.language import LANGUAGES, DalizError, Message, Text, translate

COOKIE: Final = "daliz_language"
NAMES: Final = (("en", "English"), ("ru", "Русский"), ("kk", "Қазақша"))
"""Each language by its own name."""


def language() -> str:
    """Return the language of the request that is being answered; English outside of one."""
    code = (get_language() or "en")[:2]
    return code if code in LANGUAGES else "en"


def said(message: str, **values: object) -> str:
    """Return a message in the language of the request; mark it with ``N_``."""
    return translate(message, language(), **values)


later: Final = lazy(said, str)
"""``said`` when it is shown: for labels of fields, which are made once."""


def chosen(request: HttpRequest) -> str:
    """Return the language that a request asks for: the person's, the cookie's, the browser's first."""
    own = getattr(request.user, "lang", "")  # nobody is logged in: no language of his
    if own in LANGUAGES:
        return str(own)
    kept = request.COOKIES.get(COOKIE, "")
    if kept in LANGUAGES:
        return kept
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def spoken(value: object) -> str:
    """Return a text of data, a message or an error in the language of the request; else its plain text.

    Example:
        >>> spoken(Text("green", "зелёный", "жасыл"))
        'green'
    """
    if isinstance(value, Text):
        return value.in_(language())
    if isinstance(value, Message | DalizError):
        return value.text(language())
    if isinstance(value, dict) and {"en", "ru", "kk"} <= value.keys():
        return str(value[language()])
    return "" if value is None else str(value)
