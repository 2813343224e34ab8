"""``daliz plan``: weeks of officers' time planned at once, and what one more hour would bring."""

import json
import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.assessment_folder import NothingToAssessError, named_file, take, tidy
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
    stated_capacity,
)
from daliz.doors.cli.console import out
from daliz.doors.cli.days import AskedDays, Span, day_of
from daliz.doors.cli.options import Lang, Language, Month, Overlay, Since, Until
from daliz.doors.cli.planning.answer import Answer, OtherCapacity
from daliz.doors.cli.planning.data import as_data, plan_table
from daliz.doors.cli.planning.screen import show
from daliz.doors.cli.read import AS, UNDATED, chosen_mapping
from daliz.doors.cli.report.plan_page import write_plan_page
from daliz.doors.cli.waiting import telling
from daliz.engine.allocation import Capacity
from daliz.engine.allocation.weeks import Weeks, plan_weeks
from daliz.engine.assess import Assessment, allocate_control, assess
from daliz.engine.reading import Form
from daliz.engine.records.columns import column_of
from daliz.engine.records.decisions import PLAN
from daliz.engine.records.files import replacing, write_table
from daliz.language import N_, translate


def command(
    declarations: Declarations,
    findings: Findings = None,
    pack: PackName = "kz",
    overlay: Overlay = None,
    capacity: OfficerTime = None,
    other_capacity: Annotated[
        str | None,
        typer.Option(
            help="Officer time as it might be, stated alike: the plan is made for it too, and the difference "
            "told. A form not named keeps the share of --capacity."
        ),
    ] = None,
    wait: Annotated[
        int,
        typer.Option(
            help="How many days of the plan a control after release may wait for officers.", min=0, max=60
        ),
    ] = 5,
    weeks: Annotated[
        int | None,
        typer.Option(
            help="How many weeks to plan: from --from on, or up to --until, or the last ones. "
            "Default: 4, or from --from to the last day there is.",
            min=1,
            max=26,
        ),
    ] = None,
    month: Month = None,
    since: Since = None,
    until: Until = None,
    stand_for: Annotated[
        str | None,
        typer.Option(
            help="First day of the weeks to come, 2026-04-06: the past days stand for the same weekdays from "
            "then on, under the capacity of then and the profiles in force on that day."
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--as", help=AS)] = Form.AUTO,
    mapping: MappingName = None,
    undated: Annotated[str | None, typer.Option(help=UNDATED)] = None,
    profiles_of: Annotated[
        str | None,
        typer.Option(
            help="Judge every day by the profiles in force on this one, 2026-03-31. Default: as daliz assess "
            "does, or those of --stand-for."
        ),
    ] = None,
    by_models: ByModels = True,
    decisions: EarlierDecisions = None,
    registry: PublishedModels = None,
    model_key: ModelKey = None,
    key: KeyOfDraw = None,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Write plan.parquet, plan.json and plan.html into this folder.", file_okay=False
        ),
    ] = None,
    daily: Annotated[bool, typer.Option("--daily", help="Show every day on the screen.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Plan weeks of officers' time at once: what is asked, who is idle, what one more hour would bring.

    Declarations are judged as daliz assess judges them; no measure is ordered. The answer is confidential,
    for analysts and those who lay out officers' time. Exit code 0 when there is a plan; 1 if something is
    wrong with what was given; 2 for wrong usage.
    """
    coming = day_of(stand_for, "--stand-for", "2026-04-06") if stand_for else None
    wanted = Wanted.of(
        pack=pack,
        overlay=overlay,
        capacity=capacity,
        key=key,
        profiles_of=profiles_of or stand_for,
        by_models=by_models,
        decisions=decisions or (),
        registry=registry,
        model_key=model_key,
        findings=findings,
    )
    other = stated_capacity(other_capacity, wanted.pack, beside=wanted.capacity) if other_capacity else None
    asked = AskedDays.of_weeks(weeks, month, since, until)
    with tempfile.TemporaryDirectory(prefix="daliz-") as folder, telling(lang) as tell:
        taken = take(
            declarations,
            form=form,
            undated=day_of(undated, "--undated", "2026-03-02") if undated else None,
            mapping=chosen_mapping(mapping) if mapping else None,
            pack=wanted.pack,
            findings=findings,
            out=Path(folder),
            progress=tell,
        )
        task = wanted.task(taken, taken.days(wanted.pack.zone).within(asked))
        a = assess(task, progress=tell, upto=allocate_control)
        tidy(Path(folder))
    with telling(lang) as tell:
        tell(N_("planning all days at once"), 0.0)
        if not a.candidates:
            raise NothingToAssessError(N_("no declaration was registered on these days"))
        made = _planned(a, wanted.capacity, wait=wait, coming=coming)
        answer = Answer(
            weeks=made,
            by_day=sum(a.days[day].value for day in sorted(a.days)),
            pack=task.pack,
            capacity=wanted.capacity,
            stated=_name(capacity),
            assessed=Span(task.first_day, task.last_day),
            quarantined=taken.quarantined,
            profiles_of=task.profiles_of,
            other=(
                OtherCapacity(_name(other_capacity) or "", _planned(a, other, wait=wait, coming=coming))
                if other
                else None
            ),
            inputs=(*taken.inputs, *_named(capacity, other_capacity)),
        )
    data = as_data(answer)
    if out_dir is not None:
        out_dir.mkdir(parents=True, exist_ok=True)
        write_table(plan_table(answer), out_dir / "plan.parquet", PLAN)
        with replacing(out_dir / "plan.json") as path:
            path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_plan_page(answer, out_dir / "plan.html", lang=lang)
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    show(answer, lang, daily=daily)
    if out_dir is not None:
        out.print()
        out.print(translate("The report is {path}", lang, path=out_dir / "plan.html"), highlight=False)


def _planned(a: Assessment, capacity: Capacity, *, wait: int, coming: date | None) -> Weeks:
    """Plan the days assessed, or the same weekdays from ``coming`` on."""
    shift = timedelta()
    if coming:
        shift = timedelta(weeks=-((a.task.first_day - coming).days // 7))
    return plan_weeks(
        a.candidates,
        days=[day + shift for day in column_of(a.whole, "day", date)],
        capacity=capacity,
        pack=a.task.pack,
        wait_days=wait,
    )


def _name(stated: str | None) -> str | None:
    """Return capacity as it was given, a file by its name."""
    return Path(stated).name if stated and "=" not in stated else stated


def _named(*stated: str | None) -> Sequence[dict[str, object]]:
    """Name the files of capacity that were given."""
    return [dict(named_file(Path(one))) for one in stated if one and "=" not in one]
