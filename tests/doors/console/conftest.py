"""The console stands on the same border as the rooms; its people log in with cheap passwords."""

from tests.customs.conftest import border, night, pack, published, published_once
from tests.doors.pages.conftest import cheap_passwords

__all__ = ["border", "cheap_passwords", "night", "pack", "published", "published_once"]
