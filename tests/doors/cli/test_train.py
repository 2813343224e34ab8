"""``daliz train`` and what is scored by it: published or refused, in force by date, nothing learned anew."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from daliz.doors.cli.models_in_force import ranking_published
from daliz.engine.estimators.registry import PRACTICE_SIGNING_KEY, Registry
from daliz.engine.pack import load_pack
from daliz.engine.records.columns import column_of
from daliz.engine.records.files import read_table
from daliz.engine.records.months import Months, keep, write_part
from daliz.engine.records.schema import TABLES
from daliz.engine.world import write_world
from tests.doors.cli.calling import daliz

BOUNDS = (
    "models: {{publication: [{{valid_from: 2024-01-01, held_out_days: 14, calibration_error: 0.2, "
    "auc: {auc}, auc_loss: {loss}, drift: 1, leakage: 0, violations: 30, level: 0.9, "
    "largest_weight: 20}}]}}\n"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two months, most of them controlled."""
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder,
        pack=load_pack("kz"),
        seed=7,
        months=2,
        per_day=60,
        first_month=date(2026, 2, 1),
        past_controls={"documents": 0.6, "physical": 0.4},
        controlled_until=date(2026, 3, 31),
    )
    return folder


def trained(world: Path, registry: Path, *more: object, auc: float = 0.6, loss: float = 0.1) -> Result:
    overlay = registry.parent / f"bounds-{auc}-{loss}"
    overlay.mkdir(exist_ok=True)
    (overlay / "models.yaml").write_text(BOUNDS.format(auc=auc, loss=loss), encoding="utf-8")
    return daliz(
        "train", "--declarations", world / "declarations.parquet", "--findings", world / "findings.parquet",
        "--overlay", overlay, "--as-of", "2026-03-25", "--registry", registry, "--by", "Aigerim", *more,
    )  # fmt: skip


