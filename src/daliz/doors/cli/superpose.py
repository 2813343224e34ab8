"""``daliz superpose``: which profiles, thresholds, lists and models to have active."""

import csv
import json
import math
import shlex
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Annotated

import pyarrow.parquet as pq
import typer

from daliz.doors.cli.assessment_folder import named_file
from daliz.doors.cli.assessment_task import stated_capacity
from daliz.doors.cli.backtest import computed
from daliz.doors.cli.console import out
from daliz.doors.cli.days import AskedDays, Span, day_of
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
from daliz.doors.cli.report.superpose_page import SuperposePage, write_superpose_page
from daliz.doors.cli.superposition.data import as_data
from daliz.doors.cli.superposition.proposals import proposals_text
from daliz.doors.cli.superposition.screen import show
from daliz.doors.cli.waiting import telling
from daliz.engine.backtest import FactsStore, Labels
from daliz.engine.pack import PACKS, Pack, load_pack, profiles_elsewhere
from daliz.engine.records.files import check_file, parquet_files, replacing
from daliz.engine.records.schema import FINDINGS
from daliz.engine.superposition import Model, Question, SuperpositionError, features_needed, superpose
from daliz.language import N_, translate


def command(
    declarations: Annotated[
        Path, typer.Argument(help="Canonical declarations: a file, or a folder of files.", exists=True)
    ],
    findings: Annotated[Path, typer.Option(help="Canonical findings: what controls found.", exists=True)],
    out_dir: Annotated[
        Path, typer.Option("--out", help="Folder for the answer, the page and the proposals.")
    ],
    facts: KeptFacts = None,
    decisions: Propensities = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    overlay: Overlay = None,
    capacity: Annotated[
        str | None,
        typer.Option(
            help="Officer time, as daliz assess takes it; what is not named keeps the pack's share."
        ),
    ] = None,
    month: Month = None,
    since: Since = None,
    until: Until = None,
    profiles_of: Annotated[
        str | None,
        typer.Option(
            help="Today's set are the profiles in force on this day; the last of the days unless told."
        ),
    ] = None,
    kept_out: Annotated[
        float,
        typer.Option(
            help="Share of the days, the last ones, on which the choice is checked.", min=0.05, max=0.5
        ),
    ] = 0.2,
    steps: Annotated[
        int,
        typer.Option(
            help="Values of each threshold tried below the present one, and above; 0 for none.", min=0, max=8
        ),
    ] = 1,
    candidates: Annotated[
        Path | None,
        typer.Option(
            help="Directory of candidate profiles, laid out as an overlay.", exists=True, file_okay=False
        ),
    ] = None,
    model: Annotated[
        list[str] | None,
        typer.Option(help="NAME=FILE: Parquet or CSV with declaration_id and probability. May be repeated."),
    ] = None,
    named_list: Annotated[
        list[str] | None,
        typer.Option("--list", help="Try profiles without this list of the pack. May be repeated."),
    ] = None,
    exclusions: Annotated[
        bool, typer.Option("--exclusions", help="Try profiles without their exclusions.")
    ] = False,
    least: Annotated[
        float,
        typer.Option(help="Share of today's gain that a profile must bring to be kept.", min=0, max=0.5),
    ] = 0.001,
    most: Annotated[
        int | None, typer.Option(help="How many waivable profiles and models may be active.", min=1)
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence of the intervals.", min=0.5, max=0.999)] = 0.9,
    keep_facts: KeepFacts = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Propose which profiles, thresholds, lists and models to have active within officers' time.

    Nothing is changed: proposals.yaml is for whoever approves. The answer is confidential, for analysts. Exit
    code 0 when there is an answer; 1 if something is wrong with what was given; 2 for wrong usage.
    """
    rules = load_pack(pack, overlay=overlay)
    for file in parquet_files(findings):
        check_file(file, FINDINGS)
    covered = Span.of(declarations, rules.zone)
    if covered is None:
        raise SuperpositionError(N_("there is no declaration in {place}"), place=declarations.name)
    span = covered.within(AskedDays.of(month, since, until))
    question = Question(
        pack=rules,
        capacity=stated_capacity(capacity, rules),
        days=(span.first, span.last),
        profiles_of=_today(profiles_of, rules, span),
        kept_out=kept_out,
        steps=steps,
        profiles=profiles_elsewhere(candidates, rules) if candidates else (),
        models=tuple(_model(text) for text in model or ()),
        lists=tuple(dict.fromkeys(named_list or ())),
        exclusions=exclusions,
        least=least,
        most=most,
        level=level,
    )
    question.chosen_days()
    labels = Labels.of(rules, findings, decisions or ())
    with tempfile.TemporaryDirectory(prefix="daliz-") as folder, telling(lang) as tell:
        store = (
            FactsStore.open(facts)
            if facts
            else computed(
                declarations,
                findings,
                rules,
                days=(span.first, span.last),
                names=features_needed(question),
                path=keep_facts or Path(folder, "facts.parquet"),
                progress=tell,
            )
        )
        answer = superpose(store, labels, question, progress=tell)
    data = as_data(answer, question, rules)
    inputs = [*parquet_files(declarations), *parquet_files(findings), *labels.decisions]
    page = SuperposePage(
        answer=answer,
        pack=rules,
        command=shlex.join(["daliz", *sys.argv[1:]]) if sys.argv[1:2] == ["superpose"] else "daliz superpose",
        inputs=tuple(named_file(file) for file in [*inputs, *(_place(text) for text in model or ())]),
    )
    sources = (PACKS / pack if (PACKS / pack / "pack.yaml").exists() else Path(pack), overlay, candidates)
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("superpose.json", json.dumps(data, ensure_ascii=False, indent=1) + "\n"),
        ("proposals.yaml", proposals_text(answer, rules, tuple(s for s in sources if s is not None))),
    ):
        with replacing(out_dir / name) as temporary:
            temporary.write_text(text, encoding="utf-8")
    write_superpose_page(page, out_dir / "superpose.html", lang=lang)
    if as_json:
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    show(answer, rules, lang)
    out.print()
    out.print(
        translate(
            N_("The page is {page}; for approval: {proposals}"), lang,
            page=out_dir / "superpose.html", proposals=out_dir / "proposals.yaml",
        ),
        highlight=False,
    )  # fmt: skip


def _today(asked: str | None, pack: Pack, span: Span) -> date:
    """Return the day whose profiles are today's set: as asked, else the last, else the pack's latest."""
    if asked:
        return day_of(asked, "--profiles-of", "2026-03-31")
    if pack.profiles_on(span.last):
        return span.last
    return max(profile.valid_from for profile in pack.profiles)


def _place(text: str) -> Path:
    """Return the file of NAME=FILE; the folder at hand, which is no file, if none is named."""
    return Path(text.partition("=")[2])


def _model(text: str) -> Model:
    """Read NAME=FILE; of a declaration whose probability is unknown the model says nothing.

    Raises:
        SuperpositionError: it is written otherwise, or the file is not a table of probabilities.
    """
    name, path = text.partition("=")[0], _place(text)
    if not name or not path.is_file():
        raise SuperpositionError(
            N_("--model {found}: write it as NAME=FILE, and the file must exist"), found=text
        )
    columns = ["declaration_id", "probability"]
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        found = set(rows[0]) if rows else set()
    else:
        found = set(pq.read_schema(path).names)
        rows = pq.read_table(path, columns=columns).to_pylist() if set(columns) <= found else []
    if not set(columns) <= found:
        raise SuperpositionError(
            N_("{place} has the columns {found}; a model needs {columns}"),
            place=path.name, found=", ".join(sorted(found)), columns=", ".join(columns),
        )  # fmt: skip
    probability: dict[str, float] = {}
    for row in rows:
        if row["probability"] in (None, ""):
            continue
        try:
            chance = float(row["probability"])
        except (TypeError, ValueError):
            chance = math.nan
        if not 0 <= chance <= 1:
            raise SuperpositionError(
                N_("{place}: the probability of {declaration} is {found}; it must lie between 0 and 1"),
                place=path.name, declaration=row["declaration_id"], found=row["probability"],
            )  # fmt: skip
        number = str(row["declaration_id"])
        probability[number] = max(chance, probability.get(number, 0.0))
    return Model(name, probability)
