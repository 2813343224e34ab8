"""The app."""

from django.apps import AppConfig


class Pages(AppConfig):
    """Layout, words and accounts of everything that is read in a browser."""

    name = "daliz.doors.pages"
    label = "pages"
