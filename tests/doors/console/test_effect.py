"""A manager's figures hold what was let go of together with what is there."""

from datetime import date
from decimal import Decimal

import pytest

from daliz.customs.assessment.models import DecisionFigure
from daliz.customs.control.models import ControlFigure
from daliz.ground.staff.actor import Role
from tests.doors.console.cast import somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def test_controls_and_decisions_that_were_let_go_of_are_still_counted() -> None:
    for office, controls, hits in (("53901", 30, 9), ("55301", 10, 1)):
        ControlFigure.objects.create(
            month=date(2019, 5, 1), office=office, form="documents", stratum="rest", in_random=False,
            controls=controls, hits=hits, minutes=45 * controls, assessed=Decimal(1_000) * hits,
        )  # fmt: skip
    DecisionFigure.objects.create(
        month=date(2019, 5, 1), direction="import", office="53901", corridor="yellow", level="low",
        stratum="rest", decisions=40, in_random=1,
    )  # fmt: skip
    manager = somebody("boss", Role.MANAGER)
    file = manager.get("/console/effect?export=csv").content.decode("utf-8-sig")
    rows = [line.split(",") for line in file.splitlines()]
    assert [(row[0], row[1], row[2], row[5], row[6]) for row in rows[1:]] == [
        ("2019-05", "40", "10", "1800.0", "10000.0"),
        ("53901", "30", "9", "1350.0", "9000.0"),
        ("55301", "10", "1", "450.0", "1000.0"),
        ("documents", "40", "10", "1800.0", "10000.0"),
    ]
    assert "100.0%" in manager.get("/console/effect").content.decode()
