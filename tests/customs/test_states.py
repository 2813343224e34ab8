"""Every step from every state of a declaration and of a control: it moves, or the error names the state."""

from itertools import product

import pytest

from daliz.customs.control.states import ControlError, ControlState, ControlStep
from daliz.customs.control.states import after as control_after
from daliz.customs.intake.life import ImpossibleStepError, State, Step, after

DECLARATION = {
    "draft": {"register": "registered", "withdraw": "withdrawn"},
    "registered": {
        "await": "awaited", "order_control": "control", "free": "cleared", "amend": "registered",
        "withdraw": "withdrawn",
    },
    "awaited": {"arrive": "registered", "amend": "registered", "withdraw": "withdrawn"},
    "control": {
        "conclude": "cleared", "refuse": "refused", "seize": "seized", "amend": "registered",
        "withdraw": "withdrawn",
    },
    "cleared": {
        "order_control": "control", "release": "released", "refuse": "refused", "correct": "cleared",
        "amend": "registered", "withdraw": "withdrawn", "reopen": "control",
    },
    "released": {"reopen": "control"},
    "refused": {"reopen": "control"},
    "seized": {},
    "withdrawn": {},
}  # fmt: skip

CONTROL = {
    "waiting": {"assign": "assigned", "reassign": "assigned", "cancel": "cancelled"},
    "assigned": {"take": "taken", "reassign": "assigned", "cancel": "cancelled"},
    "taken": {
        "propose": "proposed", "conclude": "concluded", "reassign": "assigned", "cancel": "cancelled",
    },
    "proposed": {"send_back": "taken", "conclude": "concluded", "cancel": "cancelled"},
    "concluded": {},
    "cancelled": {},
}  # fmt: skip


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_step_of_a_declaration_leads_on_or_names_the_state(state: State, step: Step) -> None:
    reached = DECLARATION[state.value].get(step.value)
    if reached is not None:
        assert after(state, step).value == reached
        return
    with pytest.raises(ImpossibleStepError, match=f"“{state.label.en}”"):
        after(state, step)


@pytest.mark.parametrize(("state", "step"), list(product(ControlState, ControlStep)))
def test_every_step_of_a_control_leads_on_or_names_the_state(state: ControlState, step: ControlStep) -> None:
    reached = CONTROL[state.value].get(step.value)
    if reached is not None:
        assert control_after(state, step).value == reached
        return
    with pytest.raises(ControlError, match=f"“{state.label.en}”"):
        control_after(state, step)
