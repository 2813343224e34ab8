"""Operations on texts in Python, exactly as DuckDB does them: by code point, without a locale."""

import re
from collections.abc import Callable, Collection
from typing import Final, Protocol, cast

import re2


class Pattern(Protocol):
    """A compiled RE2 pattern."""

    def search(self, text: str | bytes) -> object | None:
        """Return something if the pattern is found in ``text``."""


def compile_pattern(pattern: str) -> Pattern:
    """Compile a pattern as DuckDB does; quiet on errors.

    Raises:
        re2.error: not RE2 syntax, or too large.
    """
    options = re2.Options()
    options.log_errors = False
    return cast(Pattern, re2.compile(pattern, options))


def searcher(pattern: str) -> Callable[[str], bool | None]:
    """Return whether an RE2 pattern is found in a text; unknown for a text that is not valid Unicode.

    RE2 reads UTF-8. Given a text it would also count, at some cost, where among its characters it is found.
    """
    search = compile_pattern(pattern).search

    def found(text: str) -> bool | None:
        try:
            return search(text.encode()) is not None
        except UnicodeEncodeError:
            return None

    return found


def liker(pattern: str) -> Callable[[str], bool | None]:
    """Return whether a text has the form of a LIKE pattern: ``%`` any characters, ``_`` exactly one."""
    pieces = (".*" if c == "%" else "." if c == "_" else re2.escape(c) for c in re.sub("%+", "%", pattern))
    return searcher(r"(?s)\A" + "".join(pieces) + r"\z")


_LOWER: Final = {"İ": "i"}
_UPPER: Final = {"ß": "ẞ"}


def lower(text: str) -> str:
    """Return the text in small letters, each letter by itself.

    Example:
        >>> lower("ҚАЗАҚСТАН ΑΣ")
        'қазақстан ασ'
    """
    if "Σ" not in text and "İ" not in text:  # the two letters that Python changes otherwise
        return text.lower()
    return "".join(_LOWER.get(c) or c.lower() for c in text)


def upper(text: str) -> str:
    """Return the text in capitals, each letter by itself, so that its length never changes.

    Example:
        >>> upper("дәліз ß")
        'ДӘЛІЗ ẞ'
    """
    capitals = text.upper()
    if len(capitals) == len(text):  # where Python differs, one letter became several
        return capitals
    return "".join(_UPPER.get(c) or _capital(c) for c in text)


def _capital(letter: str) -> str:
    for capital in (letter.upper(), letter.title()):
        if len(capital) == 1:
            return capital
    return letter


def too_short(prefixes: Collection[str]) -> list[str]:
    """Return every code that is too short to say whether it begins with one of the prefixes.

    Example:
        >>> too_short(["8703", "87"])
        ['', '8', '87', '870']
    """
    return sorted({prefix[:length] for prefix in prefixes for length in range(len(prefix))})
