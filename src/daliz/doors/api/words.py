"""Texts that a request brings: whole characters, none that a database refuses, and not without end."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _whole(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a character that no text may have")
    return text


Words = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(_whole)]
"""A text that a person writes."""

Code = Annotated[str, StringConstraints(max_length=64), AfterValidator(_whole)]
"""A short text that a table of codes has."""
