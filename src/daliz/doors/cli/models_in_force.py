"""Published models as commands ask for them: the key, and who scores on which day."""

from collections.abc import Callable
from datetime import date
from math import isnan
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, TypeAlias

import typer

from daliz.engine.allocation.exploration import Ranking
from daliz.engine.estimators.learner import Scorer
from daliz.engine.estimators.learner.publishing import known_before, scorer_of
from daliz.engine.estimators.registry import PRACTICE_SIGNING_KEY, Registry, RegistryError, SigningKey
from daliz.engine.pack import Pack
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


def ranking_published(directory: Path, pack: Pack, key: SigningKey, *, day: date) -> Ranking | None:
    """Return how the models in force on a day ranked the days held out from them, when they were published.

    Of the form that the random share is controlled in: it is what recent draws are compared with. None where
    none was in force, or it was not judged by that form.
    """
    registry = Registry(directory)
    folder = registry.current(pack.code, key=key, day=day.isoformat())
    if folder is None:
        return None
    bundle = registry.load(pack.code, folder, key=key)
    figure = bundle.metrics.get(f"{pack.policy.random.form}.auc")
    bounds = pack.models.publication_on(known_before(bundle))
    if figure is None or bounds is None or isnan(figure.value):
        return None
    return Ranking(
        figure.value, (figure.high - figure.low) / 2 / NormalDist().inv_cdf(0.5 + bounds.level / 2)
    )
