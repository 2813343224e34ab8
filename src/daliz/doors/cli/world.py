"""``daliz world``: write a pretend border with its full truth."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from daliz.doors.cli.console import out
from daliz.doors.cli.options import Lang, Language
from daliz.doors.cli.waiting import telling
from daliz.engine.pack import load_pack
from daliz.engine.world import Scenario, WorldError, WorldSummary, write_world
from daliz.language import N_, ntranslate, translate

_STAGES: Final = {"people": N_("founding firms"), "months": N_("writing months")}


def command(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the files of the world.")],
    seed: Annotated[int, typer.Option(help="Everything follows from it: same seed, same bytes.")] = 1,
    months: Annotated[int, typer.Option(help="Calendar months, 1 to 120.")] = 6,
    per_day: Annotated[float, typer.Option(help="Declarations a day on average.")] = 200,
    scenario: Annotated[
        Scenario,
        typer.Option(help="stationary; drift: schemes, goods and firms change; cold: many new firms."),
    ] = Scenario.STATIONARY,
    since: Annotated[str, typer.Option("--from", help="A day of the first month.")] = "2025-01-01",
    past_controls: Annotated[
        str | None,
        typer.Option(help="Shares of declarations controlled in the past: documents=16%,physical=4%."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="Last day with past controls; the last month has none unless this says so."),
    ] = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Write a pretend border: declarations, the truth about them and, if asked, findings of past controls."""
    last_controlled = _day(until) if until else None
    shares = shares_of(past_controls) if past_controls is not None else None
    if last_controlled is not None and shares is None:
        raise WorldError(
            N_("--until says when past controls end; say with --past-controls what they were"),
            code="world-until",
        )
    with telling(lang) as tell:
        summary = write_world(
            out_dir,
            pack=load_pack(pack),
            seed=seed,
            months=months,
            per_day=per_day,
            scenario=scenario,
            first_month=_day(since),
            past_controls=shares,
            controlled_until=last_controlled + timedelta(days=1) if last_controlled else None,
            progress=lambda stage, share: tell(_STAGES[stage], share),
        )
    if as_json:
        typer.echo(json.dumps({"seed": seed, "scenario": scenario, **asdict(summary)}, default=str, indent=1))
        return
    for line in lines(summary, out_dir, lang):
        out.print(line, highlight=False, markup=False)


def lines(summary: WorldSummary, folder: Path, lang: str) -> Iterator[str]:
    """Say what was written."""
    yield translate(
        "A pretend border from {first} to {last} is in {folder}; all firms, goods, violations are invented.",
        lang, first=summary.first_day, last=summary.last_day, folder=folder,
    )  # fmt: skip
    yield ntranslate("{n} declaration", "{n} declarations", summary.declarations, lang)
    yield ntranslate("{n} goods item", "{n} goods items", summary.items, lang)
    yield ntranslate(
        "{n} declaration in violation", "{n} declarations in violation", summary.violations, lang
    )
    if summary.controlled_until is not None:
        yield ntranslate(
            "{n} finding of past controls", "{n} findings of past controls", summary.findings, lang
        )


def shares_of(text: str) -> dict[str, float]:
    """Read ``documents=16%,physical=4%``.

    Example:
        >>> shares_of("documents=16%,physical=0.04")
        {'documents': 0.16, 'physical': 0.04}
    """
    shares: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        form, _, share = part.partition("=")
        try:
            number = float(share.strip().removesuffix("%")) / (100 if share.strip().endswith("%") else 1)
        except ValueError:
            raise WorldError(
                N_("--past-controls {found}: write it as documents=16%,physical=4%"),
                code="world-past-controls", found=part,
            ) from None  # fmt: skip
        shares[form.strip()] = number
    return shares


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WorldError(
            N_("{found} is not a day; write it as 2025-01-31"), code="world-day", found=text
        ) from None
