"""The app."""

from django.apps import AppConfig


class Journal(AppConfig):
    """Every act: append-only, chained."""

    name = "daliz.ground.journal"
    label = "journal"
