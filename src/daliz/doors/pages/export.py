"""What a table shows, as a file: CSV or Excel, with the same columns in the same order."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from openpyxl import Workbook

Cell = str | int | float | bool | datetime | None

MOST_ROWS: Final = 100_000
"""So many rows at most go into a file."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def wanted(request: HttpRequest) -> str | None:
    """Return the kind of file that the address asks for under ``export``; None for a page."""
    kind = request.GET.get("export", "")
    return kind if kind in ("csv", "xlsx") else None


def exported(kind: str, name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """Return a table as a file.

    Text that a spreadsheet would take for a formula is led by an apostrophe.

    Args:
        kind: csv or xlsx.
        name: of the file, without its ending.
        heads: of the columns.
        rows: of cells; instants as UTC.
    """
    safe = ([_plain(cell) for cell in row] for row in rows)
    if kind == "csv":
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(heads)
        writer.writerows(safe)
        body, mime = text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8"
    else:
        book = Workbook(write_only=True)
        sheet = book.create_sheet(name[:31])
        sheet.append(list(heads))
        for row in safe:
            sheet.append(row)
        held = io.BytesIO()
        book.save(held)
        body = held.getvalue()
        mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(body, content_type=mime)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _plain(cell: Cell) -> Cell:
    """Return a cell that a spreadsheet shows as it is.

    Example:
        >>> _plain("=1+1"), _plain("53901/100326/0000042"), _plain(-3)
        ("'=1+1", '53901/100326/0000042', -3)
    """
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
