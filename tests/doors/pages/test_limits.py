"""Guessing passwords is limited by login, by address and by both; who exists is not told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from daliz.doors.pages.addresses import address_of
from tests.ground.cast import PASSWORD, a_person

pytestmark = pytest.mark.django_db


WRONG = "not ten camels"


def tries(login: str, password: str = WRONG, *, at: str = "203.0.113.7", **headers: str) -> HttpResponse:
    client = Client(REMOTE_ADDR=at)
    told = client.post("/accounts/login/", {"login": login, "password": password}, headers=headers)
    assert isinstance(told, HttpResponse)
    return told


def words(response: HttpResponse) -> str:
    """Return a page without what differs from one asking to the next."""
    told = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", response.content.decode())
    return re.sub(r'(name="login" value=)"[^"]*"', r"\1", told)


def test_one_address_cannot_try_many_logins(settings: Settings) -> None:
    settings.ADDRESS_FAILURES = 6
    for name in ("aigul", "bolat", "dana"):
        a_person(name)
        assert [tries(name).status_code for _ in range(2)] == [200, 200]
    assert tries("dana", PASSWORD).status_code == 429
    assert tries("nobody").status_code == 429
    assert tries("dana", PASSWORD, at="203.0.113.8").status_code == 302


def test_logging_in_oneself_does_not_make_the_address_forget(settings: Settings) -> None:
    settings.ADDRESS_FAILURES = 3
    a_person("mallory")
    for name in ("aigul", "bolat", "dana"):
        tries(name)
        tries("mallory", PASSWORD)
    assert tries("mallory", PASSWORD).status_code == 429


def test_many_addresses_cannot_try_one_login(settings: Settings) -> None:
    settings.ADDRESS_FAILURES = 4
    a_person("aigul")
    for last in range(4):
        assert tries("aigul", at=f"198.51.100.{last + 1}").status_code == 200
    assert tries("Aigul", PASSWORD, at="198.51.100.99").status_code == 429


def test_letters_in_another_case_are_the_same_login() -> None:
    a_person("aigul")
    written = ("aigul", "Aigul", "AIGUL", "aIgul", "aiGul")
    for login in written * 2:
        tries(login)
    assert tries("aigul", PASSWORD).status_code == 429


def test_a_lock_ends_by_itself(settings: Settings) -> None:
    settings.ADDRESS_FAILURES = 2
    a_person("dana")
    tries("aigul")
    tries("bolat")
    assert tries("dana", PASSWORD).status_code == 429
    AccessAttempt.objects.update(attempt_time=datetime.now(UTC) - timedelta(minutes=16))
    assert tries("dana", PASSWORD).status_code == 302


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_what_is_told_does_not_say_whether_somebody_exists(settings: Settings, lang: str) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    user = a_person("aigul")
    gone = a_person("gone")
    gone.is_active = False
    gone.save()
    for _ in range(4):
        known, ended, unknown = (tries(who, accept_language=lang) for who in (user.login, "gone", "nobody"))
        assert known.status_code == ended.status_code == unknown.status_code
        assert words(known) == words(ended) == words(unknown)
    assert tries("nobody").status_code == 429


def asking(address: str, forwarded: str = "") -> HttpRequest:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory(REMOTE_ADDR=address).get("/", headers=headers)


@pytest.mark.parametrize(
    ("proxies", "address", "forwarded", "told"),
    [
        (0, "203.0.113.7", "192.0.2.1", "203.0.113.7"),  # anybody may write such a header
        (1, "10.0.0.2", "192.0.2.66, 203.0.113.7", "203.0.113.7"),
        (2, "10.0.0.3", "192.0.2.66, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "10.0.0.2", "", "10.0.0.2"),
        (1, "10.0.0.2", "unknown", None),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.7"),
    ],
)
def test_an_address_is_what_the_last_proxy_of_ours_saw(
    settings: Settings, proxies: int, address: str, forwarded: str, told: str | None
) -> None:
    settings.PROXIES = proxies
    assert address_of(asking(address, forwarded)) == told


def test_behind_a_proxy_https_is_not_asked_for_again(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client().get("/accounts/login/").status_code == 301
    assert Client().get("/accounts/login/", headers={"X-Forwarded-Proto": "https"}).status_code == 200
    assert Client().get("/health").status_code == 200
