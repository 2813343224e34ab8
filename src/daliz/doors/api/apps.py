"""The app."""

from django.apps import AppConfig


class Api(AppConfig):
    """The API and the replies that it gives again under one Idempotency-Key."""

    name = "daliz.doors.api"
    label = "api"
