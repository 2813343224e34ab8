"""Published models: immutable signed folders with trees, calibration, figures and a card."""

from daliz.engine.estimators.registry.bundle import Assembly, Bundle, Card, Feature, Training
from daliz.engine.estimators.registry.files import BundleError
from daliz.engine.estimators.registry.fingerprint import training_fingerprint
from daliz.engine.estimators.registry.in_force import Entry
from daliz.engine.estimators.registry.key import (
    PRACTICE_SIGNING_KEY,
    SigningKey,
    SigningKeyError,
    new_signing_key,
)
from daliz.engine.estimators.registry.manifest import Manifest, TamperedError
from daliz.engine.estimators.registry.registry import Publication, Registry, RegistryError

__all__ = [
    "PRACTICE_SIGNING_KEY",
    "Assembly",
    "Bundle",
    "BundleError",
    "Card",
    "Entry",
    "Feature",
    "Manifest",
    "Publication",
    "Registry",
    "RegistryError",
    "SigningKey",
    "SigningKeyError",
    "TamperedError",
    "Training",
    "new_signing_key",
    "training_fingerprint",
]
