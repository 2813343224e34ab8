"""A bundle as files, and back; the same bundle gives the same bytes."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.checks import Check, Figure
from daliz.engine.estimators.registry.bundle import Assembly, Bundle, Card, Feature, Training
from daliz.engine.estimators.registry.card import card_page
from daliz.engine.estimators.trees import Trees
from daliz.language import LANGUAGES, N_, DalizError

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_VERSION: Final = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_MODEL: Final = re.compile(r"[a-z0-9_][a-z0-9_.-]{0,63}")

_ASSEMBLY: Final = "assembly.json"

_FEATURES: Final = TypeAdapter(tuple[Feature, ...])
_TRAINING: Final = TypeAdapter(Training)
_METRICS: Final = TypeAdapter(dict[str, Figure])
_CARD: Final = TypeAdapter(Card)


class BundleError(DalizError):
    """A bundle does not hang together, or files are no bundle."""

    code: ClassVar[str] = "model-bundle"


def check_bundle(bundle: Bundle) -> None:
    """Refuse a bundle whose parts do not fit each other.

    Raises:
        BundleError: a name is not right, or a model or calibration does not fit the features and models.
    """
    if not _NAME.fullmatch(bundle.name) or not _VERSION.fullmatch(bundle.version):
        raise BundleError(
            N_("{name} {version}: a model's name and version are lower-case letters, digits and hyphens"),
            name=repr(bundle.name),
            version=repr(bundle.version),
        )
    columns = tuple(feature.name for feature in bundle.features)
    for name, trees in bundle.models.items():
        if not _MODEL.fullmatch(name):
            raise BundleError(N_("{name} is not a name for an estimate"), name=repr(name))
        if trees.names != columns:
            raise BundleError(N_("{name} was trained on other features than the bundle names"), name=name)
    for name in bundle.calibrations:
        if name not in bundle.models:
            raise BundleError(N_("there is a calibration for {name}, but no such model"), name=name)
    if not bundle.models:
        raise BundleError(N_("there is no model to publish"))


def write_bundle(bundle: Bundle, folder: Path) -> None:
    """Write the files of a bundle into an empty folder."""
    for name, trees in bundle.models.items():
        trees.save(folder / f"trees-{name}.npz")
    tables = {name: table.as_record() for name, table in bundle.calibrations.items()}
    _write(folder / "calibration.json", tables)
    _write(folder / "models.json", list(bundle.models))
    _write(folder / "features.json", _FEATURES.dump_python(bundle.features, mode="json"))
    _write(folder / "training.json", _TRAINING.dump_python(bundle.training, mode="json"))
    _write(folder / "metrics.json", _METRICS.dump_python(dict(bundle.metrics), mode="json"))
    _write(folder / "checks.json", [check.as_record() for check in bundle.checks])
    _write(folder / "card.json", _CARD.dump_python(bundle.card, mode="json"))
    if bundle.assembly is not None:
        _write(folder / _ASSEMBLY, _as_record(bundle.assembly))
    for lang in LANGUAGES:
        (folder / f"card.{lang}.md").write_text(card_page(bundle, lang), encoding="utf-8")


def read_bundle(folder: Path, *, name: str, version: str) -> Bundle:
    """Read the files of a bundle that were found untampered.

    Raises:
        BundleError: they are no bundle.
    """
    try:
        names = TypeAdapter(list[str]).validate_json(_text(folder / "models.json"))
        tables: Mapping[str, Any] = json.loads(_text(folder / "calibration.json"))
        bundle = Bundle(
            name=name,
            version=version,
            features=_FEATURES.validate_json(_text(folder / "features.json")),
            models={model: Trees.load(folder / f"trees-{model}.npz") for model in names},
            calibrations={model: Calibration.from_record(table) for model, table in tables.items()},
            training=_TRAINING.validate_json(_text(folder / "training.json")),
            metrics=_METRICS.validate_json(_text(folder / "metrics.json")),
            checks=tuple(Check.from_record(check) for check in json.loads(_text(folder / "checks.json"))),
            card=_CARD.validate_json(_text(folder / "card.json")),
            assembly=_assembly(folder / _ASSEMBLY),
        )
    except (ValidationError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BundleError(
            N_("{folder} does not hold a model as this version writes them"), folder=folder.name
        ) from error
    check_bundle(bundle)
    return bundle


def _as_record(assembly: Assembly) -> dict[str, object]:
    return {
        "calibrations": {form: table.as_record() for form, table in assembly.calibrations.items()},
        "level": dict(assembly.level),
        "thoroughness": assembly.thoroughness,
        "positives": assembly.positives,
    }


def _assembly(path: Path) -> Assembly | None:
    if not path.exists():
        return None
    record: Mapping[str, Any] = json.loads(_text(path))
    return Assembly(
        calibrations={form: Calibration.from_record(table) for form, table in record["calibrations"].items()},
        level={kind: float(factor) for kind, factor in record["level"].items()},
        thoroughness=float(record["thoroughness"]),
        positives=int(record["positives"]),
    )


def read_training(folder: Path) -> Training:
    """Return what the models in a folder learned from.

    Raises:
        BundleError: the folder does not say.
    """
    try:
        return _TRAINING.validate_json(_text(folder / "training.json"))
    except (ValidationError, OSError) as error:
        raise BundleError(
            N_("{folder} does not hold a model as this version writes them"), folder=folder.name
        ) from error


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
