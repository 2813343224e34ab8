"""What every page stands on: logging in, language, theme, errors in words, the policy of contents."""

import os
import subprocess
import sys

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.test import Client

from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from tests.ground.cast import PASSWORD, a_person

pytestmark = pytest.mark.django_db

BACKEND = settings.AUTHENTICATION_BACKENDS[-1]


def page(client: Client, url: str, **headers: str) -> str:
    return client.get(url, headers=headers).content.decode()


def test_whoever_is_not_logged_in_is_led_to_the_login(client: Client) -> None:
    response = client.get("/settings")
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/settings")


@pytest.mark.parametrize(("lang", "word"), [("en", "Log in"), ("ru", "Вход"), ("kk", "Кіру")])
def test_the_login_speaks_the_browsers_language(client: Client, lang: str, word: str) -> None:
    assert f'<h1 class="h2 text-center mb-4">{word}</h1>' in page(
        client, "/accounts/login/", accept_language=lang
    )


def test_a_person_logs_in_and_the_journal_has_it(client: Client) -> None:
    a_person("aigul", Role.OFFICER, office="53901")
    response = client.post("/accounts/login/", {"login": "aigul", "password": PASSWORD})
    assert response.status_code == 302
    assert "Aigul" in page(client, "/settings")
    assert Entry.objects.filter(act="staff.logged-in", actor="aigul").count() == 1


def test_a_wrong_password_keeps_the_login_and_says_so_in_kazakh(client: Client) -> None:
    a_person("aigul")
    response = client.post(
        "/accounts/login/", {"login": "aigul", "password": "no"}, headers={"accept-language": "kk"}
    )
    told = response.content.decode()
    assert "Логин немесе құпиясөз қате." in told
    assert 'value="aigul"' in told


def test_too_many_wrong_passwords_lock_the_login(client: Client) -> None:
    a_person("aigul")
    for _ in range(10):
        client.post("/accounts/login/", {"login": "aigul", "password": "no"})
    response = client.post("/accounts/login/", {"login": "aigul", "password": PASSWORD})
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()


def test_nobody_admits_himself(client: Client) -> None:
    client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.filter(login="eve").exists()


def test_language_and_theme_stay_with_the_person(client: Client) -> None:
    user = a_person("aigul")
    client.force_login(user, backend=BACKEND)
    client.post("/choose", {"lang": "kk", "next": "/settings"})
    client.post("/choose", {"theme": "dark", "next": "/settings"})
    told = page(Client(), "/accounts/login/")
    assert '<html lang="en" data-bs-theme="light">' in told
    assert '<html lang="kk" data-bs-theme="dark">' in page(client, "/settings")
    user.refresh_from_db()
    assert (user.lang, user.theme) == ("kk", "dark")


def test_the_way_back_leads_nowhere_else(client: Client) -> None:
    response = client.post("/choose", {"lang": "ru", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_a_session_that_nobody_uses_ends(client: Client) -> None:
    client.force_login(a_person("aigul"), backend=BACKEND)
    page(client, "/settings")
    session = client.session
    session["daliz_seen"] -= 31 * 60
    session.save()
    response = client.get("/settings", follow=True)
    assert response.redirect_chain == [("/accounts/login/?next=/settings", 302)]


def test_no_browser_keeps_what_is_read_after_a_login(client: Client) -> None:
    assert "Cache-Control" not in client.get("/settings").headers
    client.force_login(a_person("aigul"), backend=BACKEND)
    assert client.get("/settings").headers["Cache-Control"] == "private, no-store"


def test_a_session_ends_after_a_days_work(client: Client) -> None:
    client.force_login(a_person("aigul"), backend=BACKEND)
    page(client, "/settings")
    session = client.session
    session["daliz_began"] -= 13 * 3600
    session.save()
    assert client.get("/settings").status_code == 302


def test_what_is_not_there_is_said_in_words(client: Client) -> None:
    response = client.get("/nowhere", headers={"accept-language": "ru"})
    assert response.status_code == 404
    assert "По этому адресу ничего нет" in response.content.decode()


def test_contents_come_from_here_alone_and_nothing_is_inline(client: Client) -> None:
    response = client.get("/accounts/login/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    told = response.content.decode()
    assert "<style" not in told
    assert " style=" not in told
    assert " on" + "click=" not in told


def test_a_closed_account_ends_at_once(client: Client) -> None:
    user = a_person("aigul")
    client.force_login(user, backend=BACKEND)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/settings").status_code == 302


@pytest.mark.parametrize("url", ["/accounts/password/", "/accounts/factors/", "/accounts/factors/webauthn/"])
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_what_concerns_the_account_is_shown_in_each_language(client: Client, url: str, lang: str) -> None:
    user = a_person("aigul")
    user.lang = lang
    user.save()
    client.post("/accounts/login/", {"login": "aigul", "password": PASSWORD})
    response = client.get(url)
    assert response.status_code == 200
    assert f'<html lang="{lang}"' in response.content.decode()


@pytest.mark.parametrize(
    ("lang", "rules"),
    [
        ("en", ("At least 12 characters.", "can’t be a commonly used password")),
        ("ru", ("Не менее 12 символов.", "слишком распространённым", "похож на другие ваши данные")),
        ("kk", ("Кемінде 12 таңба.", "жиі қолданылатын", "басқа деректеріңізге ұқсамауы")),
    ],
)
def test_what_a_password_must_be_is_said_in_each_language(
    client: Client, lang: str, rules: tuple[str, ...]
) -> None:
    user = a_person("aigul")
    user.lang = lang
    user.save()
    client.post("/accounts/login/", {"login": "aigul", "password": PASSWORD})
    told = client.get("/accounts/password/").content.decode()
    for rule in rules:
        assert rule in told


@pytest.mark.parametrize(
    ("lang", "codes", "name"),
    [
        ("en", "There are 9 out of 10 recovery codes available.", "Name of the key"),
        ("ru", "Доступно 9 из 10 кодов восстановления.", "Название ключа"),
        ("kk", "10 қалпына келтіру кодының 9 коды қолжетімді.", "Кілттің атауы"),
    ],
)
def test_codes_and_keys_are_told_in_each_language(client: Client, lang: str, codes: str, name: str) -> None:
    user = a_person("aigul")
    user.lang = lang
    user.save()
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    made = RecoveryCodes.activate(user)
    made.validate_code(made.get_unused_codes()[0])
    client.force_login(user, backend=BACKEND)
    assert codes in page(client, "/accounts/factors/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert codes in page(client, "/accounts/factors/recovery-codes/")
    assert name in page(client, "/accounts/factors/webauthn/add/")


def test_what_serves_pages_loads_no_library_of_learning() -> None:
    asked = (
        "import django, sys; django.setup(); import daliz.config.urls; "
        "print([name for name in ('lightgbm', 'sklearn', 'pandas') if name in sys.modules])"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "daliz.config.settings", "PATH": os.environ["PATH"]}
    said = subprocess.run(
        [sys.executable, "-c", asked], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout == "[]\n"


@pytest.mark.parametrize(
    ("role", "words"),
    [(Role.APPROVER, "Ваша роль: утверждающий."), (None, "Роли выдаёт администратор")],
)
def test_whoever_has_no_pages_is_told_why(client: Client, role: Role | None, words: str) -> None:
    client.force_login(a_person("yerlan", *([role] if role else [])), backend=BACKEND)
    assert words in page(client, "/")
