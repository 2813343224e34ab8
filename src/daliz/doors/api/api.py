"""The API as one object: routers, errors, who asks, how often."""

from typing import Final

from ninja import NinjaAPI

from daliz import __version__
from daliz.doors.api import changes, controls, declarations, drafts, files, notices, problems, requests
from daliz.doors.api.access import Bearer
from daliz.doors.api.rates import Throttle

RATE: Final = 1000.0
"""Requests a second that one token may make of a process."""

BURST: Final = 2000.0
"""Requests at once, after a pause."""

api = NinjaAPI(
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
