"""Words: data in three languages, messages by catalogue, errors that carry both a code and a sentence."""

import pytest

from daliz.language import LANGUAGES, N_, DalizError, Message, Text, ntranslate, translate

GREEN = Text(en="green corridor", ru="зелёный коридор", kk="жасыл дәліз")


@pytest.mark.parametrize(
    ("lang", "text"), [("en", "green corridor"), ("ru", "зелёный коридор"), ("kk", "жасыл дәліз")]
)
def test_a_label_speaks_the_language_asked_for(lang: str, text: str) -> None:
    assert GREEN.in_(lang) == text


def test_daliz_speaks_english_russian_and_kazakh() -> None:
    assert LANGUAGES == ("en", "ru", "kk")


def test_marking_a_message_leaves_it_as_it_is() -> None:
    assert N_("{found} is not a country") == "{found} is not a country"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_without_a_translation_stays_english(lang: str) -> None:
    assert translate("no catalogue has {this}", lang, this="that") == "no catalogue has that"


def test_a_message_without_values_keeps_its_braces() -> None:
    assert translate("a set is written {a, b}") == "a set is written {a, b}"


@pytest.mark.parametrize(
    ("number", "text"), [(1, "1 wheel"), (0, "0 wheels"), (2, "2 wheels"), (21, "21 wheels")]
)
def test_a_counted_message_takes_the_form_of_its_number(number: int, text: str) -> None:
    assert ntranslate("{n} wheel", "{n} wheels", number) == text


def test_a_message_speaks_for_the_messages_inside_it() -> None:
    inner = Message("column {name}", {"name": "hs_code"})
    assert (
        Message("{where}: letters in a code", {"where": inner}).text() == "column hs_code: letters in a code"
    )


def test_an_error_says_what_was_found_under_a_stable_code() -> None:
    error = DalizError("{found} is not a country", code="unknown-country", found="XX")
    assert (error.code, str(error), error.text("ru")) == (
        "unknown-country",
        "XX is not a country",
        "XX is not a country",
    )


def test_a_finer_code_of_one_error_leaves_the_others_alone() -> None:
    DalizError("one", code="finer")
    assert DalizError("another").code == "error"


def test_a_language_that_daliz_does_not_speak_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown language 'de'"):
        translate("anything", "de")
