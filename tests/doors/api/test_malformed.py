"""Nothing that is sent breaks the API: no answer of 5xx, nothing stored by half."""

import json
import re
from collections import Counter

import pytest

from daliz.customs.assessment.models import Decision
from daliz.customs.intake.models import Declaration, Version
from daliz.doors.api.api import api
from daliz.ground.staff.actor import Role
from tests.customs.cast import TRADER, a_declaration
from tests.doors.api.cast import Program
from tests.doors.api.malformed import PATHS, Malformed, malformed
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

TAKING = ("/declarations", "/register")
EVERYBODY = (
    Role.DECLARANT, Role.OFFICER, Role.ADAPTER, Role.ANALYST, Role.SUPERVISOR, Role.COMPANY_ADMINISTRATOR,
)  # fmt: skip


@pytest.fixture
def program() -> Program:
    return Program(a_person("program", *EVERYBODY, organisation=TRADER))


def test_malformed_requests_are_refused_and_leave_nothing_half_stored(program: Program) -> None:
    statuses: Counter[int] = Counter()
    taken = 0
    for one in malformed(1000, seed=1):
        reply = program.send(one)
        statuses[reply.status_code] += 1
        assert reply.status_code < 500, (one, reply.content[:500])
        if one.method == "POST" and reply.status_code == 201 and one.path.endswith(TAKING):
            taken += 1
        if one.path == "/declarations/batch" and reply.status_code == 200:
            taken += sum("declaration" in result for result in json.loads(reply.content)["results"])
    assert statuses[422] > 150
    assert Declaration.objects.count() == Version.objects.count() == Decision.objects.count() == taken


def test_every_operation_is_asked() -> None:
    told = api.get_openapi_schema()["paths"]
    described = {
        (method.upper(), re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/api/v1")))
        for path, methods in told.items()
        for method in methods
    }
    assert {(method, re.sub(r"\{[^}]*\}", "{}", path)) for method, path in PATHS} == described


@pytest.mark.parametrize("letter", ["\x00", "\ud800"])
@pytest.mark.parametrize(
    ("field", "path"), [("description", "items[0].description"), ("declarant_name", "declarant_name")]
)
def test_a_character_that_no_text_may_have_is_named_by_its_place(
    program: Program, letter: str, field: str, path: str
) -> None:
    content = a_declaration().content
    (content["items"][0] if path.startswith("items") else content)[field] = f"a{letter}b"
    reply = program.ask("POST", "/declarations", json.dumps(content))
    assert reply.status_code == 422
    [problem] = json.loads(reply.content)["problems"]
    assert problem["path"] == path


@pytest.mark.parametrize("letter", ["\x00", "\ud800"])
def test_free_text_of_other_requests_is_checked_too(program: Program, letter: str) -> None:
    sent = program.post("/declarations", a_declaration().content, status=201)
    reply = program.ask("POST", f"/declarations/{sent['id']}/withdraw", json.dumps({"reason": f"a{letter}b"}))
    assert reply.status_code == 422
    assert json.loads(reply.content)["problems"][0]["path"].endswith("reason")


def test_a_bomb_of_xml_does_not_go_off(program: Program) -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    reply = program.send(Malformed("POST", "/declarations", bomb, "application/xml", {}))
    assert reply.status_code == 422


def test_one_that_is_wrong_in_a_batch_does_not_spoil_the_others(program: Program) -> None:
    right = a_declaration().content
    wrong = right | {"items": [right["items"][0] | {"hs_code": "x\x00"}]}
    results = program.post("/declarations/batch", [right, wrong, right])["results"]
    assert [sorted(one) for one in results] == [["declaration"], ["problems"], ["declaration"]]
    assert Declaration.objects.count() == 2
