"""What an assessment is asked with: the options that commands share, and the task that they make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from daliz.doors.cli.adaptation import adapted
from daliz.doors.cli.assessment_folder import Taken
from daliz.doors.cli.days import Span, day_of
from daliz.doors.cli.models_in_force import ranking_published, scorer_by_day, signing_key
from daliz.engine.allocation import PRACTICE_KEY, Capacity, DrawKey
from daliz.engine.assess import Task
from daliz.engine.estimators.learner import Scorer
from daliz.engine.estimators.registry import SigningKey
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import check_file
from daliz.engine.records.schema import FINDINGS

Declarations: TypeAlias = Annotated[
    list[Path], typer.Argument(help="Files of declarations, or folders of them.", exists=True)
]
Findings: TypeAlias = Annotated[
    Path | None,
    typer.Option(help="Canonical findings of past controls; hit rates are learned from them.", exists=True),
]
PackName: TypeAlias = Annotated[str, typer.Option(help="Country pack: its code or folder.")]
OfficerTime: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Officer time: documents=16%,physical=4% of the declarations of each day over all offices, "
        "or a CSV file of pool, form, day, minutes. A form not named keeps the pack's share."
    ),
]
MappingName: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Mapping for tables of another layout: a file, or a name such as korea."),
]
ByModels: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--models/--no-models",
        help="Let models learn from the findings beside the profiles, where there are enough of them.",
    ),
]
EarlierDecisions: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--decisions",
        help="Output folders of earlier assessments, repeatable: where what was learned has decayed, the "
        "random share grows within the pack's caps.",
        exists=True,
        file_okay=False,
    ),
]
PublishedModels: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--registry",
        help="Directory of published models (daliz train): those in force on each day score, and nothing "
        "is learned on the way.",
        exists=True,
        file_okay=False,
    ),
]
ModelKey: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--model-key",
        envvar="DALIZ_MODEL_KEY",
        help="File with the key that models are signed with; without it a practice key.",
    ),
]
KeyOfDraw: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        help="Key of the draw (daliz draw new-key); without it a practice key that anybody knows.",
        exists=True,
    ),
]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options ask for, looked up before any declaration is read.

    Attributes:
        pack: the country pack.
        capacity: officer time.
        key: of the draw.
        profiles_of: judge every day by the profiles in force on this one; None to judge each by its own.
        by_models: let models score.
        decisions: folders of earlier assessments that the random share adapts to.
        registry: directory of published models; None where models learn on the way.
        signing: key that published models are signed with.
        scorer_on: published models by day; None without a registry.
    """

    pack: Pack
    capacity: Capacity
    key: DrawKey
    profiles_of: date | None
    by_models: bool
    decisions: Sequence[Path]
    registry: Path | None
    signing: SigningKey
    scorer_on: Callable[[date], Scorer | None] | None

    @classmethod
    def of(
        cls,
        *,
        pack: str,
        overlay: Path | None,
        capacity: str | None,
        key: Path | None,
        profiles_of: str | None,
        by_models: bool,
        decisions: Sequence[Path],
        registry: Path | None,
        model_key: Path | None,
        findings: Path | None,
    ) -> "Wanted":
        """Read the options; a file of findings is checked to be one."""
        rules, signing = load_pack(pack, overlay=overlay), signing_key(model_key)
        wanted = cls(
            pack=rules,
            capacity=stated_capacity(capacity, rules),
            key=DrawKey.read(key) if key else PRACTICE_KEY,
            profiles_of=day_of(profiles_of, "--profiles-of", "2026-03-31") if profiles_of else None,
            by_models=by_models,
            decisions=decisions,
            registry=registry,
            signing=signing,
            scorer_on=scorer_by_day(registry, rules.code, signing) if registry else None,
        )
        if findings is not None:
            check_file(findings, FINDINGS)
        return wanted

    def task(self, taken: Taken, span: Span) -> Task:
        """Return what is to be assessed.

        Where no profile is in force yet, the pack's latest judge.
        """
        rules = self.pack
        if self.decisions:
            ranked = (
                ranking_published(self.registry, rules, self.signing, day=span.first)
                if self.registry
                else None
            )
            rules = adapted(self.decisions, taken.findings, rules, first_day=span.first, published=ranked)
        task = Task(
            declarations=taken.declarations,
            findings=taken.findings,
            children=taken.children,
            pack=rules,
            capacity=self.capacity,
            key=self.key,
            first_day=span.first,
            last_day=span.last,
            profiles_of=self.profiles_of,
            by_models=self.by_models,
            scorer_on=self.scorer_on,
        )
        if not task.profiles:
            task = replace(task, profiles_of=max(p.valid_from for p in rules.profiles))
        return task


def stated_capacity(stated: str | None, pack: Pack, *, beside: Capacity | None = None) -> Capacity:
    """Read the option: shares where it has an equals sign, else a file.

    A form of which the shares say nothing keeps its share of ``beside``, or the pack's own; a file says all
    there is.
    """
    own = dict(beside.shares if beside and beside.shares else pack.policy.default_capacity)
    if stated is None:
        return Capacity(own, {})
    if "=" in stated:
        return Capacity(own | dict(Capacity.of(stated, forms=pack.forms).shares), {})
    pools = {*pack.offices, *(office.pool for office in pack.offices.values())}
    return Capacity.from_file(Path(stated), forms=pack.forms, pools=pools)
