"""Long tables: sorted as the address says, with the columns that a person chose, on a page or as a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString

from daliz.doors.pages.columns import hidden_by
from daliz.doors.pages.export import MOST_ROWS, Cell, exported, wanted
from daliz.doors.pages.language import said
from daliz.doors.pages.paging import Part, part_of

M = TypeVar("M")

_TOGETHER: Final = 500
"""So many rows of a file are read at a time."""


@dataclass(frozen=True, slots=True)
class Column(Generic[M]):
    """A column of a table.

    Attributes:
        code: how the address and a person's choice name it.
        name: its head, marked with ``N_``.
        cell: what a file has of a row.
        shown: what the page has of it; the cell where None.
        sort: by which field rows are sorted; empty where they are not.
        sparse: rows may have nothing there; they come last, however one sorts.
        number: its cells stand at the right.
        always: nobody can leave it out.
        aside: it is left out until a person chooses it.
        paper: it stands in files too.
    """

    code: str
    name: str
    cell: Callable[[M], Cell]
    shown: Callable[[M], SafeString | str] | None = None
    sort: str = ""
    sparse: bool = False
    number: bool = False
    always: bool = False
    aside: bool = False
    paper: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column as it is drawn.

    Attributes:
        code: of the column.
        name: in words.
        number: its cells stand at the right.
        query: of the address that sorts by it; empty where it does not.
        sorted: ``ascending``, ``descending``, or empty.
    """

    code: str
    name: str
    number: bool
    query: str
    sorted: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A column that a person may leave out."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """A page of a table.

    Attributes:
        name: of the table.
        heads: of the columns that are shown.
        rows: their cells; each with whether it stands at the right.
        part: which page of how many.
        choices: columns that may be left out.
    """

    name: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[tuple[SafeString | str, bool]]]
    part: Part[Any]
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Table(Generic[M]):
    """A table of rows of one kind.

    Attributes:
        name: how a person's choice names it.
        columns: in their order.
        seen: what columns read of rows of the database, of many at a time; the rows themselves where None.
        called: how files are named; as the table where empty.
    """

    name: str
    columns: tuple[Column[M], ...]
    seen: Callable[[Sequence[Any]], Sequence[M]] | None = None
    called: str = ""

    def file(self, rows: QuerySet[Any], request: HttpRequest) -> HttpResponse | None:
        """Return the file that the address asks for, of the columns that are shown; None for a page."""
        kind = wanted(request)
        if kind is None:
            return None
        columns = [column for column in self._shown(request) if column.paper]
        cells = ([column.cell(row) for column in columns] for row in self._read(self._sorted(rows, request)))
        return exported(kind, self.called or self.name, [said(column.name) for column in columns], cells)

    def page(self, rows: QuerySet[Any], request: HttpRequest, *, size: int = 50) -> Filled:
        """Return a page of the table."""
        columns = self._shown(request)
        part = part_of(self._sorted(rows, request), request, size=size)
        cells = [
            [(_drawn(column, row), column.number) for column in columns] for row in self._seen(part.rows)
        ]
        choices = [
            Choice(column.code, said(column.name), column in columns)
            for column in self.columns
            if not column.always
        ]
        return Filled(self.name, [_head(column, request) for column in columns], cells, part, choices)

    def _shown(self, request: HttpRequest) -> list[Column[M]]:
        chosen = hidden_by(request, self.name)
        hidden = frozenset(c.code for c in self.columns if c.aside) if chosen is None else chosen
        return [column for column in self.columns if column.always or column.code not in hidden]

    def _seen(self, rows: Sequence[Any]) -> Sequence[M]:
        return self.seen(rows) if self.seen else rows

    def _read(self, rows: QuerySet[Any]) -> Iterator[M]:
        """Read rows for a file, as many as go into one."""
        held = list(rows[:MOST_ROWS])
        for start in range(0, len(held), _TOGETHER):
            yield from self._seen(held[start : start + _TOGETHER])

    def _sorted(self, rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """Sort by the column that the address names; rows that are alike stay in their order."""
        asked = request.GET.get("sort", "")
        column = next((c for c in self.columns if c.sort and c.code == asked.removeprefix("-")), None)
        if column is None:
            return rows
        last, field = column.sparse or None, F(column.sort)
        return rows.order_by(
            field.desc(nulls_last=last) if asked.startswith("-") else field.asc(nulls_last=last), "pk"
        )


def _drawn(column: Column[M], row: M) -> SafeString | str:
    if column.shown is not None:
        return column.shown(row)
    cell = column.cell(row)
    return "–" if cell is None or cell == "" else str(cell)


def _head(column: Column[M], request: HttpRequest) -> Head:
    asked = request.GET.get("sort", "")
    order = "" if asked.removeprefix("-") != column.code else "descending" if asked[0] == "-" else "ascending"
    query = ""
    if column.sort:
        kept = request.GET.copy()
        kept.pop("page", None)
        kept["sort"] = f"-{column.code}" if order == "ascending" else column.code
        query = kept.urlencode()
    return Head(column.code, said(column.name), column.number, query, order)


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed by: a choice, or a text, a day or a tick where there is none to choose from.

    Attributes:
        name: in the address.
        label: in words.
        value: what was chosen.
        options: values with their words; None where there are none.
        kind: ``text``, ``date`` or ``check`` where there are no options; a tick says ``yes``.
    """

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]] | None = None
    kind: str = "text"
