"""The values that made a profile fire, item by item."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from daliz.engine.features import Grain
from daliz.engine.pack import Profile
from daliz.engine.records.columns import rows_of
from daliz.engine.scoring import Firings


class Why(NamedTuple):
    """For which items a profile holds, and the values that its indicator saw there."""

    items: tuple[int | None, ...]
    reasons: tuple[Mapping[str, object], ...]


WHOLE = Why((None,), ({},))
"""A profile that saw nothing: the random draw, a model."""


class Reasons:
    """Looks up why expert profiles fired; holds only the rows and columns that can be asked for."""

    def __init__(self, facts: pa.Table, firings: Firings) -> None:
        self._firings = firings
        self._column = {(p.id, p.version): k for k, p in enumerate(firings.profiles)}
        self._names = [sorted(p.indicator.names) for p in firings.profiles]
        self._of_whole = [p.indicator.grain is Grain.DECLARATION for p in firings.profiles]
        self._end = np.append(firings.first_row, facts.num_rows)[1:]
        concerned = np.flatnonzero(firings.fired.sum(axis=1))
        wanted = np.flatnonzero(np.isin(firings.declaration, concerned))
        self._place = {int(row): place for place, row in enumerate(wanted)}
        names = sorted(frozenset[str]().union(*self._names))
        taken = rows_of(facts.select(["item_no", *names]), wanted)
        self._values = {name: taken[name].to_pylist() for name in taken.column_names}

    def of(self, declaration: int, profile: Profile) -> Why:
        """Return why ``profile`` fired for the declaration of that index in the firings."""
        column = self._column.get((profile.id, profile.version))
        if column is None:
            return WHOLE
        rows = range(int(self._firings.first_row[declaration]), int(self._end[declaration]))
        names = self._names[column]
        if self._of_whole[column]:
            return Why((None,), ({name: self._of_all(name, rows) for name in names},))
        held = [row for row in rows if self._firings.held[row, column]]
        return Why(
            tuple(self._values["item_no"][self._place[row]] for row in held),
            tuple({name: self._values[name][self._place[row]] for name in names} for row in held),
        )

    def _of_all(self, name: str, rows: Sequence[int]) -> object:
        """Return one value for what is said of the whole, a list for what differs by item."""
        values = [self._values[name][self._place[row]] for row in rows]
        return values if name.startswith("item.") and len(values) > 1 else values[0]
