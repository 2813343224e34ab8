"""What is wrong with an expression, and where exactly."""

from dataclasses import dataclass
from typing import ClassVar

from daliz.language import N_, DalizError, Message, translate

_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of an expression's text.

    Attributes:
        text: the whole text.
        start: offset of the first character, from 0.
        end: offset after the last one.
    """

    text: str
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line number, from 1."""
        return self.text.count("\n", 0, self.start) + 1

    @property
    def column(self) -> int:
        """Column in that line, from 1, in characters."""
        return self.start - (self.text.rfind("\n", 0, self.start) + 1) + 1

    @property
    def found(self) -> str:
        """The characters themselves, shortened to 60."""
        found = self.text[self.start : self.end]
        return found if len(found) <= 60 else found[:59] + "…"

    def to(self, other: "Place") -> "Place":
        """Return the stretch that covers both."""
        return Place(self.text, min(self.start, other.start), max(self.end, other.end))

    def underlined(self) -> str:
        """Return the line with carets below the stretch; a long line is shown around it.

        Example:
            >>> print(Place("a < 'x'", 4, 7).underlined())
            a < 'x'
                ^^^
        """
        first = self.text.rfind("\n", 0, self.start) + 1
        last = self.text.find("\n", self.start)
        last = len(self.text) if last < 0 else last
        left = max(first, self.start - _WINDOW // 2)
        right = min(last, left + _WINDOW)
        shown = "".join(c if c.isprintable() else " " for c in self.text[left:right])
        carets = max(1, min(self.end, right) - self.start)
        return f"{shown}\n{' ' * (self.start - left)}{'^' * carets}"


class ExpressionError(DalizError):
    """An expression is not right; says what was found, where, and what would be right.

    Attributes:
        place: the stretch of text that is wrong.
        line: its line, from 1.
        column: its column, from 1.
        found: the characters found there.
        suggestion: what would be right, or None when nothing sensible can be proposed.
    """

    code: ClassVar[str] = "expression"

    def __init__(
        self,
        template: str,
        /,
        *,
        code: str,
        place: Place,
        suggestion: Message | None = None,
        found: str | None = None,
        **values: object,
    ) -> None:
        self.place = place
        self.line = place.line
        self.column = place.column
        self.found = place.found if found is None else found
        self.suggestion = suggestion
        super().__init__(template, code=f"expression-{code}", mend="", found=self.found, **values)

    def text(self, lang: str = "en") -> str:
        """Return place, sentence and suggestion in one line, in ``lang``."""
        where = translate(
            N_("line {line}, column {column}: {message}"),
            lang,
            line=self.line,
            column=self.column,
            message=self.message.text(lang),
        )
        return f"{where} {self.suggestion.text(lang)}" if self.suggestion else where

    def __str__(self) -> str:
        return self.text()

    def pretty(self, lang: str = "en") -> str:
        """Return the sentence and below it the line with carets under what is wrong."""
        return f"{self.text(lang)}\n\n{self.place.underlined()}"


def meant(name: str | None) -> Message | None:
    """Return "Did you mean …?" for a likely name, or nothing."""
    return Message(N_("Did you mean {name}?"), {"name": name}) if name else None
