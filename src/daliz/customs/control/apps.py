"""The app."""

from django.apps import AppConfig


class ControlRoom(AppConfig):
    """Controls, findings, requests, conditions of release."""

    name = "daliz.customs.control"
    label = "control"
