"""Bring declarations and findings out into months of Parquet, up to a watermark; nothing is doubled."""

import hashlib
import os
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db.models import Q

from daliz.customs.control.models import Finding
from daliz.customs.control.translate import OF_FINDINGS, findings_table
from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import tables_of
from daliz.engine.pack import Pack
from daliz.engine.records.columns import column_of
from daliz.engine.records.declaration import BELOW
from daliz.engine.records.files import conform, read_table
from daliz.engine.records.months import Months, MonthsError, Part, clear, keep, months_in, write_part
from daliz.engine.records.schema import TABLES
from daliz.ground.nights.actions import leading
from daliz.language import N_

_TABLES: Final = ("declarations", "findings", *BELOW)
_LOOKED_AT_AGAIN: Final = timedelta(days=35)
"""For so long what was committed late, after its day was exported, is looked for."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What one export brought out.

    Attributes:
        until: the first day that is not out yet.
        versions: of declarations.
        findings: with corrections.
        late: of both, that came after their day had been exported.
        parts: files written.
    """

    until: date | None
    versions: int
    findings: int
    late: int
    parts: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a span of days had: tables, and how many versions and findings there were on each day."""

    tables: Mapping[str, pa.Table]
    days: Mapping[date, tuple[int, int]]


def export(
    folder: Path,
    *,
    until: date,
    pack: Pack,
    past: Path | None = None,
    progress: Callable[[str, float], None] = lambda *_: None,
) -> Exported:
    """Bring out every day from the watermark up to ``until``, month by month, and what came late before it.

    Each month is there whole or not at all; who is interrupted goes on with the month he was at.

    Args:
        folder: of the months.
        until: the first day that is not brought out; days that are not over must not be.
        pack: for the time zone.
        past: folder of canonical tables from before the database began, which come first.
        progress: told what is under way.

    Raises:
        MonthsError: another export is under way, or the folder is of another time zone or broken.
    """
    with leading("export", holder=f"{socket.gethostname()}/{os.getpid()}") as leads:
        if not leads:
            raise MonthsError(N_("another export is under way"), code="months-busy")
        months = months_in(folder) or Months(pack.zone)
        if months.zone != pack.zone:
            raise MonthsError(
                N_("{place} has days of {found}, the pack those of {ours}; name another folder"),
                code="months-zone", place=folder, found=months.zone, ours=pack.zone,
            )  # fmt: skip
        clear(folder, months)
        before = len(months.parts)
        months = _with_past(folder, months, past)
        months, late = _late(folder, months, pack)
        versions = findings = 0
        first = months.until or _first_day(pack)
        slices = _slices(first, until) if first is not None else []
        for at, (begin, end) in enumerate(slices):
            progress(N_("Exporting months"), at / len(slices))
            seen = _seen(begin, end, pack)
            months = replace(
                _written(folder, months, seen, begin), until=end, days={**months.days, **seen.days}
            )
            keep(folder, months)
            versions += sum(n for n, _ in seen.days.values())
            findings += sum(n for _, n in seen.days.values())
        return Exported(months.until, versions, findings, late, len(months.parts) - before)


def _written(folder: Path, months: Months, seen: _Seen, month: date) -> Months:
    """Write what was seen as parts of a month; the manifest is still to be kept."""
    name = f"{month:%Y-%m}.{months.number + 1:05}"
    parts = [
        write_part(folder, table, _ordered(rows, table), name)
        for table, rows in seen.tables.items()
        if rows.num_rows
    ]
    return replace(months, number=months.number + bool(parts), parts=(*months.parts, *parts))


def _ordered(rows: pa.Table, table: str) -> pa.Table:
    """Return rows in the order of their file: goods by code, which is what is mostly looked for."""
    first = {"declarations": ["hs_code"], "findings": ["known_at"]}.get(table, [])
    names = [*first, *(name for name in TABLES[table].key if name not in first)]
    rest = [name for name in rows.column_names if name not in names]
    return rows.sort_by([(name, "ascending") for name in [*names, *rest]])


def _seen(
    begin: date, end: date, pack: Pack, *, but: frozenset[tuple[str, int]] = frozenset(),
    findings_but: frozenset[str] = frozenset(),
) -> _Seen:  # fmt: skip
    """Return what was registered and what became known from one day up to another, without what is out."""
    whole: dict[str, list[pa.Table]] = {name: [] for name in _TABLES}
    days: dict[date, tuple[int, int]] = {}
    for n in range((end - begin).days):
        day = begin + timedelta(days=n)
        since, before = _midnight(day, pack), _midnight(day + timedelta(days=1), pack)
        rows = Version.objects.filter(registered_at__gte=since, registered_at__lt=before)
        versions = [
            one
            for one in rows.select_related("declaration").order_by("id").iterator()
            if (str(one.declaration.number), one.version) not in but
        ]
        found = findings_known(since, before)
        kept = [str(one) not in findings_but for one in found["finding_id"].to_pylist()]
        tables = {**tables_of(versions), "findings": found.filter(pa.array(kept, pa.bool_()))}
        if versions or tables["findings"].num_rows:
            days[day] = (len(versions), tables["findings"].num_rows)
        for name in _TABLES:
            whole[name].append(tables[name])
    return _Seen({name: pa.concat_tables(listed) for name, listed in whole.items() if listed}, days)


def findings_known(since: datetime, before: datetime) -> pa.Table:
    """Return the findings and corrections that became known from one instant up to another."""
    came = Q(at__gte=since, at__lt=before)
    came |= Q(control__concluded_at__gte=since, control__concluded_at__lt=before)
    rows = Finding.objects.filter(came).select_related(*OF_FINDINGS).order_by("id")
    return findings_table(rows, since=since, before=before)


def _late(folder: Path, months: Months, pack: Pack) -> tuple[Months, int]:
    """Bring out what was committed after its day had been exported; days are reconciled by their counts."""
    if months.until is None:
        return months, 0
    begin = months.until - _LOOKED_AT_AGAIN
    known = {day: counts for day, counts in months.days.items() if day >= begin}
    registered, found = _counts(begin, months.until, pack)
    more = [
        day
        for day in sorted({*registered, *found})
        if registered[day] > known.get(day, (0, 0))[0] or found[day] > known.get(day, (0, 0))[1]
    ]
    late = 0
    for day in more:
        versions, findings = _out(folder, months, day)
        seen = _seen(day, day + timedelta(days=1), pack, but=versions, findings_but=findings)
        was, came = known.get(day, (0, 0)), seen.days.get(day, (0, 0))
        late += sum(came)
        counts = {**months.days, day: (was[0] + came[0], was[1] + came[1])}
        months = replace(_written(folder, months, seen, day), days=counts)
    if late:
        keep(folder, months)
    return months, late


def _counts(begin: date, end: date, pack: Pack) -> tuple[Counter[date], Counter[date]]:
    """Return how many versions were registered and how many findings became known on each day of a span."""
    zone = ZoneInfo(pack.zone)
    since, before = _midnight(begin, pack), _midnight(end, pack)
    rows = Version.objects.filter(registered_at__gte=since, registered_at__lt=before)
    instants = rows.values_list("registered_at", flat=True).iterator()
    known = column_of(findings_known(since, before), "known_at", datetime)
    return (
        Counter(at.astimezone(zone).date() for at in instants if at is not None),
        Counter(at.astimezone(zone).date() for at in known),
    )


def _out(folder: Path, months: Months, day: date) -> tuple[frozenset[tuple[str, int]], frozenset[str]]:
    """Return which versions and findings are out, of the month of a day."""
    name = f"{day:%Y-%m}."
    versions: set[tuple[str, int]] = set()
    findings: set[str] = set()
    for part in months.parts:
        if not Path(part.file).name.startswith(name) or part.table not in ("declarations", "findings"):
            continue
        rows = read_table(folder / part.file, TABLES[part.table])
        if part.table == "declarations":
            numbers = column_of(rows, "declaration_id", str)
            versions |= set(zip(numbers, column_of(rows, "version", int), strict=True))
        else:
            findings |= set(column_of(rows, "finding_id", str))
    return frozenset(versions), frozenset(findings)


def _with_past(folder: Path, months: Months, past: Path | None) -> Months:
    """Put what was known before the database began first; where it was replaced, the new in its place."""
    wanted: dict[str, tuple[str, Path]] = {}
    for table in _TABLES:
        file = past / f"{table}.parquet" if past is not None else None
        if file is not None and file.is_file():
            with file.open("rb") as source:
                digest = hashlib.file_digest(source, "sha256").hexdigest()
            wanted[f"{table}/past.{digest[:12]}.parquet"] = table, file
    known = {part.file for part in months.parts if Path(part.file).name.startswith("past.")}
    if known == set(wanted):
        return months
    parts: list[Part] = []
    for name, (table, file) in wanted.items():
        rows = read_table(file, TABLES[table]).select(TABLES[table].names)
        parts.append(write_part(folder, table, conform(rows, TABLES[table]), Path(name).stem))
    kept = replace(months, parts=(*parts, *(part for part in months.parts if part.file not in known)))
    keep(folder, kept)
    clear(folder, kept)
    return kept


def _first_day(pack: Pack) -> date | None:
    """Return the first day on which anything was registered; None if nothing was."""
    first = Version.objects.filter(registered_at__isnull=False).order_by("registered_at").first()
    if first is None or first.registered_at is None:
        return None
    return first.registered_at.astimezone(ZoneInfo(pack.zone)).date()


def _slices(first: date, until: date) -> list[tuple[date, date]]:
    """Cut a span of days by months.

    Example:
        >>> [f"{a} {b}" for a, b in _slices(date(2026, 1, 30), date(2026, 3, 2))]
        ['2026-01-30 2026-02-01', '2026-02-01 2026-03-01', '2026-03-01 2026-03-02']
    """
    slices = []
    while first < until:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        slices.append((first, min(following, until)))
        first = following
    return slices


def _midnight(day: date, pack: Pack) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(pack.zone)).astimezone(UTC)
