"""Documents that are asked for: answered with files, accepted, asked again, reminded of, expired."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from daliz.customs import flow
from daliz.customs.control import requests
from daliz.customs.control.models import Control, DocumentRequest, RequestAnswer
from daliz.customs.control.requests import proposed_outcome
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake.models import TimelineEntry
from daliz.engine.pack import Expiry, Pack, RequestTerms
from daliz.ground.files.actions import take_in
from daliz.ground.files.models import Upload
from daliz.ground.journal.models import Entry
from daliz.ground.outbox.models import Message, Notice
from daliz.ground.staff.actor import SYSTEM, Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_weapon
from tests.flow.test_clearance import LATER, an_officer
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

DEADLINE = datetime(2026, 3, 20, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


@pytest.fixture
def officer(broker: Actor) -> Actor:
    """An officer who has begun the control of a weapon."""
    officer = actor_of(an_officer("aigul"), now=NOON)
    flow.submit(declared=a_weapon(), reference="INV-9", actor=broker, now=NOON)
    flow.take(ours=Control.objects.get(), actor=officer, now=LATER)
    return officer


@pytest.fixture
def asked(officer: Actor) -> DocumentRequest:
    return flow.ask_document(
        ours=Control.objects.get(), code="contract", text="with annexes", actor=officer, now=LATER
    )


def a_file(actor: Actor, content: bytes = b"%PDF-1.7 contract") -> Upload:
    return take_in(
        parts=[content], name="contract.pdf", organisation=actor.organisation, user_id=actor.person, now=NOON
    )


def told() -> list[str]:
    return list(Notice.objects.order_by("id").values_list("topic", flat=True))


def acts() -> list[str]:
    rows = Entry.objects.filter(act__startswith="request.").order_by("id")
    return list(rows.values_list("act", flat=True))


def test_an_answer_with_a_file_is_accepted_and_told(
    broker: Actor, officer: Actor, asked: DocumentRequest
) -> None:
    assert asked.deadline == DEADLINE
    flow.answer(request=asked, text="", files=[a_file(broker)], actor=broker, now=LATER)
    given = RequestAnswer.objects.get()
    assert [file.name for file in given.files.all()] == ["contract.pdf"]
    assert given.files.get().attached_at == LATER
    done = flow.accept_answer(request=asked, actor=officer, now=LATER)
    assert done.state == "accepted"
    assert acts() == ["request.asked", "request.answered", "request.accepted"]
    assert told() == ["registered", "order_control", "request", "request_accepted"]
    lines = list(TimelineEntry.objects.order_by("id").values_list("what", flat=True))
    assert lines[-3:] == ["request", "answer", "request_accepted"]


def test_an_answer_that_does_not_suffice_is_asked_for_again_as_often_as_the_pack_says(
    broker: Actor, officer: Actor, asked: DocumentRequest, pack: Pack
) -> None:
    assert pack.clearance.request_terms.most_rounds == 3
    for round_ in (1, 2):
        flow.answer(request=asked, text=f"answer {round_}", actor=broker, now=LATER)
        again = flow.ask_again(request=asked, reason="unreadable", actor=officer, now=LATER)
        assert (again.state, again.round, again.reason) == ("open", round_ + 1, "unreadable")
    flow.answer(request=asked, text="answer 3", actor=broker, now=LATER)
    with pytest.raises(ControlError, match="3 times at most"):
        flow.ask_again(request=asked, reason="unreadable", actor=officer, now=LATER)
    assert [a.text for a in RequestAnswer.objects.order_by("round")] == ["answer 1", "answer 2", "answer 3"]
    assert told().count("request_again") == 2


def test_only_the_officer_whose_control_it_is_judges_an_answer(
    broker: Actor, officer: Actor, asked: DocumentRequest
) -> None:
    other = actor_of(an_officer("askar"), now=NOON)
    with pytest.raises(ControlError, match="nothing was answered"):
        flow.accept_answer(request=asked, actor=officer, now=LATER)
    flow.answer(request=asked, text="here", actor=broker, now=LATER)
    for act in (flow.accept_answer, lambda **k: flow.ask_again(reason="x", **k)):
        with pytest.raises(ControlError, match="not yours"):
            act(request=asked, actor=other, now=LATER)
    with pytest.raises(ControlError, match="a reason is needed"):
        flow.ask_again(request=asked, reason=" ", actor=officer, now=LATER)


def test_files_of_another_organisation_are_not_answered_with(broker: Actor, asked: DocumentRequest) -> None:
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    with pytest.raises(NotAllowedError, match="files of another organisation"):
        flow.answer(request=asked, text="", files=[a_file(stranger)], actor=broker, now=LATER)
    with pytest.raises(ControlError, match="the answer is empty"):
        flow.answer(request=asked, text="  ", actor=broker, now=LATER)
    many = [a_file(broker)] * 21
    with pytest.raises(ControlError, match="at most 20 files"):
        flow.answer(request=asked, text="", files=many, actor=broker, now=LATER)


def test_a_control_is_not_concluded_while_a_document_is_asked_for(
    officer: Actor, asked: DocumentRequest
) -> None:
    control = Control.objects.get()
    flow.find(
        ours=control, item_no=1, violation=False, violation_type="", assessed=None, minutes=30,
        extent="full", found={}, remark="", actor=officer, now=LATER,
    )  # fmt: skip
    with pytest.raises(ControlError, match=r"still asked for \(1\)"):
        flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=LATER)
    flow.drop_request(request=asked, reason="found in the file", actor=officer, now=LATER)
    flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=LATER)
    assert told()[-1] == "request_dropped"


def test_reminders_go_out_once_a_day_named_by_the_pack_and_the_term_ends(
    broker: Actor, officer: Actor, asked: DocumentRequest, pack: Pack
) -> None:
    assert pack.clearance.request_terms.remind == (3, 1)
    went = [
        requests.tend(pack=pack, actor=SYSTEM, now=DEADLINE - timedelta(days=days))
        for days in (4, 3, 2.5, 1, 0.5, 0, -1)
    ]
    assert went == [(0, 0), (0, 1), (0, 0), (0, 1), (0, 0), (1, 0), (0, 0)]
    assert told()[-3:] == ["request_reminder", "request_reminder", "request_expired"]
    assert acts() == ["request.asked", "request.reminded", "request.reminded", "request.expired"]
    with pytest.raises(ControlError, match="no longer asked for"):
        flow.answer(request=asked, text="late", actor=broker, now=DEADLINE + timedelta(hours=1))
    control = Control.objects.get()
    clean_enough = DEADLINE + timedelta(hours=2)
    flow.find(
        ours=control, item_no=1, violation=False, violation_type="", assessed=None, minutes=30,
        extent="full", found={}, remark="", actor=officer, now=clean_enough,
    )  # fmt: skip
    flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=clean_enough)


def test_after_the_deadline_nothing_is_answered_even_before_the_request_is_tended(
    broker: Actor, asked: DocumentRequest
) -> None:
    with pytest.raises(ControlError, match="no longer asked for"):
        flow.answer(request=asked, text="late", actor=broker, now=DEADLINE)
    flow.answer(request=asked, text="in time", actor=broker, now=DEADLINE - timedelta(seconds=1))


def test_one_reminder_makes_up_for_those_missed(asked: DocumentRequest, pack: Pack) -> None:
    late = DEADLINE - timedelta(hours=3)
    assert requests.tend(pack=pack, actor=SYSTEM, now=late) == (0, 1)
    assert requests.tend(pack=pack, actor=SYSTEM, now=late) == (0, 0)


def test_where_the_pack_says_so_an_expired_request_proposes_refusal(
    asked: DocumentRequest, pack: Pack
) -> None:
    strict = replace(
        pack, clearance=replace(pack.clearance, request_terms=RequestTerms(expiry=Expiry.PROPOSE_REFUSAL))
    )
    assert proposed_outcome(asked.control, strict) is None
    requests.tend(pack=strict, actor=SYSTEM, now=DEADLINE)
    assert proposed_outcome(asked.control, strict) is Outcome.REFUSED
    assert proposed_outcome(asked.control, pack) is None


def test_a_person_with_an_address_is_told_by_mail_in_his_language_of_what_is_asked(
    broker: Actor, settings: Settings
) -> None:
    settings.BY_MAIL = True
    User.objects.filter(pk=broker.person).update(email="broker@example.kz", lang="kk")
    officer = actor_of(an_officer("aigul"), now=NOON)
    flow.submit(declared=a_weapon(), reference="INV-9", actor=broker, now=NOON)
    flow.take(ours=Control.objects.get(), actor=officer, now=LATER)
    flow.ask_document(ours=Control.objects.get(), code="contract", text="", actor=officer, now=LATER)
    letters = Message.objects.filter(channel="email").order_by("created_at", "topic")
    assert [letter.topic for letter in letters] == ["order_control", "request"]
    assert "қосымшаларымен келісімшарт" in letters[1].payload["subject"]
    assert "INV-9" in letters[1].payload["text"]
