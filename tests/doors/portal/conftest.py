"""The portal stands on the same border as the rooms."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.customs.conftest import border, night, pack, published, published_once

__all__ = ["border", "night", "pack", "published", "published_once"]


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
