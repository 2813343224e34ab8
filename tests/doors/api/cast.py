"""Programs that ask: each with the token of its person."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from daliz.ground.staff.actions import SCOPES, issue_token
from daliz.ground.staff.actor import SYSTEM
from daliz.ground.staff.models import User
from tests.doors.api.malformed import Malformed


class Program:
    """Asks the API as a person's program."""

    def __init__(self, user: User, *scopes: str) -> None:
        now = datetime.now(UTC)
        self._token = issue_token(
            user=user,
            name="test",
            scopes=scopes or SCOPES,
            expires_at=now + timedelta(days=1),
            actor=SYSTEM,
            now=now,
        )
        self._client = Client(raise_request_exception=False)

    def ask(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json", **headers: str
    ) -> HttpResponse:
        """Send a request."""
        data = (
            body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body, default=str)
        )
        sent = {"Authorization": f"Bearer {self._token}"} | {
            n.replace("_", "-"): v for n, v in headers.items()
        }
        return self._client.generic(method, f"/api/v1{path}", data, content_type=kind, headers=sent)  # type: ignore[return-value]  # a response

    def send(self, one: Malformed) -> HttpResponse:
        """Send a request that is not right, as it is."""
        sent = {"Authorization": f"Bearer {self._token}"} | one.headers
        path = f"/api/v1{one.path}"
        return self._client.generic(  # type: ignore[return-value]  # a response
            one.method, path, one.body, content_type=one.kind, headers=sent
        )

    def get(self, path: str) -> Any:
        """Return what GET gives; it must be there."""
        reply = self.ask("GET", path)
        assert reply.status_code == 200, reply.content
        return json.loads(reply.content)

    def post(self, path: str, body: Any = None, *, status: int = 200, **headers: str) -> Any:
        """Return what POST gives."""
        reply = self.ask("POST", path, body, **headers)
        assert reply.status_code == status, (reply.status_code, reply.content.decode())
        return json.loads(reply.content)
