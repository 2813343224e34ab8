"""Bring the Russian and Kazakh catalogues up to the source: ``make messages``.

A catalogue is a pure function of the source and of the translations in it: sorted, without places and
without the time of the run, so that running this twice changes nothing. A message whose English changed
is a new message; what the source no longer says is dropped.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src" / "daliz"
TRANSLATED: Final = ("ru", "kk")

_METHODS: Final = [
    ("doors/cli/**/templates/**.html", "jinja2"),
    ("**/templates/**.html", "scripts.messages:of_django_template"),
    ("**.py", "python"),
]
_SAID: Final = re.compile(r"""{%-?\s*(say|nsay)\s+(".*?"|'.*?')(?:\s+(".*?"|'.*?'))?[\s%]""")
_KEYWORDS: Final = {
    "N_": None,
    "NN_": (1, 2),
    "translate": None,
    "ntranslate": (1, 2),
    # In templates.
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}
_TEMPLATE_OPTIONS: Final = {"doors/cli/**/templates/**.html": {"silent": "false"}}
_HEADER: Final = (
    "# The words of Daliz. A Kazakh text that no official text at hand attests says so: unconfirmed.\n"
    "# Write translations here; `make messages` keeps them and brings the rest up to the source."
)
_BEGUN: Final = datetime(2026, 11, 21, tzinfo=UTC)


def source_messages(source: Path = SOURCE) -> Catalog:
    """Return every message that the Python modules and the templates below ``source`` mark."""
    catalogue = _catalogue(None)
    for _file, _line, message, _comments, context in extract_from_dir(
        str(source), _METHODS, _TEMPLATE_OPTIONS, _KEYWORDS
    ):
        catalogue.add(message, context=context)
    return catalogue


def of_django_template(
    file: IO[bytes], keywords: object, comments: object, options: object
) -> Iterator[tuple[int, str, str | tuple[str, str], list[str]]]:
    """Yield what a template says by ``{% say "…" %}`` and ``{% nsay "…" "…" n %}``."""
    for line, text in enumerate(file.read().decode().splitlines(), 1):
        for tag, first, second in _SAID.findall(text):
            if tag == "nsay":
                yield line, "ngettext", (first[1:-1], second[1:-1]), []
            else:
                yield line, "gettext", first[1:-1], []


def catalogue_path(lang: str) -> Path:
    """Return where the catalogue of ``lang`` lies."""
    return SOURCE / "language" / "locale" / lang / "LC_MESSAGES" / "daliz.po"


def read_catalogue(lang: str) -> Catalog:
    """Read the catalogue of ``lang``; an empty one where there is none yet."""
    path = catalogue_path(lang)
    if not path.is_file():
        return _catalogue(lang)
    with path.open("rb") as file:
        return read_po(file, locale=lang)


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def updated(lang: str, source: Catalog) -> Catalog:
    """Return the catalogue of ``lang`` with exactly the messages of ``source``, as far as translated."""
    known = {_key(message): message for message in messages_of(read_catalogue(lang))}
    catalogue = _catalogue(lang)
    for message in messages_of(source):
        before = known.get(_key(message))
        nothing = ("",) * catalogue.num_plurals if message.pluralizable else ""
        catalogue.add(
            message.id,
            before.string if before else nothing,
            user_comments=before.user_comments if before else (),
            context=message.context,
        )
    return catalogue


def write_catalogue(lang: str, catalogue: Catalog) -> None:
    """Write the catalogue of ``lang`` in its one order."""
    path = catalogue_path(lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, no_location=True, sort_output=True)


def is_translated(message: Message) -> bool:
    """Tell whether each form of ``message`` has a text."""
    text = message.string
    return bool(text) if text is None or isinstance(text, str) else all(text)


def _catalogue(lang: str | None) -> Catalog:
    return Catalog(
        locale=lang,
        project="Daliz",
        version="1",
        msgid_bugs_address="see CONTRIBUTING.md",
        fuzzy=False,
        header_comment=_HEADER,
        creation_date=_BEGUN,
        revision_date=_BEGUN,
        last_translator="Daliz",
        language_team="Daliz",
    )


def _key(message: Message) -> tuple[object, str | None]:
    return message.id, message.context


def main() -> None:
    """Write both catalogues and say what is left to translate."""
    source = source_messages()
    for lang in TRANSLATED:
        catalogue = updated(lang, source)
        write_catalogue(lang, catalogue)
        missing = sum(not is_translated(message) for message in messages_of(catalogue))
        print(f"{lang}: {len(catalogue)} messages, {missing} to translate")


if __name__ == "__main__":
    main()
