"""The application that a server runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daliz.config.settings")

application = get_wsgi_application()

from daliz.customs.assessment.desk import DESK  # noqa: E402 -- Django first


def _set_apart() -> None:
    """Spare the collector what stays in memory until the next publication.

    It would look through millions of objects again and again, and who submits at that moment would wait.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


DESK.aside, DESK.after_exchange = True, _set_apart
