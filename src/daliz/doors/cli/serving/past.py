"""What is known before a day: history of files and of the database together."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from daliz.customs.control.models import Finding
from daliz.customs.control.translate import OF_FINDINGS, findings_table
from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import tables_of
from daliz.engine.pack import Pack
from daliz.engine.records.files import conform, read_table
from daliz.engine.records.schema import TABLES

CHILDREN: Final = ("documents", "containers", "transport_means")


def known_before(day: date, *, pack: Pack, history: Path | None) -> dict[str, pa.Table]:
    """Return declarations, findings and ``CHILDREN``, as they were known when the day began.

    Args:
        day: the local day.
        pack: for the time zone.
        history: folder of canonical tables from before the database began.
    """
    midnight = datetime.combine(day, time(), ZoneInfo(pack.zone))
    live = tables_of(
        Version.objects.filter(registered_at__lt=midnight)
        .select_related("declaration")
        .order_by("id")
        .iterator()
    )
    live["findings"] = findings_table(
        Finding.objects.filter(at__lt=midnight).select_related(*OF_FINDINGS).order_by("id"),
        before=midnight,
    )
    return {name: _together(name, history, live[name]) for name in ("declarations", "findings", *CHILDREN)}


def _together(name: str, history: Path | None, live: pa.Table) -> pa.Table:
    """Return a table of files followed by what the database has."""
    path = history / f"{name}.parquet" if history is not None else None
    if path is None or not path.exists():
        return live
    schema = TABLES[name]
    past = read_table(path, schema).select(schema.names)
    return pa.concat_tables([conform(past, schema), conform(live, schema)])
