"""The app."""

from django.apps import AppConfig


class Staff(AppConfig):
    """Users, roles, offices, tokens, and the second pair of eyes."""

    name = "daliz.ground.staff"
    label = "staff"
