"""Logging in through another service: the whole flow with a provider that answers, and what is refused."""

import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from tests.doors.pages.provider import CLIENT, SECRET, Provider, a_key, running
from tests.ground.cast import a_person

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/oidc/outer/login/"


@pytest.fixture
def provider(settings: Settings) -> Iterator[Provider]:
    """A provider that answers, named in the settings."""
    with running() as provider:
        app = {"provider_id": "outer", "name": "Kedendik", "client_id": CLIENT, "secret": SECRET}
        stated: dict[str, Any] = dict(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"])
        stated["APPS"] = [app | {"settings": {"server_url": provider.url}}]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": stated}
        settings.ROOT_URLCONF = "tests.doors.pages.outer_urls"
        yield provider


class _Stays(urllib.request.HTTPRedirectHandler):
    """A browser that says where it is sent, and stays."""

    def redirect_request(self, *_: Any) -> None:
        return None


def sent_on(url: str) -> str:
    """Return where the provider sends a browser that opens an address of it."""
    try:
        urllib.request.build_opener(_Stays).open(url, timeout=10)
    except urllib.error.HTTPError as error:
        with error:
            return error.headers["Location"]
    raise AssertionError(f"{url} sends nowhere")


def comes(client: Client) -> HttpResponse:
    """Log in by the provider; return what our callback answers."""
    begun = client.post(LOGIN)
    assert begun.status_code == 302, begun.content.decode()
    back = sent_on(begun.headers["Location"])
    told = client.get(back.removeprefix("http://testserver"))
    assert isinstance(told, HttpResponse)
    return told


def who(client: Client) -> str:
    """Return the login of whoever is logged in; empty if nobody is."""
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).login if key else ""


def test_a_person_who_was_admitted_comes_in_and_the_journal_has_it(
    client: Client, provider: Provider
) -> None:
    a_person("aigul", Role.OFFICER, office="53901")
    told = comes(client)
    assert (told.status_code, told.headers["Location"], who(client)) == (302, "/console/work", "aigul")
    acts = Entry.objects.filter(actor="aigul").values_list("act", flat=True)
    assert sorted(acts) == ["staff.logged-in", "staff.outer-connected"]
    assert provider.asked["response_type"] == "code"
    assert provider.asked["code_challenge_method"] == "S256"
    assert set(provider.asked["scope"].split()) == {"openid", "profile", "email"}


def test_afterwards_the_subject_is_known_whatever_name_it_has(provider: Provider) -> None:
    a_person("aigul")
    a_person("bolat")
    comes(Client())
    provider.person["preferred_username"] = "bolat"
    again = Client()
    comes(again)
    assert who(again) == "aigul"
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize("person", [{"preferred_username": "eve"}, {"preferred_username": ""}, {"sub": "x"}])
def test_whoever_was_not_admitted_stays_outside_and_is_not_admitted_by_it(
    client: Client, provider: Provider, person: dict[str, str]
) -> None:
    a_person("aigul")
    provider.person = {"sub": "kc-18", "email": "aigul@customs.example", "email_verified": True} | person
    told = comes(client)
    assert (told.status_code, who(client)) == (403, "")
    assert "nobody here has the login that the outer service names" in told.content.decode()
    assert list(User.objects.values_list("login", flat=True)) == ["aigul"]
    assert not SocialAccount.objects.exists()


def test_whoever_may_no_longer_come_in_does_not_by_another_door(provider: Provider) -> None:
    user = a_person("aigul")
    comes(Client())
    user.is_active = False
    user.save()
    again = Client()
    comes(again)
    assert who(again) == ""


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"iss": "https://elsewhere.example"}, id="issuer"),
        pytest.param({"aud": "another program"}, id="audience"),
        pytest.param({"aud": [CLIENT, "other"], "azp": "other"}, id="party"),
        pytest.param({"nonce": "of another question"}, id="nonce"),
        pytest.param({"nonce": None}, id="no nonce"),
        pytest.param({"exp": int(time.time()) - 600}, id="expired"),
        pytest.param({"exp": None}, id="endless"),
        pytest.param({"iat": int(time.time()) + 86_400}, id="of tomorrow"),
        pytest.param({"sub": "kc-99"}, id="subject"),
    ],
)
def test_a_token_that_is_not_right_lets_nobody_in(
    client: Client, provider: Provider, claims: dict[str, Any]
) -> None:
    a_person("aigul")
    provider.claims = claims
    told = comes(client)
    assert (told.status_code, who(client)) == (403, "")
    assert "the login service did not confirm who you are" in told.content.decode()
    assert not SocialAccount.objects.exists()


def test_a_token_signed_by_another_key_lets_nobody_in(client: Client, provider: Provider) -> None:
    a_person("aigul")
    provider.sign = a_key()
    assert (comes(client).status_code, who(client)) == (403, "")


def test_a_configuration_of_another_issuer_is_not_asked(client: Client, provider: Provider) -> None:
    provider.named = {"issuer": "https://elsewhere.example"}
    told = client.post(LOGIN)
    assert told.status_code == 503


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "the login service cannot be reached"), ("ru", "служба входа"), ("kk", "кіру қызметі")],
)
def test_a_service_that_does_not_answer_is_said_in_words(
    client: Client, provider: Provider, settings: Settings, lang: str, words: str
) -> None:
    app = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]
    app["settings"] = {"server_url": "http://127.0.0.1:9"}
    told = client.post(LOGIN, headers={"accept-language": lang})
    assert told.status_code == 503
    assert words in told.content.decode()


def test_a_code_that_this_browser_did_not_ask_for_lets_nobody_in(client: Client, provider: Provider) -> None:
    a_person("aigul")
    back = sent_on(Client().post(LOGIN).headers["Location"])
    told = client.get(back.removeprefix("http://testserver"))
    assert (told.status_code, who(client)) == (403, "")


def test_whoever_thinks_better_of_it_there_may_begin_anew(client: Client, provider: Provider) -> None:
    begun = client.post(LOGIN)
    state = begun.headers["Location"].partition("state=")[2].partition("&")[0]
    told = client.get(f"{LOGIN}callback/?error=access_denied&state={state}")
    assert (told.status_code, who(client)) == (403, "")


def test_the_login_page_offers_it_and_nothing_begins_by_a_link(client: Client, provider: Provider) -> None:
    assert client.get(LOGIN).status_code == 405
