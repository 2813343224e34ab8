"""A published model of imports, made by a data analyst and approved by somebody else."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.checks import Check, Figure
from daliz.engine.estimators.reasons import Group
from daliz.engine.estimators.registry import (
    Bundle,
    Card,
    Feature,
    Registry,
    SigningKey,
    Training,
    training_fingerprint,
)
from daliz.engine.estimators.trees import export
from daliz.language import Message, Text
from tests.engine.estimators.trees.grown import booster, rows, target

KEY = SigningKey("test-1", bytes(range(32)))
GROUPS: dict[str, Group] = {
    "item.unit_value": "value",
    "trader.violations": "party history",
    "item.preference": "origin",
    "value.gap": "value",
    "mass.gap": "mass",
    "route.gap": "route",
}
UNKNOWN = Text(en="not declared", ru="не заявлено", kk="мәлімделмеген")


@cache
def a_bundle(*, version: str = "2026-03-01", passed: bool = True) -> Bundle:
    """Return two models over six features, one of them calibrated."""
    probability, amount = export(booster("binary")), export(booster("gamma"))
    x = rows()
    y = target("binary", x)
    return Bundle(
        name="import",
        version=version,
        features=tuple(Feature(name, UNKNOWN, GROUPS[name]) for name in probability.names),
        models={"physical.probability": probability, "physical.amount": amount},
        calibrations={"physical.probability": Calibration.fit(probability.predict(x), y, strength=50)},
        training=Training(
            fingerprint=training_fingerprint(
                {name: x[:, i] for i, name in enumerate(probability.names)} | {"y": y}
            ),
            rows=3000,
            violations=int(y.sum()),
            first_day="2025-01-01",
            last_day="2026-01-31",
            known_before="2026-02-01",
            seed=7,
        ),
        metrics={"physical.auc": Figure(0.81, 0.79, 0.83)},
        checks=(
            Check(
                "leakage",
                0.0 if passed else 0.2,
                0.0,
                passed,
                Message("greatest change of a score when outcomes not yet known are shuffled"),
            ),
        ),
        card=Card(
            what=Text(en="Find-probability.", ru="Вероятность находки.", kk="Табу ықтималдығы."),
            on_what=Text(en="A pretend border.", ru="Учебная граница.", kk="Оқу шекарасы."),
            limits=(Text(en="Not for transit.", ru="Не для транзита.", kk="Транзитке арналмаған."),),
        ),
    )


def another_bundle(version: str) -> Bundle:
    """Return a bundle of other content."""
    return replace(a_bundle(), version=version, metrics={"physical.auc": Figure(0.5, 0.4, 0.6)})


def a_registry(directory: Path) -> tuple[Registry, str]:
    """Return a registry with the model in force, and its folder's name."""
    registry = Registry(directory)
    published = registry.publish(a_bundle(), made_by="Aigerim", made_at="2026-03-01T09:00:00", key=KEY)
    assert published.folder is not None
    registry.put_in_force("import", "2026-03-01", approved_by="Serik", at="2026-03-02T10:00:00", key=KEY)
    return registry, published.folder


def some_rows() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return rows to score."""
    return rows(40, seed=11)
