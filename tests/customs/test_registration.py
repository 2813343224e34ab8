"""The clock of registration, as the packs state it: an hour of work from the handing in to the number."""

from datetime import UTC, datetime

import pytest

from daliz.customs.control.queries import registration_of
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import load_pack

FRIDAY = datetime(2026, 3, 13, 12, 30, tzinfo=UTC)
"""17:30 in Astana, where offices close at 18; in Bishkek they are closed already."""


@pytest.mark.parametrize(
    ("country", "due"),
    [("kz", datetime(2026, 3, 16, 4, 30, tzinfo=UTC)), ("kg", datetime(2026, 3, 16, 4, 0, tzinfo=UTC))],
)
def test_registration_has_an_hour_of_work(country: str, due: datetime) -> None:
    clock = registration_of(Declaration(created_at=FRIDAY, registered_at=FRIDAY), load_pack(country))
    assert clock is not None
    assert (clock.code, clock.begun_at, clock.due_at, clock.ended_at) == ("registration", FRIDAY, due, FRIDAY)
