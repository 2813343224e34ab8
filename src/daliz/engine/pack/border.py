"""What a country's border is made of: offices, procedures, rest days, lists of codes, rules of good data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from daliz.engine.features import Kind
from daliz.engine.indicators import Expression
from daliz.language import Text

LISTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "declaration.kind": "declaration_kinds",
        "declaration.transport_mode": "transport_modes",
        "item.preference": "preferences",
        "item.quantity_unit": "units",
        "item.valuation_method": "valuation_methods",
    }
)
"""Facts that one of a pack's code lists names the values of, with the list."""

OFFICES: Final = ("declaration.office", "declaration.border_office", "declaration.goods_location")
"""Facts that hold the code of an office."""


@dataclass(frozen=True, slots=True)
class Office:
    """A customs office.

    Attributes:
        code: as in declarations.
        name: what people call it.
        region: code of the pack's regions.
        pool: officers who can stand in for each other share a pool; the region unless stated.
        kind: ``inland``, ``road``, ``rail``, ``port`` or ``airport``.
        neighbour: country on the other side of a border office, ISO 3166-1 alpha-2, or None.
    """

    code: str
    name: Text
    region: str
    pool: str
    kind: str
    neighbour: str | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """A customs procedure as coded in declarations (``IM40``)."""

    code: str
    name: Text
    direction: str


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday or a day off moved by it."""

    name: Text
    dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """The values a canonical column may take, with their names."""

    code: str
    name: Text
    source: Text
    members: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list that indicators ask by ``in_list(name, 'code')``.

    Attributes:
        code: stable name.
        name: what people call it.
        kind: type of its members.
        members: sorted, each once.
        source: the public law or reason it rests on.
    """

    code: str
    name: Text
    kind: Kind
    members: tuple[str, ...]
    source: Text


@dataclass(frozen=True, slots=True)
class Contract:
    """A rule of good data: a record for which it is false is broken; unknown lets it pass.

    Attributes:
        code: stable name.
        field: the canonical column to blame.
        rule: what holds for a good record.
        message: what is wrong and what would be right.
    """

    code: str
    field: str
    rule: Expression
    message: Text
