"""For every request: how long a session lasts, in which language it is answered, what goes wrong in words."""

import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from daliz.doors.pages.foreign import lend_words
from daliz.doors.pages.language import chosen, said
from daliz.doors.pages.troubles import status_of, trouble
from daliz.ground.staff.models import User
from daliz.language import N_, DalizError

Answer = Callable[[HttpRequest], HttpResponse]

THEME_COOKIE: Final = "daliz_theme"
THEMES: Final = ("light", "dark")
WATCHING: Final = "Daliz-Watching"
"""A request header of pages that look for news by themselves: nobody need be there."""

_BEGAN, _SEEN = "daliz_began", "daliz_seen"
_WRITTEN_EVERY: Final = 60.0
"""Seconds between two notes of when a person was last here."""


class SessionLimits:
    """Ends a session that nobody used for a while, and each after a day's work.

    What was answered within it is kept by no browser: whoever sits down afterwards cannot go back to it.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, logged in or not any more."""
        if request.user.is_authenticated:
            now = time.time()
            began = float(request.session.setdefault(_BEGAN, now))
            seen = float(request.session.get(_SEEN, now))
            if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
                translation.activate(chosen(request))
                messages.info(request, said(N_("Your session has ended. Log in again to go on.")))
            elif WATCHING not in request.headers and (
                now - seen >= _WRITTEN_EVERY or _SEEN not in request.session
            ):
                request.session[_SEEN] = now
        response = self.answer(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Speaking:
    """Answers in the language that the person chose."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        lend_words()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in it."""
        lang = chosen(request)
        with translation.override(lang):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", lang)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say in words what an act could not do, unless the view said it beside its cause."""
        if not isinstance(error, DalizError):
            return None
        return trouble(request, status_of(error), why=error)


def theme_of(request: HttpRequest) -> str:
    """Return the person's theme, else the cookie's; light if neither says."""
    user = getattr(request, "user", None)
    kept = user.theme if isinstance(user, User) and user.theme else request.COOKIES.get(THEME_COOKIE, "")
    return kept if kept in THEMES else "light"
