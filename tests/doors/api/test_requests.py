"""Files, drafts and webhooks through the API: handed in, sent back, and only to whose they are."""

import json
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from daliz.customs.control.models import Control
from daliz.customs.intake.models import Draft
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Role
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.doors.api.cast import Program
from tests.doors.api.test_api import an_officer
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

PDF = b"%PDF-1.7 contract with annexes"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def broker() -> Program:
    return Program(a_person("broker", Role.DECLARANT, organisation=TRADER))


@pytest.fixture
def stranger() -> Program:
    return Program(a_person("stranger", Role.DECLARANT, organisation="other"))


def handed_in(program: Program, content: bytes = PDF, name: str = "contract.pdf") -> int:
    reply = program.ask("POST", f"/files?name={name}", content, kind="application/octet-stream")
    assert reply.status_code == 201, reply.content
    key: int = json.loads(reply.content)["id"]
    return key


def test_a_document_is_asked_for_and_answered_with_a_file_that_the_officer_downloads(
    broker: Program, stranger: Program
) -> None:
    _, officer = an_officer("aigul")
    sent = broker.post("/declarations", a_weapon().content, status=201)
    control = Control.objects.get()
    officer.post(f"/controls/{control.pk}/take")
    asked = officer.post(f"/controls/{control.pk}/requests", {"code": "contract"}, status=201)
    file = handed_in(broker)
    assert stranger.ask("POST", f"/requests/{asked['id']}/answer", {"files": [file]}).status_code == 404
    told = broker.post(f"/requests/{asked['id']}/answer", {"files": [file]})
    assert (told["state"], [f["name"] for f in told["files"]]) == ("answered", ["contract.pdf"])
    path = f"/requests/{asked['id']}/files/{file}"
    reply = officer.ask("GET", path)
    assert b"".join(reply.streaming_content) == PDF  # type: ignore[attr-defined]  # a download
    assert reply["Content-Disposition"] == 'attachment; filename="contract.pdf"'
    own = broker.ask("GET", path)
    assert own.status_code == 200
    own.close()
    assert stranger.ask("GET", path).status_code == 404
    again = officer.post(f"/requests/{asked['id']}/again", {"reason": "page 2 is missing"})
    assert (again["state"], again["round"]) == ("open", 2)
    [seen] = broker.get(f"/declarations/{sent['id']}/requests")
    assert seen["reason"] == "page 2 is missing"
    broker.post(f"/requests/{asked['id']}/answer", {"text": "here", "files": [handed_in(broker)]})
    assert officer.post(f"/requests/{asked['id']}/accept")["state"] == "accepted"


def test_a_file_of_somebody_else_cannot_be_named_in_an_answer(broker: Program, stranger: Program) -> None:
    _, officer = an_officer("aigul")
    broker.post("/declarations", a_weapon().content, status=201)
    control = Control.objects.get()
    officer.post(f"/controls/{control.pk}/take")
    asked = officer.post(f"/controls/{control.pk}/requests", {"code": "contract"}, status=201)
    theirs = handed_in(stranger)
    assert broker.ask("POST", f"/requests/{asked['id']}/answer", {"files": [theirs]}).status_code == 404


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "file-kind"),
        (b"", "file-empty"),
        (b"%PDF-" + b"0" * 2**20, "file-large"),
    ],
)
def test_what_is_no_document_is_refused(
    broker: Program, settings: Settings, content: bytes, code: str
) -> None:
    settings.FILE_MOST_BYTES = 2**20
    reply = broker.ask("POST", "/files?name=contract.pdf", content, kind="application/pdf")
    assert (reply.status_code, json.loads(reply.content)["code"]) == (422, code)
    assert Upload.objects.count() == 0


def test_a_draft_is_kept_looked_through_and_registered(broker: Program, stranger: Program) -> None:
    stated = {"content": {"direction": "import", "items": [{}]}, "reference": "INV-3"}
    draft = broker.post("/drafts", stated, status=201)
    place = f"/drafts/{draft['id']}"
    assert {p["path"] for p in broker.get(f"{place}/problems")["problems"]} == {"items[0].item_no"}
    assert broker.ask("POST", f"{place}/register").status_code == 422
    changed = {"content": a_declaration().content, "reference": "INV-3", "edition": 1}
    assert json.loads(broker.ask("PUT", place, changed).content)["edition"] == 2
    assert broker.ask("PUT", place, changed).status_code == 409
    for method, path in (("GET", place), ("PUT", place), ("DELETE", place), ("POST", f"{place}/register")):
        assert stranger.ask(method, path, changed).status_code == 404
    assert broker.post(f"{place}/register", status=201)["reference"] == "INV-3"
    assert Draft.objects.count() == 0
    assert broker.ask("GET", place).status_code == 404


def test_webhooks_are_managed_by_their_organisation_and_the_secret_is_shown_once(
    broker: Program, stranger: Program
) -> None:
    made = broker.post("/subscriptions", {"url": "https://erp.example/hook"}, status=201)
    assert len(made["secret"]) == 43
    assert broker.get("/subscriptions")[0]["secret"] is None
    assert broker.ask("POST", "/subscriptions", {"url": "https://10.0.0.1/"}).status_code == 422
    assert stranger.get("/subscriptions") == []
    place = f"/subscriptions/{made['id']}"
    assert broker.ask("POST", f"{place}/ping").status_code == 202
    assert [m["topic"] for m in broker.get(f"{place}/messages")] == ["ping"]
    assert stranger.ask("GET", f"{place}/messages").status_code == 404
    assert stranger.ask("DELETE", place).status_code == 404
    assert broker.ask("DELETE", place).status_code == 204
    assert broker.get("/subscriptions") == []


def test_notices_are_said_in_words_and_read(broker: Program) -> None:
    sent = broker.post("/declarations", a_declaration().content, status=201)
    [told] = broker.get("/notices")
    assert told["text"] == f"Declaration {sent['number']} is registered"
    assert told["read"] is False
    assert broker.ask("POST", "/notices/read", {"up_to": told["id"]}).status_code == 204
    assert broker.get("/notices")[0]["read"] is True


def test_files_need_a_token() -> None:
    assert Client().post("/api/v1/files", b"%PDF-", content_type="application/pdf").status_code == 401
