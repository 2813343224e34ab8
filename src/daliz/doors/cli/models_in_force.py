"""Published models as commands ask for them: the key, and who scores on which day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from daliz.engine.estimators.learner import Scorer
from daliz.engine.estimators.learner.publishing import scorer_of
from daliz.engine.estimators.registry import PRACTICE_SIGNING_KEY, Registry, RegistryError, SigningKey
from daliz.language import N_

KeyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--key",
        envvar="DALIZ_MODEL_KEY",
        help="File with the key that models are signed with; without it a practice key that anybody knows.",
    ),
]


def signing_key(path: Path | None) -> SigningKey:
    """Return the key of a file, or the practice key."""
    return SigningKey.read(path) if path else PRACTICE_SIGNING_KEY


def expect_key(registry: Registry, line: str, key: SigningKey) -> None:
    """Refuse the practice key where models were signed with another one.

    Raises:
        RegistryError: a key is needed.
    """
    named = {manifest.key_id for manifest in registry.manifests(line)} - {key.key_id}
    if key == PRACTICE_SIGNING_KEY and named:
        raise RegistryError(
            N_("models of {line} are signed with the key {keys}; name its file with --key"),
            line=line, keys=", ".join(sorted(named)),
        )  # fmt: skip


def scorer_by_day(directory: Path, line: str, key: SigningKey) -> Callable[[date], Scorer | None]:
    """Return a function from a day to the models in force on it; each is loaded and verified once.

    Args:
        directory: of published models.
        line: of models, the pack's code.
        key: that they were signed with.

    Raises:
        RegistryError: there is no such line, or it is signed with another key.
    """
    registry = Registry(directory)
    if line not in registry.names():
        raise RegistryError(
            N_("there is no model {name!r} here; there are: {known}"),
            name=line, known=", ".join(registry.names()) or "-",
        )  # fmt: skip
    expect_key(registry, line, key)
    loaded: dict[str, Scorer] = {}

    def on(day: date) -> Scorer | None:
        folder = registry.current(line, key=key, day=day.isoformat())
        if folder is None:
            return None
        if folder not in loaded:
            loaded[folder] = scorer_of(registry.load(line, folder, key=key), folder=folder)
        return loaded[folder]

    return on
