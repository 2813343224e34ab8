"""The API stands on the same border as the rooms."""

from tests.customs.conftest import border, night, pack, published, published_once

__all__ = ["border", "night", "pack", "published", "published_once"]
