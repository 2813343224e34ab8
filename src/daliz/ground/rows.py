"""Write many new rows with few round trips: what a busy hour asks of the database, and nothing else.

PostgreSQL takes few rows as prepared inserts in one pipeline, many by COPY; the embedded database takes them
one after the other. Constraints and triggers hold as for every other insert.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, ParamSpec, TypeAlias, TypeVar

import psycopg
from django.db import connection, transaction
from django.db.models import Field, Model, QuerySet

from daliz.ground.asking import rows_of

_MANY: Final = 32
"""Rows of one table from which COPY is the faster way."""


Given = ParamSpec("Given")
Made = TypeVar("Made")


def joining(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """Have ``act`` join the transaction that is open, and open one where there is none.

    Unlike ``atomic`` it makes no savepoint, which would be two more statements: whoever opened the
    transaction lets it go when ``act`` fails.
    """

    @wraps(act)
    def joined(*arguments: Given.args, **named: Given.kwargs) -> Made:
        if connection.in_atomic_block:
            return act(*arguments, **named)
        with transaction.atomic():
            return act(*arguments, **named)

    return joined


def reserve(count: int, *models: type[Model]) -> list[tuple[int, ...]]:
    """Return ``count`` times a new key for each of ``models``; in a transaction.

    A key that is not used in the end leaves a gap and does no other harm.
    """
    if connection.vendor == "postgresql":
        wanted = ", ".join(f"nextval('{model._meta.db_table}_id_seq')" for model in models)
        return rows_of(f"SELECT {wanted} FROM generate_series(1, %(count)s)", {"count": count})
    last = dict(rows_of("SELECT name, seq FROM sqlite_sequence", {}))
    begin = [int(last.get(model._meta.db_table, 0)) + 1 for model in models]
    return [tuple(first + n for first in begin) for n in range(count)]


def write(rows: Iterable[Model]) -> None:
    """Insert rows, table by table in the order given; a row without a key is given one by the database.

    Rows of one table stand together, and either all have their keys or none. The rows in memory do not learn
    the keys that the database gives.
    """
    told = [_told(kind, list(group)) for kind, group in groupby(rows, key=type)]
    if connection.vendor == "postgresql":
        _to_postgresql(told)
        return
    with connection.cursor() as cursor:
        for table, columns, values in told:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)


def erase(rows: QuerySet[Any]) -> int:
    """Delete rows in one statement, whatever refers to them; return how many.

    Whoever calls has deleted what refers to them, or does so in the same transaction, at whose end the
    database refuses what would refer to nothing.
    """
    return rows.order_by()._raw_delete(connection.alias) or 0  # None where no row can be meant


_Value: TypeAlias = Callable[[Model], Any]
"""Takes a value from a row."""

_Told: TypeAlias = tuple[str, Sequence[str], list[list[Any]]]
"""Table, columns, and a list of values for each row."""


def _told(model: type[Model], rows: list[Model]) -> _Told:
    table, columns, fields = _insert(model, keyed=rows[0].pk is not None)
    values = [[value(row) for value in fields] for row in rows]
    return table, columns, values


def _to_postgresql(told: Sequence[_Told]) -> None:
    connection.ensure_connection()
    wire = connection.connection
    few = [one for one in told if len(one[2]) < _MANY]
    with connection.wrap_database_errors, psycopg.Cursor(wire) as cursor:
        for table, columns, values in told:
            if len(values) >= _MANY:
                with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
        if few:
            with wire.pipeline():
                for table, columns, values in few:
                    marks = ", ".join(["%s"] * len(columns))
                    said = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
                    for row in values:
                        cursor.execute(said, row, prepare=True)


_AS_IT_IS: Final = frozenset({"BigAutoField", "CharField", "ForeignKey", "OneToOneField", "TextField"})
"""Fields whose values both databases take as rows have them."""


@cache
def _insert(model: type[Model], *, keyed: bool) -> tuple[str, tuple[str, ...], tuple[_Value, ...]]:
    """Return table and columns that an insert names, and what takes each one's value from a row."""
    fields = [f for f in model._meta.concrete_fields if keyed or not f.primary_key]
    quote = connection.ops.quote_name
    columns = tuple(quote(str(f.column)) for f in fields)
    return quote(model._meta.db_table), columns, tuple(_value(f) for f in fields)


def _value(field: "Field[Any, Any]") -> _Value:
    """Return what takes the value of a field from a row, as the database wants it."""
    kept = attrgetter(field.attname)
    if field.get_internal_type() in _AS_IT_IS:
        return kept
    return lambda row: field.get_db_prep_save(kept(row), connection)
