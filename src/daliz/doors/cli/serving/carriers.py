"""How messages go outside: by signed webhook, and by e-mail where there is a mail server."""

from collections.abc import Mapping

from django.conf import settings

from daliz.ground.outbox.actions import Carrier
from daliz.ground.outbox.mail import mail
from daliz.ground.outbox.webhook import webhook


def carriers() -> Mapping[str, Carrier]:
    """Return what carries each channel; a channel without one waits."""
    return {"webhook": webhook} | ({"email": mail} if settings.BY_MAIL else {})
