"""Settings: typed, loud, and all of them described."""

from pathlib import Path

import pytest

from daliz.config.environment import SETTINGS, SettingError, database, flag
from tests.conftest import ROOT


def test_every_setting_is_described_in_the_handbook() -> None:
    page = (ROOT / "docs" / "handbook" / "serving.md").read_text(encoding="utf-8")
    assert [setting.name for setting in SETTINGS if f"| `{setting.name}` |" not in page] == []


def test_a_flag_that_is_neither_true_nor_false_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALIZ_DEBUG", "perhaps")
    with pytest.raises(SettingError, match="DALIZ_DEBUG is perhaps; write true or false"):
        flag("DALIZ_DEBUG")


def test_the_embedded_database_loses_nothing_and_waits_its_turn() -> None:
    found = database("", Path("/x"))
    assert found["NAME"] == "/x/daliz.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL; PRAGMA synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_an_address_of_postgresql_is_taken_apart() -> None:
    found = database("postgresql://da%40liz:s%2Fecret@db.example:5433/border?sslmode=require", Path("/x"))
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "da@liz", "s/ecret", "db.example", "5433", "border",
    )  # fmt: skip


@pytest.mark.parametrize("url", ["mysql://db/x", "postgresql://db", "border"])
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL begins with"):
        database(url, Path("/x"))
