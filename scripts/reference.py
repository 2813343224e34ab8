"""Write the pages of ``docs/reference`` that say what the code says: ``make reference``.

Each page is made from the thing itself (the command line, the tables, the vocabulary), and a test fails
while a page on disk differs from what is made here.
"""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from daliz.doors.cli.pack_listing import listing
from daliz.doors.cli.pack_register import register_listing
from daliz.engine.features import VOCABULARY
from daliz.engine.pack import load_pack
from daliz.engine.records.decisions import DECISIONS, LOAD, MEASURES, PLAN
from daliz.engine.records.schema import SCHEMA_VERSION, TABLES, TableSchema

FOLDER: Final = Path(__file__).resolve().parent.parent / "docs" / "reference"
_MADE: Final = "% Made by `make reference`; a change here is lost.\n\n"
_TABLES_ARE: Final = f"""\
One name and one type for each fact, in files, in the engine and in the database. Files are Parquet with the
schema version ({SCHEMA_VERSION}) in their metadata, or CSV. Unknown is null, never 0 or an empty text. Money
is decimal; instants are UTC; a day is the day of the pack's time zone. Further columns are kept.
"""
_NAMES_ARE: Final = """\
The {count} built-in names that an indicator or a model may use; a pack may declare more. History is
[as of the night before](../adr/0002-history-as-of-the-night-before.md): a fact of day D rests only on what
had happened, and what findings were known, before D began in the pack's time zone. The one exception is
`today`.
"""


def command_page() -> str:
    """Return the page of the command line: every command, argument and option."""
    made = subprocess.run(
        [sys.executable, "-m", "typer", "daliz.doors.cli.main", "utils", "docs", "--name", "daliz"],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONUTF8": "1", "COLUMNS": "100"},
    )
    return _MADE + made.stdout.replace("# `daliz`", "# Command line", 1).rstrip() + "\n"


def record_page() -> str:
    """Return the page of the canonical tables and of what an assessment leaves behind."""
    parts = [
        f"{_MADE}# Records\n",
        _TABLES_ARE,
        "## Canonical records\n",
        *map(_table, TABLES.values()),
        "## What an assessment leaves behind\n",
        *map(_table, (DECISIONS, MEASURES, LOAD)),
        "## What a plan leaves behind\n",
        _table(PLAN),
    ]
    return "\n".join(parts)


def pack_page(code: str) -> str:
    """Return the page of a pack: corridors, measures, directions and areas, without indicators."""
    return _MADE + listing(load_pack(code))


def register_page() -> str:
    """Return the page of the Kazakh pack's risk register and which profiles guard each area."""
    return _MADE + register_listing(load_pack("kz"))


def vocabulary_page() -> str:
    """Return the page of the vocabulary: every name that an indicator or a model may use."""
    groups: dict[str, list[Sequence[str]]] = {}
    for feature in VOCABULARY.values():
        row = (
            f"`{feature.name}`",
            feature.label.en,
            feature.label.ru,
            feature.label.kk,
            feature.kind.value,
            str(feature.unit),
            feature.grain.value,
            feature.unknown.en,
        )
        groups.setdefault(feature.name.partition(".")[0], []).append(row)
    heads = ("name", "English", "Русский", "Қазақша", "type", "unit", "grain", "null means")
    parts = [
        f"{_MADE}# Vocabulary\n",
        _NAMES_ARE.format(count=len(VOCABULARY)),
    ]
    for group, rows in groups.items():
        parts += [f"## {group}\n", _grid(heads, rows)]
    return "\n".join(parts)


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "cli.md": command_page,
    "pack-kg.md": partial(pack_page, "kg"),
    "pack-kz.md": partial(pack_page, "kz"),
    "records.md": record_page,
    "register-kz.md": register_page,
    "vocabulary.md": vocabulary_page,
}
"""Every generated page by its file in ``docs/reference``."""


def _table(schema: TableSchema) -> str:
    rows = [
        (f"`{c.name}`", f"`{c.type}`", "yes" if c.required else "", "header" if c.header else "", c.meaning)
        for c in schema.columns
    ]
    key = ", ".join(f"`{name}`" for name in schema.key)
    grid = _grid(("column", "type", "required", "of the whole", "meaning"), rows)
    return f"### {schema.name}\n\n{schema.meaning} Key: {key}.\n\n{grid}"


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return (
        "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
        + "\n"
    )


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
