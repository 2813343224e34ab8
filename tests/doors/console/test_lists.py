"""The lists of the console: filtered, sorted, as a file, with columns as chosen; closing what they show."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from daliz.customs.assessment.models import Decision
from daliz.customs.control.models import Control, Obligation, Stop, Term
from daliz.doors.pages.models import ColumnChoice
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
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


def late(control: Control, *, hours: int) -> None:
    due = datetime.now(UTC) - timedelta(hours=hours)
    Term.objects.filter(declaration=control.declaration).update(due_at=due)


def test_overdue_clocks_say_what_since_when_and_whose(control: Control) -> None:
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    assert "No term has run out" in chief.get(at("overdue")).content.decode()
    late(control, hours=3)
    told = chief.get(at("overdue")).content.decode()
    assert str(control.declaration.number) in told
    assert "Duty" in told
    assert "3\xa0hrs overdue" in told
    assert 'aria-sort="descending"' in chief.get(f"{at('overdue')}?sort=-due").content.decode()
    file = chief.get(f"{at('overdue')}?export=csv").content.decode("utf-8-sig").splitlines()
    assert file[0] == "Declaration,Term,Was due,How late,Officer,Office,State,Begun"
    assert file[1].split(",")[3] == "180"
    assert "No term has run out" in chief.get(f"{at('overdue')}?officer=nobody").content.decode()


def test_columns_that_a_person_leaves_out_stay_out_of_page_and_file(control: Control) -> None:
    late(control, hours=1)
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    codes = ["clock", "due", "late", "holder", "office", "state", "begun"]
    chosen = {"next": at("overdue"), "offered": codes, "shown": ["clock", "holder"]}
    reply = chief.post(reverse("columns", args=["overdue"]), chosen)
    assert reply.headers["Location"] == at("overdue")
    assert ColumnChoice.objects.get().hidden == ["begun", "due", "late", "office", "state"]
    file = chief.get(f"{at('overdue')}?export=csv").content.decode("utf-8-sig").splitlines()
    assert file[0] == "Declaration,Term,Officer"
    other = somebody("other", Role.SUPERVISOR, office=OFFICE)
    assert "Was due" in other.get(at("overdue")).content.decode()


def test_a_column_choice_leads_back_to_no_other_site() -> None:
    chief = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    reply = chief.post(reverse("columns", args=["overdue"]), {"next": "https://evil.example/"})
    assert reply.headers["Location"] == "/"


def audited(control: Control, number: int) -> Control:
    decision = Decision.objects.get(pk=control.decision_id)
    return Control.objects.create(
        declaration=control.declaration, decision=decision, form="post_release", office=OFFICE, measures=[],
        minutes=60.0 * number, before_release=False, opened_at=decision.at, reopened=number,
        state="concluded" if number else "waiting", outcome="passed" if number else "",
        officer=User.objects.get(login="duty") if number else None,
    )  # fmt: skip


def test_audits_are_the_whole_departments_and_sorted_as_asked(control: Control) -> None:
    waiting, first, second = (audited(control, number) for number in (0, 1, 2))
    auditor = somebody("auditor", Role.AUDITOR)
    told = auditor.get(at("audits")).content.decode()
    assert (at("control", waiting.pk) in told, at("control", first.pk) in told) == (True, False)
    every = auditor.get(f"{at('audits')}?state=all&sort=-minutes").content.decode()
    places = [every.index(at("control", one.pk) + '"') for one in (second, first, waiting)]
    assert places == sorted(places)
    assert auditor.get(at("control", first.pk)).status_code == 200
    assert auditor.get(at("control", control.pk)).status_code == 404
    away = somebody("away", Role.AUDITOR, office="55301")
    assert str(control.declaration.number) not in away.get(f"{at('audits')}?state=all").content.decode()


def test_what_is_owed_is_closed_by_who_may(control: Control, officer: User) -> None:
    now = datetime.now(UTC)
    owed = {"declaration": control.declaration, "control": control, "since": now}
    condition = Obligation.objects.create(**owed, kind="condition", text="not to be sold")
    security = Obligation.objects.create(**owed, kind="security", amount=5000)
    duty, chief = logged_in(officer), somebody("chief", Role.SUPERVISOR, office=OFFICE)
    assert "not to be sold" in duty.get(at("owed")).content.decode()
    assert duty.get(at("owed-close", security.pk)).status_code == 404
    assert duty.post(at("owed-close", condition.pk), {"kept": "yes", "result": ""}).status_code == 422
    duty.post(at("owed-close", condition.pk), {"kept": "no", "result": "sold the same day"})
    condition.refresh_from_db()
    assert (condition.kept, condition.result) == (False, "sold the same day")
    assert "sold the same day" in duty.get(at("owed-one", condition.pk)).content.decode()
    chief.post(at("owed-close", security.pk), {"sure": "yes"})
    security.refresh_from_db()
    assert (security.kept, security.settled_by) == (True, "chief")
    assert "Nothing is owed" in duty.get(at("owed")).content.decode()


def test_a_stop_is_put_on_the_declarations_page_and_lifted_by_another(control: Control) -> None:
    first = somebody("first", Role.SUPERVISOR, office=OFFICE)
    page = at("declaration", control.declaration_id)
    assert at("stop-put", control.declaration_id) in first.get(page).content.decode()
    first.post(at("stop-put", control.declaration_id), {"reason": "a letter"})
    stop = Stop.objects.get()
    lift = at("stop-lift", stop.pk)
    assert "a letter" in first.get(page).content.decode()
    assert lift not in first.get(page).content.decode()
    refused = first.post(lift, {"reason": "settled"})
    assert (refused.status_code, "a second person decides" in refused.content.decode()) == (422, True)
    second = somebody("second", Role.SUPERVISOR, office=OFFICE)
    assert lift in second.get(page).content.decode()
    assert "a letter" in second.get(at("stops")).content.decode()
    assert "<td>First</td>" in second.get(at("stops")).content.decode()
    second.post(lift, {"reason": "settled"})
    assert "No goods are withheld" in second.get(at("stops")).content.decode()
    assert "settled" in second.get(f"{at('stops')}?status=lifted").content.decode()
    assert "Second, " in second.get(page).content.decode()
