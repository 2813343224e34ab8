"""``daliz check``: say what an expression means, or what is wrong with it."""

import json
from typing import Annotated, Final

import typer

from daliz.doors.cli.console import err, out
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.engine.features import VOCABULARY, Grain, Kind, Vocabulary
from daliz.engine.indicators import Expression, ExpressionError, Names, parse, sentence, to_sql, to_tree
from daliz.engine.pack import load_pack
from daliz.language import N_, translate

_KINDS: Final = {
    Kind.FLAG: N_("condition"),
    Kind.NUMBER: N_("number"),
    Kind.TEXT: N_("text"),
    Kind.DATE: N_("date"),
}
_GRAINS: Final = {
    Grain.ITEM: N_("of an item"),
    Grain.DECLARATION: N_("of the declaration"),
}


def check(
    expression: Annotated[
        str, typer.Argument(help="The expression, in quotation marks; after -- if it begins with -.")
    ],
    pack: Annotated[
        str | None,
        typer.Option(help="Country pack whose names, lists and currency count; only built-in names without."),
    ] = None,
    overlay: Overlay = None,
    lang: Lang = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Check an expression: print its type, canonical text, sentence and SQL, or what is wrong.

    Exit code 0 if the expression is right, 1 if it is not.
    """
    vocabulary, lists, currency = VOCABULARY, dict[str, Kind](), None
    names = Names()
    if overlay is not None and pack is None:
        raise typer.BadParameter("--pack", param_hint="--overlay")
    if pack is not None:
        loaded = load_pack(pack, overlay=overlay)
        vocabulary, currency = loaded.vocabulary, loaded.currency
        names = loaded.names
        lists = {name: named.kind for name, named in loaded.lists.items()}
    try:
        parsed = parse(expression, vocabulary, lists=lists, currency=currency)
    except ExpressionError as error:
        if as_json:
            _print_json(_wrong(error, lang))
        else:
            err.print(error.pretty(lang), highlight=False, markup=False)
        raise typer.Exit(1) from None
    if as_json:
        _print_json(_right(parsed, vocabulary, lang, names))
        return
    unit = f", {parsed.unit}" if parsed.unit else ""
    kind = f"{translate(_KINDS[parsed.kind], lang)} {translate(_GRAINS[parsed.grain], lang)}{unit}"
    for label, value in (
        (N_("Type"), kind),
        (N_("Text"), parsed.text),
        (N_("Sentence"), sentence(parsed, vocabulary, lang, names)),
        (N_("SQL"), to_sql(parsed)),
    ):
        out.print(f"{translate(label, lang)}: {value}", highlight=False, markup=False)


def _right(parsed: Expression, vocabulary: Vocabulary, lang: str, names: Names) -> dict[str, object]:
    return {
        "right": True,
        "kind": parsed.kind.value,
        "unit": str(parsed.unit),
        "grain": parsed.grain.value,
        "text": parsed.text,
        "sentence": sentence(parsed, vocabulary, lang, names),
        "names": sorted(parsed.names),
        "lists": sorted(parsed.lists),
        "sql": {"duckdb": to_sql(parsed), "spark": to_sql(parsed, "spark")},
        "tree": to_tree(parsed) if parsed.kind is Kind.FLAG else None,
    }


def _wrong(error: ExpressionError, lang: str) -> dict[str, object]:
    return {
        "right": False,
        "code": error.code,
        "message": error.message.text(lang),
        "line": error.line,
        "column": error.column,
        "found": error.found,
        "suggestion": error.suggestion.text(lang) if error.suggestion else None,
    }


def _print_json(answer: dict[str, object]) -> None:
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=2))
