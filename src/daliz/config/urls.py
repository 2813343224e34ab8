"""Addresses."""

from django.urls import URLPattern, URLResolver, path

from daliz.doors.api.api import api
from daliz.doors.health import views as health
from daliz.doors.health.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("health", health.alive),
    path("ready", health.ready),
    path("metrics", metrics),
]
