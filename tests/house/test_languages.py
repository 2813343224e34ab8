"""Whatever Daliz says, it says in English, Russian and Kazakh."""

import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from scripts.messages import TRANSLATED, is_translated, messages_of, read_catalogue, source_messages

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "docs" / "reference" / "glossary.md"


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Each translated form beside the English that it stands for."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from ((message.id[-1], form) for form in message.string or ())


def placeholders(text: str) -> set[str]:
    """The names that a text leaves open, in braces or in templates' percent form."""
    percent = set(re.findall(r"%\((\w+)\)", text))
    try:
        return percent | {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return percent


def attested() -> set[str]:
    """The Kazakh words that the glossary marks with a star."""
    rows = [
        line.split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.count("|") == 4
    ]
    cells = [row[3] for row in rows[2:]]
    return {
        plain(part.replace("*", ""))
        for cell in cells
        if "*" in cell
        for part in re.split(r"/", cell)
        if "*" in part
    }


def plain(text: str) -> str:
    """The words of a text without capitals, marks and remarks in brackets."""
    return " ".join(re.findall(r"[\w-]+", re.sub(r"\([^)]*\)", "", text).casefold()))


@pytest.fixture(scope="module")
def spoken() -> dict[object, Message]:
    """Every message of the source by its English."""
    return {message.id: message for message in messages_of(source_messages())}


def test_the_source_marks_its_messages(spoken: dict[object, Message]) -> None:
    assert len(spoken) > 50


@pytest.mark.parametrize("lang", TRANSLATED)
def test_the_catalogue_holds_exactly_what_the_source_says(lang: str, spoken: dict[object, Message]) -> None:
    held = {message.id for message in messages_of(read_catalogue(lang))}
    assert (spoken.keys() - held, held - spoken.keys()) == (set(), set()), "run `make messages`"


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_message_is_translated(lang: str) -> None:
    assert [message.id for message in messages_of(read_catalogue(lang)) if not is_translated(message)] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_translation_is_left_in_doubt(lang: str) -> None:
    assert [message.id for message in messages_of(read_catalogue(lang)) if message.fuzzy] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_keeps_the_placeholders(lang: str) -> None:
    lost = [
        (english, translated)
        for message in messages_of(read_catalogue(lang))
        for english, translated in forms(message)
        if translated and placeholders(english) != placeholders(translated)
    ]
    assert lost == []


@pytest.mark.parametrize(("lang", "letters"), [("ru", "[А-яЁё]"), ("kk", "[А-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")])
def test_a_translated_sentence_is_written_in_the_letters_of_its_language(lang: str, letters: str) -> None:
    english = [
        message.id
        for message in messages_of(read_catalogue(lang))
        for source, translated in forms(message)
        if re.search(r"[a-z]{3,} [a-z]{3,}", re.sub(r"\{[^}]*\}", "", source))
        and not re.search(letters, translated)
    ]
    assert english == []


@pytest.mark.parametrize(("lang", "count"), [("ru", 3), ("kk", 2)])
def test_a_counted_message_has_every_form_that_its_language_counts_in(lang: str, count: int) -> None:
    catalogue = read_catalogue(lang)
    counted = [message for message in messages_of(catalogue) if message.pluralizable]
    assert catalogue.num_plurals == count
    assert [message.id for message in counted if len(message.string or ()) != count] == []


def test_kazakh_that_no_official_text_attests_says_so() -> None:
    known = attested()
    assert "тәуекел бейіні" in known
    silent = [
        message.string
        for message in messages_of(read_catalogue("kk"))
        if "unconfirmed" not in message.user_comments
        if not all(plain(translated) in known for _, translated in forms(message))
    ]
    assert silent == []
