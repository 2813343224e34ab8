"""Passwords of the tests are guarded by a cheap digest: each page's test logs somebody in."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
