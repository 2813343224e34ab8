"""The API as one object: routers, errors, who asks, how often."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from daliz import __version__
from daliz.doors.api import (
    changes,
    company,
    controls,
    declarations,
    drafts,
    files,
    notices,
    pages,
    problems,
    requests,
    tokens,
)
from daliz.doors.api.access import Bearer
from daliz.doors.api.described import with_problems
from daliz.doors.api.rates import Throttle

RATE: Final = 1000.0
"""Requests a second that one token may make of a process."""

BURST: Final = 2000.0
"""Requests at once, after a pause."""


class _Api(NinjaAPI):
    """Described whole: also how it refuses."""

    def get_openapi_schema(self, *arguments: Any, **named: Any) -> OpenAPISchema:
        """Return the description, with problems."""
        told = super().get_openapi_schema(*arguments, **named)
        with_problems(told)
        return told


api = _Api(
    title="Daliz",
    version="1",
    description=f"Clearance of declarations. Daliz {__version__}.",
    auth=Bearer(),
    throttle=[Throttle(a_second=RATE, at_once=BURST)],
    docs_url=None,
    urls_namespace="api-v1",
)
problems.register(api)
api.add_router("", declarations.router)
api.add_router("", controls.router)
api.add_router("", requests.router)
api.add_router("", files.router)
api.add_router("", drafts.router)
api.add_router("", notices.router)
api.add_router("", changes.router)
api.add_router("", company.router)
api.add_router("", tokens.router)


@api.get("/docs", auth=None, include_in_schema=False)
def docs(request: HttpRequest) -> HttpResponse:
    """Return the description as a page."""
    return pages.page(api.get_openapi_schema())
