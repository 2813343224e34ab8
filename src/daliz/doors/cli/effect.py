"""``daliz effect``: what decisions brought, and how many declarations are right, each with an interval."""

import json
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from daliz.doors.cli.assessment_folder import named_file
from daliz.doors.cli.console import out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.effect_data import as_data
from daliz.doors.cli.effect_view import show
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.report import FolderError, read_manifest
from daliz.doors.cli.report.effect_page import EffectPage, write_effect_page
from daliz.doors.cli.waiting import telling
from daliz.engine.effect import EffectError, Ledger, measure
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import check_file, parquet_files, replacing
from daliz.engine.records.schema import FINDINGS
from daliz.language import N_, translate

_LEVELS = (0.5, 0.999)


class Part(StrEnum):
    """Into what the effect is divided on the screen."""

    FORM = "form"
    OFFICE = "office"
    DIRECTION = "direction"
    MONTH = "month"
    PROFILE = "profile"


def command(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...", help="Output folders of daliz assess.", exists=True, file_okay=False
        ),
    ],
    findings: Annotated[
        Path, typer.Option(help="Canonical findings: what controls found since.", exists=True)
    ],
    declarations: Annotated[
        Path | None,
        typer.Option(
            help="Canonical declarations, for the payments declared; those in the folders unless told.",
            exists=True,
        ),
    ] = None,
    pack: Annotated[
        str | None, typer.Option(help="Country pack: its code or folder; the one that decided unless told.")
    ] = None,
    overlay: Overlay = None,
    until: Annotated[
        str | None,
        typer.Option(help="Last day, 2026-03-31: what was registered or known later is left out."),
    ] = None,
    by: Annotated[Part, typer.Option(help="What the table on the screen is divided into.")] = Part.FORM,
    level: Annotated[float, typer.Option(help="Confidence of the intervals, 0.5 to 0.999.")] = 0.9,
    out_dir: Annotated[
        Path | None,
        typer.Option("--out", help="Write effect.json and effect.html into this folder.", file_okay=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Say what control achieved: hit rate, yield, false alarms, each profile's part, compliance, revenue gap.

    The answer is confidential: it shows profiles and what they find. It is for analysts and their managers.
    Exit code 0 when there is an answer; 1 if something is wrong with what was given; 2 for wrong usage.
    """
    if not _LEVELS[0] <= level <= _LEVELS[1]:
        raise EffectError(N_("--level {found}: give a number from 0.5 to 0.999"), found=level)
    rules = load_pack(pack or read_manifest(folders[0]).policy.pack.code, overlay=overlay)
    for file in parquet_files(findings):
        check_file(file, FINDINGS)
    with telling(lang) as tell:
        tell(N_("reading what controls found"), 0.0)
        ledger = Ledger.of(
            rules,
            decisions=_tables(folders, "decisions"),
            measures=_tables(folders, "measures"),
            findings=findings,
            declarations=declarations or _declared(folders),
            before=_after(until, rules) if until else None,
        )
        tell(N_("measuring the effect"), 0.5)
        effect = measure(ledger, level=level)
    inputs = [*_tables(folders, "decisions"), *_tables(folders, "measures"), *parquet_files(findings)]
    page = EffectPage(effect, rules, until, tuple(named_file(file) for file in inputs))
    data = as_data(page)
    if out_dir is not None:
        out_dir.mkdir(parents=True, exist_ok=True)
        with replacing(out_dir / "effect.json") as path:
            path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_effect_page(page, out_dir / "effect.html", lang=lang)
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    show(effect, rules, by=by.value, lang=lang)
    if out_dir is not None:
        out.print(translate("The report is {path}", lang, path=out_dir / "effect.html"), highlight=False)


def _tables(folders: Sequence[Path], name: str) -> list[Path]:
    """Return the table of each folder."""
    files = [folder / f"{name}.parquet" for folder in folders]
    for file in files:
        if not file.is_file():
            raise FolderError(
                N_("{folder} has no {name}; name the folder that daliz assess wrote"),
                folder=str(file.parent),
                name=file.name,
            )
    return files


def _declared(folders: Sequence[Path]) -> list[Path] | None:
    """Return the declarations that lie in the folders; None unless all have them."""
    files = [folder / "declarations.parquet" for folder in folders]
    return files if all(file.is_file() for file in files) else None


def _after(until: str, pack: Pack) -> datetime:
    """Return the instant at which the day ends on the pack's clock."""
    day = day_of(until, "--until", "2026-03-31")
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(pack.zone))
