"""Files, drafts and webhooks through the API: handed in, sent back, and only to whose they are."""

import io
import json
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image
from pytest_django import Settings

from daliz.customs.control.models import Control
from daliz.customs.intake.models import Declaration, Draft
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


def refused_at(program: Program, path: str, body: object) -> tuple[int, list[str]]:
    """Return with which status a request is refused, and the paths of what is wrong in it."""
    reply = program.ask("POST", path, body)
    assert reply.headers["Content-Type"] == "application/problem+json"
    return reply.status_code, [one["path"] for one in json.loads(reply.content).get("problems", ())]


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
    assert b"".join(broker.ask("GET", path).streaming_content) == PDF  # type: ignore[attr-defined]
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


def test_an_officer_hands_photographs_in_with_a_finding_and_the_declarant_never_sees_them(
    broker: Program, settings: Settings
) -> None:
    held = io.BytesIO()
    Image.new("RGB", (64, 48)).save(held, "PNG")
    _, officer = an_officer("aigul")
    broker.post("/declarations", a_weapon().content, status=201)
    control = Control.objects.get()
    officer.post(f"/controls/{control.pk}/take")
    shot = handed_in(officer, held.getvalue(), "seal.png")
    found = {"violation": False, "minutes": 5, "item_no": 1, "photographs": [shot]}
    theirs = handed_in(broker, held.getvalue(), "seal.png")
    refused = officer.ask("POST", f"/controls/{control.pk}/findings", found | {"photographs": [theirs]})
    assert refused.status_code == 404
    officer.post(f"/controls/{control.pk}/findings", found, status=201)
    place = f"/controls/{control.pk}/photographs"
    [told] = officer.get(place)
    assert (told["id"], told["name"], told["item_no"]) == (shot, "seal.png", 1)
    assert b"".join(officer.ask("GET", f"{place}/{shot}").streaming_content) == held.getvalue()  # type: ignore[attr-defined]
    assert broker.ask("GET", place).status_code == 403
    assert broker.ask("GET", f"{place}/{shot}").status_code == 403
    settings.VIRUS_SCAN = "false"
    reply = officer.ask("POST", "/files?name=seal.png", held.getvalue(), kind="image/png")
    assert json.loads(reply.content)["code"] == "file-virus"


def test_a_draft_in_the_place_of_a_withdrawn_declaration_is_linked_and_inherits_the_stricter_result(
    broker: Program, stranger: Program
) -> None:
    """Documents of the first were to be checked; of the second none would be, had it come by itself."""
    first = broker.post("/declarations", a_declaration(procedure="IM53").content, status=201)
    stated = {"content": a_declaration().content, "refiles": first["id"]}
    assert broker.ask("POST", "/drafts", stated).status_code == 409
    Declaration.objects.filter(pk=first["id"]).update(state="withdrawn")
    assert stranger.ask("POST", "/drafts", stated).status_code == 404
    draft = broker.post("/drafts", stated, status=201)
    assert draft["refiles"] == first["id"]
    anew = broker.post(f"/drafts/{draft['id']}/register", status=201)
    assert Declaration.objects.get(pk=anew["id"]).refiles_id == first["id"]
    assert anew["state"] == "control"
    plain = broker.post("/declarations", a_declaration().content, status=201)
    assert plain["state"] == "cleared"


def test_both_sides_see_the_clock_of_registration_and_that_it_was_kept(broker: Program) -> None:
    _, officer = an_officer("aigul")
    sent = broker.post("/declarations", a_weapon().content, status=201)
    [registration, release] = broker.get(f"/declarations/{sent['id']}/clocks")
    assert (registration["code"], release["code"]) == ("registration", "release")
    assert registration["ended_at"] == registration["begun_at"] < registration["due_at"]
    [seen, _] = officer.get(f"/controls/{Control.objects.get().pk}/clocks")
    assert (seen["code"], seen["id"]) == ("registration", None)


def test_a_company_administrator_admits_and_ends_colleagues_of_his_own(broker: Program) -> None:
    chief = Program(a_person("chief", Role.DECLARANT, Role.COMPANY_ADMINISTRATOR, organisation=TRADER))
    assert broker.ask("GET", "/company/people").status_code == 403
    assert [one["login"] for one in chief.get("/company/people")] == ["broker", "chief"]
    stated = {"login": "dana", "name": "Dana", "password": "ten tamed camels", "lang": "kk"}
    assert refused_at(chief, "/company/people", stated | {"password": "short"}) == (422, ["password"])
    assert refused_at(chief, "/company/people", stated | {"lang": "de"}) == (422, ["lang"])
    assert refused_at(chief, "/company/people", stated | {"login": "broker"}) == (409, [])
    dana = chief.post("/company/people", stated, status=201)
    assert (dana["administers"], dana["is_active"], "password" in dana) == (False, True, False)
    place = f"/company/people/{dana['id']}"
    given = json.loads(chief.ask("PUT", f"{place}/administers", {"administers": True}).content)
    assert given["administers"] is True
    assert chief.post(f"{place}/end")["is_active"] is False
    assert chief.post(f"{place}/back")["is_active"] is True
    outside = Program(a_person("other", Role.COMPANY_ADMINISTRATOR, organisation="other"))
    assert outside.ask("POST", f"{place}/end").status_code == 404
    own = next(one["id"] for one in chief.get("/company/people") if one["login"] == "chief")
    assert chief.ask("POST", f"/company/people/{own}/end").status_code == 403


