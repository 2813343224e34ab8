"""The vocabulary: every name that an indicator or a model may use, declared once.

A feature has a name (``item.unit_value``), a label in three languages, a type, a unit, a grain, the
meaning of null and the group whose SQL defines it.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from daliz.language import Text


class Kind(StrEnum):
    """The type of a value; there is no implicit cast between them."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"


class Grain(StrEnum):
    """What a feature speaks of: one goods item, or the declaration with all of its items."""

    ITEM = "item"
    DECLARATION = "declaration"


@dataclass(frozen=True, slots=True)
class Unit:
    """A product of powers of base units, so that kg cannot be compared with money.

    Base units: ``money`` (the administration's currency), ``invoice_money`` (the invoice's), ``kg``,
    ``quantity`` (the supplementary unit), ``day``, ``hour``. A plain number (a count, a share) has none.

    Example:
        >>> str(Unit.of("money/kg") * Unit.of("kg"))
        'money'
        >>> Unit.of("money") == Unit.of("kg")
        False
    """

    powers: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, text: str) -> "Unit":
        """Read ``money/kg``, ``kg``, or ``1`` and the empty text for a plain number."""
        over, _, under = text.partition("/")
        powers: dict[str, int] = {}
        for base, sign in [(over, 1), (under, -1)]:
            for name in filter(None, base.replace("1", "").split("*")):
                powers[name] = powers.get(name, 0) + sign
        return cls._from(powers)

    @classmethod
    def _from(cls, powers: Mapping[str, int]) -> "Unit":
        return cls(tuple(sorted((name, power) for name, power in powers.items() if power)))

    def __mul__(self, other: "Unit") -> "Unit":
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0) + power
        return self._from(powers)

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * Unit(tuple((name, -power) for name, power in other.powers))

    def __bool__(self) -> bool:
        return bool(self.powers)

    def __str__(self) -> str:
        over = "*".join(name for name, power in self.powers for _ in range(power))
        under = "*".join(name for name, power in self.powers for _ in range(-power))
        return f"{over or '1'}/{under}" if under else over


PLAIN = Unit()


@dataclass(frozen=True, slots=True)
class Feature:
    """One declared name.

    Attributes:
        name: ``group.short_name``; also the column's name in a table of facts.
        label: what people call it.
        kind: the type of its values.
        unit: its unit; plain for counts, shares, text, flags and dates.
        grain: item or declaration.
        unknown: what null means here, in three languages.
        group: the feature group whose SQL defines it.
    """

    name: str
    label: Text
    kind: Kind
    grain: Grain
    unknown: Text
    group: str
    unit: Unit = PLAIN


class Vocabulary(Mapping[str, Feature]):
    """The declared names, in order; looked up exactly, suggested by likeness."""

    def __init__(self, features: Iterable[Feature]) -> None:
        self._features: dict[str, Feature] = {}
        for feature in features:
            if feature.name in self._features:
                raise ValueError(f"{feature.name} is declared twice")
            self._features[feature.name] = feature

    def __getitem__(self, name: str) -> Feature:
        return self._features[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._features)

    def __len__(self) -> int:
        return len(self._features)

    def nearest(self, name: str) -> str | None:
        """Return the declared name most like ``name``, or None if nothing is alike."""
        found = difflib.get_close_matches(name, self._features, n=1, cutoff=0.6)
        return found[0] if found else None

    def extended(self, features: Iterable[Feature]) -> "Vocabulary":
        """Return this vocabulary with more names, those of a pack."""
        return Vocabulary([*self._features.values(), *features])
