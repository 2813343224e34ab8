"""What a declaration's life may be: which step may follow which state. Pure; an impossible step is an error.

A corridor is not a state: after assessment a declaration is under control, or free of it and waiting for what
its release asks (payment or security, permits, presentation, no stop).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Final

from daliz.language import N_, DalizError, Text


class State(StrEnum):
    """Where a declaration stands."""

    DRAFT = "draft"
    REGISTERED = "registered"
    AWAITED = "awaited"
    CONTROL = "control"
    CLEARED = "cleared"
    RELEASED = "released"
    REFUSED = "refused"
    SEIZED = "seized"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _LABELS[self]


class Step(StrEnum):
    """What can happen to a declaration."""

    REGISTER = "register"
    AWAIT = "await"
    ARRIVE = "arrive"
    ORDER_CONTROL = "order_control"
    FREE = "free"
    CONCLUDE = "conclude"
    RELEASE = "release"
    REFUSE = "refuse"
    SEIZE = "seize"
    CORRECT = "correct"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


class ImpossibleStepError(DalizError):
    """A step that the declaration's state does not allow."""

    code: ClassVar[str] = "declaration-state"


_LABELS: Final[Mapping[State, Text]] = {
    State.DRAFT: Text("stored", "сохранена", "сақталған"),
    State.REGISTERED: Text("registered", "зарегистрирована", "тіркелген"),
    State.AWAITED: Text(
        "registered before arrival", "зарегистрирована до прибытия", "келгенге дейін тіркелген"
    ),
    State.CONTROL: Text("under control", "на контроле", "бақылауда"),
    State.CLEARED: Text("waits for release", "ожидает выпуска", "шығаруды күтуде"),
    State.RELEASED: Text("released", "выпуск разрешён", "шығарылды"),
    State.REFUSED: Text("release refused", "в выпуске отказано", "шығарудан бас тартылды"),
    State.SEIZED: Text("goods seized", "товары изъяты", "тауарлар алып қойылды"),
    State.WITHDRAWN: Text("withdrawn", "отозвана", "кері қайтарып алынды"),
}

_STEPS: Final[Mapping[Step, tuple[frozenset[State], State]]] = {
    Step.REGISTER: (frozenset({State.DRAFT}), State.REGISTERED),
    Step.AWAIT: (frozenset({State.REGISTERED}), State.AWAITED),
    Step.ARRIVE: (frozenset({State.AWAITED}), State.REGISTERED),
    Step.ORDER_CONTROL: (frozenset({State.REGISTERED, State.CLEARED}), State.CONTROL),
    Step.FREE: (frozenset({State.REGISTERED}), State.CLEARED),
    Step.CONCLUDE: (frozenset({State.CONTROL}), State.CLEARED),
    Step.RELEASE: (frozenset({State.CLEARED}), State.RELEASED),
    Step.REFUSE: (frozenset({State.CONTROL, State.CLEARED}), State.REFUSED),
    Step.SEIZE: (frozenset({State.CONTROL}), State.SEIZED),
    Step.CORRECT: (frozenset({State.CLEARED}), State.CLEARED),
    Step.AMEND: (
        frozenset({State.REGISTERED, State.AWAITED, State.CONTROL, State.CLEARED}), State.REGISTERED,
    ),
    Step.WITHDRAW: (
        frozenset({State.DRAFT, State.REGISTERED, State.AWAITED, State.CONTROL, State.CLEARED}),
        State.WITHDRAWN,
    ),
    Step.REOPEN: (frozenset({State.CLEARED, State.RELEASED, State.REFUSED}), State.CONTROL),
}  # fmt: skip

_DOES: Final[Mapping[Step, str]] = {
    Step.REGISTER: N_("a declaration that is “{state}” cannot be registered"),
    Step.AWAIT: N_("arrival of goods cannot be awaited of a declaration that is “{state}”"),
    Step.ARRIVE: N_("goods of a declaration that is “{state}” cannot arrive"),
    Step.ORDER_CONTROL: N_("no control can be ordered on a declaration that is “{state}”"),
    Step.FREE: N_("a declaration that is “{state}” cannot be freed of control"),
    Step.CONCLUDE: N_("control of a declaration that is “{state}” cannot be concluded"),
    Step.RELEASE: N_("goods of a declaration that is “{state}” cannot be released"),
    Step.REFUSE: N_("release cannot be refused to a declaration that is “{state}”"),
    Step.SEIZE: N_("goods of a declaration that is “{state}” cannot be seized"),
    Step.CORRECT: N_("a declaration that is “{state}” cannot be corrected after control"),
    Step.AMEND: N_("a declaration that is “{state}” cannot be amended"),
    Step.WITHDRAW: N_("a declaration that is “{state}” cannot be withdrawn"),
    Step.REOPEN: N_("control of a declaration that is “{state}” cannot be opened again"),
}

FINAL: Final = frozenset({State.RELEASED, State.REFUSED, State.SEIZED, State.WITHDRAWN})
"""States in which a life ends; only a superior's re-opening leads on from some of them."""


def after(state: State, step: Step) -> State:
    """Return the state that ``step`` leads to.

    Raises:
        ImpossibleStepError: naming the state.

    Example:
        >>> after(State.DRAFT, Step.REGISTER)
        <State.REGISTERED: 'registered'>
        >>> after(State.RELEASED, Step.WITHDRAW)
        Traceback (most recent call last):
        daliz.customs.intake.life.ImpossibleStepError: a declaration that is “released” cannot be withdrawn
    """
    allowed, reached = _STEPS[step]
    if state not in allowed:
        raise ImpossibleStepError(_DOES[step], state=state.label)
    return reached


def possible(state: State) -> frozenset[Step]:
    """Return the steps that ``state`` allows."""
    return frozenset(step for step, (allowed, _) in _STEPS.items() if state in allowed)
