"""The one root of what Daliz raises for a person to read.

DalizError
├── ExpressionError   engine.indicators   an indicator's text is not right
├── PackError         engine.pack         a country pack is not right
├── ReadingError      engine.reading      a file cannot be read at all
└── ...               each lives beside the function that raises it
"""

from dataclasses import dataclass, field
from typing import ClassVar, Self

from daliz.language.translation import Text, translate


@dataclass(frozen=True, slots=True)
class Message:
    """A translatable sentence with its values: made where it is known, spoken where it is read."""

    template: str
    values: dict[str, object] = field(default_factory=dict)

    def text(self, lang: str = "en") -> str:
        """Return the sentence in ``lang``."""
        values = {k: _spoken(v, lang) for k, v in self.values.items()}
        return translate(self.template, lang, **values)


def _spoken(value: object, lang: str) -> object:
    """Return a value of a message in ``lang`` where it has languages."""
    if isinstance(value, Message):
        return value.text(lang)
    return value.in_(lang) if isinstance(value, Text) else value


class DalizError(Exception):
    """Says what was found, why it stops us and what to do.

    Attributes:
        code: stable across releases, for programs (``expression-unknown-name``).
        message: the sentence, translatable; mark its template with ``N_`` where it is raised.
        mend: which of what was given whoever gave it can mend (``password``); empty where the state of things
            stands against what was asked.
    """

    code: ClassVar[str] = "error"
    mend: str = ""

    def __init__(
        self, template: str, /, *, code: str | None = None, mend: str = "", **values: object
    ) -> None:
        self.message, self.mend = Message(template, values), mend
        if code is not None:
            self.code = code  # type: ignore[misc]  # the class states the default, the case may be finer
        super().__init__(self.message.text())

    def text(self, lang: str = "en") -> str:
        """Return the sentence in ``lang``."""
        return self.message.text(lang)

    def bare(self) -> Self:
        """Return it without its trace: an error that is kept would keep all that its frames hold."""
        self.__cause__ = self.__context__ = None
        return self.with_traceback(None)
