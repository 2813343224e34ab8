"""An answer in ranges is the answer whole."""

import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from daliz.engine.reading.ordered import Answer
from daliz.engine.records.duck import connect


@pytest.mark.parametrize("distinct_instants", [1, 3, 500])
@pytest.mark.parametrize("distinct", [False, True])
def test_the_rows_come_once_each_and_in_order(distinct_instants: int, distinct: bool) -> None:
    chance = random.Random(5)
    start = datetime(2025, 1, 1, tzinfo=UTC)
    rows = [
        (start + timedelta(minutes=chance.randrange(distinct_instants)), f"D{chance.randrange(400)}", n)
        for n in range(2_000)
    ]
    given = rows * 2 if distinct else rows
    chance.shuffle(given)
    table = pa.table(
        {
            "at": pa.array([r[0] for r in given], pa.timestamp("us", tz="UTC")),
            "id": [r[1] for r in given],
            "n": [r[2] for r in given],
        }
    )
    with connect(preserve_order=False) as connection:
        connection.register("given", table)
        answer = Answer("SELECT * FROM given", ("at", "id", "n"), distinct=distinct, columns=("n",))
        batches = list(answer.batches(connection, rows_at_once=150))
    assert pa.Table.from_batches(batches)["n"].to_pylist() == [r[2] for r in sorted(rows)]
    assert len(batches) == 14 if not distinct else 27


def test_an_answer_without_rows_gives_none() -> None:
    with connect() as connection:
        answer = Answer("SELECT 1 AS a, 'x' AS b WHERE false", ("a", "b"))
        assert answer.schema(connection).names == ["a", "b"]
        assert sum(batch.num_rows for batch in answer.batches(connection)) == 0
