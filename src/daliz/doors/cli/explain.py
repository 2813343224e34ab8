"""``daliz explain``: why one declaration went its way, for an officer or for an analyst."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.adaptation import as_drawn
from daliz.doors.cli.assessment_models import areas_of, item_reasons
from daliz.doors.cli.console import err, out
from daliz.doors.cli.explanation import (
    AnalystView,
    OfficerView,
    look_up,
    model_forms,
    show_to_analyst,
    show_to_officer,
)
from daliz.doors.cli.explanation.lookup import Decision
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.report import Tables, read_manifest
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Pack, load_pack
from daliz.language import N_, translate


class Reader(StrEnum):
    """Who reads the explanation."""

    OFFICER = "officer"
    ANALYST = "analyst"


def command(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Output folder of daliz assess.", exists=True, file_okay=False),
    ],
    number: Annotated[str, typer.Argument(metavar="ID", help="Number of the declaration.")],
    version: Annotated[int | None, typer.Option(help="Its version; the last unless told.")] = None,
    reader: Annotated[
        Reader,
        typer.Option(
            "--as",
            help="officer: what to do and to look at, nothing confidential; analyst: everything.",
        ),
    ] = Reader.OFFICER,
    lang: Lang = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON under stable keys.")] = False,
    pack: Annotated[
        str | None, typer.Option(help="Country pack: its code or folder; the one that decided unless told.")
    ] = None,
    overlay: Overlay = None,
) -> None:
    """Explain one decision: to an officer what to do, to an analyst why.

    Exit code 0 when explained, 1 when the declaration was not assessed there (the nearest numbers are named),
    2 for wrong usage.
    """
    manifest = read_manifest(folder)
    rules = load_pack(pack or manifest.policy.pack.code, overlay=overlay)
    manifest = manifest.named_by(rules)
    if rules.fingerprint != manifest.policy.pack.fingerprint:
        said = translate(
            N_("The pack at hand is not the one that decided; names and sentences may differ."), lang
        )
        err.print(said, style="yellow", highlight=False, markup=False)
    tables = Tables.of(folder, rules)
    rules = as_drawn(folder, rules)
    voice = Voice(lang, rules)
    decision = look_up(tables, number, version)
    if reader is Reader.ANALYST:
        moved = item_reasons(folder, decision.declaration_id, decision.version)
        analyst = AnalystView.of(decision, manifest, voice, items=moved)
        if as_json:
            typer.echo(json.dumps(analyst.as_json(), ensure_ascii=False, indent=1))
        else:
            show_to_analyst(analyst, decision, voice, out)
        return
    officer = OfficerView.of(decision, voice, areas=_areas(folder, decision, rules))
    if as_json:
        typer.echo(json.dumps(officer.as_json(), ensure_ascii=False, indent=1))
    else:
        show_to_officer(officer, voice, out)


def _areas(folder: Path, decision: Decision, pack: Pack) -> tuple[str, ...]:
    """Return approved areas in which models saw risk, where they chose a control other than the draw's."""
    forms = model_forms(decision, pack)
    if not forms:
        return ()
    hints = pack.models.hints
    moved = item_reasons(folder, decision.declaration_id, decision.version)
    return areas_of(moved, forms, approved=hints.approved_on(decision.day), most=hints.most)
