"""Parses the expressions of a pack and tells their errors at the place in the file."""

from collections.abc import Mapping
from dataclasses import dataclass

from daliz.engine.features import Grain, Kind, Vocabulary
from daliz.engine.indicators import Expression, ExpressionError, parse_indicator
from daliz.engine.pack.document import Scalar
from daliz.engine.pack.problems import Problem
from daliz.engine.pack.reader import Entry
from daliz.language import N_, Message


@dataclass(frozen=True, slots=True)
class Expressions:
    """What an expression of this pack may name.

    Attributes:
        vocabulary: the built-in names and the pack's own.
        lists: named lists and the kind of their members.
        currency: ISO 4217 code of money literals.
    """

    vocabulary: Vocabulary
    lists: Mapping[str, Kind]
    currency: str

    def read(
        self, entry: Entry, key: str, *, optional: bool = False, whole: bool = False
    ) -> Expression | None:
        """Return the indicator that stands under ``key``; None if it is missing or not right, which is noted.

        Args:
            entry: the mapping that holds it.
            key: its key.
            optional: it may be missing.
            whole: it must speak of the whole declaration.
        """
        found = entry.scalar(key, optional=optional)
        if found is None:
            return None
        expression = self._parsed(entry, found)
        if expression is not None and whole and expression.grain is not Grain.DECLARATION:
            template = N_(
                "{key} must speak of the whole declaration, not of an item; use any(...) or every(...)"
            )
            entry.problems.add("pack-grain", found.place, template, key=key)
            return None
        return expression

    def parse(self, text: str) -> Expression:
        """Return the indicator ``text`` says; it is made by this program, so it is right."""
        return parse_indicator(text, self.vocabulary, lists=self.lists, currency=self.currency)

    def _parsed(self, entry: Entry, found: Scalar) -> Expression | None:
        try:
            return self.parse(found.text)
        except ExpressionError as error:
            place = found.inside(error.line, error.column)
            message = error.message
            if error.suggestion is not None:
                message = Message(N_("{message} {hint}"), {"message": message, "hint": error.suggestion})
            entry.problems.found.append(Problem(place, error.code, message))
            return None
