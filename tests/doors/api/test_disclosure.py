"""Every operation as every role: what is confidential reaches nobody who may not have it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from daliz.customs.assessment.models import Decision, MeasureOrder
from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control, DocumentRequest
from daliz.doors.api.api import api
from daliz.engine.pack import Pack
from daliz.ground.staff.actor import Role
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.doors.api.cast import Program
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

SECRET_TO_OFFICERS = {
    "probability",
    "level",
    "propensity",
    "in_random",
    "stratum",
    "contributions",
    "profile_id",
    "profile_version",
    "policy_id",
    "snapshot_id",
    "price_id",
    "key_id",
    "expected_damage",
    "reasons",
    "capacity",
    "orders",
    "corridor",
}
SECRET_TO_DECLARANTS = SECRET_TO_OFFICERS | {
    "measures",
    "measure",
    "hint",
    "look_at",
    "violation",
    "findings",
}
MAY_SEE_ALL = {Role.ANALYST}
OFFICERS = {Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR}


def operations() -> Iterator[tuple[str, str]]:
    """Every method and path that the schema of the API names."""
    for path, methods in api.get_openapi_schema(path_prefix="/")["paths"].items():
        for method in methods:
            yield method.upper(), path


def keys_within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield key
            yield from keys_within(held)
    elif isinstance(value, list):
        for held in value:
            yield from keys_within(held)


def bodies(path: str) -> list[Any]:
    """Bodies that bring an operation as far as it goes."""
    if path.endswith("/batch"):
        return [[a_declaration().content, a_weapon().content]]
    return [
        a_weapon().content,
        {"reason": "r", "declaration": a_declaration().content},
        {"reason": "r"},
        {"text": "t"},
        {"holds": True},
        {"agreed": True},
        {"outcome": "passed"},
        {"reason": "r", "measures": ["price_check"]},
        {"verdict": "upheld", "comment": "c"},
        {"code": "contract"},
        {"content": {"direction": "import"}, "reference": "r"},
        {"content": {}, "reference": "r", "edition": 1},
        {"url": "https://erp.example/hook"},
        {"up_to": 1},
        {"violation": False, "minutes": 1},
        None,
    ]


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY_SEE_ALL])
def test_no_confidential_field_or_rule_reaches_whoever_may_not_have_it(role: Role, pack: Pack) -> None:
    now = datetime.now(UTC)
    officers = [a_person(login, Role.OFFICER, office="53901") for login in ("aigul", "askar")]
    for officer in officers:
        be_present(
            user=officer, on_shift=True, forms=list(pack.forms), actor=actor_of(officer, now=now), now=now
        )
    broker = Program(a_person("broker", Role.DECLARANT, organisation=TRADER))
    sent = [broker.post("/declarations", d.content, status=201)["id"] for d in (a_weapon(), a_declaration())]
    control = Control.objects.get()
    worker = Program(control.officer)  # type: ignore[arg-type]  # there are officers
    worker.post(f"/controls/{control.pk}/take")
    worker.post(f"/controls/{control.pk}/requests", {"code": "contract"}, status=201)
    asked = DocumentRequest.objects.get()
    assert MeasureOrder.objects.filter(profile_id="KZ-BN-01").exists()
    asking = {
        Role.DECLARANT: broker,
        Role.OFFICER: worker,
    }.get(role) or Program(a_person("somebody", role, organisation=TRADER if role is Role.DECLARANT else ""))
    secret = SECRET_TO_OFFICERS if role in OFFICERS else SECRET_TO_DECLARANTS
    rules = re.compile("|".join(re.escape(p.id) for p in pack.profiles) + "|in_list|hs_heading")
    walked = 0
    for method, path in operations():
        for body in bodies(path) if method != "GET" else [None]:
            place = path.removeprefix("/").removeprefix("api/v1")
            for key in (*sent, control.pk, asked.pk):
                filled = place.replace("{key}", str(key)).replace("{code}", "payment").replace("{file}", "1")
                reply = asking.ask(method, filled if filled.startswith("/") else f"/{filled}", body)
                assert reply.status_code < 500, (method, filled, reply.content)
                text = reply.content.decode()
                walked += 1
                assert not rules.search(text), (method, filled, text)
                if text and "/schema/" not in path:
                    leaked = secret.intersection(keys_within(json.loads(text)))
                    assert not leaked, (method, filled, leaked)
    assert walked > 150


def test_an_analyst_sees_the_decision_whole(pack: Pack) -> None:
    broker = Program(a_person("broker", Role.DECLARANT, organisation=TRADER))
    sent = broker.post("/declarations", a_weapon().content, status=201)
    [told] = Program(a_person("analyst", Role.ANALYST)).get(f"/declarations/{sent['id']}/decisions")
    assert told["corridor"] == "red"
    assert {order["profile_id"] for order in told["orders"]} == {"KZ-BN-01"}


def test_a_control_after_release_is_invisible_to_the_declarant(pack: Pack) -> None:
    broker = Program(a_person("broker", Role.DECLARANT, organisation=TRADER))
    free = broker.post("/declarations", a_declaration().content, status=201)
    blue = broker.post("/declarations", a_declaration().content, status=201)
    control_after_release(blue["id"])
    seen = [broker.get(f"/declarations/{one['id']}/timeline") for one in (free, blue)]
    assert [line["what"] for line in seen[0]] == [line["what"] for line in seen[1]]
    told = [broker.get(f"/declarations/{one['id']}") for one in (free, blue)]
    assert [one["state"] for one in told] == ["cleared", "cleared"]


def control_after_release(declaration: int) -> None:
    decision = Decision.objects.get(version__declaration=declaration)
    Control.objects.create(
        declaration_id=declaration,
        decision=decision,
        form="post_release",
        measures=[],
        minutes=120,
        before_release=False,
        opened_at=decision.at,
    )
