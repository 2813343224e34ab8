"""Cuts an expression's text into tokens, and refuses what could never be right before any parser sees it.

The scanner is one pass over one regular expression, so its time grows with the length of the text, which
is bounded. It knows every token the language has: placeholders, comments, statements, quoted names, casts
and the words of SQL that the language leaves out end here, each with its place.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from daliz.engine.indicators.errors import ExpressionError, Place
from daliz.language import N_, Message

MAX_CHARACTERS: Final = 20_000
"""The longest text of an expression."""
MAX_TOKENS: Final = 6_000
"""The most words, numbers and signs."""
MAX_NESTING: Final = 24
"""How deep brackets, or signs before an operand, may stand within one another."""


class Sort(Enum):
    """What a token is."""

    NAME = auto()
    NUMBER = auto()
    STRING = auto()
    SIGN = auto()
    KEYWORD = auto()


KEYWORDS: Final = frozenset({"AND", "OR", "NOT", "IN", "LIKE", "BETWEEN", "IS", "NULL", "TRUE", "FALSE"})
_FOREIGN: Final = frozenset({
    "ALL", "ANALYZE", "AS", "ASC", "ATTACH", "BY", "CASE", "CAST", "COLLATE", "COPY", "CREATE", "CROSS",
    "DELETE", "DESC", "DISTINCT", "DROP", "ELSE", "END", "ESCAPE", "EXCEPT", "EXECUTE", "EXISTS",
    "FILTER", "FROM", "GLOB", "GROUP", "HAVING", "ILIKE", "INSERT", "INSTALL", "INTERSECT", "INTERVAL",
    "INTO", "ISNULL", "JOIN", "LAMBDA", "LATERAL", "LIMIT", "LOAD", "NOTNULL", "OFFSET", "ON", "ORDER",
    "OVER", "PARTITION", "PIVOT", "PRAGMA", "QUALIFY", "REGEXP", "RLIKE", "SELECT", "SET", "SIMILAR",
    "SOME", "SYMMETRIC", "TABLE", "THEN", "TRY_CAST", "UNION", "UNNEST", "UPDATE", "USING", "VALUES",
    "WHEN", "WHERE", "WINDOW", "WITH", "XOR",
})  # fmt: skip
_INSTEAD: Final = {
    "ALL": N_("Write every(…) for all items of the declaration."),
    "SOME": N_("Write any(…) for at least one item of the declaration."),
    "EXISTS": N_("Write any(…) for at least one item of the declaration."),
    "CASE": N_("Say it with AND, OR, NOT and coalesce(…)."),
    "CAST": N_("Values are never converted: compare like with like."),
    "TRY_CAST": N_("Values are never converted: compare like with like."),
    "ILIKE": N_("Write lower(…) LIKE '…'."),
    "GLOB": N_("Write LIKE with % and _, or matches(…)."),
    "SIMILAR": N_("Write matches(…, '…')."),
    "REGEXP": N_("Write matches(…, '…')."),
    "RLIKE": N_("Write matches(…, '…')."),
    "ISNULL": N_("Write IS NULL."),
    "NOTNULL": N_("Write IS NOT NULL."),
}
_TOKEN: Final = re.compile(
    r"""(?P<space>[ \t\r\n]+)
      | (?P<NUMBER>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<NAME>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<STRING>'(?:[^']|'')*')
      | (?P<comment>--|/\*|\#)
      | (?P<equal>==)
      | (?P<cast>::)
      | (?P<foreign>\|\||->>?|\*\*|//|=>|:=|<=>|<<|>>|!~|~|&&|\?)
      | (?P<SIGN><=|>=|<>|!=|[=<>+\-*/(),.])
    """,
    re.VERBOSE,
)
_FORBIDDEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_WORD: Final = re.compile(r"[A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, text or sign, and where it stands.

    ``value`` is its meaning: a keyword in capitals (``UNKNOWN`` is ``NULL``), a text without its quotes, a
    number as written, a sign (``!=`` is ``<>``).
    """

    sort: Sort
    value: str
    place: Place


def scan(text: str) -> list[Token]:
    """Return the tokens of ``text``, at least one.

    Raises:
        ExpressionError: the text is too long or nested too deeply, or holds what the language does not have.
    """
    if len(text) > MAX_CHARACTERS:
        raise ExpressionError(
            N_("The expression has {length} characters; {most} are the most."),
            code="too-long", place=Place(text, MAX_CHARACTERS, MAX_CHARACTERS + 1), length=len(text),
            most=MAX_CHARACTERS, found="",
        )  # fmt: skip
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise _stray(text, at)
        at = match.end()
        if match.lastgroup != "space":
            tokens.append(_token(match, text, tokens))
        if len(tokens) > MAX_TOKENS:
            raise ExpressionError(
                N_("The expression has more than {most} words, numbers and signs."),
                code="too-long", place=tokens[-1].place, most=MAX_TOKENS,
            )  # fmt: skip
    if not tokens:
        raise ExpressionError(N_("The expression is empty."), code="empty", place=Place(text, 0, 0), found="")
    _nesting(tokens)
    return tokens


def _token(match: re.Match[str], text: str, before: list[Token]) -> Token:
    place, found = Place(text, match.start(), match.end()), match.group()
    match match.lastgroup:
        case "NUMBER":
            if place.end < len(text) and _WORD.match(text, place.end):
                raise ExpressionError(
                    N_("The number {found} runs into a letter."), code="number", place=place,
                    suggestion=Message(N_("Numbers are written 1000, 0.5 or 1e6; texts '0402'.")),
                )  # fmt: skip
            return Token(Sort.NUMBER, found, place)
        case "STRING":
            forbidden = _FORBIDDEN.search(found)
            if forbidden:
                here = Place(text, place.start + forbidden.start(), place.start + forbidden.end())
                raise _invisible(here)
            return Token(Sort.STRING, found[1:-1].replace("''", "'"), place)
        case "NAME":
            return _word(found, place, before)
        case "SIGN":
            return Token(Sort.SIGN, "<>" if found == "!=" else found, place)
        case "comment":
            raise ExpressionError(
                N_("Comments are not part of an expression: {found}"), code="comment", place=place,
                suggestion=Message(N_("Put the reason into the profile; for minus minus write - (-x).")),
            )  # fmt: skip
        case "equal":
            raise _foreign(place, N_("Write = for equality."))
        case "cast":
            raise _foreign(place, _INSTEAD["CAST"])
        case _:
            raise _foreign(place, None)


def _word(found: str, place: Place, before: list[Token]) -> Token:
    upper = found.upper()
    in_name = bool(before) and before[-1].value == "." and before[-1].sort is Sort.SIGN
    if not in_name:
        if upper == "UNKNOWN":
            return Token(Sort.KEYWORD, "NULL", place)
        if upper in KEYWORDS:
            return Token(Sort.KEYWORD, upper, place)
        if upper in _FOREIGN:
            raise _foreign(place, _INSTEAD.get(upper))
    return Token(Sort.NAME, found, place)


def _foreign(place: Place, instead: str | None) -> ExpressionError:
    return ExpressionError(
        N_("{found} is not part of the expression language."), code="foreign", place=place,
        suggestion=Message(instead) if instead else None,
    )  # fmt: skip


def _invisible(place: Place) -> ExpressionError:
    code = f"U+{ord(place.text[place.start]):04X}"
    return ExpressionError(
        N_("An invisible or broken character stands here: {character}."), code="character", place=place,
        character=code, found=code, suggestion=Message(N_("Delete it and type the text again.")),
    )  # fmt: skip


def _stray(text: str, at: int) -> ExpressionError:
    place, found = Place(text, at, at + 1), text[at]
    if found == "'":
        return ExpressionError(
            N_("A text begins here and never ends."), code="text", place=place,
            suggestion=Message(N_("Close it with '; an apostrophe within a text is written twice.")),
        )  # fmt: skip
    if found in '"`':
        return ExpressionError(
            N_("Quotation marks {found} have no meaning here."), code="quote", place=place,
            suggestion=Message(N_("Names stand without quotation marks, texts in apostrophes: 'CN'.")),
        )  # fmt: skip
    if found == ";":
        return ExpressionError(
            N_("Only one expression is allowed; {found} would begin another."), code="several", place=place
        )
    if _FORBIDDEN.match(found):
        return _invisible(place)
    return ExpressionError(
        N_("The character {found} ({character}) has no meaning here."), code="character", place=place,
        character=f"U+{ord(found):04X}",
        suggestion=Message(N_("Names are written in Latin letters; texts stand in apostrophes."))
        if found.isalpha() else None,
    )  # fmt: skip


def _nesting(tokens: list[Token]) -> None:
    """Refuse brackets, or runs of NOT and minus, so deep that a recursive parser would lose its footing."""
    opened: list[Token] = []
    run = 0
    for token in tokens:
        if token.sort is Sort.SIGN and token.value == "(":
            opened.append(token)
        elif token.sort is Sort.SIGN and token.value == ")":
            if not opened:
                raise ExpressionError(N_("This bracket closes nothing."), code="bracket", place=token.place)
            opened.pop()
        run = run + 1 if token.value in ("NOT", "-") and token.sort in (Sort.SIGN, Sort.KEYWORD) else 0
        if len(opened) > MAX_NESTING or run > 4:
            raise ExpressionError(
                N_("The expression is nested too deeply; {most} levels are the most."), code="too-deep",
                place=token.place, most=MAX_NESTING if len(opened) > MAX_NESTING else 4,
            )  # fmt: skip
    if opened:
        raise ExpressionError(N_("This bracket is never closed."), code="bracket", place=opened[-1].place)


def calls(tokens: list[Token]) -> dict[int, int]:
    """Return for each call, by the offset where its name begins, the offset after its closing bracket."""
    found: dict[int, int] = {}
    opened: list[int | None] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.sort is Sort.SIGN and token.value == "(":
            called = before is not None and before.sort is Sort.NAME
            opened.append(before.place.start if before is not None and called else None)
        elif token.sort is Sort.SIGN and token.value == ")":
            start = opened.pop()
            if start is not None:
                found[start] = token.place.end
    return found
