"""``daliz read``: bring files of any layout to canonical tables, and say what was kept out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final

import typer

from daliz.doors.cli.console import out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.waiting import telling
from daliz.engine.pack import load_pack
from daliz.engine.reading import Form, ReadingResult, SourceMapping, load_mapping, shipped_mapping
from daliz.engine.reading import read as read_files
from daliz.language import N_, ntranslate, translate

AS: Final = (
    "What the files are; auto tells each by its content. Of a folder only such files are read, and a file "
    "that is named must be such."
)
UNDATED: Final = (
    "Day of declarations in XML that state none (drafts), 2026-03-02. Default: that of their file."
)
_SHOWN: Final = 20
"""Files left aside that are named."""


def read(
    paths: Annotated[
        list[Path],
        typer.Argument(help="CSV, Parquet, Excel or XML files, zip files of XML, or folders of them."),
    ],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the canonical tables.")],
    form: Annotated[Form, typer.Option("--as", help=AS)] = Form.AUTO,
    mapping: Annotated[
        str | None,
        typer.Option(
            help="YAML file that maps the columns, or the name of a mapping that Daliz brings along."
        ),
    ] = None,
    pack: Annotated[
        str | None,
        typer.Option(help="Country pack: its time zone and contracts count; only general ones without."),
    ] = None,
    undated: Annotated[str | None, typer.Option(help=UNDATED)] = None,
    overlay: Overlay = None,
    lang: Lang = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Read files into canonical tables; what is broken goes whole into quarantine.parquet.

    Exit code 0 if anything was read, with or without a quarantine; 1 if nothing could be.
    """
    chosen = chosen_mapping(mapping) if mapping is not None else None
    if overlay is not None and pack is None:
        raise typer.BadParameter("--pack", param_hint="--overlay")
    loaded = load_pack(pack, overlay=overlay) if pack is not None else None
    with telling(lang) as tell:
        result = read_files(
            paths,
            form=form,
            mapping=chosen,
            pack=loaded,
            out=folder,
            undated=day_of(undated, "--undated", "2026-03-02") if undated else None,
            progress=tell,
        )
    if as_json:
        typer.echo(json.dumps(_as_data(result, lang), ensure_ascii=False, indent=2))
    else:
        _tell(result, folder, lang)


def chosen_mapping(name: str) -> SourceMapping:
    """Return the mapping in a file, or one that Daliz brings along by its name."""
    path = Path(name)
    return load_mapping(path) if path.suffix or path.exists() else shipped_mapping(name)


def _as_data(result: ReadingResult, lang: str) -> dict[str, object]:
    return {
        "declarations": result.declarations,
        "tables": dict(result.tables),
        "quarantined_declarations": result.quarantined_declarations,
        "quarantine_entries": result.quarantine_entries,
        "reasons": dict(result.reasons),
        "other_documents": dict(result.other_documents),
        "differences": dict(result.differences),
        "left_aside": list(result.left),
        "sources": [
            {"name": s.name, "rows": s.rows, "error": s.error.text(lang) if s.error is not None else None}
            for s in result.sources
        ],
    }


def _tell(result: ReadingResult, folder: Path, lang: str) -> None:
    def say(text: str) -> None:
        out.print(text, highlight=False, markup=False)

    items = result.tables["declarations"]
    say(
        translate(
            N_("{declarations} and {items} taken into {folder}"), lang, folder=folder,
            declarations=ntranslate("{n} declaration", "{n} declarations", result.declarations, lang),
            items=ntranslate("{n} goods item", "{n} goods items", items, lang),
        )
    )  # fmt: skip
    for name, rows in result.tables.items():
        if name != "declarations":
            say(f"  {name}: {ntranslate('{n} row', '{n} rows', rows, lang)}")
    for source in result.sources:
        if source.error is not None:
            say(
                translate(
                    N_("left out: {name}: {error}"), lang, name=source.name, error=source.error.text(lang)
                )
            )
    _tell_beside(result, folder, lang, say)
    if not result.quarantine_entries:
        return
    say(
        translate(
            N_("{declarations} kept out; see {place}"), lang, place=folder / "quarantine.parquet",
            declarations=ntranslate(
                "{n} declaration", "{n} declarations", result.quarantined_declarations, lang
            ),
        )
    )  # fmt: skip
    for code, entries in result.reasons.items():
        say(f"  {code}: {entries}")
        if code == "not-a-declaration":
            for kind, times in result.other_documents.items():
                say(f"    {kind}: {times}")


def _tell_beside(result: ReadingResult, folder: Path, lang: str, say: Callable[[str], None]) -> None:
    """Tell what was left aside and which totals differ."""
    if result.left:
        files = ntranslate("{n} file", "{n} files", len(result.left), lang)
        say(translate(N_("left aside: {files} of no known kind"), lang, files=files))
        for name in result.left[:_SHOWN]:
            say(f"  {name}")
        if len(result.left) > _SHOWN:
            say("  …")
    if result.differences:
        place = folder / "differences.parquet"
        say(
            translate(
                N_("what documents state differs from their goods items; see {place}"), lang, place=place
            )
        )
        for name, times in result.differences.items():
            say(f"  {name}: {ntranslate('{n} declaration', '{n} declarations', times, lang)}")
