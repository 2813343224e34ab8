"""Boosted trees as plain arrays: what scoring needs of a model, without the library that grew it."""

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Final

import numpy as np
from numpy.typing import ArrayLike

from daliz.engine.estimators.trees.arrays import Arrays, Floats, whole
from daliz.engine.estimators.trees.forest import Forest
from daliz.engine.estimators.trees.link import transformed
from daliz.language import N_, DalizError

_FORMAT: Final = "daliz-trees/1"


class TreesFileError(DalizError):
    """A file of trees cannot be read, or what is in it is not trees."""

    code: ClassVar[str] = "trees-file"


class Trees(Arrays):
    """The exported trees of one model: scored with numpy alone, kept in a file without code in it."""

    @cached_property
    def forest(self) -> Forest:
        """The same trees packed for scoring."""
        return Forest([self])

    def raw(self, x: ArrayLike) -> Floats:
        """Return the sum of the leaves for each row, before the link.

        Args:
            x: features in the order of ``names``, NaN for unknown, shape (rows, features).
        """
        return self.forest.raw(np.asarray(x, np.float64))[:, 0]

    def predict(self, x: ArrayLike) -> Floats:
        """Return the prediction for each row: a probability, or an amount in the unit of the training."""
        return transformed(self.raw(x), self.link, self.sigmoid)

    def save(self, path: Path) -> None:
        """Write the trees; the same trees give the same bytes."""
        arrays = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, format=np.asarray(_FORMAT), **arrays)

    @classmethod
    def load(cls, path: Path) -> "Trees":
        """Read trees that ``save`` wrote.

        Raises:
            TreesFileError: the file is something else, or its trees are not whole.
        """
        try:
            with np.load(path, allow_pickle=False) as content:
                if str(content["format"]) != _FORMAT:
                    raise ValueError
                trees = cls(
                    names=tuple(content["names"].tolist()),
                    link=content["link"].item(),
                    sigmoid=float(content["sigmoid"]),
                    **{name: content[name] for name in _ARRAYS},
                )
        except OSError as error:
            raise TreesFileError(
                N_("{path} cannot be read: {cause}"), path=path.name, cause=error.strerror or str(error)
            ) from error
        except Exception as error:  # numpy and zipfile raise whatever a broken archive leads them to
            raise TreesFileError(N_("{path} does not hold exported trees"), path=path.name) from error
        if not whole(trees):
            raise TreesFileError(
                N_("{path} holds trees whose nodes do not lead to their leaves"), path=path.name
            )
        return trees


def averaged(models: Sequence[Trees]) -> Trees:
    """Return one model whose sum of leaves is the mean of what the models' sums are.

    Grown alike but for the seed, models differ by chance alone; their mean differs by less.

    Args:
        models: one or more, with the same names and link.

    Sources:
        [breiman1996] for why the mean of models is surer than each.
    """
    first = models[0]
    starts = {
        name: np.concatenate([[0], *(np.diff(getattr(model, name)) for model in models)]).cumsum()
        for name in ("node_start", "leaf_start")
    }
    arrays = {
        name: np.concatenate([getattr(model, name) for model in models])
        for name in _ARRAYS
        if name not in starts
    }
    arrays["leaf_value"] = arrays["leaf_value"] / len(models)
    return Trees(names=first.names, link=first.link, sigmoid=first.sigmoid, **starts, **arrays)


_ARRAYS: Final[Sequence[str]] = tuple(
    field.name for field in fields(Trees) if field.name not in {"names", "link", "sigmoid"}
)
