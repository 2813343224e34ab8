"""The API as one object: routers, errors, who asks, how often."""

from ninja import NinjaAPI
from ninja.throttling import AuthRateThrottle

from daliz import __version__
from daliz.doors.api import changes, controls, declarations, problems
from daliz.doors.api.access import Bearer

api = NinjaAPI(
    title="Daliz",
    version="1",
    description=f"Clearance of declarations. Daliz {__version__}.",
    auth=Bearer(),
    throttle=[AuthRateThrottle("50000/m")],
    docs_url=None,
    urls_namespace="api-v1",
)
problems.register(api)
api.add_router("", declarations.router)
api.add_router("", controls.router)
api.add_router("", changes.router)
