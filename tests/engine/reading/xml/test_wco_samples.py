"""The published declarations of HMRC's profile through the whole of reading."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from daliz.engine.reading import read
from daliz.engine.reading.result import ReadingResult
from daliz.engine.reading.walking import Form


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def result(shared_data: Path, out: Path) -> ReadingResult:
    return read([shared_data / "wco"], form=Form.WCO_XML, out=out)


def test_every_declaration_is_taken_and_every_other_document_is_listed_by_kind(result: ReadingResult) -> None:
    assert (result.declarations, result.quarantined_declarations, result.quarantine_entries) == (210, 0, 9)
    assert dict(result.reasons) == {"not-a-declaration": 9}
    assert dict(result.other_documents) == {
        "DeclarationFullResponse": 1, "DeclarationStatusResponse": 2, "Response 07": 6,
    }  # fmt: skip
    assert dict(result.tables) == {
        "declarations": 223, "documents": 1037, "containers": 182, "transport_means": 212, "duty_lines": 221,
        "previous_documents": 397, "guarantees": 131,
    }  # fmt: skip


def test_what_the_headers_state_otherwise_than_the_items_is_told(result: ReadingResult, out: Path) -> None:
    assert dict(result.differences) == {"invoice_value": 9, "packages": 10, "registered_at": 149}
    told = pq.read_table(out / "differences.parquet").to_pylist()
    aggregated = [
        (row["field"], row["stated"], row["found"])
        for row in told
        if row["declaration_id"] == "GB603202734852/Agg_Supp_Dec_Z"
    ]
    assert aggregated == [("packages", "55", "110")]


def test_currencies_and_codes_stay_those_of_the_administration(result: ReadingResult, out: Path) -> None:
    rows = pq.read_table(out / "declarations.parquet").to_pylist()
    assert {row["currency"] for row in rows} == {"GBP"}
    directions = Counter(row["direction"] for row in rows if row["item_no"] == 1)
    assert directions == {"import": 167, "export": 43}
    assert sum(row["invoice_value"] or Decimal(0) for row in rows) == Decimal(6_802_988)
