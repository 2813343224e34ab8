"""The declarations that a strategy is asked about, one row each, with their goods items beside them."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.records.columns import rows_of


@dataclass(frozen=True, slots=True)
class Day:
    """Declarations and their items.

    Attributes:
        items: canonical, one row an item, the last version of each declaration, by declaration.
        of: for each item, the place of its declaration.
        ids: number of each declaration, in the order in which they first stand.
        first: for each declaration, its first item.
    """

    items: pa.Table = field(repr=False)
    of: NDArray[np.int64]
    ids: tuple[str, ...]
    first: NDArray[np.int64]

    @classmethod
    def of_declarations(cls, declarations: pa.Table) -> "Day":
        """Lay canonical declarations out.

        Example:
            >>> day = Day.of_declarations(pa.table({"declaration_id": ["B", "A", "B"], "item_no": [1, 1, 2]}))
            >>> day.ids, day.of.tolist(), day.first.tolist(), day.items["item_no"].to_pylist()
            (('B', 'A'), [0, 0, 1], [0, 2], [1, 2, 1])
        """
        coded = declarations["declaration_id"].combine_chunks().dictionary_encode()
        of = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        keep = np.arange(len(of), dtype=np.int64)
        if "version" in declarations.column_names:
            version = declarations["version"].to_numpy(zero_copy_only=False)
            last = np.zeros(len(coded.dictionary), dtype=version.dtype)
            np.maximum.at(last, of, version)
            keep = np.flatnonzero(version == last[of])
        order = keep[np.argsort(of[keep], kind="stable")]
        laid = of[order]
        return cls(
            items=rows_of(declarations, order),
            of=laid,
            ids=tuple(str(name) for name in coded.dictionary.to_pylist()),
            first=np.flatnonzero(np.diff(laid, prepend=-1)),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def head(self, name: str) -> list[str | None]:
        """Return a text that belongs to the whole declaration, for each; unknown where there is no column."""
        if name not in self.items.column_names:
            return [None] * len(self)
        return pc.cast(rows_of(self.items.select([name]), self.first)[name], pa.string()).to_pylist()
