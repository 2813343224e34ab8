"""The declarations of a border by the day on which they were registered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.records.columns import rows_of
from daliz.engine.records.files import conform
from daliz.engine.records.schema import DECLARATIONS, TRANSPORT_MEANS
from daliz.language import N_, DalizError

Whole = NDArray[np.int64]

_EPOCH: Final = date(1970, 1, 1).toordinal()


class ReplayError(DalizError):
    """What is to be replayed, or how, is not right."""

    code: ClassVar[str] = "replay"


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """Declarations in the order of their days. Places and days are counted from 0.

    Attributes:
        zone: whose days are meant.
        days: from the first declaration's to the last's, every day between them.
        ids: number of each declaration.
        day: of each declaration, the day on which it was registered first.
        items: canonical declarations by day; later versions on their own day.
        of: of each item, the declaration.
        first: of each declaration, its first item.
    """

    zone: str
    days: tuple[date, ...]
    ids: tuple[str, ...] = field(repr=False)
    day: Whole = field(repr=False)
    items: pa.Table = field(repr=False)
    of: Whole = field(repr=False)
    first: Whole = field(repr=False)
    _item_day: Whole = field(repr=False)
    _vehicles: pa.Table | None = field(repr=False)
    _vehicle_day: Whole = field(repr=False)
    _place: dict[str, int] = field(repr=False)

    @classmethod
    def of_tables(
        cls, declarations: pa.Table, *, zone: str, transport_means: pa.Table | None = None
    ) -> "Border":
        """Lay canonical tables out.

        Args:
            declarations: canonical.
            zone: of the pack.
            transport_means: canonical; those of other declarations are left out.

        Raises:
            ReplayError: there are no declarations.
            TableError: a table is not the canonical one.
        """
        items = conform(declarations, DECLARATIONS)
        if not items.num_rows:
            raise ReplayError(N_("there are no declarations to replay"))
        local = _local_days(items, zone)
        order = np.argsort(local, kind="stable")
        items, local = rows_of(items, order), local[order]
        coded = items["declaration_id"].combine_chunks().dictionary_encode()
        of = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        _, first = np.unique(of, return_index=True)
        start = int(local[0])
        ids = tuple(str(name) for name in coded.dictionary.to_pylist())
        vehicles, at = _beside(transport_means, ids, local[first])
        return cls(
            zone=zone,
            days=tuple(date.fromordinal(_EPOCH + n) for n in range(start, int(local[-1]) + 1)),
            ids=ids,
            day=local[first] - start,
            items=items,
            of=of,
            first=first.astype(np.int64),
            _item_day=local - start,
            _vehicles=vehicles,
            _vehicle_day=at - start,
            _place={number: place for place, number in enumerate(ids)},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def begins(self, day: int) -> datetime:
        """Return the instant, in UTC, at which a day begins on the border's clock."""
        local = datetime.combine(self.days[0] + timedelta(days=day), datetime.min.time(), ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def places(self, ids: "pa.ChunkedArray[Any]") -> list[int]:
        """Return the place of each declaration."""
        return [self._place[str(number)] for number in ids.to_pylist()]

    def registered(self, day: int) -> tuple[pa.Table, pa.Table]:
        """Return the items registered on a day: of declarations new that day, and of later versions."""
        begin, end = np.searchsorted(self._item_day, [day, day + 1]).tolist()
        rows = self.items.slice(begin, end - begin)
        new = self.day[self.of[begin:end]] == day
        if new.all():
            return rows, rows.slice(0, 0)
        return rows.filter(pa.array(new)), rows.filter(pa.array(~new))

    def vehicles(self, day: int) -> pa.Table | None:
        """Return the transport means of the declarations of a day; None where the border tells none."""
        if self._vehicles is None:
            return None
        begin, end = np.searchsorted(self._vehicle_day, [day, day + 1]).tolist()
        return self._vehicles.slice(begin, end - begin)


def _local_days(items: pa.Table, zone: str) -> Whole:
    """Return the local day on which each item was registered, counted from 1970."""
    moments: Any = pc.cast(items["registered_at"], pa.timestamp("us", tz=zone))
    days: Whole = pc.local_timestamp(moments).cast(pa.date32()).cast(pa.int32()).to_numpy().astype(np.int64)
    return days


def _beside(table: pa.Table | None, ids: Sequence[object], day: Whole) -> tuple[pa.Table | None, Whole]:
    """Return a child table in the order of the days of its declarations, and these days."""
    if table is None:
        return None, np.zeros(0, dtype=np.int64)
    child = conform(table, TRANSPORT_MEANS)
    place = pc.index_in(child["declaration_id"], value_set=pa.array(ids, pa.string()))
    child = child.filter(place.is_valid())
    at = day[place.drop_null().to_numpy().astype(np.int64)]
    order = np.argsort(at, kind="stable")
    return rows_of(child, order), at[order]