def test_a_payment_that_nobody_declared_is_asked_for_and_not_taken_as_nothing(broker: Program) -> None:
    _, officer = an_officer("aigul")
    broker.post("/declarations", a_weapon().content, status=201)
    control = Control.objects.get()
    officer.post(f"/controls/{control.pk}/take")
    found = {
        "item_no": 1, "violation": True, "violation_type": "undervaluation", "minutes": 5,
        "found": {"customs_value": "3000000"},
    }  # fmt: skip
    reply = officer.ask("POST", f"/controls/{control.pk}/findings", found, Accept_Language="en")
    told = json.loads(reply.content)
    assert (reply.status_code, told["code"]) == (422, "finding-unknown")
    assert [one["path"] for one in told["problems"]] == ["assessed"]
    assert "unknown: duty, VAT" in told["title"]
    kept = officer.post(f"/controls/{control.pk}/findings", found | {"assessed": "120000.00"}, status=201)
    assert (kept["assessed"], kept["payments"]["found"]["duty"]) == ("120000.00", None)


def test_what_the_caller_can_mend_is_named_with_its_path_and_what_stands_against_it_is_a_conflict(
    broker: Program,
) -> None:
    _, officer = an_officer("aigul")
    broker.post("/declarations", a_weapon().content, status=201)
    control = Control.objects.get()
    place = f"/controls/{control.pk}"
    clean = {"item_no": 1, "violation": False, "minutes": 5, "extent": "full"}
    assert refused_at(officer, f"{place}/findings", clean) == (409, [])  # not begun
    officer.post(f"{place}/take")
    assert refused_at(officer, f"{place}/findings", clean | {"item_no": 9}) == (422, ["item_no"])
    assert refused_at(officer, f"{place}/findings", clean | {"violation": True}) == (422, ["violation_type"])
    wrong = clean | {"found": {"net_mass_kg": "much"}}
    assert refused_at(officer, f"{place}/findings", wrong) == (422, ["found.net_mass_kg"])
    assert refused_at(officer, f"{place}/conclude", {"outcome": "passed"}) == (409, [])  # nothing is found
    assert refused_at(officer, f"{place}/requests", {"code": "poem"}) == (422, ["code"])
    asked = officer.post(f"{place}/requests", {"code": "contract"}, status=201)
    assert refused_at(broker, f"/requests/{asked['id']}/answer", {"text": " "}) == (422, ["text"])
    assert refused_at(officer, f"/requests/{asked['id']}/drop", {"reason": " "}) == (422, ["reason"])
    assert refused_at(officer, f"/requests/{asked['id']}/drop", {"reason": 7}) == (422, ["reason"])


def test_a_weak_password_is_refused_in_the_callers_language(broker: Program) -> None:
    chief = Program(a_person("chief", Role.DECLARANT, Role.COMPANY_ADMINISTRATOR, organisation=TRADER))
    stated = {"login": "dana", "name": "Dana", "password": "short"}
    for lang, begin in (("ru", "слишком слабый пароль"), ("kk", "құпиясөз тым әлсіз")):
        told = json.loads(chief.ask("POST", "/company/people", stated, Accept_Language=lang).content)
        assert told["code"] == "staff-password"
        assert told["problems"][0]["message"].startswith(begin)
        assert "This" not in told["title"]


def test_a_superior_withholds_a_release_and_another_lifts_it(broker: Program) -> None:
    first, second = (Program(a_person(n, Role.SUPERVISOR, office="53901")) for n in ("first", "second"))
    sent = broker.post("/declarations", a_declaration().content, status=201)
    place = f"/declarations/{sent['id']}/stops"
    assert broker.ask("POST", place, {"reason": "r"}).status_code == 403
    stop = first.post(place, {"reason": "a letter"}, status=201)
    assert (stop["declaration"], stop["set_by"]) == (sent["id"], "first")
    assert first.ask("POST", f"/stops/{stop['id']}/lift", {"reason": "r"}).status_code == 403
    assert second.post(f"/stops/{stop['id']}/lift", {"reason": "settled"})["lifted_by"] == "second"
    [told] = second.get(place)
    assert (told["reason"], told["lift_reason"]) == ("a letter", "settled")
    assert broker.ask("GET", place).status_code == 403
