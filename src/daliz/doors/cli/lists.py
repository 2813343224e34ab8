"""``daliz lists``: takes official lists in, shows what changes and what holds, and takes a load back."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import err, out
from daliz.doors.cli.lists_listing import diff_data, diff_lines, load_data, load_line, plan_data, plan_lines
from daliz.doors.cli.options import Lang, Language
from daliz.engine.loads import Request, commit, compare, plan_load
from daliz.engine.loads import undo as take_back
from daliz.engine.official import KINDS, Classification, ListError, ListKind, Load, OfficialLists, Shelf
from daliz.language import N_, ntranslate, translate

app = typer.Typer(
    help="Official lists: goods codes, correlation, duty, offices, countries, rates, units.",
    no_args_is_help=True,
)

_Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"What the list is: {', '.join(KINDS)}.")]
_In = Annotated[
    Path,
    typer.Option("--in", help="Directory of the pack or overlay.", exists=True, file_okay=False),
]
_Edition = Annotated[
    str, typer.Option(help="What the list calls itself, 2022; of a correlation both, 2017:2022.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]


@app.command()
def load(
    kind: _Kind,
    file: Annotated[Path, typer.Argument(help="CSV, Excel or Parquet file.", exists=True, dir_okay=False)],
    into: Annotated[
        Path, typer.Option(help="Directory of the pack or overlay whose list it becomes.", file_okay=False)
    ],
    valid_from: Annotated[
        str | None,
        typer.Option(help="First day on which the list holds, 2022-01-01; of rates the day of rows without."),
    ] = None,
    valid_until: Annotated[
        str | None, typer.Option(help="Last day; until another follows unless told.")
    ] = None,
    edition: _Edition = "",
    source: Annotated[str, typer.Option(help="Where it comes from: the act, its date and number.")] = "",
    amend: Annotated[
        bool, typer.Option("--amend", help="The file has only what changes; the rest stays.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Set aside what was loaded for the same days.")
    ] = False,
    allow_partial: Annotated[
        bool, typer.Option("--allow-partial", help="Take the right rows though others are wrong.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change and stop.")] = False,
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Take an official list in: say what it changes, and add it to the lists of a pack or overlay.

    Exit code 0 when loaded (or shown with --dry-run), 1 when rows are wrong or the days are taken; nothing is
    loaded then.
    """
    plan = plan_load(
        Request(
            kind=kind,
            file=file,
            directory=into,
            valid_from=_day(valid_from) if valid_from else None,
            valid_until=_day(valid_until) if valid_until else None,
            edition=edition,
            source=source,
            amends=amend,
            replaces=replace,
            partial=allow_partial,
            today=_today(),
        )
    )
    loaded = not dry_run and not plan.blocked
    if loaded:
        commit(plan)
    if as_json:
        _print_json({**plan_data(plan, lang), "loaded": loaded})
    else:
        for line in plan_lines(plan, lang):
            _say(line)
        if loaded:
            _say(translate(N_("Loaded as load {number}."), lang, number=plan.load.number))
        elif not plan.blocked:
            _say(translate(N_("Nothing was loaded: --dry-run."), lang))
    if plan.blocked:
        if not as_json:
            err.print(
                translate(
                    N_("Nothing was loaded. Correct the rows, or take the others with --allow-partial."), lang
                ),
                style="red",
            )
        raise typer.Exit(1)


@app.command()
def diff(
    kind: _Kind,
    directory: _In,
    since: Annotated[str, typer.Option("--from", help="The earlier day, 2021-12-31.")],
    until: Annotated[str, typer.Option("--to", help="The later day, 2022-01-01.")],
    edition: _Edition = "",
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Show what differs between the lists in force on two days."""
    listed, shelf = _kind(kind), Shelf.of(directory)
    found = compare(shelf.on(listed.code, _day(since), edition), shelf.on(listed.code, _day(until), edition))
    if as_json:
        _print_json(diff_data(found))
        return
    for line in diff_lines(listed, found, lang):
        _say(line)


@app.command()
def log(directory: _In, as_json: _Json = False, lang: Lang = Language.EN) -> None:
    """Show every load and every undo in order."""
    shelf = Shelf.of(directory)
    there = {load.number for load in shelf.loads}
    if as_json:
        _print_json(
            [load_data(entry, active=getattr(entry, "number", None) in there) for entry in shelf.entries]
        )
        return
    if not shelf.entries:
        _say(translate(N_("Nothing was loaded here."), lang))
    for entry in shelf.entries:
        if isinstance(entry, Load):
            _say(load_line(entry, lang, active=entry.number in there))
        else:
            _say(
                translate(
                    N_("{day}: load {number} undone. {reason}"), lang,
                    day=entry.undone_on, number=entry.undoes, reason=entry.reason,
                ).rstrip()
            )  # fmt: skip


@app.command()
def undo(
    directory: _In,
    number: Annotated[
        int | None, typer.Option("--load", help="Number of the load; the last unless told.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the log.")] = "",
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Take a load back: what held before holds again, byte for byte. The log keeps both."""
    undone = take_back(directory, number=number, reason=reason, today=_today())
    if as_json:
        _print_json({"undone": load_data(undone, active=False)})
    else:
        _say(
            translate(
                N_("Load {number} is undone: {kind} from {since} on."), lang,
                number=undone.number, kind=translate(KINDS[undone.kind].label, lang), since=undone.valid_from,
            )
        )  # fmt: skip


@app.command()
def show(
    kind: _Kind,
    directory: _In,
    on: Annotated[str | None, typer.Option(help="The day, 2025-03-01; today unless told.")] = None,
    code: Annotated[str, typer.Option(help="Only what begins with this code.")] = "",
    edition: _Edition = "",
    as_json: _Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Show the rows of a list in force on a day; of exchange rates those known up to it."""
    listed, day, shelf = _kind(kind), _day(on) if on else _today(), Shelf.of(directory)
    rows = [
        dict(row)
        for _, row in sorted(shelf.on(listed.code, day, edition).items())
        if any(row[name].startswith(code) for name in listed.key)
    ]
    if as_json:
        _print_json(
            {"kind": listed.code, "on": day.isoformat(), "rows": rows, **_above(shelf, kind, code, day)}
        )
        return
    for row in rows:
        _say("  ".join(f"{name}={value}" for name, value in row.items() if value))
    _say(ntranslate("{n} row", "{n} rows", len(rows), lang))


def _above(shelf: Shelf, kind: str, code: str, day: date) -> Mapping[str, object]:
    """Return, for a goods code, its edition and the codes above it."""
    if kind not in ("hs", "tnved"):
        return {}
    goods = Classification(OfficialLists.of([shelf]), kind)
    return {"edition": goods.edition(day), "parents": list(goods.parents(code, day))}


def _kind(code: str) -> ListKind:
    found = KINDS.get(code)
    if found is None:
        raise ListError(
            N_("there is no kind of list {found!r}; there are {known}"),
            code="lists-kind", found=code, known=", ".join(KINDS),
        )  # fmt: skip
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ListError(
            N_("{found!r} is not a day; write it as 2026-01-31"), code="lists-day", found=text
        ) from None


def _today() -> date:
    return date.today()  # noqa: DTZ011 -- the day on this desk's calendar is what the log means


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False)


def _print_json(answer: object) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
