"""A trader's page: what of him is the reader's to see, found by his number, and not a word more."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from daliz.customs.assessment.models import Decision, MeasureOrder
from daliz.customs.control.models import Control, Finding, Obligation, Stop
from daliz.customs.intake.models import Declaration
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from tests.customs.cast import TRADER
from tests.doors.console.cast import OFFICE, a_control, an_officer, logged_in, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PAGE = f"/console/traders?id={TRADER}"


@pytest.fixture
def officer() -> User:
    return an_officer("duty")


@pytest.fixture
def control(officer: User) -> Control:
    """Two declarations of a trader, one under control with a finding, something owed and a stop."""
    control = a_control()
    now = datetime.now(UTC)
    Finding.objects.create(
        control=control, violation=True, violation_type="quantity", minutes=9, officer=officer, at=now
    )
    Obligation.objects.create(declaration=control.declaration, control=control, kind="security", since=now)
    Stop.objects.create(declaration=control.declaration, reason="a tip", set_by="boss", set_at=now)
    return control


def read(client: Client, url: str = PAGE) -> str:
    reply = client.get(url)
    assert reply.status_code == 200
    return reply.content.decode()


def plain(page: str) -> str:
    """A page without the signs by which the browser shows that it asked for it."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_the_officer_of_a_control_sees_its_trader_with_all_that_is_his(
    control: Control, officer: User
) -> None:
    told = read(logged_in(officer))
    numbers = list(Declaration.objects.values_list("number", flat=True))
    for said in (f"Trader {TRADER}", *numbers, "Findings", "Owed", "Stops", "a tip", "Clearances of a year"):
        assert str(said) in told
    secret = {
        Decision.objects.get(pk=control.decision_id).policy_id,
        *MeasureOrder.objects.values_list("profile_id", flat=True),
    }
    assert [word for word in secret if word in told] == []


def test_findings_and_dues_of_a_colleagues_control_are_not_told(control: Control) -> None:
    told = read(somebody("colleague", Role.OFFICER, office=OFFICE))
    assert str(control.declaration.number) in told
    assert "a tip" in told  # stops are their office's
    assert ("Findings" in told, "Owed</h2>" in told) == (False, False)


def test_an_analyst_sees_findings_and_no_stop(control: Control) -> None:
    told = read(somebody("analyst", Role.ANALYST))
    assert ("Findings" in told, "a tip" in told) == (True, False)


def test_of_another_office_nothing_is_told_not_even_that_he_is_known(control: Control) -> None:
    elsewhere = somebody("elsewhere", Role.OFFICER, office="55301")
    known, unknown = read(elsewhere), read(elsewhere, "/console/traders?id=600400999999")
    assert plain(known).replace(TRADER, "") == plain(unknown).replace("600400999999", "")
    assert "yours to see" in known


def test_search_leads_to_the_trader_and_the_declaration_to_him(control: Control, officer: User) -> None:
    client = logged_in(officer)
    found = client.get(f"/console/declarations?q={TRADER}")
    assert (found.status_code, found.headers["Location"]) == (302, PAGE)
    assert f'href="{PAGE}"' in read(client, f"/console/declarations/{control.declaration_id}")
    narrowed = read(client, f"/console/declarations?q={TRADER}&state=control")
    assert str(control.declaration.number) in narrowed


def test_the_list_is_taken_along_as_a_file(control: Control, officer: User) -> None:
    lines = read(logged_in(officer), f"{PAGE}&export=csv").splitlines()
    assert len(lines) == 1 + Declaration.objects.count() == 3


def test_without_a_number_the_page_says_how_to_find_one(officer: User) -> None:
    assert "Name a trader" in read(logged_in(officer), "/console/traders")
