"""Writing a declaration: by a form that says what is wrong in its place, and by file; nothing is lost."""

import json
import re

import pytest
from django.http import QueryDict

from daliz.customs.intake.drafts import content_of
from daliz.customs.intake.models import Declaration, Draft
from daliz.doors.portal.form import sums, typed, unequal, without_row
from daliz.ground.staff.models import User
from tests.customs.cast import a_declaration
from tests.doors.portal.cast import a_broker, a_file, as_typed, logged_in
from tests.engine.reading.xml.documents import an_eaeu_declaration, in_an_envelope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def broker() -> User:
    return a_broker()


def test_a_declaration_is_written_kept_and_registered(broker: User) -> None:
    page = logged_in(broker)
    assert 'value="600400123456"' in page.get("/portal/drafts/new").content.decode()
    sent = page.post("/portal/drafts/new", as_typed(a_declaration().content, act="save", reference="INV-1"))
    draft = Draft.objects.get()
    assert sent.headers["Location"] == f"/portal/drafts/{draft.pk}"
    assert content_of(draft) == a_declaration().content | {
        "items": [
            {k: str(v) if k != "item_no" else v for k, v in a_declaration().content["items"][0].items()}
        ]
    }
    done = page.post(f"/portal/drafts/{draft.pk}", as_typed(content_of(draft), act="register", edition="1"))
    made = Declaration.objects.get()
    assert done.headers["Location"] == f"/portal/declarations/{made.pk}"
    assert (made.state, Draft.objects.count()) == ("cleared", 0)


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(broker: User) -> None:
    wrong = as_typed(a_declaration().content) | {
        "items.0.customs_value": "12,345",
        "items.0.hs_code": "64-03",
    }
    reply = logged_in(broker).post("/portal/drafts/new", wrong | {"act": "register", "reference": "INV-2"})
    told = reply.content.decode()
    assert reply.status_code == 422
    assert 'id="items-0-customs_value-problems"><div>money has at most 2 decimal places</div>' in told
    assert 'value="64-03"' in told
    assert Draft.objects.get().reference == "INV-2"
    assert Declaration.objects.count() == 0


def test_while_writing_only_what_is_typed_is_judged(broker: User) -> None:
    page = logged_in(broker)
    typed_ = {"h.direction": "import", "items.0.customs_value": "abc", "flawed": "items-0-net_mass_kg"}
    told = page.post("/portal/drafts/check", typed_).content.decode()
    assert (
        '<div class="invalid-feedback d-block" id="items-0-net_mass_kg-problems" hx-swap-oob="true"></div>'
        in told
    )
    assert 'id="items-0-customs_value-problems" hx-swap-oob="true"><div>' in told
    assert "the value is missing" not in told
    assert "<html" not in told
    bad = page.post("/portal/drafts/check", {"flawed": '"><script>'}).content.decode()
    assert "<script>" not in bad


@pytest.mark.parametrize(
    ("act", "items", "documents"),
    [("add:items", 2, 1), ("copy:items:0", 2, 1), ("add:documents", 1, 2), ("drop:documents:0", 1, 0)],
)
def test_rows_are_added_and_taken_away_without_keeping_anything_yet(
    broker: User, act: str, items: int, documents: int
) -> None:
    content = a_declaration().content | {"documents": [{"document_code": "04021"}]}
    reply = logged_in(broker).post("/portal/drafts/new", as_typed(content, act=act))
    form = reply.context["form"]
    assert len(form.items) == items
    assert len(form.tables[0].rows) == documents
    assert Draft.objects.count() == 0


def test_rows_below_follow_their_goods_item() -> None:
    content = {
        "items": [{"item_no": 1, "hs_code": "1"}, {"item_no": 2, "hs_code": "2"}],
        "documents": [{"item_no": "1"}, {"item_no": "2"}, {}],
    }
    left = without_row(content, "items", 0)
    assert left == {"items": [{"item_no": 1, "hs_code": "2"}], "documents": [{"item_no": 1}, {}]}


def test_what_the_form_does_not_show_stays_as_it_was() -> None:
    before = {
        "guarantees": [{"guarantee_id": "G"}],
        "items": [{"item_no": 1, "duty_rate": 0.1, "hs_code": "1"}],
    }
    data = QueryDict("items.0.hs_code=2&items.0.gross_mass_kg=1+234,5&h.direction=import&h.evil=x")
    assert typed(data, before) == {
        "guarantees": [{"guarantee_id": "G"}],
        "direction": "import",
        "items": [{"item_no": 1, "duty_rate": 0.1, "hs_code": "2", "gross_mass_kg": "1234.5"}],
    }


def test_totals_are_held_against_what_is_expected() -> None:
    content = {"items": [{"customs_value": "10.10", "gross_mass_kg": "5"}, {"customs_value": "0.90"}]}
    assert str(sums(content).values["customs_value"]) == "11.00"
    assert unequal(content, {"customs_value": "11", "items": "2"}, "en") == []
    assert unequal(content, {"gross_mass_kg": "6"}, "en") == [
        "Gross mass in all, kg: you expect 6, the goods items add up to 5"
    ]


