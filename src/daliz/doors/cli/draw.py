"""``daliz draw``: make a key for the random share, publish its commitment, verify a draw afterwards."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import err, out
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.report import read_manifest
from daliz.engine.allocation import PRACTICE_KEY, DrawKey, new_key, verify_draw
from daliz.engine.pack import load_pack
from daliz.engine.records.decisions import DECISIONS, MEASURES
from daliz.engine.records.files import read_table
from daliz.language import N_, translate

app = typer.Typer(help="The random share: make a key, commit to it, verify a draw.", no_args_is_help=True)


@app.command("new-key")
def make_key(
    file: Annotated[
        Path, typer.Argument(help="Where to keep the key; an existing file is never overwritten.")
    ],
    key_id: Annotated[str, typer.Option("--id", help="Name under which the commitment is published.")],
    lang: Lang = Language.EN,
) -> None:
    """Make a secret key for the draw and print the commitment to publish before the key is used."""
    key = new_key(key_id)
    key.write(file)
    out.print(
        translate("Key {key_id} is in {file}. Publish its commitment before the key is used:", lang,
                  key_id=key_id, file=file.name),
        highlight=False,
    )  # fmt: skip
    out.print(key.commitment, highlight=False)


@app.command()
def verify(
    folder: Annotated[Path, typer.Argument(help="Output folder of daliz assess.")],
    key: Annotated[
        Path | None, typer.Option(help="The revealed key; without it the practice key is taken.")
    ] = None,
    commitment: Annotated[
        str | None, typer.Option(help="The commitment that was published before the draw.")
    ] = None,
    pack: Annotated[
        str | None, typer.Option(help="Country pack: its code or folder; the one that decided unless told.")
    ] = None,
    overlay: Overlay = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Draw every decision of a folder again and say whether the random share is the one recorded.

    Exit code 0 if it is, 1 if anything differs.
    """
    manifest = read_manifest(folder)
    rules = load_pack(pack or manifest.policy.pack.code, overlay=overlay)
    if rules.fingerprint != manifest.policy.pack.fingerprint:
        said = translate(N_("The pack at hand is not the one that decided; strata may differ."), lang)
        err.print(said, style="yellow", highlight=False, markup=False)
    result = verify_draw(
        read_table(folder / "decisions.parquet", DECISIONS),
        read_table(folder / "measures.parquet", MEASURES),
        folder / "declarations.parquet",
        rules,
        key=DrawKey.read(key) if key else PRACTICE_KEY,
        commitment=commitment or manifest.draw.commitment,
        period=(manifest.days.first, manifest.days.last),
        profiles_of=manifest.policy.profiles_of,
    )
    if as_json:
        typer.echo(json.dumps({**asdict(result), "holds": result.holds}, ensure_ascii=False, indent=1))
    else:
        for line in result.lines(lang):
            out.print(line, highlight=False, markup=False)
    raise typer.Exit(0 if result.holds else 1)
