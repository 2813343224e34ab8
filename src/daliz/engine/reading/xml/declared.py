"""What one declaration document says, as texts that are converted and checked as those of a table are."""

from dataclasses import dataclass, field
from typing import TypeAlias

Values: TypeAlias = dict[str, str]
"""Column name to text as a canonical CSV file writes it (ISO dates, a point, no thousands sign).

A fact that the document does not state is absent. Names that are not canonical become further columns.
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that keeps a whole declaration out: where, what was found, and why it cannot stand."""

    field: str
    value: str | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as its document states it.

    Attributes:
        header: values that hold for every item, by the header columns of ``declarations``.
        items: values of each goods item, ``item_no`` among them; none is something ``wrong``.
        below: rows of the child tables, by table; a row without ``item_no`` is of the whole declaration.
        stated: totals that the header states, by the item column they sum up, and ``items``, ``packages``.
        wrong: what keeps it out.
    """

    header: Values
    items: list[Values]
    below: dict[str, list[Values]] = field(default_factory=dict)
    stated: Values = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
