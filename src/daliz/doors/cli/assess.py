"""``daliz assess``: from files of declarations to corridors, measures and a report."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from daliz.doors.cli.assessment_folder import Taken, corridor_counts, summary, take, tidy, write_folder
from daliz.doors.cli.console import err, out
from daliz.doors.cli.options import Lang, Language
from daliz.doors.cli.read import AS, UNDATED, DaysError, a_day, chosen_mapping
from daliz.doors.cli.report import write_report
from daliz.engine.allocation import PRACTICE_KEY, Capacity, DrawKey
from daliz.engine.assess import Assessment, Task, assess
from daliz.engine.pack import Pack, load_pack
from daliz.engine.reading import Form
from daliz.engine.records.files import check_file
from daliz.engine.records.schema import FINDINGS
from daliz.language import N_, translate
from daliz.language.numbers import format_date, format_number, format_percent


@dataclass(frozen=True, slots=True)
class _Span:
    """The local days that the declarations cover."""

    first: date
    last: date

    def within(self, asked: "_Asked") -> "_Span":
        """Return the days to assess: what was asked, as far as there are declarations."""
        first, last = asked.since or self.first, asked.until or self.last
        if asked.last_month:
            first, last = self.last.replace(day=1), self.last
        if first > last or first > self.last or last < self.first:
            raise DaysError(
                N_("no declaration was registered from {first} to {last}; the file has {begin} to {end}"),
                first=first, last=last, begin=self.first, end=self.last,
            )  # fmt: skip
        return _Span(max(first, self.first), min(last, self.last))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The days asked for, before it is known which there are."""

    since: date | None
    until: date | None
    last_month: bool

    @classmethod
    def of(cls, month: str | None, since: str | None, until: str | None) -> "_Asked":
        """Read the options."""
        if month is None:
            return cls(
                a_day(since, "--from", "2026-03-01") if since else None,
                a_day(until, "--until", "2026-03-31") if until else None,
                last_month=False,
            )
        if since or until:
            raise DaysError(N_("--month says which days; leave out --from and --until"))
        if month == "last":
            return cls(None, None, last_month=True)
        start = a_day(month, "--month", "2026-03", rest="-01")
        following = (start + timedelta(days=31)).replace(day=1)
        return cls(start, following - timedelta(days=1), last_month=False)


def command(
    declarations: Annotated[
        list[Path], typer.Argument(help="Files of declarations, or folders of them.", exists=True)
    ],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for decisions, measures and the report.")],
    findings: Annotated[
        Path | None,
        typer.Option(
            help="Canonical findings of past controls; hit rates are learned from them.", exists=True
        ),
    ] = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    capacity: Annotated[
        str | None,
        typer.Option(
            help="Officer time: documents=16%,physical=4% of the declarations of each day over all offices, "
            "or a CSV file of pool, form, day, minutes. A form not named keeps the pack's share."
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--as", help=AS)] = Form.AUTO,
    mapping: Annotated[
        str | None,
        typer.Option(help="Mapping for tables of another layout: a file, or a name such as korea."),
    ] = None,
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
    key: Annotated[
        Path | None,
        typer.Option(
            help="Key of the draw (daliz draw new-key); without it a practice key that anybody knows.",
            exists=True,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Judge declarations: corridor, measures and reasons for each, and a report of the whole.

    Exit code 0 when decisions were written (quarantined declarations are counted and listed), 1 when nothing
    could be assessed, 2 for wrong usage.
    """
    rules = load_pack(pack)
    stated = _capacity(capacity, rules)
    draw_key = DrawKey.read(key) if key else PRACTICE_KEY
    asked = _Asked.of(month, since, until)
    thought = a_day(profiles_of, "--profiles-of", "2026-03-31") if profiles_of else None
    if findings is not None:
        check_file(findings, FINDINGS)
    with _progress(lang) as tell:
        taken = take(
            declarations,
            form=form,
            undated=a_day(undated, "--undated", "2026-03-02") if undated else None,
            mapping=chosen_mapping(mapping) if mapping else None,
            pack=rules,
            findings=findings,
            out=out_dir,
            progress=tell,
        )
        span = _Span(*taken.days(rules.zone)).within(asked)
        task = Task(
            declarations=taken.declarations,
            findings=taken.findings,
            children=taken.children,
            pack=rules,
            capacity=stated,
            key=draw_key,
            first_day=span.first,
            last_day=span.last,
            profiles_of=thought,
        )
        if not task.profiles:
            task = replace(task, profiles_of=max(p.valid_from for p in rules.profiles))
        result = assess(task, progress=tell)
        write_folder(out_dir, result, taken, stated=capacity)
        tidy(out_dir)
        tell(N_("writing the report"), 0.0)
        write_report(out_dir, rules)
    if as_json:
        typer.echo(json.dumps(summary(out_dir), ensure_ascii=False, indent=1))
    else:
        _show(result, taken, rules, out_dir, lang)


def _capacity(stated: str | None, pack: Pack) -> Capacity:
    """Read the option: shares where it has an equals sign, else a file.

    A form of which the shares say nothing keeps the pack's own share; a file says all there is.
    """
    own = dict(pack.policy.default_capacity)
    if stated is None:
        return Capacity(own, {})
    if "=" in stated:
        return Capacity(own | dict(Capacity.of(stated, forms=pack.forms).shares), {})
    pools = {*pack.offices, *(office.pool for office in pack.offices.values())}
    return Capacity.from_file(Path(stated), forms=pack.forms, pools=pools)


def _show(result: Assessment, taken: Taken, pack: Pack, folder: Path, lang: str) -> None:
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
    out.print(translate("The report is {path}", lang, path=folder / "report.html"), highlight=False)


@contextmanager
def _progress(lang: str) -> Iterator["Tell"]:
    """Show on the error stream what is being done, how far it is and how long it took."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        yield Tell(bar, lang)


class Tell:
    """Told what is under way (a message to translate) and how much of it is done, 0 to 1."""

    def __init__(self, bar: Progress, lang: str) -> None:
        self._bar, self._lang = bar, lang
        self._task = bar.add_task("", total=1.0)

    def __call__(self, step: str, done: float) -> None:
        """Show both."""
        self._bar.update(self._task, description=translate(step, self._lang), completed=done)
