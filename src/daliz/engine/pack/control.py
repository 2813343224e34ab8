"""What an administration can do with a declaration: corridors, measures, and what it may say of reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daliz.language import N_, Text

EXTENT_NAMES: Final[Mapping[str, str]] = {
    "visual": N_("visual"),
    "selective": N_("selective"),
    "partial": N_("partial"),
    "full": N_("full"),
}
"""How deep goods are looked at, from the least, and what people call it."""

EXTENTS: Final = tuple(EXTENT_NAMES)


@dataclass(frozen=True, slots=True)
class Corridor:
    """A way through the border.

    Attributes:
        code: stable name.
        name: what people call it.
        strictness: 0 for the freest; each corridor its own.
        releases_automatically: goods are released without an officer, also if controlled afterwards.
        published_share: the share of declarations the administration has published, 0–1, or None.
        colour: ``#rrggbb`` for pages; never the only sign.
        icon: one character or short name that stands beside the colour.
    """

    code: str
    name: Text
    strictness: int
    releases_automatically: bool
    published_share: float | None
    colour: str
    icon: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A form of customs control, or a measure that ensures its conduct.

    Attributes:
        code: stable name.
        name: what people call it.
        form: the form of control whose officers do it: ``documents``, ``physical``, ``post_release``;
            None for a measure that ensures control.
        ensures: it ensures control (identification, expert examination, escort) and is not a form of it.
        extent: how deep, where there are degrees: ``visual``, ``selective``, ``partial``, ``full``.
        minutes: officer's time it takes, minutes, above 0.
        delay_hours: how much later the goods are released, hours.
        corridor: the corridor it leads to.
        deferrable: it may be done after release instead.
        instruction: what the officer does.
    """

    code: str
    name: Text
    form: str | None
    ensures: bool
    extent: str | None
    minutes: float
    delay_hours: float
    corridor: str
    deferrable: bool
    instruction: Text


@dataclass(frozen=True, slots=True)
class DisclosableReason:
    """A reason for control that a declarant may be told.

    Attributes:
        code: stable name.
        name: the sentence he is told.
        source: the public law that allows it.
    """

    code: str
    name: Text
    source: Text


@dataclass(frozen=True, slots=True)
class Direction:
    """What a profile guards against.

    Attributes:
        code: stable name.
        name: what people call it.
        violation_types: the types of finding that confirm it.
        non_fiscal: its damage is not chiefly to revenue (health, safety, rights), so a floor of
            officers' time is reserved for it.
        deferrable: control may wait until after release; never so for bans, permits, safety and
            intellectual property.
    """

    code: str
    name: Text
    violation_types: tuple[str, ...]
    non_fiscal: bool
    deferrable: bool
