"""What every template may use."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import acting
from daliz.doors.pages.language import NAMES, language
from daliz.doors.pages.middleware import theme_of
from daliz.doors.pages.navigation import bar_of
from daliz.ground.staff.actor import Role

_SEARCHERS: Final = (
    Role.OFFICER, Role.SUPERVISOR, Role.AUDITOR, Role.ANALYST, Role.INTERNAL_AFFAIRS,
)  # fmt: skip


def site(request: HttpRequest) -> dict[str, Any]:
    """Return language, theme, the person, the bar."""
    actor = acting(request) if hasattr(request, "user") else None
    return {
        "lang": language(),
        "languages": NAMES,
        "theme": theme_of(request),
        "actor": actor,
        "person": request.user if actor else None,
        "bar": bar_of(actor, request.path) if actor else [],
        "administration": pack().name,
        "oidc_name": settings.OIDC_NAME,
        "may_search": actor is not None and actor.has(*_SEARCHERS),
    }
