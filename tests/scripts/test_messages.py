"""What the source says is found, in Python and in templates, and what was translated is kept."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from scripts import messages
from scripts.messages import catalogue_path, messages_of, source_messages, updated, write_catalogue

PYTHON = """
raise ReadingError(N_("{path} is empty"), path=path)
title = translate("Load of offices", lang)
count = ntranslate("{n} item", "{n} items", 3, lang)
plain = print("not for people")
"""
TEMPLATE = """<h1>{{ translate('Corridors', lang) }}</h1>{% trans %}Top profiles{% endtrans %}
<p>{{ _("goods items: {n}", n=figure(3)) }}</p><p>no message</p>"""

PAGE = """{% load daliz %}<h1>{% say "Goods of {office}" office=code %}</h1>
<a title="{% say 'Further' %}">
{% nsay "{n} control" "{n} controls" count %}</a>{% if sayings %}no message{% endif %}"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with a module and a template."""
    reports, pages = tmp_path / "doors/cli/report/templates", tmp_path / "doors/console/templates"
    reports.mkdir(parents=True)
    pages.mkdir(parents=True)
    (tmp_path / "reading.py").write_text(PYTHON, encoding="utf-8")
    (reports / "report.html").write_text(TEMPLATE, encoding="utf-8")
    (pages / "board.html").write_text(PAGE, encoding="utf-8")
    monkeypatch.setattr(messages, "SOURCE", tmp_path)
    return tmp_path


def translated(catalogue: Catalog) -> dict[object, object]:
    return {message.id: message.string for message in messages_of(catalogue)}


def test_messages_of_modules_and_templates_are_found(source: Path) -> None:
    assert {message.id for message in messages_of(source_messages(source))} == {
        "{path} is empty",
        "Load of offices",
        ("{n} item", "{n} items"),
        "Corridors",
        "Top profiles",
        "goods items: {n}",
        "Goods of {office}",
        "Further",
        ("{n} control", "{n} controls"),
    }


def test_a_translation_survives_and_a_message_no_longer_said_goes(source: Path) -> None:
    found = source_messages(source)
    catalogue = updated("ru", found)
    catalogue["Corridors"].string = "Коридоры"
    catalogue["Corridors"].user_comments = ["checked"]
    catalogue.add("Said no more", "Больше не говорится")
    write_catalogue("ru", catalogue)

    again = updated("ru", found)

    assert translated(again)["Corridors"] == "Коридоры"
    assert again["Corridors"].user_comments == ["checked"]
    assert "Said no more" not in translated(again)


def test_writing_twice_changes_nothing(source: Path) -> None:
    found = source_messages(source)
    write_catalogue("kk", updated("kk", found))
    once = catalogue_path("kk").read_bytes()
    write_catalogue("kk", updated("kk", found))
    assert catalogue_path("kk").read_bytes() == once


def test_a_new_message_waits_for_its_translation_in_every_form(source: Path) -> None:
    forms = translated(updated("ru", source_messages(source)))[("{n} item", "{n} items")]
    assert forms == ("", "", "")
