"""A demonstration that lives: people of every role, and a world's declarations that keep coming."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from daliz.customs.control.queries import role_for
from daliz.customs.reference.queries import pack
from daliz.doors.cli.serving.people import admit_person, token_of
from daliz.engine.records.arrivals import arrivals
from daliz.ground.staff.actor import Role

ORGANISATION: Final = "600400123456"

_SEVERAL: Final = {
    Role.OFFICER: ("Aigul Demo", "Bota Demo", "Nurlan Demo"),
    Role.SUPERVISOR: ("Askar Demo", "Madina Demo"),
}
"""Roles that more than one holds: a second agrees to what the first does, another lifts what one withheld."""
_NAMES: Final = {
    Role.DECLARANT: "Bolat Demo",
    Role.COMPANY_ADMINISTRATOR: "Zarina Demo",
    Role.ANALYST: "Dana Demo",
    Role.APPROVER: "Yerlan Demo",
    Role.TRADER_OFFICER: "Saule Demo",
    Role.AUDITOR: "Marat Demo",
    Role.MANAGER: "Gulnara Demo",
    Role.ENGINEER: "Timur Demo",
    Role.ADMINISTRATOR: "Admin Demo",
    Role.INTERNAL_AFFAIRS: "Inna Demo",
    Role.ADAPTER: "Payments desk",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the demonstration: login, role, password of this demonstration alone."""

    login: str
    role: Role
    password: str


def people() -> list[Person]:
    """Admit somebody of every role, of some a few, each with a password made for this demonstration."""
    admitted = []
    for role in Role:
        names = _SEVERAL.get(role) or (_NAMES[role],)
        forms = [form for form in pack().forms if role_for(form) is role]
        for n, name in enumerate(names, 1):
            login = role.value.replace("_", "-") + (str(n) if len(names) > 1 else "")
            person = Person(login, role, secrets.token_urlsafe(12))
            held = [Role.DECLARANT, role] if role is Role.COMPANY_ADMINISTRATOR else [role]
            admit_person(
                login=login, name=name, roles=[one.value for one in held], office=None,
                organisation=ORGANISATION if Role.DECLARANT in held else "",
                forms=forms, password=person.password,
            )  # fmt: skip
            admitted.append(person)
    return admitted


def tokens() -> dict[str, str]:
    """Make the tokens by which the feeder speaks for the broker and the payments desk."""
    until = datetime.now(UTC) + timedelta(days=30)
    return {
        login: token_of(login, name="demo feeder", scopes=None, until=until)
        for login in (Role.DECLARANT.value, Role.ADAPTER.value)
    }


def declarations_of_world(folder: Path) -> Iterator[dict[str, Any]]:
    """Give the declarations of the world's last month over and over, in order, as they are submitted."""
    table = pq.read_table(folder / "declarations.parquet")
    last = pc.max(table["registered_at"]).as_py()
    came = arrivals(table, since=last - timedelta(days=28))
    contents = [one.declared.content for one in came if one.version == 1]
    while contents:
        yield from contents


def feed(
    *, address: str, world: Path, given: dict[str, str], first: int, every: float, count: int | None
) -> tuple[int, int]:
    """Submit the world's declarations at a pace, and tell the conditions of release of those before.

    Args:
        address: of the server, without a slash at the end.
        world: folder of the world.
        given: tokens of broker and payments desk.
        first: declarations that come one upon the other, so that nobody opens an empty house; 0 or more.
        every: seconds between two declarations after them.
        count: of declarations; None: without end.

    Returns:
        How many were taken and how many conditions were told.
    """
    taken, told = 0, 0
    waiting: list[int] = []
    conditions: Sequence[str] = tuple(pack().clearance.conditions)
    for content in declarations_of_world(world):
        if count is not None and taken >= count:
            break
        reply = _ask("POST", f"{address}/api/v1/declarations", given["declarant"], content)
        if reply is not None:
            taken += 1
            waiting.append(reply["id"])
        if len(waiting) > 5:
            key = waiting.pop(0)
            for code in conditions:
                place = f"{address}/api/v1/declarations/{key}/conditions/{code}"
                _ask("PUT", place, given["adapter"], {"holds": True})
                told += 1
        if taken >= first:
            time.sleep(every)
    return taken, told


def _ask(method: str, url: str, token: str, body: object) -> Any:
    """Ask the server; None where it refuses or is not there for a while."""
    request = Request(  # noqa: S310 -- the address of our own server
        url, data=json.dumps(body).encode(), method=method,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urlopen(request, timeout=30) as reply:  # noqa: S310 -- as above
            text = reply.read()
            return json.loads(text) if text else {}
    except HTTPError:
        return None
    except (URLError, OSError):
        time.sleep(2)
        return None


def tokens_file() -> Path:
    """Return where the feeder finds its tokens; the owner alone may read it."""
    return Path(settings.HOME) / "demo-tokens.json"
