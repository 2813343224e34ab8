"""From a LightGBM model to plain arrays, by the text in which the library itself keeps models."""

from collections.abc import Mapping
from typing import ClassVar, Final, Protocol

import numpy as np

from daliz.engine.estimators.trees.exported import Trees
from daliz.engine.estimators.trees.link import Link
from daliz.language import N_, DalizError, Message

_LINKS: Final[Mapping[str, Link]] = {
    "binary": "logistic",
    "cross_entropy": "logistic",
    "poisson": "exponential",
    "gamma": "exponential",
    "tweedie": "exponential",
    "regression": "identity",
    "regression_l1": "identity",
    "huber": "identity",
    "fair": "identity",
    "quantile": "identity",
    "mape": "identity",
}
_CATEGORICAL, _DEFAULT_LEFT = 1, 2
_MISSING_SHIFT, _MISSING_ZERO, _MISSING_NAN = 2, 1, 2


class ExportError(DalizError):
    """A model has something that exported trees cannot say."""

    code: ClassVar[str] = "trees-export"


class Booster(Protocol):
    """What is needed of ``lightgbm.Booster``."""

    def model_to_string(self) -> str:
        """Return the model as text, up to its best iteration if training stopped early."""


def reproducible(*, seed: int, threads: int) -> dict[str, object]:
    """Return the settings under which the library grows the same trees from the same rows, bit for bit.

    Args:
        seed: of everything that is drawn.
        threads: fixed, for sums of floating numbers depend on how they were shared out.
    """
    return {"seed": seed, "num_threads": threads, "deterministic": True, "force_row_wise": True}


def export(booster: Booster) -> Trees:
    """Return the trees of a trained booster.

    Raises:
        ExportError: categorical splits, linear leaves, several classes, averaged trees, zero as missing,
            or an objective whose link is not known here.
    """
    header, *rest = booster.model_to_string().partition("\nend of trees")[0].split("\n\nTree=")
    facts = _facts(header)
    _refuse(facts.get("num_tree_per_iteration", "1") != "1", N_("it has more than one class"))
    _refuse("average_output" in header.splitlines(), N_("its trees are averaged (random forest)"))
    objective, *options = facts.get("objective", "custom").split()
    link = _LINKS.get(objective)
    if link is None:
        raise ExportError(
            N_("this model cannot be exported: its objective is {objective!r}, known are {known}"),
            objective=objective,
            known=", ".join(sorted(_LINKS)),
        )
    if "sqrt" in options:
        link = "signed square"
    sigmoid = next((float(o.removeprefix("sigmoid:")) for o in options if o.startswith("sigmoid:")), 1.0)
    trees = [_facts(text) for text in rest]
    for tree in trees:
        _refuse(tree.get("num_cat", "0") != "0", N_("it splits by category"))
        _refuse(tree.get("is_linear", "0") != "0", N_("its leaves are linear"))
    decision = _integers(trees, "decision_type")
    missing = decision >> _MISSING_SHIFT & 3
    _refuse(bool(np.any(decision & _CATEGORICAL)), N_("it splits by category"))
    _refuse(bool(np.any(missing == _MISSING_ZERO)), N_("it takes zero for missing"))
    sizes = np.array([int(tree["num_leaves"]) for tree in trees], np.int64)
    split = [tree for tree, size in zip(trees, sizes, strict=True) if size > 1]
    return Trees(
        names=tuple(facts["feature_names"].split(" ")),
        link=link,
        sigmoid=sigmoid,
        node_start=np.concatenate([[0], np.cumsum(sizes - 1)]).astype(np.int64),
        leaf_start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        feature=_integers(split, "split_feature"),
        threshold=_floats(split, "threshold"),
        unknown_left=(decision & _DEFAULT_LEFT) > 0,
        unknown_zero=missing != _MISSING_NAN,
        left=_integers(split, "left_child"),
        right=_integers(split, "right_child"),
        node_count=_integers(split, "internal_count"),
        leaf_value=_floats(trees, "leaf_value"),
        leaf_count=_integers([{"leaf_count": "0", **tree} for tree in trees], "leaf_count"),
    )


def _facts(text: str) -> dict[str, str]:
    """Return the lines ``name=value`` of a part of the text."""
    return {name: value for name, sign, value in (line.partition("=") for line in text.splitlines()) if sign}


def _integers(trees: list[dict[str, str]], name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array([int(word) for tree in trees for word in tree.get(name, "").split()], np.int64)


def _floats(trees: list[dict[str, str]], name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.array([float(word) for tree in trees for word in tree.get(name, "").split()], np.float64)


def _refuse(found: bool, what: str) -> None:
    if found:
        raise ExportError(N_("this model cannot be exported: {what}"), what=Message(what))
