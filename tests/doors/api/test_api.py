"""The API as programs meet it: submit, follow, answer, control; twice, wrongly, and without a right."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control
from daliz.customs.intake.models import Declaration
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import Token, User
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.doors.api.cast import Program
from tests.engine.reading.xml.documents import an_eaeu_declaration, in_an_envelope
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]


@pytest.fixture
def broker() -> Program:
    return Program(a_person("broker", Role.DECLARANT, organisation=TRADER))


def an_officer(login: str) -> tuple[User, Program]:
    user = a_person(login, Role.OFFICER, office="53901")
    now = datetime.now(UTC)
    be_present(
        user=user, on_shift=True, forms=["documents", "physical"], actor=actor_of(user, now=now), now=now
    )
    return user, Program(user)


def adapter() -> Program:
    return Program(a_person("treasury", Role.ADAPTER))


def test_a_declaration_is_followed_from_submission_to_release(broker: Program) -> None:
    sent = broker.post("/declarations", a_declaration().content, status=201, X_Reference="INV-7")
    assert (sent["state"], sent["reference"]) == ("cleared", "INV-7")
    treasury = adapter()
    for code in ("payment", "permits", "presentation"):
        told = treasury.ask("PUT", f"/declarations/{sent['id']}/conditions/{code}", {"holds": True})
        assert told.status_code == 204
    assert broker.get(f"/declarations/{sent['id']}")["state"] == "released"
    lines = [line["what"] for line in broker.get(f"/declarations/{sent['id']}/timeline")]
    assert lines == ["stored", "registered", "free", "release"]
    assert [n["topic"] for n in broker.get("/notices")] == ["registered", "release"]


def test_a_control_goes_through_two_officers_systems(broker: Program) -> None:
    people = dict(an_officer(login) for login in ("aigul", "askar"))
    sent = broker.post("/declarations", a_weapon().content, status=201)
    assert sent["state"] == "control"
    control = Control.objects.get()
    assert control.officer is not None
    first = people.pop(control.officer)
    [second] = people.values()
    [work] = first.get("/controls")
    assert work["measures"][0]["hint"]["ru"] == "Товары, перемещение которых требует особого разрешения"
    assert second.get("/controls") == []
    assert second.ask("GET", f"/controls/{work['id']}").status_code == 404
    first.post(f"/controls/{work['id']}/take")
    assert first.get(f"/controls/{work['id']}")["content"]["items"][0]["hs_code"] == "9303300000"
    asked = first.post(f"/controls/{work['id']}/requests", {"code": "contract"}, status=201)
    assert broker.get(f"/declarations/{sent['id']}/requests")[0]["state"] == "open"
    broker.post(f"/requests/{asked['id']}/answer", {"text": "attached"})
    found = {"item_no": 1, "violation": True, "violation_type": "prohibited", "minutes": 90, "extent": "full"}
    first.post(f"/controls/{work['id']}/findings", found, status=201)
    assert first.post(f"/controls/{work['id']}/conclude", {"outcome": "seized"})["state"] == "proposed"
    assert first.ask("POST", f"/controls/{work['id']}/confirm", {"agreed": True}).status_code == 404
    [waiting] = second.get("/controls/to-confirm")
    assert second.post(f"/controls/{waiting['id']}/confirm", {"agreed": True})["state"] == "concluded"
    assert broker.get(f"/declarations/{sent['id']}")["state"] == "seized"


def test_sending_twice_under_one_key_submits_once(broker: Program) -> None:
    body = a_declaration().content
    first = broker.post("/declarations", body, status=201, Idempotency_Key="abc")
    again = broker.post("/declarations", body, status=201, Idempotency_Key="abc")
    assert first == again
    assert Declaration.objects.count() == 1
    other = broker.ask("POST", "/declarations", a_weapon().content, Idempotency_Key="abc")
    assert (other.status_code, json.loads(other.content)["code"]) == (400, "idempotency-key-reused")


def test_a_refused_request_leaves_its_key_free(broker: Program) -> None:
    wrong = a_declaration(direction="sideways").content
    assert broker.ask("POST", "/declarations", wrong, Idempotency_Key="k").status_code == 422
    broker.post("/declarations", a_declaration().content, status=201, Idempotency_Key="k")


def test_every_problem_is_told_with_its_path_in_the_callers_language(broker: Program) -> None:
    body = a_declaration().content
    body["items"][0]["hs_code"] = "64-03"
    del body["items"][0]["item_no"]
    reply = broker.ask("POST", "/declarations", body, Accept_Language="ru-KZ, en;q=0.5")
    told = json.loads(reply.content)
    assert (reply.status_code, reply["Content-Type"], told["code"]) == (
        422, "application/problem+json", "declaration-broken",
    )  # fmt: skip
    assert told["problems"] == [
        {
            "path": "items[0].item_no",
            "code": "field-missing",
            "message": "значение отсутствует",
            "value": None,
        }
    ]


def test_a_batch_takes_the_good_and_names_the_broken(broker: Program) -> None:
    listed = [a_declaration().content, {"direction": "import"}, a_weapon().content, 7]
    results = broker.post("/declarations/batch", listed)["results"]
    assert [list(one) for one in results] == [["declaration"], ["problems"], ["declaration"], ["problems"]]
    assert Declaration.objects.count() == 2
    assert broker.ask("POST", "/declarations/batch", {"not": "a list"}).status_code == 400
    assert broker.ask("POST", "/declarations/batch", [{}] * 201).status_code == 400


def test_xml_is_taken_singly_and_in_an_envelope(broker: Program) -> None:
    refused = broker.ask("POST", "/declarations", an_eaeu_declaration(), kind="application/xml")
    assert refused.status_code == 422
    assert [one["path"] for one in json.loads(refused.content)["problems"]] == ["[0].office"]
    here = "?office=55301"
    one = broker.ask("POST", f"/declarations{here}", an_eaeu_declaration(), kind="application/xml")
    assert one.status_code == 201, one.content
    assert json.loads(one.content)["reference"] == "5CC73D96-1F95-4073-BBD5-C12C23538175"
    two = in_an_envelope(an_eaeu_declaration(), an_eaeu_declaration())
    assert broker.ask("POST", f"/declarations{here}", two, kind="application/xml").status_code == 400
    reply = broker.ask("POST", f"/declarations/batch{here}", two, kind="text/xml; charset=utf-8")
    assert len(json.loads(reply.content)["results"]) == 2


def test_a_declarant_sees_his_own_only(broker: Program) -> None:
    sent = broker.post("/declarations", a_declaration().content, status=201)
    stranger = Program(a_person("stranger", Role.DECLARANT, organisation="other"))
    for path in ("", "/timeline", "/requests"):
        assert stranger.ask("GET", f"/declarations/{sent['id']}{path}").status_code == 404
    assert stranger.get("/declarations") == {"declarations": [], "next": None}
    assert stranger.get("/notices") == []
    assert stranger.ask("POST", f"/declarations/{sent['id']}/withdraw", {"reason": "x"}).status_code == 404


def test_pages_go_on_from_one_another(broker: Program) -> None:
    sent = [broker.post("/declarations", a_declaration().content, status=201)["id"] for _ in range(5)]
    seen: list[int] = []
    path = "/declarations?limit=2"
    while True:
        page = broker.get(path)
        seen += [row["id"] for row in page["declarations"]]
        if page["next"] is None:
            break
        path = f"/declarations?limit=2&before={page['next']}"
    assert seen == sorted(sent, reverse=True)


def test_without_a_token_a_scope_or_a_role_nothing_is_done(broker: Program) -> None:
    reply = Client().post("/api/v1/declarations", "{}", content_type="application/json")
    assert (reply.status_code, reply["WWW-Authenticate"]) == (401, "Bearer")
    reader = Program(User.objects.get(login="broker"), "declarations:read")
    told = reader.ask("POST", "/declarations", a_declaration().content)
    assert (told.status_code, json.loads(told.content)["code"]) == (403, "scope-missing")
    assert broker.ask("GET", "/controls").status_code == 403
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"x"',
        '{"items": []}',
        '{"items": [{}]}',
        "[" * 5000,
        '{"a": "\\u0000"}',
        b"\xff\xfe",
        "NaN",
    ],
)
def test_nonsense_is_refused_and_nothing_is_kept(broker: Program, body: Any) -> None:
    for kind in ("application/json", "application/xml", "text/plain"):
        for path in ("/declarations", "/declarations/batch"):
            reply = broker.ask("POST", path, body, kind=kind)
            assert reply.status_code in (200, 400, 422), (path, kind, reply.content)
    assert Declaration.objects.count() == 0


def test_health_and_readiness() -> None:
    assert Client().get("/health").json()["alive"] is True
    assert Client().get("/ready").json()["ready"] is True


def test_control_is_changed_corrected_printed_and_contested_through_the_api(broker: Program) -> None:
    _, officer = an_officer("aigul")
    superior = Program(a_person("superior", Role.SUPERVISOR, office="53901"))
    item = a_declaration(procedure="IM53").content
    item["items"][0] |= {"duty_rate": 0.1, "duty": "2000000.00", "vat": "2640000.00"}
    sent = broker.post("/declarations", item, status=201)
    [_, clock] = broker.get(f"/declarations/{sent['id']}/clocks")
    assert (clock["code"], clock["reason"]) == ("release", "")
    [work] = officer.get("/controls")
    officer.post(f"/controls/{work['id']}/take")
    [_, mine] = officer.get(f"/controls/{work['id']}/clocks")
    stopped = officer.post(f"/clocks/{mine['id']}/stop", {"reason": "goods_not_at_hand", "text": "away"})
    assert stopped["due_at"] is None
    assert "away" not in str(broker.get(f"/declarations/{sent['id']}/clocks"))
    officer.post(f"/clocks/{mine['id']}/resume")
    asked = officer.post(f"/clocks/{mine['id']}/extend", {"reason": "an expert"}, status=201)
    assert superior.post(f"/approvals/{asked['id']}", {"agreed": True})["agreed"] is True
    change = {"measures": ["visual_inspection"], "reason": "a smell"}
    asked = officer.post(f"/declarations/{sent['id']}/reroutings", change, status=201)
    assert [one["id"] for one in superior.get("/reroutings")] == [asked["id"]]
    superior.post(f"/reroutings/{asked['id']}", {"agreed": False, "comment": "no"})
    found = {
        "item_no": 1, "violation": True, "violation_type": "undervaluation", "minutes": 60,
        "found": {"customs_value": "25000000"},
    }  # fmt: skip
    told = officer.post(f"/controls/{work['id']}/findings", found, status=201)
    assert told["assessed"] == "1160000.00"
    assert officer.ask("GET", f"/controls/{work['id']}/act").status_code == 409
    assert broker.get(f"/declarations/{sent['id']}/findings") == []
    officer.post(f"/controls/{work['id']}/conclude", {"outcome": "corrected"})
    assert broker.get(f"/declarations/{sent['id']}")["version"] == 2
    [seen] = broker.get(f"/declarations/{sent['id']}/findings")
    assert (seen["violation_type"], seen["payments"]["found"]["duty"]) == ("undervaluation", "2500000.00")
    for program, path in ((officer, f"/controls/{work['id']}/act"), (broker, f"/acts/{work['id']}")):
        act = program.ask("GET", path, Accept_Language="kk")
        assert (act.status_code, act["Content-Type"], act.content[:5]) == (200, "application/pdf", b"%PDF-")
    appeal = broker.post(f"/findings/{seen['id']}/contest", {"reason": "dear"}, status=201)
    verdict = {"verdict": "corrected", "comment": "half", "assessed": "580000.00"}
    assert officer.ask("POST", f"/appeals/{appeal['id']}", verdict).status_code == 403
    assert superior.post(f"/appeals/{appeal['id']}", verdict)["verdict"] == "corrected"
    stranger = Program(a_person("stranger", Role.DECLARANT, organisation="other"))
    assert stranger.ask("GET", f"/acts/{work['id']}").status_code == 404
    again = {"reason": "dear"}
    assert stranger.ask("POST", f"/findings/{seen['id']}/contest", again).status_code == 404


def test_the_description_has_examples_that_are_taken_and_how_it_refuses(broker: Program) -> None:
    told = broker.get("/openapi.json")
    one = told["paths"]["/api/v1/declarations"]["post"]
    example = one["requestBody"]["content"]["application/json"]["example"]
    assert broker.post("/declarations", example, status=201)["state"] == "cleared"
    assert sorted(one["responses"]) == ["201", "4XX"]


def test_the_page_of_the_description_loads_nothing(broker: Program) -> None:
    reply = broker.ask("GET", "/docs")
    assert reply.status_code == 200
    assert reply["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    text = reply.content.decode()
    assert "<script" not in text
    assert "<code>POST /api/v1/declarations/batch</code>" in text
    assert "http" not in text.replace("</html>", "")


def test_a_program_changes_its_own_token(broker: Program) -> None:
    told = broker.post("/token/rotate", status=201)
    client = Client()

    def status(token: str) -> int:
        return client.get("/api/v1/declarations", headers={"Authorization": f"Bearer {token}"}).status_code

    assert (status(told["token"]), status(told["token"] + "x")) == (200, 401)
    assert broker.get("/declarations") == {"declarations": [], "next": None}
    old, new = Token.objects.order_by("id")
    assert old.expires_at - datetime.now(UTC) < timedelta(hours=24, minutes=1)
    assert new.scopes == old.scopes
