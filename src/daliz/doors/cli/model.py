"""``daliz model``: which models are published, what they are, whether they hold, and which are in force."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.model_listing import (
    card_lines,
    model_data,
    model_line,
    models_of,
    state_of,
    verdict_data,
    verdict_lines,
)
from daliz.doors.cli.models_in_force import KeyFile, expect_key, signing_key
from daliz.doors.cli.options import Lang, Language
from daliz.engine.estimators.registry import Entry, Registry, SigningKey, new_signing_key
from daliz.language import N_, translate

app = typer.Typer(help="Published models: list, show, verify, put in force, retire.", no_args_is_help=True)

_Dir = Annotated[Path, typer.Argument(help="Directory of published models.", exists=True, file_okay=False)]
_Key = Annotated[
    Path | None,
    typer.Option(
        "--key",
        envvar="DALIZ_MODEL_KEY",
        help="File with the key that models are signed with; without it signatures are not looked at.",
    ),
]
_Version = Annotated[str | None, typer.Option(help="Version or folder; the one in force unless told.")]
_ENTRY = ("act", "folder", "approved_by", "at", "from_day")
_Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command("list")
def list_models(directory: _Dir, key: _Key = None, as_json: _Json = False, lang: Lang = Language.EN) -> None:
    """List every published model, which one is in force, who made and who approved it."""
    registry, signing = Registry(directory), _key(key)
    found = [model for name in registry.names() for model in models_of(registry, name, signing)]
    if as_json:
        _print_json([model_data(model) for model in found])
        return
    if not found:
        _say(translate(N_("No model is published here."), lang))
    for model in found:
        _say(model_line(model, lang))


@app.command()
def show(
    directory: _Dir,
    name: Annotated[str, typer.Argument(help="Name of the line of models.")],
    version: _Version = None,
    key: _Key = None,
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Show the card of a model: what it estimates, on what it was trained, limits, figures and checks.

    Its files are held against what was published first; exit code 1 if they differ.
    """
    state = state_of(Registry(directory), name, version, _key(key))
    if as_json:
        _print_json(model_data(state) | {"card": state.card(lang)})
        return
    for line in card_lines(state, lang, signed=key is not None):
        _say(line)


@app.command()
def verify(
    directory: _Dir,
    name: Annotated[str | None, typer.Argument(help="Name of the line of models; all unless told.")] = None,
    version: _Version = None,
    key: _Key = None,
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Hold every file of every model against its hash, and the hashes against their signature.

    Exit code 0 if all is as it was published, 1 if anything differs.
    """
    verdicts = list(verdict_data(Registry(directory), name, version, _key(key), lang))
    if as_json:
        _print_json(verdicts)
    else:
        for line in verdict_lines(verdicts, lang, signed=key is not None):
            _say(line)
    raise typer.Exit(0 if all(verdict["holds"] for verdict in verdicts) else 1)


_Registry = Annotated[
    Path,
    typer.Option(
        "--registry",
        envvar="DALIZ_MODELS",
        help="Directory of published models.",
        exists=True,
        file_okay=False,
    ),
]
_Wanted = Annotated[str, typer.Argument(help="Version or folder.")]
_Line = Annotated[
    str | None, typer.Option("--name", help="Name of the line of models, where several have the version.")
]
_By = Annotated[str, typer.Option("--by", help="Who approves it; not who made the model.")]
_From = Annotated[
    str | None, typer.Option("--from", help="First day of registration for which it holds, 2026-03-01.")
]


@app.command("put-in-force")
def put_in_force(
    version: _Wanted,
    registry: _Registry,
    by: _By,
    name: _Line = None,
    since: _From = None,
    key: KeyFile = None,
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Have a published model score declarations from a day on, in place of the one before.

    The day is that as of which it was trained unless told. Whoever made the model cannot approve it. To undo,
    put the one before in force again; every act stays in the registry.
    """
    models, signing = Registry(registry), signing_key(key)
    line = name or models.line_of(version)
    expect_key(models, line, signing)
    day = day_of(since, "--from", "2026-03-01").isoformat() if since else models.known_before(line, version)
    entry = models.put_in_force(line, version, approved_by=by, at=_now(), key=signing, from_day=day)
    _told(
        line, entry, N_("{folder} of {name} is in force from {day} on, approved by {person}."), as_json, lang
    )


@app.command()
def retire(
    version: _Wanted,
    registry: _Registry,
    by: _By,
    name: _Line = None,
    since: _From = None,
    key: KeyFile = None,
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Have the model in force score no more from a day on, today unless told; profiles go on alone.

    To undo, put it in force again.
    """
    models, signing = Registry(registry), signing_key(key)
    line = name or models.line_of(version)
    expect_key(models, line, signing)
    day = day_of(since, "--from", "2026-03-01").isoformat() if since else None
    entry = models.retire(line, version, approved_by=by, at=_now(), key=signing, from_day=day)
    _told(line, entry, N_("{folder} of {name} is retired from {day} on by {person}."), as_json, lang)


@app.command("new-key")
def make_key(
    file: Annotated[
        Path, typer.Argument(help="Where to keep the key; an existing file is never overwritten.")
    ],
    key_id: Annotated[str, typer.Option("--id", help="Name that signatures state.")],
    lang: Lang = Language.EN,
) -> None:
    """Make a secret key for signing models."""
    new_signing_key(key_id).write(file)
    _say(translate(N_("Key {key_id} is in {file}. Keep it secret."), lang, key_id=key_id, file=file.name))


def _told(line: str, entry: Entry, template: str, as_json: bool, lang: str) -> None:
    if as_json:
        _print_json({"name": line, **{k: v for k, v in asdict(entry).items() if k in _ENTRY}})
        return
    _say(
        translate(
            template, lang, folder=entry.folder, name=line, day=entry.from_day, person=entry.approved_by
        )
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _key(path: Path | None) -> SigningKey | None:
    return SigningKey.read(path) if path else None


def _say(line: str) -> None:
    out.print(line, highlight=False, markup=False)


def _print_json(answer: object) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
