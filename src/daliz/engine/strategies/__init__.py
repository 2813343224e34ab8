"""Whole ways of choosing whom to control, behind one protocol, for replay and comparison.

A strategy lives in a module of its own, which is imported when it is asked for by name: importing LightGBM
takes seconds, and only some need it.
"""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

from daliz.engine.pack import Pack, load_pack
from daliz.engine.strategies.protocol import (
    ANSWER,
    Capacity,
    Strategy,
    StrategyError,
    answer,
    checked,
)
from daliz.language import N_

STRATEGIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "daliz": "daliz.engine.strategies.learned:Daliz",
        "rules": "daliz.engine.strategies.rules:Rules",
        "rates": "daliz.engine.strategies.rates:RatesOnly",
        "lightgbm": "daliz.engine.strategies.boosted:Boosted",
        "lightgbm+random": "daliz.engine.strategies.boosted:BoostedAndRandom",
        "random": "daliz.engine.strategies.chance:Chance",
        "oracle": "daliz.engine.strategies.oracle:Oracle",
    }
)
"""Name → module and class, in the order in which they are told."""


def load(name: str, *, pack: Pack | str, seed: int) -> Strategy:
    """Return a strategy that knows nothing yet.

    Args:
        name: one of ``STRATEGIES``, or ``package.module:Class`` for one from elsewhere; the class is called
            with ``pack`` and ``seed``.
        pack: country pack, or its code.
        seed: everything that a strategy leaves to chance follows from it.

    Raises:
        StrategyError: there is no such strategy, or what stands there is none.

    Example:
        >>> type(load("random", pack="kz", seed=1)).__name__
        'Chance'
    """
    place = STRATEGIES.get(name, name)
    module, _, attribute = place.partition(":")
    if not attribute:
        raise StrategyError(
            N_("{found} is not a strategy; there are {names}, or package.module:Class"),
            found=name, names=", ".join(STRATEGIES),
        )  # fmt: skip
    try:
        made = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise StrategyError(
            N_("the strategy {name} cannot be imported: {cause}"), name=name, cause=error
        ) from error
    strategy = made(pack=load_pack(pack) if isinstance(pack, str) else pack, seed=seed)
    if not isinstance(strategy, Strategy):
        raise StrategyError(N_("{name} lacks observe, learn or decide"), name=name)
    return strategy


__all__ = [
    "ANSWER",
    "STRATEGIES",
    "Capacity",
    "Strategy",
    "StrategyError",
    "answer",
    "checked",
    "load",
]
