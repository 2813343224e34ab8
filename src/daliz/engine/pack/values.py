"""Single values of a pack's mapping, each read as the type that is wanted.

A value that is not right is noted with its place and replaced by a harmless one, so that reading goes on
and every problem is told. A pack with a problem is never handed out, so no replacement is ever used.
"""

import math
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from daliz.engine.pack.document import Mapped, Node, Scalar
from daliz.engine.pack.problems import Place, Problems
from daliz.language import N_

_E = TypeVar("_E", bound=StrEnum)

NEVER = date(1970, 1, 1)
"""Stands in for a date that could not be read."""


@dataclass(slots=True)
class Values:
    """One mapping of a pack while its single values are read.

    Attributes:
        node: the mapping.
        problems: takes what is wrong.
        asked: keys that were asked for.
    """

    node: Mapped
    problems: Problems
    asked: set[str] = field(default_factory=set)

    def place(self, key: str) -> Place:
        """Return where the value of ``key`` stands, or the mapping if it is missing."""
        found = self.node.entries.get(key)
        return found.place if found is not None else self.node.place

    def has(self, key: str) -> bool:
        """Tell whether ``key`` stands here with a value that is not null."""
        found = self.node.entries.get(key)
        return found is not None and not (isinstance(found, Scalar) and found.null)

    def scalar(self, key: str, *, optional: bool = False) -> Scalar | None:
        """Return the single value of ``key``; None if there is none, which is noted unless optional."""
        node = self._node(key, optional=optional)
        if node is None or isinstance(node, Scalar):
            return node
        self.problems.add(
            "pack-shape", node.place, N_("{key} is one value, not a list or a mapping"), key=key
        )
        return None

    def text(self, key: str, *, optional: bool = False, pattern: re.Pattern[str] | None = None) -> str:
        """Return a text; empty if it is missing."""
        found = self.scalar(key, optional=optional)
        if found is None:
            return ""
        if pattern is not None and not pattern.fullmatch(found.text):
            self.problems.add(
                "pack-pattern", found.place, N_("{key} {found!r} does not look like {pattern}"),
                key=key, found=found.text, pattern=pattern.pattern,
            )  # fmt: skip
            return ""
        return found.text

    def choice(self, key: str, known: Collection[str], *, default: str | None = None) -> str:
        """Return one of ``known``; ``default`` if the key is missing and a default is given."""
        found = self.scalar(key, optional=default is not None)
        if found is None:
            return default or ""
        if found.text not in known:
            self._not_one_of(key, found, known)
            return ""
        return found.text

    def member(self, key: str, kind: type[_E], *, default: _E | None = None) -> _E:
        """Return one member of an enumeration."""
        first = next(iter(kind))
        text = self.choice(key, [m.value for m in kind], default=default.value if default else None)
        return kind(text) if text else first

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return ``true`` or ``false``."""
        return (
            self.choice(key, ("true", "false"), default=None if default is None else str(default).lower())
            == "true"
        )

    def number(
        self, key: str, low: float = -math.inf, high: float = math.inf, *,
        above: bool = False, default: float | None = None,
    ) -> float:  # fmt: skip
        """Return a finite number from ``low`` (not itself if ``above``) to ``high``."""
        found = self.scalar(key, optional=default is not None)
        if found is None:
            return default if default is not None else math.nan
        value = _number(found.text)
        if value is None:
            self.problems.add(
                "pack-number", found.place, N_("{key} {found!r} is not a number"), key=key, found=found.text
            )
            return math.nan
        if not low <= value <= high or (above and value == low):
            self.problems.add(
                "pack-range", found.place, N_("{key} {found} is not within {low} to {high}"),
                key=key, found=found.text, low=f"{'> ' if above else ''}{low:g}", high=f"{high:g}",
            )  # fmt: skip
        return value

    def whole(self, key: str, low: int = 0) -> int:
        """Return a whole number from ``low`` up."""
        found = self.scalar(key)
        if found is None:
            return low
        if not re.fullmatch(r"-?[0-9]{1,9}", found.text) or int(found.text) < low:
            self.problems.add(
                "pack-number", found.place, N_("{key} {found!r} is not a whole number from {low} up"),
                key=key, found=found.text, low=low,
            )  # fmt: skip
            return low
        return int(found.text)

    def day(self, key: str) -> date:
        """Return a date written YYYY-MM-DD."""
        found = self.scalar(key)
        return NEVER if found is None else self.as_day(found)

    def as_day(self, found: Scalar) -> date:
        """Return the date that a single value holds."""
        try:
            return (
                date.fromisoformat(found.text)
                if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found.text)
                else _no_day()
            )
        except ValueError:
            template = N_("{found!r} is not a date; write it as 2026-01-31")
            self.problems.add("pack-date", found.place, template, found=found.text)
            return NEVER

    def _node(self, key: str, *, optional: bool) -> Node | None:
        self.asked.add(key)
        node = self.node.entries.get(key)
        if node is None or (isinstance(node, Scalar) and node.null):
            if not optional:
                self.problems.add("pack-missing", self.node.place, N_("{key} is missing"), key=key)
            return None
        return node

    def _not_one_of(self, key: str, found: Scalar, known: Iterable[str]) -> None:
        template = N_("{key} {found!r} is none of: {known}")
        self.problems.add(
            "pack-choice", found.place, template, key=key, found=found.text, known=", ".join(known)
        )


def _number(text: str) -> float | None:
    """Return a finite decimal number; None for anything else, ``1_000`` and ``nan`` included."""
    if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _no_day() -> date:
    raise ValueError("not a date")
