"""``daliz assess``: from files of declarations to corridors, measures and a report."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from daliz.doors.cli.assessment_folder import Taken, corridor_counts, summary, take, tidy, write_folder
from daliz.doors.cli.assessment_models import write_models
from daliz.doors.cli.assessment_task import (
    ByModels,
    Declarations,
    EarlierDecisions,
    Findings,
    KeyOfDraw,
    MappingName,
    ModelKey,
    OfficerTime,
    PackName,
    PublishedModels,
    Wanted,
)
from daliz.doors.cli.console import err, out
from daliz.doors.cli.days import AskedDays, day_of
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.read import AS, UNDATED, chosen_mapping
from daliz.doors.cli.report import write_report
from daliz.doors.cli.waiting import telling
from daliz.engine.assess import Assessment, assess
from daliz.engine.pack import Pack
from daliz.engine.reading import Form
from daliz.language import N_, translate
from daliz.language.numbers import format_date, format_number, format_percent


def command(
    declarations: Declarations,
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for decisions, measures and the report.")],
    findings: Findings = None,
    pack: PackName = "kz",
    overlay: Overlay = None,
    capacity: OfficerTime = None,
    form: Annotated[Form, typer.Option("--as", help=AS)] = Form.AUTO,
    mapping: MappingName = None,
    undated: Annotated[str | None, typer.Option(help=UNDATED)] = None,
    month: Annotated[
        str | None, typer.Option(help="Assess one month: 2026-03, or last; what came before is history.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day to assess, 2026-03-01.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day to assess, 2026-03-31.")] = None,
    profiles_of: Annotated[
        str | None,
        typer.Option(
            help="Judge every day by the profiles in force on this one, 2026-03-31. Default: each day by its "
            "own, or the pack's latest where none was in force yet."
        ),
    ] = None,
    by_models: ByModels = True,
    decisions: EarlierDecisions = None,
    registry: PublishedModels = None,
    model_key: ModelKey = None,
    key: KeyOfDraw = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Judge declarations: corridor, measures and reasons for each, and a report of the whole.

    Exit code 0 when decisions were written (quarantined declarations are counted and listed), 1 when nothing
    could be assessed, 2 for wrong usage.
    """
    wanted = Wanted.of(
        pack=pack,
        overlay=overlay,
        capacity=capacity,
        key=key,
        profiles_of=profiles_of,
        by_models=by_models,
        decisions=decisions or (),
        registry=registry,
        model_key=model_key,
        findings=findings,
    )
    asked = AskedDays.of(month, since, until)
    with telling(lang) as tell:
        taken = take(
            declarations,
            form=form,
            undated=day_of(undated, "--undated", "2026-03-02") if undated else None,
            mapping=chosen_mapping(mapping) if mapping else None,
            pack=wanted.pack,
            findings=findings,
            out=out_dir,
            progress=tell,
        )
        task = wanted.task(taken, taken.days(wanted.pack.zone).within(asked))
        result = assess(task, progress=tell)
        write_folder(out_dir, result, taken, stated=capacity)
        write_models(out_dir, result)
        tidy(out_dir)
        tell(N_("writing the report"), 0.0)
        write_report(out_dir, task.pack)
    if as_json:
        typer.echo(json.dumps(summary(out_dir), ensure_ascii=False, indent=1))
    else:
        _show(result, taken, task.pack, out_dir, lang, adapts=bool(decisions))


def _show(result: Assessment, taken: Taken, pack: Pack, folder: Path, lang: str, *, adapts: bool) -> None:
    """Print how many went through each corridor and where to look."""
    counts = corridor_counts(result)
    total = max(sum(counts.values()), 1)
    table = Table(title=None, box=None, pad_edge=False)
    table.add_column(translate("corridor", lang))
    table.add_column(translate("declarations", lang), justify="right")
    table.add_column(translate("share", lang), justify="right")
    table.add_column(translate("published", lang), justify="right")
    for corridor in pack.corridors:
        count = counts[corridor.code]
        published = corridor.published_share
        table.add_row(
            corridor.name.in_(lang),
            format_number(count, lang),
            format_percent(count / total, lang),
            format_percent(published, lang) if published is not None else "–",
        )
    out.print(table)
    if pack.policy.advises:
        out.print(translate(N_("These are advice: the officer in charge decides."), lang), highlight=False)
    for files, text in (
        (taken.left_out, N_("files left out: {n}; see quarantine.parquet and the report")),
        (taken.left_aside, N_("files left aside, being of no known kind: {n}")),
    ):
        if files:
            err.print(translate(text, lang, n=format_number(files, lang)), style="yellow")
    if taken.quarantined:
        err.print(
            translate(
                "{n} declarations are quarantined; see quarantine.parquet and the report.",
                lang,
                n=taken.quarantined,
            ),
            style="yellow",
        )
    if taken.differing:
        err.print(
            translate(
                N_("what {n} declarations state differs from their goods items; see differences.parquet"),
                lang,
                n=format_number(taken.differing, lang),
            ),
            style="yellow",
        )
    if result.task.profiles_of is not None:
        err.print(
            translate(
                N_("Judged by the profiles in force on {day}, as if they had been in force on these days."),
                lang,
                day=format_date(result.task.profiles_of, lang),
            ),
            style="yellow",
        )
    if adapts:
        for stratum in pack.policy.random.strata:
            said = translate(
                N_("Drawn at random in {stratum}: {share}."), lang, stratum=stratum.name.in_(lang),
                share=format_percent(stratum.share, lang, decimals=2),
            )  # fmt: skip
            out.print(said, highlight=False, markup=False)
    if result.task.scorer_on is not None:
        _show_models(result, lang)
    out.print(translate("The report is {path}", lang, path=folder / "report.html"), highlight=False)


def _show_models(result: Assessment, lang: str) -> None:
    """Say which published models scored, and how many declarations none did."""
    used = Counter(result.decisions["model"].to_pylist())
    for version, n in sorted((name, n) for name, n in used.items() if name is not None):
        said = translate(
            N_("Model {version} scored {n} declarations."), lang, version=version, n=format_number(n, lang)
        )
        out.print(said, highlight=False, markup=False)
    if used[None]:
        said = translate(
            N_("No model was in force for {n} declarations; profiles judged them alone."), lang,
            n=format_number(used[None], lang),
        )  # fmt: skip
        err.print(said, style="yellow", highlight=False, markup=False)
