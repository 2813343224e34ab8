"""The app."""

from django.apps import AppConfig


class Portal(AppConfig):
    """What declarants see."""

    name = "daliz.doors.portal"
    label = "portal"
