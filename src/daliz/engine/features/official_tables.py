"""What features may ask of official lists, as tables by day: rates, goods codes, duty lines."""

from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa


def _schema(**types: pa.DataType) -> pa.Schema:
    return pa.schema([pa.field(name, of) for name, of in types.items()])


_TEXT: Final = pa.string()
_NUMBER: Final = pa.float64()
_DAY: Final = pa.int64()

RATES: Final = _schema(currency=_TEXT, day=_DAY, per_unit=_NUMBER)
"""National money for one unit; days are numbered from 1970-01-01."""

EDITIONS: Final = _schema(list=_TEXT, since=_DAY, until=_DAY)
CODES: Final = _schema(list=_TEXT, code=_TEXT, since=_DAY, until=_DAY, unit=_TEXT)
DUTY: Final = _schema(
    line=pa.int64(), code=_TEXT, origin=_TEXT, preference=_TEXT, share=_NUMBER, method=_TEXT,
    amount=_NUMBER, currency=_TEXT, per=_NUMBER, unit=_TEXT, since=_DAY, until=_DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class OfficialTables:
    """Official lists of one administration; what was not loaded is empty and gives unknown features.

    Attributes:
        national: the administration's currency, ISO 4217; empty if there is none.
        hold_days: how many days a rate goes on holding where none is stated for a day.
        rates: schema ``RATES``.
        editions: days on which an edition of ``tnved`` or ``hs`` is in force, schema ``EDITIONS``.
        codes: their codes with the supplementary unit, schema ``CODES``.
        duty: lines of import duty, schema ``DUTY``; ``share`` is a fraction of the customs value.
    """

    national: str = ""
    hold_days: int = 0
    rates: pa.Table = field(default_factory=RATES.empty_table)
    editions: pa.Table = field(default_factory=EDITIONS.empty_table)
    codes: pa.Table = field(default_factory=CODES.empty_table)
    duty: pa.Table = field(default_factory=DUTY.empty_table)


NO_TABLES: Final = OfficialTables()
"""Nothing was loaded."""
