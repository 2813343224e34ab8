"""``daliz model``: what an analyst and a program are told of published models."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daliz.doors.cli.main import app
from daliz.engine.estimators.registry import Registry, RegistryError
from tests.engine.estimators.registry.bundles import KEY, a_registry, another_bundle


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["model", *map(str, arguments)])


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A directory with one model in force and a later one that nobody approved."""
    directory = tmp_path / "models"
    registry, _ = a_registry(directory)
    registry.publish(another_bundle("2026-04-01"), made_by="Aigerim", made_at="2026-04-01T09:00:00", key=KEY)
    KEY.write(tmp_path / "key")
    return directory


def folders(models: Path) -> list[str]:
    return sorted(path.name for path in (models / "import").iterdir() if path.is_dir())


def test_the_list_says_which_is_in_force_and_who_answers_for_it(models: Path) -> None:
    first, second = folders(models)
    assert run("list", models).stdout.splitlines() == [
        f"import 2026-03-01, {first}: made by Aigerim at 2026-03-01T09:00:00; in force, approved by Serik",
        f"import 2026-04-01, {second}: made by Aigerim at 2026-04-01T09:00:00",
    ]
    answer = json.loads(run("list", models, "--json").stdout)
    assert [(model["version"], model["in_force"]) for model in answer] == [
        ("2026-03-01", True),
        ("2026-04-01", False),
    ]
    assert answer[0]["acts"] == [
        {"act": "put in force", "approved_by": "Serik", "at": "2026-03-02T10:00:00", "from_day": "2026-03-02"}
    ]


def test_the_card_is_shown_in_the_language_asked_for(models: Path) -> None:
    said = run("show", models, "import", "--lang", "ru", "--key", models.parent / "key")
    assert said.exit_code == 0
    assert "Не для транзита." in said.stdout
    assert "Serik" in said.stdout
    assert "Only hashes" not in said.stdout
    other = json.loads(run("show", models, "import", "--version", "2026-04-01", "--json").stdout)
    assert other["in_force"] is False
    assert "Not for transit." in other["card"]


def test_all_hold_until_a_file_is_changed(models: Path) -> None:
    first, second = folders(models)
    said = run("verify", models, "--key", models.parent / "key")
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [
        f"import {first}: holds, files: 12",
        f"import {second}: holds, files: 12",
        "Signatures were held against the key.",
    ]
    (models / "import" / second / "card.kk.md").write_text("", encoding="utf-8")
    said = run("verify", models)
    assert said.exit_code == 1
    assert said.stdout.splitlines() == [
        f"import {first}: holds, files: 12",
        f"import {second}: does NOT hold. {second}: the file card.kk.md was changed after it was published",
        "Only hashes were compared; give the key with --key to hold signatures against it.",
    ]
    answer = json.loads(run("verify", models, "import", "--version", "2026-04-01", "--json").stdout)
    assert answer[0]["holds"] is False
    assert answer[0]["error"]["code"] == "model-tampered"


def test_a_signature_by_another_key_does_not_hold(models: Path, tmp_path: Path) -> None:
    made = run("new-key", tmp_path / "other", "--id", "test-1")
    assert made.stdout == "Key test-1 is in other. Keep it secret.\n"
    assert run("verify", models).exit_code == 0
    assert run("verify", models, "--key", tmp_path / "other").exit_code == 1


def test_an_empty_directory_says_so(tmp_path: Path) -> None:
    assert run("list", tmp_path).stdout == "No model is published here.\n"
    assert run("verify", tmp_path).exit_code == 0
    assert Registry(tmp_path).names() == ()


def force(models: Path, version: str, *more: object) -> Result:
    return run("put-in-force", version, "--registry", models, "--key", models.parent / "key", *more)


def test_a_second_person_puts_a_model_in_force_from_the_day_as_of_which_it_was_trained(models: Path) -> None:
    first, second = folders(models)
    said = force(models, "2026-04-01", "--by", "Serik")
    assert said.stdout == f"{second} of import is in force from 2026-02-01 on, approved by Serik.\n"
    registry = Registry(models)
    assert registry.current("import", key=KEY, day="2026-01-31") is None
    assert registry.current("import", key=KEY, day="2026-03-10") == second
    answer = json.loads(force(models, first, "--by", "Dana", "--from", "2026-03-05", "--json").stdout)
    assert (answer["folder"], answer["from_day"], answer["approved_by"]) == (first, "2026-03-05", "Dana")
    assert registry.current("import", key=KEY, day="2026-03-04") == second
    assert registry.current("import", key=KEY, day="2026-03-05") == first


def test_whoever_made_it_can_neither_put_it_in_force_nor_retire_it(models: Path) -> None:
    for said in (
        force(models, "2026-04-01", "--by", " aigerim"),
        run("retire", "2026-03-01", "--registry", models, "--by", "Aigerim", "--key", models.parent / "key"),
    ):
        assert isinstance(said.exception, RegistryError)
        assert "a second person must approve it" in str(said.exception)


def test_a_model_cannot_score_days_that_it_learned_from(models: Path) -> None:
    said = force(models, "2026-04-01", "--by", "Serik", "--from", "2026-01-31")
    assert "cannot be in force from 2026-01-31 already" in str(said.exception)


def test_what_was_done_can_be_undone_and_all_of_it_stays_written(models: Path) -> None:
    first, second = folders(models)
    key = ("--key", models.parent / "key")
    force(models, "2026-04-01", "--by", "Serik", "--from", "2026-04-02")
    assert "is not in force" in str(
        run("retire", first, "--registry", models, "--by", "Dana", *key).exception
    )
    retired = run("retire", second, "--registry", models, "--by", "Dana", "--from", "2026-04-10", *key)
    assert retired.stdout == f"{second} of import is retired from 2026-04-10 on by Dana.\n"
    registry = Registry(models)
    assert registry.current("import", key=KEY, day="2026-04-09") == second
    assert registry.current("import", key=KEY, day="2026-04-10") is None
    force(models, "2026-03-01", "--by", "Serik", "--from", "2026-04-10")
    assert registry.current("import", key=KEY, day="2026-04-10") == first
    acts = [(entry.act, entry.folder, entry.from_day) for entry in registry.log("import", key=KEY)]
    assert acts == [
        ("put in force", first, "2026-03-02"),
        ("put in force", second, "2026-04-02"),
        ("retired", second, "2026-04-10"),
        ("put in force", first, "2026-04-10"),
    ]


def test_a_version_that_nobody_published_and_a_missing_key_are_said(models: Path) -> None:
    assert "there are: 2026-03-01-" in str(force(models, "2027-01-01", "--by", "Serik").exception)
    without = run("put-in-force", "2026-04-01", "--registry", models, "--by", "Serik")
    assert "signed with the key test-1; name its file with --key" in str(without.exception)
