"""The app."""

from django.apps import AppConfig


class Files(AppConfig):
    """Files that people hand in."""

    name = "daliz.ground.files"
    label = "files"
