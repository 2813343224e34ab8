"""Pages for what goes wrong: what happened, why, what to do."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daliz.customs.control.states import ControlError
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.life import ImpossibleStepError
from daliz.doors.pages.language import said, spoken
from daliz.ground.staff.actions import StaffError
from daliz.ground.staff.actor import NotAllowedError
from daliz.language import N_, DalizError


@dataclass(frozen=True, slots=True)
class _Kind:
    title: str
    advice: str


_KINDS: Final = {
    400: _Kind(
        N_("This request cannot be understood"),
        N_("Go back, look at what you entered, and try again."),
    ),
    403: _Kind(
        N_("This is not open to you"),
        N_("Your roles do not allow it. If they should, ask your administrator."),
    ),
    404: _Kind(
        N_("There is nothing at this address"),
        N_("It may never have been there, or it is not yours to see. Look for it with the search."),
    ),
    409: _Kind(
        N_("This can no longer be done so"),
        N_("Somebody may have acted before you. Go back and look at how it stands now."),
    ),
    422: _Kind(
        N_("This cannot be done with what was entered"),
        N_("Go back, look at what you entered, and try again."),
    ),
    429: _Kind(
        N_("Too many attempts"),
        N_("Logging in is locked for a while. Wait a quarter of an hour, or ask your administrator."),
    ),
    503: _Kind(
        N_("This does not work for now"),
        N_("What is asked for this does not answer. Try again a little later."),
    ),
    500: _Kind(
        N_("Something went wrong with us"),
        N_("What you did last may not be stored: look before you do it again. We have a record of it."),
    ),
}

_STATUS: Final[dict[type[DalizError], int]] = {
    NotAllowedError: 403,
    ImpossibleStepError: 409,
    ControlError: 409,
    IntakeError: 409,
    StaffError: 409,
}


def status_of(error: DalizError) -> int:
    """Return the status of what is refused: 422 where whoever asked can mend what he entered."""
    if error.mend:
        return 422
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def trouble(request: HttpRequest, status: int, *, why: DalizError | None = None) -> HttpResponse:
    """Return the page of an error, or its words alone where htmx asks for a part of a page."""
    kind = _KINDS[status]
    told = {"status": status, "title": said(kind.title), "advice": said(kind.advice), "why": spoken(why)}
    template = "pages/_trouble.html" if request.headers.get("HX-Request") == "true" else "pages/trouble.html"
    return render(request, template, told, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return trouble(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return trouble(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return trouble(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking the database, which may be what failed."""
    kind = _KINDS[500]
    told = {"title": said(kind.title), "advice": said(kind.advice)}
    return render(None, "pages/failed.html", told, status=500)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not come from our own page, or from one that is too old."""
    return trouble(request, 403, why=StaleFormError())


def locked(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Answer who failed to log in too often."""
    return trouble(request, 429)


class StaleFormError(DalizError):
    """A form was sent that this site did not give out, or gave out too long ago."""

    code = "form-stale"

    def __init__(self) -> None:
        super().__init__(N_("The form was open for too long, or does not come from this site. Open it anew."))
