"""A published model is what was published, by one person, in force by another; whatever else is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from daliz.engine.estimators.checks import Figure
from daliz.engine.estimators.registry import (
    BundleError,
    Registry,
    RegistryError,
    SigningKey,
    SigningKeyError,
    TamperedError,
    new_signing_key,
    training_fingerprint,
)
from daliz.engine.estimators.trees import export
from tests.engine.estimators.registry.bundles import KEY, a_bundle, a_registry, another_bundle, some_rows
from tests.engine.estimators.trees.grown import booster


def test_a_published_model_scores_as_it_did_before(tmp_path: Path) -> None:
    registry, _ = a_registry(tmp_path)
    before, after = a_bundle().score(some_rows()), registry.load("import", key=KEY).score(some_rows())
    assert list(after) == ["physical.probability", "physical.amount"]
    for name, values in before.items():
        assert np.array_equal(after[name], values)


def test_a_bundle_scores_as_the_library_and_the_calibration_do(tmp_path: Path) -> None:
    said = a_bundle().score(some_rows())
    np.testing.assert_allclose(said["physical.amount"], booster("gamma").predict(some_rows()), rtol=1e-9)
    raw = np.asarray(booster("binary").predict(some_rows()))
    expected = a_bundle().calibrations["physical.probability"].apply(raw)
    np.testing.assert_allclose(said["physical.probability"], expected, rtol=1e-9)


def test_all_of_a_bundle_comes_back(tmp_path: Path) -> None:
    registry, _ = a_registry(tmp_path)
    again, bundle = registry.load("import", key=KEY), a_bundle()
    for part in ("name", "version", "features", "training", "metrics", "checks", "card"):
        assert getattr(again, part) == getattr(bundle, part)


def test_the_same_bundle_gives_the_same_folder_with_the_same_bytes(tmp_path: Path) -> None:
    _, folder = a_registry(tmp_path / "a")
    _, other = a_registry(tmp_path / "b")
    assert folder == other
    files = sorted(path.name for path in (tmp_path / "a" / "import" / folder).iterdir())
    assert len(files) == 13
    for name in files:
        one, two = (tmp_path / side / "import" / folder / name for side in ("a", "b"))
        assert one.read_bytes() == two.read_bytes()


def test_publishing_again_changes_nothing_and_another_model_needs_another_version(tmp_path: Path) -> None:
    registry, folder = a_registry(tmp_path)
    again = registry.publish(a_bundle(), made_by="Aigerim", made_at="2026-04-01T09:00:00", key=KEY)
    assert again.folder == folder
    assert registry.verify("import", key=KEY).made_at == "2026-03-01T09:00:00"
    with pytest.raises(RegistryError, match="version 2026-03-01 is another model"):
        registry.publish(another_bundle("2026-03-01"), made_by="Aigerim", made_at="2026-04-01", key=KEY)
    assert [path.name for path in sorted((tmp_path / "import").iterdir())] == [folder, "in_force.json"]


def test_a_model_that_failed_a_check_is_not_published_and_every_check_is_told(tmp_path: Path) -> None:
    failed = a_bundle(passed=False)
    published = Registry(tmp_path).publish(failed, made_by="Aigerim", made_at="2026-03-01", key=KEY)
    assert published.folder is None
    assert [(c.name, c.value, c.bound, c.passed) for c in published.checks] == [("leakage", 0.2, 0.0, False)]
    unchecked = replace(a_bundle(), checks=())
    assert Registry(tmp_path).publish(unchecked, made_by="A", made_at="2026-03-01", key=KEY).folder is None
    assert list(tmp_path.iterdir()) == []


def change_trees(folder: Path) -> None:
    path = folder / "trees-physical.probability.npz"
    content = bytearray(path.read_bytes())
    content[-200] ^= 1
    path.write_bytes(content)


def change_card(folder: Path) -> None:
    (folder / "card.en.md").write_text("No limits.", encoding="utf-8")


def take_away(folder: Path) -> None:
    (folder / "features.json").unlink()


def slip_in(folder: Path) -> None:
    (folder / "code.py").write_text("import os", encoding="utf-8")


def rewrite_manifest(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["made_by"] = "Nobody"
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def break_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        (change_trees, "trees-physical.probability.npz was changed"),
        (change_card, "card.en.md was changed"),
        (take_away, "features.json is missing"),
        (slip_in, "code.py was not published"),
        (rewrite_manifest, "the signature does not hold"),
        (break_manifest, "has no manifest"),
    ],
)
def test_what_was_tampered_with_is_refused(tmp_path: Path, tamper: Callable[[Path], None], why: str) -> None:
    registry, folder = a_registry(tmp_path)
    tamper(tmp_path / "import" / folder)
    with pytest.raises(TamperedError, match=why):
        registry.load("import", key=KEY)


def test_a_file_behind_a_link_is_refused(tmp_path: Path) -> None:
    registry, folder = a_registry(tmp_path)
    path = tmp_path / "import" / folder / "card.json"
    path.rename(tmp_path / "card.json")
    path.symlink_to(tmp_path / "card.json")
    with pytest.raises(TamperedError, match=r"card\.json was not published"):
        registry.load("import", key=KEY)


def test_a_model_moved_under_another_version_or_signed_with_another_key_is_refused(tmp_path: Path) -> None:
    registry, folder = a_registry(tmp_path)
    with pytest.raises(TamperedError, match="does not hold"):
        registry.load("import", "2026-03-01", key=SigningKey("test-1", bytes(32)))
    (tmp_path / "import" / folder).rename(tmp_path / "import" / folder.replace("2026", "2027"))
    with pytest.raises(TamperedError, match="another model"):
        registry.load("import", "2027-03-01", key=KEY)


def test_whoever_made_a_model_can_neither_approve_nor_retire_it(tmp_path: Path) -> None:
    registry, folder = a_registry(tmp_path)
    for person in ("Aigerim", " aigerim ", ""):
        with pytest.raises(RegistryError, match="a second person must approve"):
            registry.put_in_force("import", folder, approved_by=person, at="2026-03-03", key=KEY)
        with pytest.raises(RegistryError, match="a second person must approve"):
            registry.retire("import", approved_by=person, at="2026-03-03", key=KEY)
    assert len(registry.log("import", key=KEY)) == 1


def test_models_follow_each_other_and_can_be_retired(tmp_path: Path) -> None:
    registry, first = a_registry(tmp_path)
    second = registry.publish(another_bundle("2026-04-01"), made_by="Aigerim", made_at="2026-04-01", key=KEY)
    assert registry.current("import", key=KEY) == first
    registry.put_in_force("import", "2026-04-01", approved_by="Serik", at="2026-04-02", key=KEY)
    assert registry.current("import", key=KEY) == second.folder
    assert registry.load("import", key=KEY).metrics == {"physical.auc": Figure(0.5, 0.4, 0.6)}
    registry.retire("import", approved_by="Serik", at="2026-04-03", key=KEY)
    assert registry.current("import", key=KEY) is None
    with pytest.raises(RegistryError, match="no model of import is in force"):
        registry.load("import", key=KEY)
    acts = [(entry.act, entry.folder == first) for entry in registry.log("import", key=KEY)]
    assert acts == [("put in force", True), ("put in force", False), ("retired", False)]


@pytest.mark.parametrize("fault", ["approved_by", "dropped", "broken"])
def test_a_log_that_was_changed_is_refused(tmp_path: Path, fault: str) -> None:
    registry, _ = a_registry(tmp_path)
    registry.retire("import", approved_by="Serik", at="2026-04-03", key=KEY)
    path = tmp_path / "import" / "in_force.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    if fault == "approved_by":
        entries[0]["approved_by"] = "Somebody"
    path.write_text(
        "{" if fault == "broken" else json.dumps(entries[1:] if fault == "dropped" else entries),
        encoding="utf-8",
    )
    with pytest.raises(TamperedError, match="of models in force"):
        registry.current("import", key=KEY)


def test_what_is_not_there_is_named_with_what_is(tmp_path: Path) -> None:
    registry, folder = a_registry(tmp_path)
    with pytest.raises(RegistryError, match=f"has no version '9'; there are: {folder}"):
        registry.load("import", "9", key=KEY)
    with pytest.raises(RegistryError, match="no model 'export' here; there are: import"):
        registry.load("export", key=KEY)


def test_parts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    bundle = a_bundle()
    other = replace(export(booster("binary")), names=("a", "b", "c", "d", "e", "f"))
    for broken, why in [
        (replace(bundle, name="../x"), "lower-case letters"),
        (replace(bundle, version=""), "lower-case letters"),
        (replace(bundle, models={}, calibrations={}), "no model to publish"),
        (replace(bundle, models={"physical/x": other}), "not a name for an estimate"),
        (replace(bundle, models={"physical": other}), "trained on other features"),
        (replace(bundle, models={"amount": bundle.models["physical.amount"]}), "but no such model"),
    ]:
        with pytest.raises(BundleError, match=why):
            Registry(tmp_path).publish(broken, made_by="Aigerim", made_at="2026-03-01", key=KEY)
    with pytest.raises(RegistryError, match="by somebody"):
        Registry(tmp_path).publish(bundle, made_by=" ", made_at="2026-03-01", key=KEY)


def test_a_key_is_kept_by_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    key = new_signing_key("2026-1")
    key.write(tmp_path / "key")
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert SigningKey.read(tmp_path / "key") == key
    assert key.secret.hex() not in repr(key)
    with pytest.raises(SigningKeyError, match="never overwritten"):
        key.write(tmp_path / "key")
    with pytest.raises(SigningKeyError, match="cannot be read"):
        SigningKey.read(tmp_path / "absent")
    (tmp_path / "draw").write_text('{"key_id": "1", "secret": "00"}', encoding="utf-8")
    with pytest.raises(SigningKeyError, match="is not a key for models"):
        SigningKey.read(tmp_path / "draw")
    SigningKey("short", b"1").write(tmp_path / "short")
    with pytest.raises(SigningKeyError, match="shorter than 16 bytes"):
        SigningKey.read(tmp_path / "short")


def test_a_fingerprint_sees_every_value_but_no_order_of_rows_nor_kind_of_nan() -> None:
    x = some_rows()
    columns = {f"f{i}": x[:, i] for i in range(6)}
    one = training_fingerprint(columns)
    order = np.random.default_rng(1).permutation(len(x))
    assert training_fingerprint({name: values[order] for name, values in columns.items()}) == one
    negative = {name: np.where(np.isnan(values), -np.nan, values) for name, values in columns.items()}
    assert training_fingerprint(negative) == one
    assert training_fingerprint(columns | {"f0": np.nextafter(x[:, 0], np.inf)}) != one
    assert training_fingerprint({f"g{i}": x[:, i] for i in range(6)}) != one


@pytest.mark.parametrize(("lang", "words"), [("en", "Not for transit."), ("ru", "Не для транзита.")])
def test_the_card_says_what_on_what_and_limits(tmp_path: Path, lang: str, words: str) -> None:
    _, folder = a_registry(tmp_path)
    page = (tmp_path / "import" / folder / f"card.{lang}.md").read_text(encoding="utf-8")
    assert words in page
    assert a_bundle().training.fingerprint in page
    assert "physical.auc" in page
    assert "leakage" in page
