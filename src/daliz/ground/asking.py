"""Ask the database what a busy hour asks again and again: one fixed statement, whose plan it keeps."""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def rows_of(statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Return the rows that a statement finds; PostgreSQL prepares it once for each connection.

    Args:
        statement: SQL with places named ``%(day)s``.
        given: values by name, as the database takes them.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as prepared:
        return prepared.execute(statement, given, prepare=True).fetchall()


def among(name: str) -> str:
    """Return the condition that a text or whole number is among those given as ``name``, from ``listed``."""
    if connection.vendor == "postgresql":
        return f"= ANY(%({name})b)"
    return f"IN (SELECT value FROM json_each(%({name})s))"


def listed(values: list[Any]) -> object:
    """Return texts or whole numbers as ``among`` asks for them."""
    return values if connection.vendor == "postgresql" else json.dumps(values)
