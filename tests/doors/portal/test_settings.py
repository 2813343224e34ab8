"""Notifications, e-mail, webhooks, colleagues, tokens: shown once where secret, and only one's own."""

import re

import pytest

from daliz.ground.outbox.models import MailChoice, Message, Subscription
from daliz.ground.outbox.sealing import opened
from daliz.ground.staff.models import Token, User
from tests.doors.api.cast import Program
from tests.doors.portal.cast import a_broker, logged_in, registered

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    ("lang", "words"), [("en", "is registered"), ("ru", "зарегистрирована"), ("kk", "декларациясы тіркелді")]
)
def test_each_reads_what_happened_in_his_language_and_for_himself(lang: str, words: str) -> None:
    broker, colleague = a_broker(lang=lang), a_broker("colleague")
    registered(broker)
    page = logged_in(broker)
    reply = page.get("/portal/notices")
    assert words in reply.content.decode()
    assert reply.context["unread"] == 1
    page.post("/portal/notices/read", {"up_to": str(reply.context["newest"])})
    assert page.get("/portal/notices").context["unread"] == 0
    assert page.get("/portal/notices?unread=1").context["rows"] == []
    assert logged_in(colleague).get("/portal/notices").context["unread"] == 1


def test_a_webhook_is_made_with_a_secret_shown_once_and_ended() -> None:
    page = logged_in(a_broker())
    made = page.post("/portal/connections", {"url": "https://erp.example/hook"})
    secret = opened(Subscription.objects.get().secret)
    assert secret in made.content.decode()
    assert secret not in page.get("/portal/connections").content.decode()
    key = Subscription.objects.get().pk
    page.post(f"/portal/connections/{key}/ping")
    assert Message.objects.get().topic == "ping"
    Message.objects.update(state="dead", error="OSError: no route")
    assert "OSError: no route" in page.get("/portal/connections").content.decode()
    page.post(f"/portal/connections/{key}/retry")
    assert Message.objects.get().state == "waiting"
    page.post(f"/portal/connections/{key}/end")
    assert Subscription.objects.get().ended_at is not None
    assert page.post(f"/portal/connections/{key}/ping").status_code == 404


@pytest.mark.parametrize("url", ["https://192.168.0.1/", "http://erp.example/", "javascript:alert(1)", ""])
def test_an_address_that_may_not_be_called_is_refused_beside_it(url: str) -> None:
    reply = logged_in(a_broker()).post("/portal/connections", {"url": url})
    assert reply.status_code == 422
    assert Subscription.objects.count() == 0


def test_a_person_chooses_of_what_he_is_told_by_mail() -> None:
    page = logged_in(a_broker())
    page.post("/portal/connections/mail", {"topic": ["release", "nonsense"]})
    assert MailChoice.objects.get().topics == ["release"]


def test_a_company_administrator_admits_a_colleague_and_lets_him_go() -> None:
    boss = logged_in(a_broker("boss", boss=True))
    typed = {"login": "dana", "name": "Dana", "email": "dana@example.kz", "lang": "kk"}
    password = boss.post("/portal/people", typed).context["password"]
    dana = User.objects.get(login="dana")
    assert dana.check_password(password)
    assert (dana.organisation, dana.lang) == ("600400123456", "kk")
    twice = boss.post("/portal/people", typed)
    assert (twice.status_code, "is taken" in twice.content.decode()) == (422, True)
    page = logged_in(dana)
    assert page.post(f"/portal/people/{dana.pk}/administer").status_code == 403
    assert "Admit a colleague" not in page.get("/portal/people").content.decode()
    boss.post(f"/portal/people/{dana.pk}/end")
    assert page.get("/portal/").status_code == 302
    assert boss.post(f"/portal/people/{User.objects.get(login='boss').pk}/end").status_code == 403


def test_a_colleague_of_another_company_is_out_of_reach() -> None:
    theirs = a_broker("theirs", organisation="990101300123")
    boss = logged_in(a_broker("boss", boss=True))
    assert boss.post(f"/portal/people/{theirs.pk}/end").status_code == 404
    assert User.objects.get(login="theirs").is_active


def test_a_token_is_shown_once_works_and_is_taken_back() -> None:
    broker = a_broker()
    page = logged_in(broker)
    typed = {"name": "ERP", "scope": ["declarations:read"], "days": "30"}
    secret = page.post("/portal/tokens", typed).context["secret"]
    assert re.fullmatch(r"daliz_[\w-]{43}", secret)
    assert secret not in page.get("/portal/tokens").content.decode()
    asking = Program(broker)
    asking._token = secret
    assert asking.get("/declarations") == {"declarations": [], "next": None}
    assert asking.ask("POST", "/declarations", {}).status_code == 403
    key = Token.objects.get(name="ERP").pk
    assert logged_in(a_broker("other")).post(f"/portal/tokens/{key}/revoke").status_code == 404
    page.post(f"/portal/tokens/{key}/revoke")
    assert asking.ask("GET", "/declarations").status_code == 401


@pytest.mark.parametrize("scope", ["findings:write", "facts:write", "everything"])
def test_no_token_is_given_for_what_is_an_officers(scope: str) -> None:
    typed = {"name": "ERP", "scope": [scope], "days": "30"}
    assert logged_in(a_broker()).post("/portal/tokens", typed).status_code == 422
    assert Token.objects.count() == 0
