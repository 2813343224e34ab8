"""Logs are lines of JSON that name the request and its route, and never say what was declared."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from daliz.config.logs import logging_settings
from daliz.ground.staff.actor import Role
from tests.customs.cast import TRADER, a_declaration
from tests.doors.api.cast import Program
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]

SECRET = "ТОО Тайна 4417"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes to the log."""
    settings: dict[str, Any] = logging_settings(as_json=True)["formatters"]["lines"]
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(**{k: v for k, v in settings.items() if k != "()"})
    )
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def broker() -> Program:
    return Program(a_person("broker", Role.DECLARANT, organisation=TRADER))


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_told_by_its_route(broker: Program, written: io.StringIO) -> None:
    content = a_declaration(declarant_name=SECRET).content
    broker.post("/declarations", content, status=201, X_Request_ID="erp-request-7", X_Reference="INV-7")
    [line] = [one for one in lines(written) if one["event"] == "answered"]
    assert line["request"] == "erp-request-7"
    assert (line["route"], line["status"], line["level"]) == ("api/v1/declarations", 201, "info")
    assert SECRET not in written.getvalue()


def test_what_fails_is_told_by_kind_and_place_without_its_text(
    broker: Program, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError(f"no row for {SECRET}")

    monkeypatch.setattr("daliz.customs.flow.submit_all", broken)
    reply = broker.ask("POST", "/declarations", a_declaration(declarant_name=SECRET).content)
    assert reply.status_code == 500
    assert SECRET not in reply.content.decode()
    [line] = [one for one in lines(written) if one["level"] == "error"]
    assert line["error"] == "LookupError"
    assert line["where"][-1].endswith("broken")
    assert "request" in line
    assert SECRET not in written.getvalue()


def test_a_name_of_a_request_that_is_not_well_formed_is_not_taken_over(broker: Program) -> None:
    reply = broker.ask("GET", "/declarations", X_Request_ID='"}, {"a": ')
    assert len(reply["X-Request-ID"]) == 32
