"""``/health`` answers while the process lives; ``/ready`` when it can decide: database, policy in force."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from daliz import __version__
from daliz.customs.assessment.desk import DESK, NothingPublishedError


def alive(_: HttpRequest) -> JsonResponse:
    """Say that the process lives."""
    return JsonResponse({"alive": True, "version": __version__})


def ready(_: HttpRequest) -> JsonResponse:
    """Say whether declarations can be decided, and by what; 503 if not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        held = DESK.held()
    except (DatabaseError, NothingPublishedError) as error:
        return JsonResponse({"ready": False, "why": type(error).__name__}, status=503)
    return JsonResponse(
        {"ready": True, "policy": held.policy.policy_id, "day": held.publication.day.isoformat()}
    )
