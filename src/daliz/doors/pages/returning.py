"""Back to the page that a form was sent from."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def back_from(request: HttpRequest) -> str:
    """Return the address under ``next`` where it is one of ours, else the beginning."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if safe else "/"
