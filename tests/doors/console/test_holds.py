"""Legal holds in the console: put on the page of a declaration or a trader, lifted by another."""

import pytest
from django.urls import reverse

from daliz.customs.control.models import Control, LegalHold
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from tests.customs.cast import TRADER
from tests.doors.console.cast import OFFICE, a_control, an_officer, logged_in, somebody

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def officer() -> User:
    return an_officer("duty")


@pytest.fixture
def control(officer: User) -> Control:
    return a_control()


def at(name: str, *keys: int) -> str:
    return reverse(f"console:{name}", args=keys)


def test_a_hold_is_put_on_the_declarations_page_and_lifted_by_another(control: Control) -> None:
    first, second = (somebody(login, Role.INTERNAL_AFFAIRS) for login in ("first", "second"))
    page, put = at("declaration", control.declaration_id), at("hold-put", control.declaration_id)
    assert put in first.get(page).content.decode()
    unnamed = first.post(put, {"case": "", "reason": "a letter of the court"})
    assert (unnamed.status_code, LegalHold.objects.count()) == (422, 0)
    assert first.post(put, {"case": "26-7511", "reason": "a letter of the court"}).headers["Location"] == page
    held = LegalHold.objects.get()
    lift = at("hold-lift", held.pk)
    seen = first.get(page).content.decode()
    assert ("26-7511" in seen, "a letter of the court" in seen, lift in seen) == (True, True, False)
    refused = first.post(lift, {"reason": "closed"})
    assert (refused.status_code, "a second person decides" in refused.content.decode()) == (422, True)
    assert lift in second.get(page).content.decode()
    assert "26-7511" in second.get(at("holds")).content.decode()
    assert second.post(lift, {"reason": "the case is closed"}).headers["Location"] == page
    assert "Nothing is on hold" in second.get(at("holds")).content.decode()
    assert "the case is closed" in second.get(f"{at('holds')}?status=lifted").content.decode()
    file = second.get(f"{at('holds')}?status=all&export=csv").content.decode("utf-8-sig").splitlines()
    assert file[0] == "Of what,Case,Why,Hold put by,Since,Hold lifted,Hold lifted by,Why the hold was lifted"
    assert "Second,the case is closed" in file[1]


def test_all_of_a_trader_is_put_on_hold_on_his_page(control: Control) -> None:
    affairs = somebody("affairs", Role.INTERNAL_AFFAIRS)
    page, put = f"{at('trader')}?id={TRADER}", f"{at('hold-trader')}?id={TRADER}"
    assert put in affairs.get(page).content.decode()
    assert affairs.get(f"{at('hold-trader')}?id=1").status_code == 404
    assert affairs.post(put, {"case": "26-9", "reason": "a search"}).headers["Location"] == page
    assert "26-9" in affairs.get(page).content.decode()
    of_one = affairs.get(at("declaration", control.declaration_id)).content.decode()
    assert ("26-9" in of_one, f"all of trader {TRADER}" in of_one) == (True, True)
    assert f"Trader {TRADER}" in affairs.get(at("holds")).content.decode()


def test_nobody_else_sees_a_hold(control: Control, officer: User) -> None:
    affairs = somebody("affairs", Role.INTERNAL_AFFAIRS)
    told = {"case": "26-7511", "reason": "of an officer"}
    affairs.post(at("hold-put", control.declaration_id), told)
    affairs.post(f"{at('hold-trader')}?id={TRADER}", told)
    assert LegalHold.objects.count() == 2
    others = [somebody(role, role, office=OFFICE) for role in (Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST)]
    for client in (*others, logged_in(officer)):
        for page in (at("declaration", control.declaration_id), f"{at('trader')}?id={TRADER}"):
            seen = client.get(page)
            assert (seen.status_code, "26-7511" in seen.content.decode()) == (200, False)
            assert "on hold" not in seen.content.decode()
