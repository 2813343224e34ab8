"""Values that a request brings, each as the description of the API says, nothing taken for another.

Texts are of whole characters, none that a database refuses, and not without end.
"""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema


def _whole(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a character that no text may have")
    return text


_WHOLE = Field(json_schema_extra={"pattern": r"^[^\u0000]*$"})

Words = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_whole), _WHOLE]
"""A text that a person writes."""

Code = Annotated[str, StringConstraints(max_length=64), AfterValidator(_whole), _WHOLE]
"""A short text that a table of codes has."""

Yes = Annotated[bool, Field(strict=True)]
"""Yes or no; no word or number stands for it."""


def _no_word(value: object) -> object:
    if isinstance(value, bool | str):
        raise ValueError("a number is not written as a word")
    return value


Whole = Annotated[int, BeforeValidator(_no_word)]
"""A whole number, written as one: 7, or 7.0."""

ItemNumber = Annotated[int, Field(ge=1, lt=2**31), BeforeValidator(_no_word)]
"""The number of a goods item."""

Amount = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A number."""


def _number(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("yes or no is no amount of money")
    return value


Money = Annotated[
    Decimal,
    BeforeValidator(_number),
    Field(max_digits=20, decimal_places=2, ge=0),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^[0-9]{1,18}(\.[0-9]{1,2})?$"},
                {"type": "integer", "minimum": 0, "maximum": 10**18 - 1},
            ]
        }
    ),
]
"""Money of the administration, 0 or more: "1250.00", or a whole number."""
