"""Requests that are not right, made from ones that are: some for the tests, very many for the bench."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from tests.customs.cast import a_declaration

PATHS: Final = (
    ("POST", "/declarations"),
    ("POST", "/declarations/batch"),
    ("GET", "/declarations"),
    ("GET", "/declarations/{n}"),
    ("GET", "/declarations/{n}/timeline"),
    ("GET", "/declarations/{n}/requests"),
    ("GET", "/declarations/{n}/decisions"),
    ("GET", "/declarations/{n}/clocks"),
    ("GET", "/declarations/{n}/findings"),
    ("POST", "/declarations/{n}/amend"),
    ("POST", "/declarations/{n}/withdraw"),
    ("POST", "/declarations/{n}/reroutings"),
    ("POST", "/declarations/{n}/reopen"),
    ("POST", "/declarations/{n}/arrive"),
    ("PUT", "/declarations/{n}/conditions/{word}"),
    ("GET", "/schema/declaration"),
    ("POST", "/drafts"),
    ("GET", "/drafts"),
    ("GET", "/drafts/{n}"),
    ("PUT", "/drafts/{n}"),
    ("DELETE", "/drafts/{n}"),
    ("GET", "/drafts/{n}/problems"),
    ("POST", "/drafts/{n}/register"),
    ("POST", "/files"),
    ("POST", "/requests/{n}/answer"),
    ("POST", "/requests/{n}/accept"),
    ("POST", "/requests/{n}/again"),
    ("POST", "/requests/{n}/drop"),
    ("GET", "/requests/{n}/files/{n}"),
    ("GET", "/notices"),
    ("POST", "/notices/read"),
    ("GET", "/subscriptions"),
    ("POST", "/subscriptions"),
    ("DELETE", "/subscriptions/{n}"),
    ("POST", "/subscriptions/{n}/ping"),
    ("GET", "/subscriptions/{n}/messages"),
    ("POST", "/subscriptions/{n}/retry"),
    ("GET", "/controls"),
    ("GET", "/controls/to-confirm"),
    ("GET", "/controls/{n}"),
    ("GET", "/controls/{n}/clocks"),
    ("GET", "/controls/{n}/obligations"),
    ("GET", "/controls/{n}/act"),
    ("POST", "/controls/{n}/take"),
    ("POST", "/controls/{n}/findings"),
    ("POST", "/controls/{n}/requests"),
    ("POST", "/controls/{n}/conclude"),
    ("POST", "/controls/{n}/confirm"),
    ("POST", "/controls/{n}/notice"),
    ("POST", "/clocks/{n}/stop"),
    ("POST", "/clocks/{n}/resume"),
    ("POST", "/clocks/{n}/extend"),
    ("POST", "/approvals/{n}"),
    ("GET", "/reroutings"),
    ("GET", "/reroutings/counts"),
    ("POST", "/reroutings/{n}"),
    ("POST", "/obligations/{n}/settle"),
    ("GET", "/acts/{n}"),
    ("POST", "/findings/{n}/contest"),
    ("POST", "/appeals/{n}"),
    ("POST", "/token/rotate"),
    ("GET", "/controls/{n}/photographs"),
    ("GET", "/controls/{n}/photographs/{n}"),
    ("GET", "/declarations/{n}/stops"),
    ("POST", "/declarations/{n}/stops"),
    ("POST", "/stops/{n}/lift"),
    ("GET", "/company/people"),
    ("POST", "/company/people"),
    ("PUT", "/company/people/{n}/administers"),
    ("POST", "/company/people/{n}/end"),
    ("POST", "/company/people/{n}/back"),
)
"""Every operation; one that declares comes most often."""

_WEIGHTS: Final = [30, 12] + [1] * (len(PATHS) - 2)

_SAID: Final[dict[str, Any]] = {"agreed": True, "comment": "a word"}

_BODIES: Final[dict[str, Any]] = {
    "amend": {"reason": "a word", "declaration": {}},
    "withdraw": {"reason": "a word"},
    "conditions": {"holds": True},
    "answer": {"text": "attached", "files": [1]},
    "again": {"reason": "a word"},
    "drop": {"reason": "a word"},
    "findings": {"item_no": 1, "violation": True, "minutes": 10.5, "found": {"a": "b"}, "remark": "none"},
    "requests": {"code": "contract", "text": "please"},
    "conclude": {"outcome": "released", "items": {"1": "released"}, "security": "10.00"},
    "confirm": {"agreed": True, "reason": "none"},
    "drafts": {"reference": "a word", "content": {"items": [{"hs_code": "1"}]}, "edition": 1},
    "read": {"up_to": 7},
    "subscriptions": {"url": "https://broker.example/notices"},
    "stop": {"reason": "expert", "text": "a word"},
    "extend": {"reason": "a word"},
    "contest": {"reason": "a word"},
    "approvals": _SAID,
    "reroutings": {"kind": "proposed", "measures": ["documents"], "reason": "a word"} | _SAID,
    "reopen": {"measures": ["documents"], "reason": "a word"},
    "settle": {"kept": True, "result": "a word"},
    "stops": {"reason": "a word"},
    "lift": {"reason": "a word"},
    "people": {
        "login": "colleague",
        "name": "A colleague",
        "email": "",
        "lang": "kk",
        "password": "Long enough 7",
    },
    "administers": {"administers": True},
    "appeals": {"verdict": "annulled", "comment": "a word", "assessed": "1.00"},
}
"""A body that is right, by the word of the path that names it."""

STRANGE: Final[tuple[Any, ...]] = (
    "\x00", "a\x00b", "\ud800", "\udfff x", "\u202e", "", " ", "x" * 100_000, "😀" * 400, "null", "'; --",
    "../../etc/passwd", "<script>", None, True, False, 0, -1, 1.5, 1e308, -1e308, float("inf"), float("nan"),
    2**31, 2**63, -(2**63) - 1, 10**400, [], {}, [[]], {"": {}}, [None], "0001-01-01", "9999-12-31",
    "2026-02-30",
)  # fmt: skip
"""Values that a field does not expect."""

_KINDS: Final = (
    "application/json", "application/json; charset=utf-16", "application/xml", "text/xml", "text/plain",
    "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "", "\u00e9",
)  # fmt: skip

_BOMB: Final = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + b"".join(
        b'<!ENTITY c%d "%s">' % (n, b"&b;" * 10 if n == 0 else b"&c%d;" % (n - 1) * 10) for n in range(9)
    )
    + b"]><a>&c8;</a>"
)


@dataclass(frozen=True, slots=True)
class Malformed:
    """A request."""

    method: str
    path: str
    body: bytes
    kind: str
    headers: dict[str, str]


def malformed(count: int, *, seed: int) -> Iterator[Malformed]:
    """Give so many requests; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _one(chance)


