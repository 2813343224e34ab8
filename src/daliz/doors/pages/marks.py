"""How corridors and states look everywhere: a colour, an icon and a word, never colour alone."""

from dataclasses import dataclass
from typing import Final

from daliz.customs.control.states import ControlState
from daliz.customs.intake.life import State
from daliz.engine.pack import Pack
from daliz.language import N_, Message, Text


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark: ``kind`` names its colour (success, info, warning, danger, secondary, primary)."""

    kind: str
    icon: str
    name: Text | Message


_KINDS: Final = {
    "green": ("success", "circle-check"),
    "blue": ("info", "eye"),
    "yellow": ("warning", "file-search"),
    "red": ("danger", "package"),
}

STATE_MARKS: Final = {
    State.DRAFT: Mark("secondary", "device-floppy", State.DRAFT.label),
    State.REGISTERED: Mark("primary", "file-check", State.REGISTERED.label),
    State.AWAITED: Mark("secondary", "hourglass", State.AWAITED.label),
    State.CONTROL: Mark("warning", "zoom-scan", State.CONTROL.label),
    State.CLEARED: Mark("primary", "hourglass", State.CLEARED.label),
    State.RELEASED: Mark("success", "circle-check", State.RELEASED.label),
    State.REFUSED: Mark("danger", "circle-x", State.REFUSED.label),
    State.SEIZED: Mark("danger", "lock", State.SEIZED.label),
    State.WITHDRAWN: Mark("secondary", "arrow-back-up", State.WITHDRAWN.label),
}

CONTROL_MARKS: Final = {
    ControlState.WAITING: Mark("secondary", "hourglass", Message(N_("waits for an officer"))),
    ControlState.ASSIGNED: Mark("primary", "user-check", Message(N_("given to an officer"))),
    ControlState.TAKEN: Mark("warning", "zoom-scan", Message(N_("under way"))),
    ControlState.PROPOSED: Mark("info", "eye-check", Message(N_("waits for a second officer"))),
    ControlState.CONCLUDED: Mark("success", "circle-check", Message(N_("concluded"))),
    ControlState.CANCELLED: Mark("secondary", "circle-x", Message(N_("cancelled"))),
}


def corridor_mark(code: str, pack: Pack) -> Mark:
    """Return the mark of a corridor of the pack."""
    known = next((one for one in pack.corridors if one.code == code), None)
    if known is None:
        return Mark("secondary", "help", Message(code))
    kind, icon = _KINDS.get(known.code, ("secondary", "flag"))
    return Mark(kind, icon, known.name)
