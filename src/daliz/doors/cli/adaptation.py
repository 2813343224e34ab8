"""The random share of the next days, after what earlier decisions promised and controls of them found."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from daliz.doors.cli.report.manifest import read_manifest
from daliz.engine.allocation.decay import evidence_of, shares_of
from daliz.engine.allocation.exploration import Ranking, adapted_shares
from daliz.engine.pack import Pack
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import check_file, read_table

_FILE: Final = "decisions.parquet"


def adapted(
    folders: Sequence[Path],
    findings: Path | None,
    pack: Pack,
    *,
    first_day: date,
    published: Ranking | None = None,
) -> Pack:
    """Return the pack with the shares to draw from ``first_day`` on, each between its floor and its cap.

    Args:
        folders: output folders of earlier assessments; the last of them by day tells the shares before.
        findings: canonical; without any every share goes back towards its floor.
        pack: with floors and caps; a stratum without a cap above its share keeps it.
        first_day: what was known before this day counts.
        published: how the model in force ranked when it was published; None where none is.

    Raises:
        FolderError: a folder is not what ``daliz assess`` leaves.
    """
    tables = []
    for folder in folders:
        read_manifest(folder)
        check_file(folder / _FILE, DECISIONS)
        tables.append(read_table(folder / _FILE, DECISIONS))
    decisions = pa.concat_tables(tables)
    midnight = datetime.combine(first_day, time(), ZoneInfo(pack.zone))
    evidence = evidence_of(decisions, findings, before=midnight, published=published) if findings else {}
    shares = adapted_shares(pack.policy.random.strata, evidence, before=shares_of(decisions))
    return pack.with_random_shares(shares)


def as_drawn(folder: Path, pack: Pack) -> Pack:
    """Return the pack with the random shares that the decisions of a folder say were drawn."""
    return pack.with_random_shares(shares_of(read_table(folder / _FILE, DECISIONS)))