def _one(chance: random.Random) -> Malformed:
    method, path = chance.choices(PATHS, _WEIGHTS)[0]
    number = chance.choice(
        ("0", "-1", "1", "1", "2", "99999999999999999999", "abc", "1e3", "%00", "1.0", "٣", "a" * 300)
    )
    word = chance.choice(
        ("payment", "2026-01-01", "2026-01-01T00:00:00Z", "%00", "x" * 300, "%ED%A0%80", "пошлина", "..%2f")
    )
    path = path.replace("{n}", number).replace("{word}", word)
    if method == "GET":
        path += chance.choice(
            (
                "",
                "",
                f"?limit={number}",
                f"?before={number}&state={word}",
                "?after=%00",
                "?&&=%ff",
                f"?since={word}&until={number}",
                "?since=0001-01-01T00:00:00Z&until=9999-12-31T23:59:59Z",
            )
        )
    headers = {}
    if chance.random() < 0.2:
        headers["Idempotency-Key"] = chance.choice((f"k{chance.random()}", "x" * 300, "\x7f", "é", "a b"))
    if chance.random() < 0.1:
        headers["X-Reference"] = chance.choice(("x" * 1000, "é\x00", "№ 7", "\x01"))
    if chance.random() < 0.1:
        headers["Accept-Language"] = chance.choice(("kk", "ru;q=0.1", "\x00", "x" * 500, "*;;q==1"))
    if chance.random() < 0.05:
        headers["Authorization"] = chance.choice(
            ("Bearer", "Bearer \x00", "Bearer é", "Basic x", "Bearer " + "x" * 9000)
        )
    kind = chance.choice(_KINDS) if chance.random() < 0.2 else "application/json"
    return Malformed(method, path, _body(chance, path), kind, headers)


def _body(chance: random.Random, path: str) -> bytes:  # noqa: PLR0911 -- one way each
    words = path.partition("?")[0].split("/")
    name = next((word for word in reversed(words) if word in _BODIES), None)
    right = json.loads(json.dumps(_BODIES[name])) if name else json.loads(json.dumps(a_declaration().content))
    if path.startswith("/declarations/batch"):
        right = [right, json.loads(json.dumps(right))]
    for _ in range(chance.randint(1, 3)):
        right = _spoiled(chance, right)
    way = chance.random()
    if path.startswith("/files") and way < 0.7:
        return (
            chance.choice((b"%PDF-1.4\n", b"PK\x03\x04", b"\x89PNG\r\n", b"<?xml", b""))
            + json.dumps(right).encode()
        )
    if way < 0.7:
        return json.dumps(right).encode()
    text = json.dumps(right, ensure_ascii=False).encode(errors="surrogatepass")
    if way < 0.78:
        at = chance.randrange(len(text) + 1)
        return (
            text[:at] + chance.choice((b"\x00", b"\xff", b"\xed\xa0\x80", b"{", b'"', b"\\u0000")) + text[at:]
        )
    if way < 0.84:
        return text[: chance.randrange(len(text) + 1)]
    if way < 0.87:
        return text.replace(b"{", b'{"items": [], ', 1)
    if way < 0.9:
        deep = chance.choice((200, 2000, 200_000))
        return chance.choice((b"[" * deep, b'{"items":' * deep, b'{"a":' * deep + b"1" + b"}" * deep))
    if way < 0.93:
        return chance.choice(
            (json.dumps(right).encode("utf-16"), json.dumps(right).encode("utf-32"), b"\xef\xbb\xbf" + text)
        )
    if way < 0.96:
        return chance.choice(
            (_BOMB, b"<a/>", b"<a>" * 5000, b'<?xml version="1.0" encoding="utf-7"?><a/>', b"<\x00>")
        )
    return bytes(chance.randrange(256) for _ in range(chance.randint(0, 300)))


def _spoiled(chance: random.Random, value: Any) -> Any:
    """Return a JSON value with something in it that should not be."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(sorted(value))
        way = chance.random()
        if way < 0.75:
            return value | {key: _spoiled(chance, value[key])}
        if way < 0.85:
            return {k: v for k, v in value.items() if k != key}
        return value | {
            chance.choice(("", "\x00", "x" * 300, "items", "id", "__class__", "\ud800")): value[key]
        }
    if isinstance(value, list) and value and chance.random() < 0.9:
        at = chance.randrange(len(value))
        way = chance.random()
        if way < 0.8:
            return [*value[:at], _spoiled(chance, value[at]), *value[at + 1 :]]
        return value * chance.choice((0, 2, 1001 if len(json.dumps(value)) < 10_000 else 3))
    return chance.choice(STRANGE)
