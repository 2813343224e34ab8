"""A local Spark that keeps to itself: no network but its own machine, UTC, ANSI as clusters have it."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def session(*, threads: int = 2, memory: str = "3g") -> "SparkSession":
    """Open Spark on this machine.

    Args:
        threads: workers.
        memory: of the Java machine.
    """
    from pyspark.sql import SparkSession  # noqa: PLC0415 -- an extra

    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    built = (
        SparkSession.builder.master(f"local[{threads}]")  # type: ignore[attr-defined,unused-ignore]  # a property
        .appName("daliz")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", memory)
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", str(threads))
        .getOrCreate()
    )
    built.sparkContext.setLogLevel("ERROR")
    return built