def test_two_people_writing_one_draft_are_told(broker: User) -> None:
    page = logged_in(broker)
    page.post("/portal/drafts/new", as_typed(a_declaration().content, act="save"))
    place = f"/portal/drafts/{Draft.objects.get().pk}"
    page.post(place, as_typed(a_declaration().content, act="save", edition="1", reference="first"))
    reply = page.post(place, as_typed(a_declaration().content, act="save", edition="1", reference="second"))
    assert reply.status_code == 409
    assert "has changed this draft meanwhile" in reply.content.decode()
    assert 'value="second"' in reply.content.decode()
    assert Draft.objects.get().reference == "first"


def test_goods_declared_before_are_suggested(broker: User) -> None:
    page = logged_in(broker)
    page.post("/portal/drafts/new", as_typed(a_declaration().content, act="register"))
    assert "6403990000" in page.get("/portal/goods?items.0.hs_code=640").content.decode()
    assert "6403990000" in page.get("/portal/goods?items.0.hs_code=обувь").content.decode()
    assert page.get("/portal/goods?items.0.hs_code=9").content.decode().strip() == ""


def test_a_file_is_looked_through_kept_as_drafts_and_registered(broker: User) -> None:
    page = logged_in(broker)
    content = json.dumps([a_declaration().content, {"direction": "import", "items": [{"hs_code": "1"}]}])
    reply = page.post("/portal/file", {"file": a_file("many.json", content.encode())})
    told = reply.content.decode()
    assert "many.json: 1 of 2 can be registered" in told
    assert "items[0].item_no" in told
    assert Draft.objects.count() == 2
    keys = [str(draft.pk) for draft in Draft.objects.all()]
    page.post("/portal/file", {"draft": [*keys, "999999", "x"]})
    assert (Declaration.objects.count(), Draft.objects.count()) == (1, 1)


def test_a_document_of_the_union_is_taken_with_columns_of_its_own(broker: User) -> None:
    page = logged_in(broker)
    data = in_an_envelope(an_eaeu_declaration(), an_eaeu_declaration()).encode()
    nowhere = page.post("/portal/file", {"file": a_file("dt.xml", data)})
    assert "0 of 2 can be registered" in nowhere.content.decode()
    Draft.objects.all().delete()
    reply = page.post("/portal/file", {"file": a_file("dt.xml", data), "office": "53901"})
    assert "2 of 2 can be registered" in reply.content.decode()
    assert all(draft.from_xml for draft in Draft.objects.all())
    page.post("/portal/file", {"draft": [str(draft.pk) for draft in Draft.objects.all()]})
    assert Declaration.objects.count() == 2


def test_rows_of_a_table_are_together_by_their_number(broker: User) -> None:
    rows = "declaration_id;item_no;direction;hs_code\nA;1;import;6403990000\nA;2;import;64\nB;1;import;1\n"
    reply = logged_in(broker).post("/portal/file", {"file": a_file("rows.csv", rows.encode())})
    assert [draft.reference for draft in Draft.objects.order_by("pk")] == ["A", "B"]
    assert [one["sums"].items for one in reply.context["rows"]] == [2, 1]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\xff\xfe", b"{", b"[1]", b"a,b\n1,2\n", b"<svg/>", b"<?xml version='1.0'?><!DOCTYPE a><a/>"],
)
def test_a_file_that_is_none_is_refused_in_words(broker: User, data: bytes) -> None:
    reply = logged_in(broker).post("/portal/file", {"file": a_file("x.xml", data)})
    assert reply.status_code == 422
    assert Draft.objects.count() == 0


def test_where_a_file_ceases_to_be_json_is_told_in_ones_own_words() -> None:
    reply = logged_in(a_broker(lang="ru")).post("/portal/file", {"file": a_file("x.json", b'[\n{"a" 1}')})
    assert "это не JSON: ошибка в строке 2, символ 6" in reply.content.decode()


def test_what_the_form_marks_as_needed_is_asked_for_before_it_is_registered(broker: User) -> None:
    page = logged_in(broker)
    empty = {"h.direction": "import", "items.0.description": "shoes"}
    kept = page.post("/portal/drafts/new", empty | {"act": "save"})
    assert kept.status_code == 302
    refused = page.post("/portal/drafts/new", empty | {"act": "register"})
    assert refused.status_code == 422
    assert [one.path for one in refused.context["problems"]] == [
        "office", "procedure", "trader_id",
        "items[0].hs_code", "items[0].net_mass_kg", "items[0].customs_value",
    ]  # fmt: skip
    starred = re.findall(r'<label class="form-label required" for="([a-z0-9_-]+)"', refused.content.decode())
    assert {"h-office", "h-procedure", "h-trader_id", "items-0-hs_code", "items-0-customs_value"} <= set(
        starred
    )
    assert not {"h-border_office", "items-0-gross_mass_kg"} & set(starred)
    assert Declaration.objects.exclude(state="draft").count() == 0
    checked = page.post("/portal/drafts/check", empty | {"whole": "1"}).content.decode()
    assert "Nothing stands against registering" not in checked
    full = as_typed(a_declaration().content, act="register")
    assert page.post("/portal/drafts/new", full).status_code == 302
