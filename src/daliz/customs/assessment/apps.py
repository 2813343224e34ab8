"""The app."""

from django.apps import AppConfig


class Assessment(AppConfig):
    """Publications, history by key, decisions."""

    name = "daliz.customs.assessment"
    label = "assessment"
