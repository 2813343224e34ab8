"""What is done in the console: a control from beginning to end, another officer, people."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import Settings

from daliz.customs.control.models import Control, DocumentRequest, Finding
from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import RoleGrant, User
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


def test_a_control_is_begun_found_asked_about_proposed_and_confirmed(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    assert duty.get(at("next")).headers["Location"] == at("control", control.pk)
    duty.post(at("take", control.pk))
    stated = {
        "item_no": "1",
        "violation": "yes",
        "violation_type": "undervaluation",
        "found_customs_value": "2900000",
        "assessed": "250000",
        "minutes": "35",
        "extent": "full",
    }
    assert duty.post(at("finding", control.pk), stated).headers["Location"] == at("control", control.pk)
    found = Finding.objects.get(control=control)
    assert (found.item_no, found.violation_type, found.found) == (
        1,
        "undervaluation",
        {"customs_value": "2900000.00"},
    )
    duty.post(at("ask", control.pk), {"code": "invoice", "text": "the signed one"})
    assert DocumentRequest.objects.get().code == "invoice"
    refused = duty.post(at("conclude", control.pk), {"outcome": "corrected"})
    assert refused.status_code == 422
    assert "documents are still asked for (1)" in refused.content.decode()
    duty.post(at("request-drop", DocumentRequest.objects.get().pk), {"reason": "found in the file"})
    duty.post(at("conclude", control.pk), {"outcome": "corrected"})
    control.refresh_from_db()
    assert (control.state, control.outcome) == ("proposed", "corrected")
    second = somebody("second", Role.OFFICER, office=OFFICE)
    assert str(control.declaration.number) in second.get(at("to-confirm")).content.decode()
    second.post(at("confirm", control.pk), {"agreed": "yes"})
    control.refresh_from_db()
    assert control.state == "concluded"


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    control: Control, officer: User
) -> None:
    duty = logged_in(officer)
    duty.post(at("take", control.pk))
    response = duty.post(
        at("finding", control.pk), {"item_no": "1", "violation": "yes", "minutes": "20", "remark": "scales"}
    )
    told = response.content.decode()
    assert response.status_code == 422
    assert 'id="id_violation_type-error"' in told
    assert "Name the type of the violation." in told
    assert "scales" in told
    assert not Finding.objects.exists()


def test_photographs_are_sent_with_a_finding_and_shown_small(
    control: Control, officer: User, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES = tmp_path
    duty = logged_in(officer)
    duty.post(at("take", control.pk))
    held = io.BytesIO()
    Image.new("RGB", (900, 600)).save(held, "JPEG")
    stated = {"item_no": "1", "violation": "no", "minutes": "20", "extent": "full"}
    no_picture = SimpleUploadedFile("seal.jpg", b"%PDF-1.7 a paper")
    refused = duty.post(at("finding", control.pk), stated | {"photographs": [no_picture]})
    assert refused.status_code == 422
    assert 'id="id_photographs-error"' in refused.content.decode()
    sent = [SimpleUploadedFile(name, held.getvalue()) for name in ("seal.jpg", "box.jpg")]
    duty.post(at("finding", control.pk), stated | {"photographs": sent})
    files = [one.pk for one in Finding.objects.get().photographs.order_by("pk")]
    told = duty.get(at("control", control.pk)).content.decode()
    assert [at("photograph-small", control.pk, file) in told for file in files] == [True, True]
    shown = duty.get(at("photograph-small", control.pk, files[0]))
    with Image.open(io.BytesIO(shown.content)) as picture:
        assert picture.size == (360, 240)
    whole = duty.get(at("photograph", control.pk, files[0]))
    assert whole["Content-Disposition"] == 'attachment; filename="seal.jpg"'
    whole.close()
    stranger = somebody("stranger", Role.OFFICER, office=OFFICE)
    assert stranger.get(at("photograph", control.pk, files[0])).status_code == 404
    duty.post(at("conclude", control.pk), {"outcome": "passed"})
    assert stranger.get(at("photograph-small", control.pk, files[0])).status_code == 200  # may confirm


def test_the_proposer_does_not_confirm_his_own_end(control: Control, officer: User) -> None:
    duty = logged_in(officer)
    duty.post(at("take", control.pk))
    duty.post(at("finding", control.pk), {"item_no": "1", "violation": "no", "minutes": "20"})
    duty.post(at("conclude", control.pk), {"outcome": "passed"})
    assert duty.post(at("confirm", control.pk), {"agreed": "yes"}).status_code == 404


def test_a_supervisor_gives_a_control_to_another_with_a_reason(control: Control, officer: User) -> None:
    other = an_officer("other")
    board = somebody("chief", Role.SUPERVISOR, office=OFFICE)
    led_back = board.get(at("control", control.pk)).content.decode()
    assert (at("board") in led_back, at("work") in led_back) == (True, False)
    without = board.post(at("reassign", control.pk), {"officer": other.pk, "reason": ""})
    assert "Other, open work: 0 mins" in without.content.decode().replace("\u00a0", " ")
    assert without.status_code == 422
    board.post(at("reassign", control.pk), {"officer": other.pk, "reason": "ill"})
    control.refresh_from_db()
    assert control.officer_id == other.pk
    assert Entry.objects.filter(act="control.reassigned", actor="chief").count() == 1


@pytest.mark.usefixtures("control")
def test_taking_the_journal_along_is_an_entry_too() -> None:
    affairs = somebody("affairs", Role.INTERNAL_AFFAIRS)
    file = affairs.get(f"{at('journal')}?act=control&export=csv").content.decode("utf-8-sig")
    assert file.splitlines()[0] == "No.,When,Who,Act,Of what,Which,Content,Sealed"
    assert all(",control." in line for line in file.splitlines()[1:])
    assert Entry.objects.filter(act="journal.exported", actor="affairs").count() == 1


@pytest.mark.parametrize(
    ("lang", "words", "label"),
    [
        ("en", "control opened", "words or code"),
        ("ru", "контроль открыт", "слова или код"),
        ("kk", "бақылау ашылды", "сөздер немесе код"),
    ],
)
@pytest.mark.usefixtures("control")
def test_the_journal_says_acts_in_words_and_is_sought_by_them(lang: str, words: str, label: str) -> None:
    affairs = somebody("affairs", Role.INTERNAL_AFFAIRS)
    affairs.post("/choose", {"lang": lang, "next": "/"})
    found = affairs.get(at("journal"), {"act": words.upper()}).content.decode()
    assert f'<div>{words}</div><code class="text-secondary">control.opened</code>' in found
    assert '<code class="text-secondary">staff.admitted</code>' not in found
    assert f'<option value="control.opened">{words}</option>' in found
    assert f'placeholder="{label}"' in found
    assert "control.opened</code>" in affairs.get(at("journal"), {"act": "control.op"}).content.decode()
    file = affairs.get(at("journal"), {"act": words, "export": "csv"}).content.decode("utf-8-sig")
    assert ",control.opened," in file
    assert words not in file


def admitted(administrator: Client) -> User:
    administrator.post(at("person-new"), {"login": "fresh", "name": "Fresh", "password": "ten tamed camels"})
    return User.objects.get(login="fresh")


def test_an_administrator_admits_grants_and_closes() -> None:
    administrator = somebody("admin", Role.ADMINISTRATOR)
    fresh = admitted(administrator)
    administrator.post(at("person-grant", fresh.pk), {"role": "officer", "office": OFFICE})
    given = RoleGrant.objects.get(user=fresh)
    assert (given.role, given.office) == ("officer", OFFICE)
    client = logged_in(fresh)
    assert client.get(at("work")).status_code == 200
    administrator.post(at("person-withdraw", fresh.pk, given.pk))
    assert client.get(at("work")).status_code == 403
    administrator.post(at("person-disable", fresh.pk), {"reason": "left"})
    assert client.get("/settings").status_code == 302


def test_nobody_gives_himself_a_role_or_opens_himself() -> None:
    administrator = somebody("admin", Role.ADMINISTRATOR)
    own = User.objects.get(login="admin")
    refused = administrator.post(at("person-grant", own.pk), {"role": "analyst", "office": ""})
    assert refused.status_code == 403
    assert "nobody gives himself a role" in refused.content.decode()
    assert administrator.post(at("person-enable", own.pk)).status_code == 403


def test_a_weak_password_is_told_beside_it() -> None:
    administrator = somebody("admin", Role.ADMINISTRATOR)
    told = administrator.post(at("person-new"), {"login": "fresh", "name": "F", "password": "short"})
    assert told.status_code == 422
    assert "the password is too weak" in told.content.decode()


def test_a_token_is_shown_once() -> None:
    administrator = somebody("admin", Role.ADMINISTRATOR)
    fresh = admitted(administrator)
    stated = {"name": "erp", "days": "30", "scopes": ["declarations:read"]}
    assert "daliz_" in administrator.post(at("person-token", fresh.pk), stated).content.decode()
    assert "daliz_" not in administrator.get(at("person", fresh.pk)).content.decode().replace(
        "daliz_language", ""
    )
    token = fresh.tokens.get()
    assert token.scopes == ["declarations:read"]
    assert token.expires_at > datetime.now(UTC)
