"""Errors as application/problem+json (RFC 9457): a stable code, a sentence for the caller, places."""

import json
import logging
from collections.abc import Sequence
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from daliz.customs.assessment.desk import NothingPublishedError
from daliz.customs.control.states import ControlError
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.life import ImpossibleStepError
from daliz.customs.intake.subscriptions import SubscriptionError
from daliz.engine.reading import ReadingError
from daliz.engine.reading.single import Problem, SubmissionError
from daliz.ground.files.actions import ScanError
from daliz.ground.files.kinds import FileRefusedError
from daliz.ground.outbox.webhook import AddressError
from daliz.ground.staff.actions import StaffError
from daliz.ground.staff.actor import NotAllowedError
from daliz.language import LANGUAGES, N_, DalizError, translate

_LOG: Final = logging.getLogger(__name__)

_STATUS: Final[dict[type[DalizError], int]] = {
    SubmissionError: 422,
    ReadingError: 422,
    NotAllowedError: 403,
    ImpossibleStepError: 409,
    IntakeError: 409,
    ControlError: 409,
    StaffError: 409,
    FileRefusedError: 422,
    ScanError: 503,
    SubscriptionError: 409,
    AddressError: 422,
    NothingPublishedError: 503,
}


def language_of(request: HttpRequest) -> str:
    """Return the first language of ours that Accept-Language names; English if none."""
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


def problem(status: int, code: str, title: str, *, places: Sequence[dict[str, Any]] = ()) -> HttpResponse:
    """Return an error."""
    body: dict[str, Any] = {"type": f"urn:daliz:{code}", "title": title, "status": status, "code": code}
    if places:
        body["problems"] = list(places)
    told = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return HttpResponse(told, status=status, content_type="application/problem+json")


def told(problems: Sequence[Problem], lang: str) -> list[dict[str, Any]]:
    """Return the places of what is wrong in a submitted declaration."""
    return [
        {"path": one.path, "code": one.code, "message": one.text(lang), "value": one.value}
        for one in problems
    ]


def of_error(error: DalizError, lang: str) -> HttpResponse:
    """Return what Daliz refuses as a problem."""
    status = 422 if error.mend else next((s for kind, s in _STATUS.items() if isinstance(error, kind)), 400)
    said, places = error.text(lang), list[dict[str, Any]]()
    if isinstance(error, SubmissionError):
        places = told(error.problems, lang)
    elif error.mend:
        places = [{"path": error.mend, "code": error.code, "message": said}]
    return problem(status, error.code, said, places=places)


def _path(loc: Sequence[str | int]) -> str:
    """Return where in a request something is wrong, as paths are written of declarations.

    Example:
        >>> _path(("body", "body", "found", "origin_country")), _path(("query", "limit"))
        ('found.origin_country', 'limit')
        >>> _path(("body", "body", "photographs", 2)), _path(("body", "body"))
        ('photographs[2]', 'body')
    """
    within = loc[2:] if loc[0] == "body" else loc[1:]
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in within)
    return written.removeprefix(".") or str(loc[0])


def register(api: NinjaAPI) -> None:
    """Have ``api`` answer every error as a problem."""

    @api.exception_handler(DalizError)
    def refused(request: HttpRequest, error: DalizError) -> HttpResponse:
        return of_error(error, language_of(request))

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        lang = language_of(request)
        places = [
            {
                "path": _path(one["loc"]),
                "code": f"field-{str(one['type']).replace('_', '-')}",
                "message": one["msg"],
            }
            for one in error.errors
        ]
        return problem(422, "request-invalid", translate(N_("the request is not right"), lang), places=places)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, _: AuthenticationError) -> HttpResponse:
        title = translate(N_("who asks is not known; send a token that holds"), language_of(request))
        reply = problem(401, "not-authenticated", title)
        reply["WWW-Authenticate"] = "Bearer"
        return reply

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, _: Http404) -> HttpResponse:
        return problem(
            404, "not-found", translate(N_("there is nothing here that you may see"), language_of(request))
        )

    @api.exception_handler(Throttled)
    def too_fast(request: HttpRequest, error: Throttled) -> HttpResponse:
        title = translate(N_("too many requests; wait a little"), language_of(request))
        reply = problem(429, "too-many-requests", title)
        if error.wait:
            reply["Retry-After"] = str(error.wait)
        return reply

    @api.exception_handler(HttpError)
    def http(_: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, "http", str(error))

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        _LOG.exception("the API failed", exc_info=error)
        title = translate(N_("something went wrong on our side; nothing was half done"), language_of(request))
        return problem(500, "failed", title)
