"""What the life of a control may be, and how one may end: pure; an impossible step is an error."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import ClassVar, Final

from daliz.language import N_, DalizError, Text


class ControlState(StrEnum):
    """Where a control stands."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    TAKEN = "taken"
    PROPOSED = "proposed"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _STATES[self]


class ControlStep(StrEnum):
    """What can happen to a control."""

    ASSIGN = "assign"
    TAKE = "take"
    PROPOSE = "propose"
    SEND_BACK = "send_back"
    CONCLUDE = "conclude"
    REASSIGN = "reassign"
    CANCEL = "cancel"


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

    def told(self, *, before_release: bool) -> Text:
        """What people call it of a control before release or after, when nothing is released any more."""
        return self.label if before_release else _AFTERWARDS.get(self, self.label)


_STATES: Final[Mapping[ControlState, Text]] = {
    ControlState.WAITING: Text("waits for an officer", "ожидает исполнителя", "орындаушыны күтуде"),
    ControlState.ASSIGNED: Text("assigned", "распределён", "бөлінген"),
    ControlState.TAKEN: Text("begun", "начат", "басталған"),
    ControlState.PROPOSED: Text(
        "waits for a second officer", "ожидает второго должностного лица", "екінші лауазымды адамды күтуде"
    ),
    ControlState.CONCLUDED: Text("concluded", "завершён", "аяқталған"),
    ControlState.CANCELLED: Text("cancelled", "отменён", "күші жойылған"),
}

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
    Outcome.SEIZED: Text("goods seized", "товары изъяты", "тауарлар алып қойылды"),
}

_AFTERWARDS: Final[Mapping[Outcome, Text]] = {
    Outcome.PASSED: Text("without correction", "без корректировки", "түзетусіз"),
    Outcome.CORRECTED: Text(
        "correction of what was declared", "корректировка заявленного", "мәлімделгенді түзету"
    ),
}

AFTER_RELEASE: Final = tuple(_AFTERWARDS)
"""How a control after release may end: the goods are the owner's, and nothing about them is decided."""

OPEN: Final = (
    ControlState.WAITING, ControlState.ASSIGNED, ControlState.TAKEN, ControlState.PROPOSED,
)  # fmt: skip
"""States of a control that is not over."""


_STEPS: Final[Mapping[ControlStep, tuple[frozenset[ControlState], ControlState]]] = {
    ControlStep.ASSIGN: (frozenset({ControlState.WAITING}), ControlState.ASSIGNED),
    ControlStep.TAKE: (frozenset({ControlState.ASSIGNED}), ControlState.TAKEN),
    ControlStep.PROPOSE: (frozenset({ControlState.TAKEN}), ControlState.PROPOSED),
    ControlStep.SEND_BACK: (frozenset({ControlState.PROPOSED}), ControlState.TAKEN),
    ControlStep.CONCLUDE: (frozenset({ControlState.TAKEN, ControlState.PROPOSED}), ControlState.CONCLUDED),
    ControlStep.REASSIGN: (
        frozenset({ControlState.WAITING, ControlState.ASSIGNED, ControlState.TAKEN}), ControlState.ASSIGNED,
    ),
    ControlStep.CANCEL: (frozenset(OPEN), ControlState.CANCELLED),
}  # fmt: skip


class ControlError(DalizError):
    """What is asked of a control cannot be done."""

    code: ClassVar[str] = "control"


_DOES: Final[Mapping[ControlStep, str]] = {
    ControlStep.ASSIGN: N_("a control that is “{state}” cannot be distributed"),
    ControlStep.TAKE: N_("a control that is “{state}” cannot be begun"),
    ControlStep.PROPOSE: N_("no end can be proposed of a control that is “{state}”"),
    ControlStep.SEND_BACK: N_("a control that is “{state}” cannot be sent back"),
    ControlStep.CONCLUDE: N_("a control that is “{state}” cannot be concluded"),
    ControlStep.REASSIGN: N_("a control that is “{state}” cannot be given to another"),
    ControlStep.CANCEL: N_("a control that is “{state}” cannot be cancelled"),
}


def after(state: ControlState, step: ControlStep) -> ControlState:
    """Return the state that ``step`` leads to.

    Raises:
        ControlError: naming the state.

    Example:
        >>> after(ControlState.TAKEN, ControlStep.PROPOSE)
        <ControlState.PROPOSED: 'proposed'>
        >>> after(ControlState.CONCLUDED, ControlStep.TAKE)
        Traceback (most recent call last):
        daliz.customs.control.states.ControlError: a control that is “concluded” cannot be begun
    """
    allowed, reached = _STEPS[step]
    if state not in allowed:
        raise ControlError(_DOES[step], code="control-state", state=state.label)
    return reached


def gravest(outcomes: Iterable[str]) -> Outcome:
    """Return the gravest of the outcomes; that nothing stands against release where there are none.

    Example:
        >>> gravest(["passed", "refused", "secured"])
        <Outcome.REFUSED: 'refused'>
    """
    order = list(Outcome)
    return max((Outcome(outcome) for outcome in outcomes), key=order.index, default=Outcome.PASSED)
