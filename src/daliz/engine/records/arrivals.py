"""From canonical tables to declarations, one version after the other, as they came in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.records.declaration import HEADER, Declaration
from daliz.engine.records.schema import DECLARATIONS, TABLES

_OF_ITEM: Final = tuple(column.name for column in DECLARATIONS.columns if not column.header)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A version as it was registered.

    Attributes:
        number: of the declaration.
        version: 1 when first registered.
        at: when, UTC.
        declared: what it states.
    """

    number: str
    version: int
    at: datetime
    declared: Declaration


def arrivals(
    declarations: pa.Table,
    below: Mapping[str, pa.Table] | None = None,
    *,
    since: datetime | None = None,
    before: datetime | None = None,
) -> Iterator[Arrival]:
    """Give the versions of a table in the order of registration, then of number and version.

    Args:
        declarations: canonical.
        below: child tables by name, of these versions or of more.
        since: only what was registered from then on.
        before: only what was registered before then.

    Example:
        >>> from datetime import UTC
        >>> row = {"declaration_id": "D1", "version": 1, "item_no": 1, "direction": "import",
        ...        "registered_at": datetime(2026, 3, 10, 7, tzinfo=UTC), "hs_code": "6403", "vat": None}
        >>> [one] = arrivals(pa.Table.from_pylist([row]))
        >>> one.declared.header, one.declared.items
        ({'direction': 'import'}, ({'item_no': 1, 'hs_code': '6403'},))
    """
    if since is not None:
        declarations = declarations.filter(pc.greater_equal(declarations["registered_at"], pa.scalar(since)))
    if before is not None:
        declarations = declarations.filter(pc.less(declarations["registered_at"], pa.scalar(before)))
    hanging: dict[tuple[str, int], dict[str, list[dict[str, Any]]]] = {}
    for name, table in (below or {}).items():
        own = TABLES[name].names[2:]
        for row in table.to_pylist():
            of = hanging.setdefault((row["declaration_id"], row["version"]), {})
            of.setdefault(name, []).append(_known(row, own))
    rows = declarations.to_pylist()
    rows.sort(key=lambda r: (r["registered_at"], r["declaration_id"], r["version"], r["item_no"]))
    for (instant, number, version), of_version in groupby(
        rows, lambda r: (r["registered_at"], r["declaration_id"], r["version"])
    ):
        items = list(of_version)
        yield Arrival(
            number,
            version,
            instant,
            Declaration(
                header=_known(items[0], HEADER),
                items=tuple(_known(item, _OF_ITEM) for item in items),
                below=hanging.get((number, version), {}),
            ),
        )


def _known(row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return what is known of a row, in the order of ``names``."""
    return {name: row[name] for name in names if row.get(name) is not None}
