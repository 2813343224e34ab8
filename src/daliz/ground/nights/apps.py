"""The app."""

from django.apps import AppConfig


class Nights(AppConfig):
    """What is done once for each day."""

    name = "daliz.ground.nights"
    label = "nights"
