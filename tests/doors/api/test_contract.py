"""The API keeps to its own description: schemathesis makes requests of it, right and wrong, and looks.

So many of each operation in the suite, always the same; ``make contract`` makes more. Half of those that
name something name something that is there.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from pytest_django import Settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from daliz.config.wsgi import application
from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control
from daliz.doors.api.api import api
from daliz.ground.staff.actions import SCOPES, issue_token
from daliz.ground.staff.actor import SYSTEM, Role
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.doors.api.cast import Program
from tests.doors.api.test_requests import handed_in
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "4"))

BEFORE_ANY_LOOK = "request-invalid"
"""The code of what the description alone refuses; what is refused under another was looked into further."""


def without_security() -> dict[str, Any]:
    """The description but for tokens: every request of these tests has one that holds."""
    told: dict[str, Any] = api.get_openapi_schema()  # made anew at each call
    for operations in told["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return told


described = schemathesis.openapi.from_dict(without_security())
described.app = application


class There:
    """What there is, and the token of somebody who may do everything."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        everybody = (Role.DECLARANT, Role.OFFICER, Role.ADAPTER, Role.ANALYST, Role.SUPERVISOR)
        person = a_person("program", *everybody, organisation=TRADER)
        self.token = issue_token(
            user=person, name="contract", scopes=SCOPES, expires_at=now + timedelta(days=1), actor=SYSTEM,
            now=now,
        )  # fmt: skip
        be_present(
            user=person,
            on_shift=True,
            forms=["documents", "physical"],
            actor=actor_of(person, now=now),
            now=now,
        )
        program = Program(person)
        stopped = program.post("/declarations", a_weapon().content, status=201)
        control = Control.objects.get()
        program.post(f"/controls/{control.pk}/take")
        asked = program.post(f"/controls/{control.pk}/requests", {"code": "contract"}, status=201)
        found = program.post(
            f"/controls/{control.pk}/findings",
            {"violation": False, "minutes": 5, "extent": "full", "item_no": 1},
            status=201,
        )
        program.post(f"/requests/{asked['id']}/answer", {"files": [handed_in(program)]})
        draft = program.post("/drafts", {"content": a_declaration().content}, status=201)
        webhook = program.post("/subscriptions", {"url": "https://erp.example/hook"}, status=201)
        clocks = program.get(f"/controls/{control.pk}/clocks")
        clock = next(
            one for one in clocks if one["id"] is not None
        )  # not that of registration, which is over
        self.keys = {
            "declarations": stopped["id"], "controls": control.pk, "requests": asked["id"],
            "findings": found["id"], "drafts": draft["id"], "subscriptions": webhook["id"],
            "clocks": clock["id"],
        }  # fmt: skip


@pytest.fixture
def there(settings: Settings, tmp_path: Path) -> There:
    settings.FILES = tmp_path / "files"
    return There()


@described.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_does_what_it_says(case: schemathesis.Case[Any], there: There) -> None:
    key = case.path_parameters.get("key")
    path = case.path.removeprefix("/api/v1")
    of = path.split("/")[1]
    if isinstance(key, int) and key % 2 == 0 and of in there.keys:
        case.path_parameters["key"] = there.keys[of]
    reply = case.call(base_url="http://localhost/", headers={"Authorization": f"Bearer {there.token}"})
    known = reply.status_code == 400 and reply.json()["code"] == "idempotency-key-reused"
    looked_into = known or (reply.status_code == 422 and reply.json()["code"] != BEFORE_ANY_LOOK)
    case.validate_response(reply, excluded_checks=[positive_data_acceptance] if looked_into else [])
