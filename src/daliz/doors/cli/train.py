"""``daliz train``: models grown as of a day, held against the pack's bounds, and published or refused."""

import getpass
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, ClassVar, Final

import typer

from daliz.doors.cli.assessment_folder import take
from daliz.doors.cli.console import err, out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.models_in_force import KeyFile, signing_key
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.read import AS, chosen_mapping
from daliz.doors.cli.waiting import telling
from daliz.engine.estimators.learner import FORMS
from daliz.engine.estimators.learner.publishing import (
    ModelFeaturesError,
    bundle_of,
    known_before,
    scorer_of,
)
from daliz.engine.estimators.learner.training import Course, train
from daliz.engine.estimators.registry import (
    PRACTICE_SIGNING_KEY,
    Bundle,
    Publication,
    Registry,
    SigningKey,
)
from daliz.engine.pack import load_pack
from daliz.engine.reading import Form
from daliz.engine.records.columns import answer
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.duck import connect
from daliz.engine.records.files import check_file, register
from daliz.engine.records.schema import FINDINGS
from daliz.language import N_, DalizError, translate
from daliz.language.numbers import format_number

_FILE: Final = "decisions.parquet"
_PROPENSITIES: Final = ", ".join(f"max(propensity_{form}) AS {form}" for form in FORMS)


class TrainError(DalizError):
    """What was asked of training cannot be."""

    code: ClassVar[str] = "train"


