"""Webhooks go signed to public addresses only; e-mail keeps its Message-ID."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
from typing import ClassVar

import pytest
from django.apps import apps
from django.core import mail as outbox
from pytest_django import Settings

from daliz.ground.outbox.mail import mail
from daliz.ground.outbox.models import Message, Subscription
from daliz.ground.outbox.sealing import SealError, opened, seal_anew, sealed
from daliz.ground.outbox.webhook import AddressError, address_of, signature, webhook
from tests.ground.cast import NOON

pytestmark = pytest.mark.django_db


class Listener(BaseHTTPRequestHandler):
    """Remembers what it was sent, and answers as told."""

    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []
    answer: ClassVar[int] = 204

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.seen.append((self.path, dict(self.headers), self.rfile.read(length)))
        self.send_response(self.answer)
        if self.answer == 302:
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def listener() -> Iterator[str]:
    Listener.seen.clear()
    Listener.answer = 204
    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/erp?of=us"
    server.shutdown()
    thread.join()
    server.server_close()


def a_message(url: str) -> Message:
    to = Subscription.objects.create(
        organisation="ours", channel="webhook", recipient=url, secret=sealed("s3cret"), since=NOON
    )
    return Message.objects.create(
        key="k", channel="webhook", recipient=url, topic="release", payload={"number": "1"},
        subscription=to, created_at=NOON, due_at=NOON,
    )  # fmt: skip


def test_a_message_arrives_signed_under_its_id(listener: str, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    message = a_message(listener)
    webhook(message)
    [(path, headers, body)] = Listener.seen
    assert path == "/erp?of=us"
    assert json.loads(body) == {"id": str(message.id), "topic": "release", "payload": {"number": "1"}}
    assert headers["Daliz-Message-Id"] == str(message.id)
    stamp, _, proof = headers["Daliz-Signature"].partition(",v1=")
    assert proof == signature("s3cret", int(stamp.removeprefix("t=")), body)


@pytest.mark.parametrize("answer", [302, 404, 500])
def test_any_other_answer_than_success_is_a_failure_and_no_redirect_is_followed(
    listener: str, settings: Settings, answer: int
) -> None:
    settings.WEBHOOK_PRIVATE = True
    Listener.answer = answer
    with pytest.raises(OSError, match=f"answered {answer}"):
        webhook(a_message(listener))
    assert len(Listener.seen) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://erp.example/hook",
        "ftp://erp.example/",
        "https://",
        "https://user:secret@erp.example/",
        "https://erp.example/#there",
        "https://erp.example:99999/",
        "https://127.0.0.1/",
        "https://10.0.0.5/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://erp.example/ \r\nX: y",
        "https://" + "x" * 400,
        "javascript:alert(1)",
    ],
)
def test_addresses_of_the_own_network_and_strange_ones_are_refused(url: str) -> None:
    with pytest.raises(AddressError):
        address_of(url)


def test_the_database_alone_does_not_tell_a_secret(settings: Settings) -> None:
    a_message("https://erp.example/hook")
    kept = Subscription.objects.get().secret
    assert "s3cret" not in kept
    assert opened(kept) == "s3cret"
    settings.SECRET_KEY = "another"
    with pytest.raises(SealError, match="DALIZ_SECRET_KEYS_BEFORE"):
        opened(kept)


def test_after_a_change_of_the_key_a_night_seals_anew_and_the_old_key_may_go(settings: Settings) -> None:
    settings.SECRET_KEY = "old"
    a_message("https://erp.example/hook")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", ["old"]
    assert opened(Subscription.objects.get().secret) == "s3cret"
    assert (seal_anew(), seal_anew()) == (1, 0)
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(Subscription.objects.get().secret) == "s3cret"


def test_secrets_that_are_there_are_sealed_by_the_upgrade_and_opened_on_the_way_back(
    settings: Settings,
) -> None:
    migration = import_module("daliz.ground.outbox.migrations.0003_sealed_secrets")
    a_message("https://erp.example/hook")
    Subscription.objects.update(secret="plain")
    settings.SECRET_KEPT = False
    with pytest.raises(RuntimeError, match="cannot be sealed"):
        migration.seal(apps, None)
    settings.SECRET_KEPT = True
    migration.seal(apps, None)
    assert opened(Subscription.objects.get().secret) == "plain"
    migration.unseal(apps, None)
    assert Subscription.objects.get().secret == "plain"


def test_a_name_that_leads_into_the_own_network_is_not_called() -> None:
    with pytest.raises(AddressError, match="own network"):
        webhook(a_message("https://localhost:9/hook"))


def test_a_subscription_that_has_ended_is_sent_nothing(listener: str, settings: Settings) -> None:
    settings.WEBHOOK_PRIVATE = True
    message = a_message(listener)
    Subscription.objects.update(ended_at=NOON)
    message = Message.objects.select_related("subscription").get()
    with pytest.raises(AddressError, match="ended"):
        webhook(message)
    assert Listener.seen == []


def test_a_letter_keeps_its_message_id_and_one_line_of_subject() -> None:
    message = Message.objects.create(
        key="k", channel="email", recipient="broker@example.kz", topic="release",
        payload={"subject": "Goods are\r\nBcc: all@example.kz", "text": "Goods are released.\n"},
        created_at=NOON, due_at=NOON,
    )  # fmt: skip
    mail(message)
    mail(message)
    first, second = outbox.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"] == f"<{message.id}@daliz>"
    assert (first.subject, first.to) == ("Goods are Bcc: all@example.kz", ["broker@example.kz"])
