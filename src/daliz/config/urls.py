"""Addresses."""

from django.urls import URLPattern, URLResolver, include, path

from daliz.doors.api.api import api
from daliz.doors.health import views as health
from daliz.doors.health.metrics import metrics
from daliz.doors.pages import troubles

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("health", health.alive),
    path("ready", health.ready),
    path("console/", include("daliz.doors.console.urls")),
    path("", include("daliz.doors.pages.urls")),
    path("portal/", include("daliz.doors.portal.urls")),
    path("metrics", metrics),
]

handler400 = troubles.bad_request
handler403 = troubles.not_allowed
handler404 = troubles.not_found
handler500 = troubles.failed
