"""Spark's SQL really run: generated expressions over hostile rows give what DuckDB gives, row by row."""

import shutil
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

import duckdb
import pytest

from daliz.engine.indicators import Expression, firing_sql, register_lists
from daliz.engine.records.duck import connect
from tests.engine.indicators.cast import LISTS, Author, facts, hostile_declarations, read

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytest.importorskip("pyspark", reason="pyspark is not installed: the extra daliz[spark]")
if shutil.which("java") is None:
    pytest.skip("there is no Java", allow_module_level=True)


@pytest.fixture(scope="module")
def spark() -> "Iterator[SparkSession]":
    from bench.spark_session import session

    opened = session()
    rows = [(name, member) for name, members in LISTS.items() for member in members]
    opened.createDataFrame(rows, "list_name string, member string").createOrReplaceTempView("lists")
    yield opened
    opened.stop()


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        register_lists(connection, LISTS)
        yield connection


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_spark_and_duckdb_agree_on_every_row(
    spark: "SparkSession", duck: duckdb.DuckDBPyConnection, seed: int
) -> None:
    random = Random(seed)
    author = Author(random)
    written: dict[str, Expression] = {}
    while len(written) < 40:
        currency = random.choice((None, "KZT"))
        written[f"e{len(written)}"] = read(author.flag(3), currency=currency)
    table = facts(hostile_declarations(random, 25))
    duck.register("facts", table)
    spark.createDataFrame(table).createOrReplaceTempView("facts")
    order = "ORDER BY declaration_id, item_no"
    ours = duck.sql(f"SELECT * FROM ({firing_sql(written, 'facts')}) {order}").fetchall()
    theirs = spark.sql(f"SELECT * FROM ({firing_sql(written, 'facts', 'spark')}) {order}").collect()
    names = ["declaration_id", "version", "item_no", *written]
    wrong = {
        written[name].text
        for row, other in zip(ours, theirs, strict=True)
        for name, a, b in zip(names[3:], row[3:], tuple(other)[3:], strict=True)
        if a is not b
    }
    assert wrong == set()
