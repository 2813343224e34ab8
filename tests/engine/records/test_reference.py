"""The reference page of the records says what the code says."""

from pathlib import Path

from daliz.engine.records import reference_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "records.md"


def test_the_committed_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_the_page_tells_type_need_and_meaning() -> None:
    assert "| `hs_code` | varchar |  |  | commodity code, 2 to 12 digits |" in reference_page()
    assert "| `version` | integer | yes | yes |" in reference_page()
