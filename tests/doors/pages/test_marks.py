"""Every state has a mark of its own."""

from daliz.customs.control.states import ControlState
from daliz.customs.intake.life import State
from daliz.doors.pages.marks import CONTROL_MARKS, STATE_MARKS


def test_every_state_of_a_declaration_and_of_a_control_has_its_mark() -> None:
    assert set(STATE_MARKS) == set(State)
    assert set(CONTROL_MARKS) == set(ControlState)
