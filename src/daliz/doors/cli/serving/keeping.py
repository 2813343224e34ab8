"""``daliz backup``, ``restore``, ``export``, ``retention``, ``doctor``: keep the live system."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import err, out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.options import Lang, Language
from daliz.doors.cli.serving.commands import awake
from daliz.doors.cli.waiting import telling
from daliz.language import N_, translate
from daliz.language.numbers import format_number

_COLOURS = {"well": "green", "warning": "yellow", "wrong": "red"}


def backup(
    to: Annotated[
        Path | None, typer.Option(help="The file to write; one in DALIZ_HOME/backups, named by the time.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Write the database as of now and the files of the home into one file; the server may go on.

    Keys are not in it: what it names as apart must be kept elsewhere.
    """
    awake()
    from django.conf import settings

    from daliz.doors.cli.serving import backup as backups

    name = f"daliz-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    kept = backups.backup(to or Path(settings.HOME) / "backups" / name)
    said = N_("{path}: {rows} rows and {files} files.")
    out.print(
        translate(said, lang, path=kept.path, rows=format_number(kept.rows, lang),
                  files=format_number(kept.files, lang)),
        highlight=False,
    )  # fmt: skip
    for secret in kept.apart:
        out.print(translate(N_("Keep apart, it is not in the backup: {secret}"), lang, secret=secret))


def restore(
    path: Annotated[Path, typer.Argument(help="A file that daliz backup wrote.", exists=True)],
    lang: Lang = Language.EN,
) -> None:
    """Set up a new home and a new database from a backup; nothing that is there is overwritten.

    The journal is verified at the end. Put the secrets that were kept apart back yourself.
    """
    awake()
    from daliz.doors.cli.serving import restoring
    from daliz.ground.journal.queries import verify

    kept = restoring.restore(path)
    said = N_("{path}: {rows} rows and {files} files are restored.")
    out.print(
        translate(said, lang, path=kept.path, rows=format_number(kept.rows, lang),
                  files=format_number(kept.files, lang)),
        highlight=False,
    )  # fmt: skip
    verdict = verify(now=datetime.now(UTC))
    for problem in verdict.problems:
        err.print(problem.text(lang), style="red", highlight=False)
    out.print(translate(N_("The head of the journal is {head}."), lang, head=verdict.head), highlight=False)
    if verdict.problems:
        raise typer.Exit(1)


def export(
    to: Annotated[
        Path | None, typer.Option(help="Folder of the months; DALIZ_MONTHS, or months in DALIZ_HOME.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="The first day that is not exported, 2026-03-31; today if not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was exported as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Export declarations, findings and corrections by month as Parquet, up to the end of yesterday.

    What is out is never written again; a folder that is there is gone on with. daliz assess and daliz train
    take the folder as it is.
    """
    asked = day_of(until, "--until", "2026-03-31") if until else None
    awake()
    from daliz.doors.cli.serving.jobs import bring_out, months_folder

    folder = to or months_folder()
    with telling(lang) as tell:
        done = bring_out(folder, until=asked, progress=tell)
    if as_json:
        told = asdict(done) | {"until": done.until.isoformat() if done.until else None, "folder": str(folder)}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    said = N_(
        "{place}: {versions} versions and {findings} findings more, {late} late; all before {day} is out."
    )
    if done.until is None:
        said = N_("{place}: nothing was registered yet.")
    numbers = {"versions": done.versions, "findings": done.findings, "late": done.late}
    out.print(
        translate(
            said,
            lang,
            place=folder,
            day=done.until,
            **{k: format_number(n, lang) for k, n in numbers.items()},
        ),
        highlight=False,
    )


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would go; nothing is let go of.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print what goes as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Let go of what the pack no longer keeps, as the job of each night does; or say what would go.

    What is interrupted goes on where it was when it is called again.
    """
    awake()
    from daliz.customs.retention import KINDS
    from daliz.doors.cli.serving.retaining import let_go

    with telling(lang) as tell:
        gone = let_go(now=datetime.now(UTC), dry_run=dry_run, progress=tell)
    if as_json:
        told = [
            {"kind": one.kind, "until": one.until.isoformat(), "count": one.count, "files": one.files}
            for one in gone
        ]
        typer.echo(json.dumps({"dry_run": dry_run, "gone": told}, ensure_ascii=False, indent=1))
        return
    said = N_("{what}, over before {day}: {n}")
    for one in gone:
        line = translate(
            said, lang, what=translate(KINDS[one.kind], lang), day=one.until.date().isoformat(),
            n=format_number(one.count, lang),
        )  # fmt: skip
        out.print(line, highlight=False)
    if not gone:
        out.print(translate(N_("The pack states no terms: everything is kept."), lang), highlight=False)
    elif dry_run:
        out.print(translate(N_("Nothing was let go of."), lang), highlight=False)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was seen as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Look the live system over and say what to do. Exit code 0 if nothing is wrong, 1 if something is."""
    awake()
    from daliz.doors.cli.serving.doctor import State, look_over

    seen = look_over(now=datetime.now(UTC))
    if as_json:
        told = [{"what": s.what, "state": s.state.value, "says": s.says.text(lang)} for s in seen]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for one in seen:
            out.print(f"{one.what:<11}", style=_COLOURS[one.state.value], end="", highlight=False)
            out.print(one.says.text(lang), highlight=False, markup=False)
    if any(one.state is State.WRONG for one in seen):
        raise typer.Exit(1)