@pytest.fixture(scope="module")
def registry(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry with a model in force from 27 March on."""
    folder = tmp_path_factory.mktemp("trained") / "models"
    said = trained(world, folder)
    assert said.exit_code == 0, said.output
    assert "Published: kz 2026-03-25 as 2026-03-25-" in said.stdout
    assert "documents.auc" in said.stdout
    put = daliz(
        "model", "put-in-force", "2026-03-25", "--registry", folder, "--by", "Serik", "--from", "2026-03-27"
    )
    assert put.exit_code == 0, put.output
    return folder


@pytest.fixture(scope="module")
def decided(world: Path, registry: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("decided")
    said = assess(world, out, "--registry", registry)
    assert said.exit_code == 0, said.output
    return out


def assess(world: Path, out: Path, *more: object) -> Result:
    return daliz(
        "assess", world / "declarations.parquet", "--findings", world / "findings.parquet", "--out", out,
        "--from", "2026-03-26", "--until", "2026-03-28", *more,
    )  # fmt: skip


def folder_of(registry: Path) -> str:
    return next(manifest.folder for manifest in Registry(registry).manifests("kz"))


def test_the_same_data_and_seed_give_the_same_model(world: Path, registry: Path, tmp_path: Path) -> None:
    again = json.loads(trained(world, tmp_path / "models", "--json").stdout)
    assert again["folder"] == folder_of(registry)
    for path in sorted((registry / "kz" / again["folder"]).iterdir()):
        if path.name != "manifest.json":  # it says who made it and when
            assert (
                path.read_bytes() == (tmp_path / "models" / "kz" / again["folder"] / path.name).read_bytes()
            )


def test_months_of_an_export_teach_what_the_same_files_teach(
    world: Path, registry: Path, tmp_path: Path
) -> None:
    months = tmp_path / "months"
    parts = []
    for table, instant in (("declarations", "registered_at"), ("findings", "known_at")):
        whole = read_table(world / f"{table}.parquet", TABLES[table]).sort_by(instant)
        half = whole.num_rows // 2
        parts += [
            write_part(months, table, whole.slice(0, half), "2026-02.00001"),
            write_part(months, table, whole.slice(half), "2026-03.00002"),
        ]
    vehicles = read_table(world / "transport_means.parquet", TABLES["transport_means"])
    parts.append(write_part(months, "transport_means", vehicles, "2026-02.00001"))
    keep(months, Months("Asia/Almaty", date(2026, 4, 1), 2, {}, parts))
    said = daliz(
        "train", "--declarations", months, "--overlay", registry.parent / "bounds-0.6-0.1",
        "--as-of", "2026-03-25", "--registry", tmp_path / "models", "--by", "Aigerim", "--json",
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert json.loads(said.stdout)["folder"] == folder_of(registry)


def test_a_model_that_fails_a_check_is_refused_with_its_reasons(world: Path, tmp_path: Path) -> None:
    said = trained(world, tmp_path / "models", "--lang", "ru", auc=0.999)
    assert said.exit_code == 1
    assert "documents.auc, physical.auc" in said.stdout
    assert "Не опубликовано" in said.stdout
    assert Registry(tmp_path / "models").names() == ()


def misled(world: Path, folder: Path) -> Path:
    """Findings of which all that became known before 11 March is clean, but for sixty picked at random."""
    table = pq.read_table(world / "findings.parquet")
    known, found = column_of(table, "known_at", datetime), column_of(table, "violation", bool)
    early = [at < datetime(2026, 3, 10, 19, tzinfo=UTC) for at in known]
    could = [row for row, hit in enumerate(found) if early[row] and not hit]
    picked = set(np.random.default_rng(1).choice(could, 60, replace=False).tolist())
    told = [row in picked if early[row] else hit for row, hit in enumerate(found)]
    at = table.schema.get_field_index("violation")
    pq.write_table(
        table.set_column(at, table.schema.field(at), pa.array(told, pa.bool_())), folder / "misled.parquet"
    )
    return folder / "misled.parquet"


def test_a_model_that_ranks_worse_than_the_one_in_force_is_refused(world: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    good = trained(world, models, "--as-of", "2026-03-11", auc=0.5)
    assert good.exit_code == 0, good.output
    put = daliz(
        "model", "put-in-force", "2026-03-11", "--registry", models, "--by", "Serik", "--from", "2026-03-12"
    )
    assert put.exit_code == 0, put.output
    worse = trained(world, models, "--findings", misled(world, tmp_path), "--json", auc=0.5, loss=0.0)
    assert worse.exit_code == 1
    told = json.loads(worse.stdout)
    assert not told["published"]
    checks = {check["name"]: check for check in told["checks"]}
    assert checks["documents.auc-gain"]["value"] < 0
    assert not checks["documents.auc-gain"]["passed"]
    assert [manifest.version for manifest in Registry(models).manifests("kz")] == ["2026-03-11"]


def test_the_ranking_of_the_model_in_force_is_what_later_draws_are_held_against(registry: Path) -> None:
    pack = load_pack("kz")
    assert ranking_published(registry, pack, PRACTICE_SIGNING_KEY, day=date(2026, 3, 26)) is None
    ranked = ranking_published(registry, pack, PRACTICE_SIGNING_KEY, day=date(2026, 3, 27))
    bundle = Registry(registry).load("kz", folder_of(registry), key=PRACTICE_SIGNING_KEY)
    assert ranked is not None
    assert ranked.auc == bundle.metrics["physical.auc"].value
    assert 0 < ranked.error < 0.1


def test_every_check_of_a_published_model_passed_and_nothing_leaked(registry: Path) -> None:
    bundle = Registry(registry).load("kz", folder_of(registry), key=PRACTICE_SIGNING_KEY)
    assert [check.name for check in bundle.checks] == [
        "documents.calibration-error", "documents.auc", "physical.calibration-error", "physical.auc",
        "drift", "leakage", "violations",
    ]  # fmt: skip
    assert all(check.passed for check in bundle.checks)
    assert next(check.value for check in bundle.checks if check.name == "leakage") == 0.0
    assert bundle.training.known_before == "2026-03-25"
    assert "nobody" not in bundle.card.what.en.lower()
    assert len({bundle.card.limits[0].in_(lang) for lang in ("en", "ru", "kk")}) == 3
    assert any("drawn at random stand for all declarations" in limit.en for limit in bundle.card.limits)


def test_each_day_is_scored_by_the_model_in_force_on_it(decided: Path, registry: Path) -> None:
    decisions = pq.read_table(decided / "decisions.parquet")
    by_day = decisions.group_by(["day", "model"]).aggregate([]).sort_by("day").to_pylist()
    folder = folder_of(registry)
    assert [(row["day"].day, row["model"]) for row in by_day] == [(26, None), (27, folder), (28, folder)]
    before = decisions.filter(pc.equal(decisions["day"], pa.scalar(date(2026, 3, 26))))
    assert before["model_documents"].null_count == before.num_rows
    assert before["probability"].equals(before["probability_profiles"])
    assert set(before["model_belief"].to_pylist()) == {0.0}
    scored = decisions.filter(pc.is_valid(decisions["model"]))
    assert scored["model_documents"].null_count == 0
    assert pc.min(scored["model_belief"]).as_py() > 0.8


def test_days_before_it_was_in_force_are_as_without_models(
    decided: Path, world: Path, tmp_path: Path
) -> None:
    assert assess(world, tmp_path, "--no-models").exit_code == 0
    first = pc.field("day") == date(2026, 3, 26)
    columns = ["declaration_id", "version", "probability", "expected_damage", "corridor"]
    tables = [pq.read_table(at / "decisions.parquet").filter(first) for at in (decided, tmp_path)]
    assert tables[0].select(columns).equals(tables[1].select(columns))


def test_scoring_imports_neither_lightgbm_nor_scikit_learn(
    decided: Path, world: Path, registry: Path, tmp_path: Path
) -> None:
    arguments = [
        "assess", str(world / "declarations.parquet"), "--findings", str(world / "findings.parquet"),
        "--out", str(tmp_path), "--from", "2026-03-26", "--until", "2026-03-28", "--registry", str(registry),
    ]  # fmt: skip
    program = (
        "import sys; from daliz.doors.cli.main import app\n"
        f"try:\n    app({arguments!r})\nexcept SystemExit: pass\n"
        "print([name for name in ('lightgbm', 'sklearn', 'pandas') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
    one, two = (pq.read_table(at / "decisions.parquet") for at in (decided, tmp_path))
    assert one.equals(two)


def test_an_analyst_is_told_what_moved_the_published_model(decided: Path) -> None:
    decisions = pq.read_table(decided / "decisions.parquet")
    scored = decisions.filter(pc.is_valid(decisions["model"])).sort_by([("probability", "descending")])
    number = scored["declaration_id"][0].as_py()
    said = json.loads(daliz("explain", decided, number, "--as", "analyst", "--json").stdout)
    assert said["parts"]["items"][0]["reasons"]
    officer = daliz("explain", decided, number, "--as", "officer", "--json").stdout
    assert scored["model"][0].as_py() not in officer


def chosen_by_models(decided: Path) -> list[str]:
    """Return the declarations whose documents are checked because a model asked for it."""
    measures = pq.read_table(decided / "measures.parquet").to_pylist()
    asked = [r for r in measures if r["profile_id"].startswith("KZ-MD-") and r["status"] == "ordered"]
    return sorted({r["declaration_id"] for r in asked if r["control_form"] == "documents"})


def hints(decided: Path, number: str, *more: object) -> set[str]:
    said = daliz("explain", decided, number, "--as", "officer", "--json", *more)
    return {hint["hint"] for hint in json.loads(said.stdout)["hints"]}


def test_an_officer_reads_approved_areas_beside_the_neutral_hint(decided: Path, tmp_path: Path) -> None:
    approved = {
        "Area: customs value.", "Area: classification.", "Area: mass and quantity.",
        "Area: description of the goods.",
    }  # fmt: skip
    numbers = chosen_by_models(decided)[:12]
    assert numbers
    (tmp_path / "models.yaml").write_text(
        "models: {officer_hints: {most: 2, areas: {value: {hint: {en: V, ru: V, kk: V}, "
        "look_at: {en: V, ru: V, kk: V}}}}}",
        encoding="utf-8",
    )
    read = set[str]()
    for number in numbers:
        told, neutral = hints(decided, number), hints(decided, number, "--overlay", tmp_path)
        areas = {hint for hint in told if hint.startswith("Area:")}
        assert areas <= approved
        assert len(areas) <= 2
        assert told - areas == neutral
        read |= areas
    assert read
    assert hints(decided, numbers[0], "--lang", "kk") != hints(decided, numbers[0])


def test_an_analyst_reads_labels_and_not_names(decided: Path) -> None:
    number = chosen_by_models(decided)[0]
    shown = json.loads(daliz("explain", decided, number, "--as", "analyst", "--json", "--lang", "ru").stdout)
    parts = shown["parts"]
    told = {name for item in parts["items"] for reason in item["reasons"] for name, _ in reason["features"]}
    assert set(parts["labels"]) == told
    said = daliz("explain", decided, number, "--as", "analyst", "--lang", "ru").stdout
    first = parts["items"][0]["reasons"][0]["features"][0][0]
    assert parts["labels"][first] in said
    assert "rate." not in said


def test_controls_of_small_propensity_stand_for_more(world: Path, decided: Path, tmp_path: Path) -> None:
    findings = pq.read_table(world / "findings.parquet")
    number = findings["declaration_id"][0].as_py()
    decisions = pq.read_table(decided / "decisions.parquet").slice(0, 1)
    for name, value in (
        ("declaration_id", number), ("propensity_documents", 0.5), ("propensity_physical", 0.01),
    ):  # fmt: skip
        at = decisions.schema.get_field_index(name)
        decisions = decisions.set_column(at, decisions.schema.field(at), [[value]])
    pq.write_table(decisions, tmp_path / "decisions.parquet")
    said = json.loads(trained(world, tmp_path / "models", "--decisions", tmp_path, "--json").stdout)
    card = Registry(tmp_path / "models").load("kz", said["folder"], key=PRACTICE_SIGNING_KEY).card
    assert card.on_what.en.endswith("1 of them with a known probability of having been chosen.")
    assert not any("each of them counts as one" in limit.en for limit in card.limits)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--as-of", "March"), "--as-of March: write it as 2026-03-01"),
        (("--as-of", "2023-12-31"), "states no bounds for models on 2023-12-31"),
        (("--as-of", "2026-02-10"), "declarations were known to be in violation"),
        (("--decisions", "."), "--decisions names an output folder of daliz assess"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    world: Path, tmp_path: Path, more: tuple[str, str], said: str
) -> None:
    ran = trained(world, tmp_path / "models", *more)
    assert ran.exit_code == 1
    assert said in str(ran.exception)


def test_a_registry_without_the_pack_line_is_told(world: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = assess(world, tmp_path / "out", "--registry", tmp_path / "empty")
    assert "there is no model 'kz' here" in str(ran.exception)


def test_the_random_share_grows_where_what_was_learned_has_decayed(
    world: Path, decided: Path, tmp_path: Path
) -> None:
    before = tmp_path / "before"
    shutil.copytree(decided, before)
    findings = pq.read_table(world / "findings.parquet")
    early = findings.filter(pc.less(findings["known_at"], pa.scalar(datetime(2026, 3, 1, tzinfo=UTC))))
    numbers = pc.unique(early["declaration_id"]).slice(0, 100)
    decisions = pq.read_table(decided / "decisions.parquet").slice(0, len(numbers))
    promised: dict[str, pa.Array[Any] | pa.ChunkedArray[Any]] = {
        "declaration_id": numbers, "probability": pa.array([0.95] * len(numbers)),
        "stratum": pa.array(["import"] * len(numbers)), "in_random": pa.array([False] * len(numbers)),
        "model_documents": pa.nulls(len(numbers), pa.float64()),
        "random_share": pa.array([0.01] * len(numbers)),
    }  # fmt: skip
    for name, values in promised.items():
        at = decisions.schema.get_field_index(name)
        decisions = decisions.set_column(at, decisions.schema.field(at), values)
    pq.write_table(decisions, before / "decisions.parquet")
    said = assess(world, tmp_path / "out", "--no-models", "--decisions", before)
    assert said.exit_code == 0, said.output
    assert "Drawn at random in import: 2.00%." in said.stdout
    table = pq.read_table(tmp_path / "out" / "decisions.parquet")
    shares = table.group_by(["stratum", "random_share"]).aggregate([]).to_pylist()
    assert {row["stratum"]: round(row["random_share"], 9) for row in shares} == {
        "import": 0.02, "export": 0.005, "transit": 0.005,
    }  # fmt: skip
    verified = daliz("draw", "verify", tmp_path / "out")
    assert verified.stdout.endswith("The draw is right.\n")
    kept = assess(world, tmp_path / "kept", "--no-models", "--decisions", decided)
    assert "Drawn at random in import: 1.00%." in kept.stdout
