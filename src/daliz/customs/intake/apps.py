"""The app."""

from django.apps import AppConfig


class Intake(AppConfig):
    """Declarations and their versions."""

    name = "daliz.customs.intake"
    label = "intake"
