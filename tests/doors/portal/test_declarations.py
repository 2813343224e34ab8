"""My declarations: what is shown, filtered, exported, answered, withdrawn, amended; nothing of others."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from daliz.customs import flow
from daliz.customs.assessment.models import Decision
from daliz.customs.control.models import Control, DocumentRequest
from daliz.customs.intake.models import Declaration, Version
from daliz.doors.portal.urls import urlpatterns
from daliz.engine.pack import Pack
from daliz.ground.files.models import Upload
from daliz.ground.staff.actor import Role
from tests.customs.cast import a_declaration
from tests.doors.portal.cast import (
    PDF,
    a_broker,
    a_file,
    acting,
    an_officer,
    as_typed,
    asked,
    logged_in,
    registered,
)
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def text(client: Client, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, reply.content[:2000]
    return reply.content.decode()


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "payments made or secured"), ("ru", "платежи уплачены"), ("kk", "төлемдер төленген")],
)
def test_a_declarant_sees_where_his_goods_are_and_what_is_asked(lang: str, words: str) -> None:
    broker = a_broker(lang=lang)
    mine = registered(broker)
    told = text(logged_in(broker), "/portal/")
    assert str(mine.number) in told
    assert words in told


def test_the_list_is_filtered_by_the_address_and_exported(client: Client) -> None:
    broker = a_broker()
    first, second = registered(broker, reference="INV-1"), registered(broker, reference="=2+2")
    page = logged_in(broker)
    assert str(second.number) not in text(page, "/portal/?q=INV-1")
    assert "Nothing is like this" in text(page, "/portal/?state=released&since=2020-01-01")
    assert str(first.number) in text(page, "/portal/?until=nonsense&asked=1")
    rows = list(csv.reader(io.StringIO(page.get("/portal/?export=csv").content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Number", "Your reference", "Status"]
    assert [row[1] for row in rows[1:]] == ["'=2+2", "INV-1"]
    assert page.get("/portal/?export=xlsx").content[:2] == b"PK"


def heads(page: Client, query: str = "") -> list[str]:
    file = page.get(f"/portal/?export=csv{query}").content.decode("utf-8-sig")
    return next(csv.reader(io.StringIO(file)))


def test_columns_of_the_list_are_chosen_for_page_and_file_by_each_person() -> None:
    broker = a_broker()
    registered(broker)
    page = logged_in(broker)
    assert heads(page) == ["Number", "Your reference", "Status", "What is asked of me", "Until", "Registered"]
    codes = ["reference", "state", "asked", "until", "registered", "ended", "direction", "office", "version"]
    chosen = {"next": "/portal/", "offered": codes, "shown": ["state", "office", "version"]}
    reply = page.post("/columns/my-declarations", chosen)
    assert reply.headers["Location"] == "/portal/"
    assert heads(page) == ["Number", "Status", "Customs office", "Version"]
    drawn = page.get("/portal/").context["table"].heads
    assert [head.code for head in drawn] == ["number", "state", "office", "version"]
    colleague = a_broker("colleague")
    assert heads(logged_in(colleague))[3] == "What is asked of me"


def test_what_asks_something_is_what_the_filter_shows() -> None:
    broker, chief = a_broker(), acting(a_person("chief", Role.SUPERVISOR))
    on_control, unpaid, withheld = registered(broker, weapon=True), registered(broker), registered(broker)
    flow.stop(declaration=withheld, reason="a letter", actor=chief, now=datetime.now(UTC))
    for code in ("payment", "permits", "presentation"):
        flow.tell_condition(
            declaration=withheld, code=code, holds=True, actor=acting(a_person(code, Role.ADAPTER)),
            now=datetime.now(UTC),
        )  # fmt: skip
    withheld.refresh_from_db()
    assert withheld.state == "cleared"
    told = text(logged_in(broker), "/portal/?asked=1")
    assert [str(one.number) in told for one in (on_control, unpaid, withheld)] == [True, True, False]


def test_the_list_is_sorted_by_what_is_due_first_and_what_asks_nothing_comes_last() -> None:
    broker, officer = a_broker(), an_officer()
    free, asks = registered(broker), registered(broker, weapon=True)
    asked(asks, officer)
    page = logged_in(broker)
    for order in ("until", "-until"):
        told = text(page, f"/portal/?sort={order}")
        assert told.index(str(asks.number)) < told.index(str(free.number))
    assert "1 document; not yet: payments made or secured" in page.get("/portal/?export=csv").content.decode()
    first = text(page, "/portal/?sort=number")
    assert first.index(str(free.number)) < first.index(str(asks.number))
    assert 'aria-sort="ascending"' in first
    assert "sort=-number" in first


def test_a_document_is_handed_in_as_a_file_and_comes_back_as_a_download() -> None:
    broker, officer = a_broker(), an_officer()
    mine = registered(broker, weapon=True)
    request = asked(mine, officer)
    page = logged_in(broker)
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "contract with annexes" in told
    sent = page.post(f"/portal/requests/{request.pk}/answer", {"text": "here", "files": [a_file()]})
    assert sent.status_code == 302
    assert DocumentRequest.objects.get().state == "answered"
    upload = Upload.objects.get()
    reply = page.get(f"/portal/requests/{request.pk}/files/{upload.pk}")
    assert b"".join(reply.streaming_content) == PDF  # type: ignore[attr-defined]  # a download
    assert reply["Content-Disposition"] == 'attachment; filename="contract.pdf"'
    assert reply["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert "handed in, not yet looked at" in text(page, f"/portal/declarations/{mine.pk}")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("contract.pdf", b"<html><script>alert(1)</script></html>"),
        ("scan.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("run.pdf", b"MZ\x90\x00"),
    ],
)
def test_a_file_that_is_no_document_is_refused_beside_the_request_and_the_words_stay(
    name: str, content: bytes
) -> None:
    broker, officer = a_broker(), an_officer()
    request = asked(registered(broker, weapon=True), officer)
    reply = logged_in(broker).post(
        f"/portal/requests/{request.pk}/answer",
        {"text": "what I typed", "files": [a_file(name, content)]},
    )
    assert reply.status_code == 422
    assert "what I typed" in reply.content.decode()
    assert "none of the kinds of file" in reply.content.decode()
    assert DocumentRequest.objects.get().state == "open"
    assert Upload.objects.count() == 0


def test_news_come_only_where_something_happened() -> None:
    broker, officer = a_broker(), an_officer()
    mine = registered(broker, weapon=True)
    page = logged_in(broker)
    path = f"/portal/declarations/{mine.pk}/news"
    seen = page.get(f"/portal/declarations/{mine.pk}").context["seen"]
    assert page.get(f"{path}?seen={seen}").status_code == 204
    asked(mine, officer)
    told = text(page, f"{path}?seen={seen}")
    assert "A document is asked for" in told
    assert "<html" not in told


def test_a_declaration_is_withdrawn_with_a_reason_and_not_once_control_is_notified() -> None:
    broker = a_broker()
    free, stopped = registered(broker), registered(broker, weapon=True)
    page = logged_in(broker)
    assert page.post(f"/portal/declarations/{free.pk}/withdraw", {"reason": " "}).status_code == 422
    page.post(f"/portal/declarations/{free.pk}/withdraw", {"reason": "sold elsewhere"})
    assert Declaration.objects.get(pk=free.pk).state == "withdrawn"
    refused = page.post(f"/portal/declarations/{stopped.pk}/withdraw", {"reason": "x"})
    assert "control was notified" in refused.content.decode()
    assert 'data-dialog="withdraw"' not in text(page, f"/portal/declarations/{stopped.pk}")


def test_an_amendment_makes_a_version_that_says_what_changed() -> None:
    broker = a_broker()
    mine = registered(broker)
    page = logged_in(broker)
    path = f"/portal/declarations/{mine.pk}/amend"
    assert "6403990000" in text(page, path)
    typed = as_typed(a_declaration(of="6404110000").content, act="amend")
    assert "a reason is needed" in page.post(path, typed).content.decode()
    assert page.post(path, typed | {"reason": "wrong code"}).status_code == 302
    assert [v.version for v in Version.objects.order_by("version")] == [1, 2]
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "<del>6403990000</del> → <ins>6404110000</ins>" in told
    assert "This is version 1" in text(page, f"/portal/declarations/{mine.pk}?version=1")


def test_it_prints_whole() -> None:
    broker = a_broker()
    mine = registered(broker)
    told = text(logged_in(broker), f"/portal/declarations/{mine.pk}/print")
    assert str(mine.number) in told
    assert Version.objects.get().digest in told


def test_green_and_blue_look_the_same() -> None:
    broker = a_broker()
    green, blue = registered(broker, reference="same"), registered(broker, reference="same")
    decision = Decision.objects.get(version__declaration=blue)
    Control.objects.create(
        declaration=blue, decision=decision, form="post_release", measures=[], minutes=120,
        before_release=False, opened_at=decision.at,
    )  # fmt: skip
    page = logged_in(broker)

    def look(declaration: Declaration, path: str) -> str:
        told = text(page, path.format(declaration.pk))
        told = told.replace(str(declaration.number), "NUMBER").replace(f"/{declaration.pk}", "/KEY")
        lines = [line for line in told.splitlines() if "csrf" not in line and "<time" not in line]
        return "\n".join(lines)

    assert look(green, "/portal/declarations/{}").count("NUMBER") > 1
    pages = [look(one, "/portal/declarations/{}") for one in (green, blue)]
    seen = [page.get(f"/portal/declarations/{one.pk}").context["seen"] for one in (green, blue)]
    assert pages[0].replace(f"seen={seen[0]}", "") == pages[1].replace(f"seen={seen[1]}", "")


def addresses() -> Iterator[str]:
    """Every address of the portal, as it is written in the list of addresses."""
    for one in urlpatterns:
        yield f"/portal/{one.pattern}"


def filled(address: str, key: int, file: int) -> str:
    for name, value in (("<int:key>", key), ("<int:file>", file), ("<str:act>", "end")):
        address = address.replace(name, str(value))
    return address


def test_nothing_of_another_company_is_found_at_any_address() -> None:
    broker, officer = a_broker(), an_officer()
    mine = registered(broker, weapon=True, reference="SECRET-REFERENCE")
    request = asked(mine, officer)
    logged_in(broker).post(f"/portal/requests/{request.pk}/answer", {"files": [a_file("secret-name.pdf")]})
    upload = Upload.objects.get()
    logged_in(broker).post("/portal/drafts/new", as_typed(a_declaration().content, reference="SECRET-DRAFT"))
    stranger = logged_in(a_broker("stranger", organisation="990101300123"))
    for address in addresses():
        for key in (mine.pk, request.pk):
            place = filled(address, key, upload.pk)
            for reply in (stranger.get(place), stranger.post(place, {"reason": "x", "act": "save"})):
                told = reply.content.decode() if not reply.streaming else ""
                assert reply.status_code < 500, place
                assert not reply.streaming, place
                for secret in ("SECRET", "secret-name", str(mine.number)):
                    assert secret not in told, (place, secret)
    assert Declaration.objects.get(pk=mine.pk).state == "control"


def test_no_rule_score_or_hint_reaches_the_declarant_at_any_address(pack: Pack) -> None:
    broker, officer = a_broker(), an_officer()
    mine = registered(broker, weapon=True)
    request = asked(mine, officer)
    hints = [str(one["hint"]["en"]) for one in Control.objects.get().measures if one["hint"]]
    assert hints
    rules = [profile.id for profile in pack.profiles]
    secret = re.compile("|".join(map(re.escape, [*rules, *hints, "probability", "propensity", "corridor"])))
    page = logged_in(broker)
    for address in addresses():
        told = page.get(filled(address, mine.pk, 1)).content.decode()
        told += page.get(filled(address, request.pk, 1)).content.decode()
        assert not secret.search(told), (address, secret.search(told))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DECLARANT])
def test_only_declarants_see_the_portal(role: Role) -> None:
    page = logged_in(a_person("somebody", role, organisation="600400123456"))
    for address in addresses():
        place = filled(address, 1, 1)
        if role is Role.COMPANY_ADMINISTRATOR and "people" in place:
            continue
        assert page.get(place).status_code in (403, 405), place


def test_whoever_is_not_logged_in_is_led_to_the_login(client: Client) -> None:
    assert client.get("/portal/").headers["Location"] == "/accounts/login/?next=/portal/"
