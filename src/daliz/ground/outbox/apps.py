"""The app."""

from django.apps import AppConfig


class Outbox(AppConfig):
    """What leaves: notices in the portal, e-mail, webhooks."""

    name = "daliz.ground.outbox"
    label = "outbox"