def command(
    declarations: Annotated[
        list[Path],
        typer.Option("--declarations", help="Files of declarations, or folders of them.", exists=True),
    ],
    as_of: Annotated[str, typer.Option("--as-of", help="Learn what was known before this day, 2026-03-01.")],
    registry: Annotated[
        Path,
        typer.Option(
            "--registry", envvar="DALIZ_MODELS", help="Directory of published models.", file_okay=False
        ),
    ],
    findings: Annotated[
        Path | None,
        typer.Option(
            "--findings",
            help="Canonical findings of past controls; those of the months if --declarations is an export.",
            exists=True,
        ),
    ] = None,
    decisions: Annotated[
        list[Path] | None,
        typer.Option(
            "--decisions",
            help="Output folders of daliz assess that say how probable past controls were; may be repeated.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    overlay: Overlay = None,
    form: Annotated[Form, typer.Option("--as", help=AS)] = Form.AUTO,
    mapping: Annotated[
        str | None,
        typer.Option(help="Mapping for tables of another layout: a file, or a name such as korea."),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help="Version to publish under; the day of --as-of unless told.")
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Of everything that is drawn: same data and seed, same models.")
    ] = 1,
    by: Annotated[
        str | None,
        typer.Option("--by", help="Who trains and publishes; the account's name unless told."),
    ] = None,
    key: KeyFile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Train models on what past controls found, hold them against the pack's bounds, publish or refuse.

    What is published is signed and not in force yet: a second person puts it in force with
    daliz model put-in-force. Exit code 0 when published, 1 when a check failed or nothing could be trained,
    2 for wrong usage.
    """
    rules = load_pack(pack, overlay=overlay)
    day = day_of(as_of, "--as-of", "2026-03-01")
    bounds = rules.models.publication_on(day)
    if bounds is None:
        raise TrainError(
            N_("the pack {pack} states no bounds for models on {day}; add models: publication: to it"),
            pack=rules.code, day=day.isoformat(),
        )  # fmt: skip
    if findings is not None:
        check_file(findings, FINDINGS)
    propensities = _propensities(decisions or [])
    signing, models = signing_key(key), Registry(registry)
    rival = _in_force(models, rules.code, day, signing)
    with telling(lang) as tell, TemporaryDirectory(prefix="daliz-train-") as folder:
        taken = take(
            declarations,
            form=form,
            mapping=chosen_mapping(mapping) if mapping else None,
            pack=rules,
            findings=findings,
            out=Path(folder),
            progress=tell,
        )
        taken.days(rules.zone)
        if taken.findings is None:
            raise TrainError(N_("there are no findings to learn from; name them with --findings"))
        course = Course(
            declarations=taken.declarations,
            findings=taken.findings,
            transport_means=taken.children.get("transport_means"),
            pack=rules,
            as_of=day,
            seed=seed,
            bounds=bounds,
            propensities=propensities,
            in_force=scorer_of(rival, folder=rival.version) if rival else None,
            in_force_knows=known_before(rival) if rival else None,
        )
        trained = train(course, progress=tell)
        bundle = bundle_of(trained, course, name=rules.code, version=version or day.isoformat())
    made = models.publish(bundle, made_by=by or _account(), made_at=_now(), key=signing)
    if as_json:
        typer.echo(json.dumps(_data(bundle, made), ensure_ascii=False, indent=1))
    else:
        if taken.quarantined:
            said = translate(
                N_("{n} declarations were kept out of training, being broken."), lang,
                n=format_number(taken.quarantined, lang),
            )  # fmt: skip
            err.print(said, style="yellow", highlight=False, markup=False)
        _show(bundle, made, registry, lang)
        if signing == PRACTICE_SIGNING_KEY and made.folder:
            said = translate(
                N_("Signed with the practice key that anybody knows; for real use name a key with --key."),
                lang,
            )
            err.print(said, style="yellow", highlight=False, markup=False)
    raise typer.Exit(0 if made.folder else 1)


def _propensities(folders: Sequence[Path]) -> dict[str, dict[str, float]]:
    """Return how probable each control was by the decisions in these folders, by declaration and form."""
    chances: dict[str, dict[str, float]] = {}
    for folder in folders:
        file = folder / _FILE
        if not file.is_file():
            raise TrainError(
                N_("{folder} holds no {file}; --decisions names an output folder of daliz assess"),
                folder=folder.name, file=_FILE,
            )  # fmt: skip
        check_file(file, DECISIONS)
        with connect(folders=[folder]) as connection:
            register(connection, "decisions", file, DECISIONS)
            table = answer(
                connection,
                f"SELECT declaration_id, {_PROPENSITIES} FROM decisions GROUP BY ALL ORDER BY declaration_id",
            )
        for row in table.to_pylist():
            own = chances.setdefault(str(row["declaration_id"]), dict.fromkeys(FORMS, 0.0))
            for form in FORMS:
                own[form] = max(own[form], float(row[form]))
    return chances


def _in_force(registry: Registry, line: str, day: date, key: SigningKey) -> Bundle | None:
    """Return the models in force on the day before, where they still ask for the same columns."""
    if line not in registry.names():
        return None
    folder = registry.current(line, key=key, day=(day - timedelta(days=1)).isoformat())
    if folder is None:
        return None
    bundle = registry.load(line, folder, key=key)
    try:
        scorer_of(bundle, folder=folder)
    except ModelFeaturesError:
        return None
    return bundle


def _show(bundle: Bundle, made: Publication, directory: Path, lang: str) -> None:
    """Say every check, and what became of the model."""
    for check in made.checks:
        mark, style = ("✓", "green") if check.passed else ("✗", "red")
        out.print(
            f"{mark} {check.name}: {format_number(check.value, lang, decimals=3)} "
            f"({format_number(check.bound, lang, decimals=3)}). {check.about.text(lang)}",
            style=style, highlight=False, markup=False,
        )  # fmt: skip
    if made.folder is None:
        failed = [check.name for check in made.checks if not check.passed]
        said = translate(
            N_("Not published: {n} of {all} checks failed ({names}). The bounds are the pack's."),
            lang, n=len(failed), all=len(made.checks), names=", ".join(failed),
        )  # fmt: skip
        out.print(said, style="bold red", highlight=False, markup=False)
        return
    lines = (
        translate(
            N_(
                "Published: {name} {version} as {folder}; it learned from {rows} controls, "
                "{found} with a violation."
            ), lang,
            name=bundle.name, version=bundle.version, folder=made.folder,
            rows=format_number(bundle.training.rows, lang),
            found=format_number(bundle.training.violations, lang),
        ),
        translate(
            N_("It is not in force yet; a second person puts it there: {command}"), lang,
            command=f"daliz model put-in-force {bundle.version} --registry {directory} --by NAME",
        ),
    )  # fmt: skip
    for line in lines:
        out.print(line, highlight=False, markup=False, soft_wrap=True)


def _data(bundle: Bundle, made: Publication) -> Mapping[str, object]:
    return {
        "published": made.folder is not None,
        "name": bundle.name,
        "version": bundle.version,
        "folder": made.folder,
        "training": {
            "fingerprint": bundle.training.fingerprint,
            "rows": bundle.training.rows,
            "violations": bundle.training.violations,
            "known_before": bundle.training.known_before,
            "seed": bundle.training.seed,
        },
        "checks": [
            {**check.as_record(), "about": check.about.text(), "name": check.name} for check in made.checks
        ],
    }


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise TrainError(N_("nobody is named by the account; say with --by who trains")) from None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
