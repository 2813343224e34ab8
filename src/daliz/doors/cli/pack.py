"""``daliz pack``: says what is wrong with a country pack and where, and what a pack contains."""

import json
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import out
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.pack_listing import listing
from daliz.doors.cli.pack_new import write_new_pack
from daliz.doors.cli.pack_register import register_listing
from daliz.engine.pack import Overlay as OverlayOfPack
from daliz.engine.pack import Pack, Problem, Remark, check_pack, load_pack, pack_codes, remarks
from daliz.language import N_, ntranslate, translate

app = typer.Typer(help="Country packs: check one, show one, list them.", no_args_is_help=True)

_Which = Annotated[
    str, typer.Argument(metavar="PATH", help="Code of a pack that comes with Daliz, or its path.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
def check(
    path: _Which = "kz", overlay: Overlay = None, as_json: _Json = False, lang: Lang = Language.EN
) -> None:
    """Say everything that is wrong with a pack, with file, line and column; its cases are run too.

    Remarks name gaps, such as a risk area that no profile guards; they are no errors. Exit code 0 if nothing
    is wrong, 1 if something is.
    """
    problems = check_pack(path, overlay=overlay)
    pack = None if problems else load_pack(path, overlay=overlay)
    noted = [] if pack is None else remarks(pack)
    if as_json:
        typer.echo(json.dumps(_result(path, pack, problems, noted, lang), ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            out.print(problem.text(lang), highlight=False, markup=False)
        for remark in noted:
            line = translate(N_("remark: {remark}"), lang, remark=remark.text(lang))
            out.print(line, highlight=False, markup=False)
        out.print(_verdict(path, pack, problems, lang), highlight=False, markup=False)
    raise typer.Exit(1 if problems else 0)


@app.command()
def show(
    path: _Which = "kz",
    overlay: Overlay = None,
    register: Annotated[
        bool, typer.Option("--register", help="Show the risk register and which profiles guard each area.")
    ] = False,
    lang: Lang = Language.EN,
) -> None:
    """Show a pack as a page of Markdown: corridors, measures, areas of profiles, sources; no indicators."""
    page = register_listing if register else listing
    typer.echo(page(load_pack(path, overlay=overlay), lang), nl=False)


@app.command()
def new(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="Country, ISO 3166-1: two letters, such as UZ.")
    ],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder of the new pack; it must not exist.")],
    zone: Annotated[
        str | None, typer.Option(help="IANA time zone; that of the country where it has one only.")
    ] = None,
    currency: Annotated[
        str | None, typer.Option(help="ISO 4217 code of the country's money; today's unless given.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Copy the template of a pack with the country's code, names, time zone and money filled in."""
    files = write_new_pack(code, out_dir, zone=zone, currency=currency)
    out.print(
        ntranslate("{n} file in {folder}", "{n} files in {folder}", files, lang, folder=out_dir),
        highlight=False,
        markup=False,
    )
    say = N_("Next: daliz pack check {folder}")
    out.print(translate(say, lang, folder=out_dir), highlight=False, markup=False)


@app.command("list")
def list_packs(as_json: _Json = False, lang: Lang = Language.EN) -> None:
    """List the packs that come with Daliz."""
    packs = [load_pack(code) for code in pack_codes()]
    if as_json:
        typer.echo(json.dumps([_head(pack, lang) for pack in packs], ensure_ascii=False, indent=1))
        return
    for pack in packs:
        out.print(f"{pack.code}  {pack.version}  {pack.name.in_(lang)}", highlight=False, markup=False)


def _result(
    path: str, pack: Pack | None, problems: list[Problem], noted: list[Remark], lang: str
) -> dict[str, object]:
    """Return the answer for programs; its keys are stable."""
    return {
        "path": path,
        "ok": not problems,
        "pack": None if pack is None else _head(pack, lang),
        "problems": [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "code": problem.code,
                "message": problem.message.text(lang),
            }
            for problem in problems
        ],
        "remarks": [{"code": remark.code, "message": remark.text(lang)} for remark in noted],
    }


def _head(pack: Pack, lang: str) -> dict[str, object]:
    return {
        "code": pack.code,
        "name": pack.name.in_(lang),
        "version": pack.version,
        "fingerprint": pack.fingerprint,
        "overlay": None if pack.overlay is None else _over(pack.overlay),
        "profiles": len(pack.profiles),
        "cases": sum(len(profile.cases) for profile in pack.profiles),
    }


def _over(overlay: OverlayOfPack) -> dict[str, object]:
    return {
        "fingerprint": overlay.fingerprint,
        "profiles_added": overlay.added,
        "profiles_replaced": overlay.replaced,
        "profiles_retired": overlay.retired,
    }


def _verdict(path: str, pack: Pack | None, problems: list[Problem], lang: str) -> str:
    if pack is None:
        return ntranslate("{path}: {n} problem", "{path}: {n} problems", len(problems), lang, path=path)
    cases = sum(len(profile.cases) for profile in pack.profiles)
    said = translate(
        N_("{path}: right; profiles: {profiles}, cases: {cases}, fingerprint {fingerprint}"), lang,
        path=path, profiles=len(pack.profiles), cases=cases, fingerprint=pack.fingerprint[:16],
    )  # fmt: skip
    if pack.overlay is None:
        return said
    over = translate(
        N_("with the overlay {fingerprint}: profiles added {added}, replaced {replaced}, retired {retired}"),
        lang, fingerprint=pack.overlay.fingerprint[:16], added=pack.overlay.added,
        replaced=pack.overlay.replaced, retired=pack.overlay.retired,
    )  # fmt: skip
    return f"{said}\n{over}"
