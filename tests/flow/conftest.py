"""Stories stand on the same border as the rooms."""

from tests.customs.conftest import border, folder, night, pack, published

__all__ = ["border", "folder", "night", "pack", "published"]
