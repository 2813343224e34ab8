"""``daliz backtest``: what a profile or an expression would have done with past declarations."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from daliz.doors.cli.assessment_folder import children_beside
from daliz.doors.cli.backtest_data import as_data
from daliz.doors.cli.backtest_view import show
from daliz.doors.cli.days import AskedDays, Span
from daliz.doors.cli.options import (
    KeepFacts,
    KeptFacts,
    Lang,
    Language,
    Month,
    Overlay,
    Propensities,
    Since,
    Until,
)
from daliz.doors.cli.waiting import telling
from daliz.engine.backtest import (
    FactsStore,
    Labels,
    Subject,
    Threshold,
    backtest,
    chosen,
    named_profile,
    names_needed,
    of_expression,
    of_profile,
    thresholds_of,
    write_store,
)
from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import facts_reader
from daliz.engine.indicators import parse_indicator, sentence
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import check_file, parquet_files
from daliz.engine.records.schema import FINDINGS
from daliz.language import N_, DalizError, translate

_LEVELS = (0.5, 0.999)


class BacktestError(DalizError):
    """What is to be backtested, or over what, is not clear."""

    code: ClassVar[str] = "backtest"


@dataclass(frozen=True, slots=True)
class About:
    """How the subject is called and described.

    Attributes:
        name: of the profile's area, or nothing.
        text: the canonical text of the indicator.
        said: the same as a sentence.
    """

    name: str
    text: str
    said: str


def command(
    profile: Annotated[
        str | None, typer.Argument(help="A profile of the pack: KZ-UV-01, or KZ-UV-01@1 for a version.")
    ] = None,
    expression: Annotated[
        str | None,
        typer.Option("--expression", help="An expression instead of a profile, in quotation marks."),
    ] = None,
    declarations: Annotated[
        Path | None,
        typer.Option(
            help="Canonical declarations: a file, or a folder of files; daliz read makes them.", exists=True
        ),
    ] = None,
    findings: Annotated[
        Path | None, typer.Option(help="Canonical findings: what controls found.", exists=True)
    ] = None,
    facts: KeptFacts = None,
    decisions: Propensities = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    overlay: Overlay = None,
    month: Month = None,
    since: Since = None,
    until: Until = None,
    sweep: Annotated[
        str | None,
        typer.Option(
            help="Try other thresholds: all, or the place of one number in the expression, such as 2."
        ),
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence of the intervals, 0.5 to 0.999.")] = 0.9,
    keep_facts: KeepFacts = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Say on which past declarations a profile or an expression fires, and what controls found there.

    The answer is confidential: it is for analysts. Exit code 0 when there is an answer, also if it never
    fired; 1 if something is wrong with what was given; 2 for wrong usage.
    """
    if (profile is None) is (expression is None):
        raise BacktestError(N_("name a profile or give --expression, one of the two"))
    if (declarations is None) is (facts is None):
        raise BacktestError(N_("give --declarations or --facts, one of the two"))
    if not _LEVELS[0] <= level <= _LEVELS[1]:
        raise BacktestError(N_("--level {found}: give a number from 0.5 to 0.999"), found=level)
    rules = load_pack(pack, overlay=overlay)
    subject, about = _subject(profile, expression, rules, lang)
    moved = _moved(sweep, subject)
    asked = AskedDays.of(month, since, until)
    if findings is not None:
        for file in parquet_files(findings):
            check_file(file, FINDINGS)
    labels = Labels.of(rules, findings, decisions or ())
    with tempfile.TemporaryDirectory(prefix="daliz-") as folder, telling(lang) as tell:
        if facts is not None:
            store = FactsStore.open(facts)
            span = _within(store, asked, rules)
        else:
            assert declarations is not None  # noqa: S101 -- one of the two was given
            covered = Span.of(declarations, rules.zone)
            if covered is None:
                raise BacktestError(N_("there is no declaration in {place}"), place=declarations.name)
            span = covered.within(asked)
            store = computed(
                declarations,
                findings,
                rules,
                days=(span.first, span.last),
                names=names_needed(subject, rules),
                path=keep_facts or Path(folder, "facts.parquet"),
                progress=tell,
            )
        answer = backtest(
            store,
            subject,
            rules,
            labels,
            moved=moved,
            days=(span.first, span.last) if span else None,
            level=level,
            progress=tell,
        )
    if as_json:
        data = as_data(answer, about.text, pack=rules, level=level)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        show(answer, title=about.name, text=about.text, said=about.said, pack=rules, level=level, lang=lang)


def _subject(profile: str | None, expression: str | None, pack: Pack, lang: str) -> tuple[Subject, About]:
    if profile is not None:
        found = named_profile(profile, pack)
        about = About(
            " · ".join(
                (found.id, translate(N_("version {n}"), lang, n=found.version), found.area.name.in_(lang))
            ),
            found.indicator.text,
            sentence(found.indicator, pack.vocabulary, lang, pack.names),
        )
        return of_profile(found, pack), about
    kinds = {name: named.kind for name, named in pack.lists.items()}
    parsed = parse_indicator(expression or "", pack.vocabulary, lists=kinds, currency=pack.currency)
    return of_expression(parsed), About("", parsed.text, sentence(parsed, pack.vocabulary, lang, pack.names))


def _moved(sweep: str | None, subject: Subject) -> list[Threshold]:
    if sweep is None:
        return []
    if sweep != "all" and not sweep.isdecimal():
        raise BacktestError(N_("--sweep {found}: write all, or the place of a number such as 2"), found=sweep)
    return chosen(thresholds_of(subject.holds), None if sweep == "all" else int(sweep))


def _within(store: FactsStore, asked: AskedDays, pack: Pack) -> Span | None:
    """Return the days asked, as far as the store has them; None if it is empty."""
    covered = store.days(pack.zone)
    return Span(*covered).within(asked) if covered else None


def computed(
    declarations: Path,
    findings: Path | None,
    pack: Pack,
    *,
    days: tuple[date, date],
    names: frozenset[str],
    path: Path,
    progress: Callable[[str, float], None],
) -> FactsStore:
    """Compute the features of the days, each as of the night before it."""
    children = children_beside(declarations)
    with facts_reader(
        declarations,
        findings,
        zone=pack.zone,
        holidays=pack.holidays,
        first_day=days[0],
        last_day=days[1],
        names=names,
        documents=children.get("documents"),
        containers=children.get("containers"),
        transport_means=children.get("transport_means"),
        extra=[feature for name, feature in pack.vocabulary.items() if name not in VOCABULARY],
        official=pack.feature_tables,
        progress=progress,
    ) as reader:
        return write_store(reader, path)
