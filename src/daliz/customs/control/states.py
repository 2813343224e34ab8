"""What the life of a control may be, and how one may end."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar, Final

from daliz.language import DalizError, Text


class ControlState(StrEnum):
    """Where a control stands."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    PROPOSED = "proposed"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How a control ends, from the freest to the gravest."""

    PASSED = "passed"
    CORRECTED = "corrected"
    SECURED = "secured"
    CONDITIONAL = "conditional"
    PENDING_EXAMINATION = "pending_examination"
    REFUSED_ITEMS = "refused_items"
    REFUSED = "refused"
    SEIZED = "seized"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final[Mapping[Outcome, Text]] = {
    Outcome.PASSED: Text("release", "выпуск", "шығару"),
    Outcome.CORRECTED: Text(
        "release after correction", "выпуск после корректировки", "түзетуден кейін шығару"
    ),
    Outcome.SECURED: Text("release under security", "выпуск под обеспечение", "қамтамасыз етумен шығару"),
    Outcome.CONDITIONAL: Text("conditional release", "условный выпуск", "шартты түрде шығару"),
    Outcome.PENDING_EXAMINATION: Text(
        "release pending expert examination",
        "выпуск до получения экспертизы",
        "сараптама нәтижесіне дейін шығару",
    ),
    Outcome.REFUSED_ITEMS: Text(
        "release of some items refused",
        "отказ в выпуске части товаров",
        "тауарлардың бір бөлігін шығарудан бас тарту",
    ),
    Outcome.REFUSED: Text("release refused", "отказ в выпуске", "шығарудан бас тарту"),
    Outcome.SEIZED: Text("goods seized", "товары изъяты", "тауарлар алынды"),
}

OPEN: Final = (
    ControlState.WAITING, ControlState.ASSIGNED, ControlState.TAKEN, ControlState.PROPOSED,
)  # fmt: skip
"""States of a control that is not over."""


class ControlError(DalizError):
    """What is asked of a control cannot be done."""

    code: ClassVar[str] = "control"


def gravest(outcomes: Iterable[str]) -> Outcome:
    """Return the gravest of the outcomes; that nothing stands against release where there are none.

    Example:
        >>> gravest(["passed", "refused", "secured"])
        <Outcome.REFUSED: 'refused'>
    """
    order = list(Outcome)
    return max((Outcome(outcome) for outcome in outcomes), key=order.index, default=Outcome.PASSED)
