"""A program changes its own token before it ends."""

from datetime import datetime, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now as instant
from ninja import Field, Router, Schema

from daliz.ground.staff.actions import digest_of, rotate_token
from daliz.ground.staff.actor import Actor
from daliz.ground.staff.models import Token

router = Router(tags=["tokens"])

_HOLDS: Final = timedelta(days=90)
_GRACE: Final = timedelta(hours=24)


class TokenMade(Schema):
    """A token; it is shown this once."""

    token: str = Field(description="to be sent as Authorization: Bearer from now on")
    expires_at: datetime


@router.post("/token/rotate", response={201: TokenMade}, summary="Change the token")
def rotate(request: HttpRequest) -> HttpResponse:
    """Get a new token with the same scopes for 90 days; the one you ask with holds for 24 hours yet."""
    actor: Actor = request.auth  # type: ignore[attr-defined]  # ninja keeps there what Bearer returned
    sent = request.headers["Authorization"].partition(" ")[2].strip()
    ours, now = Token.objects.get(digest=digest_of(sent)), instant()

    secret = rotate_token(token=ours, expires_at=now + _HOLDS, grace_until=now + _GRACE, actor=actor, now=now)
    # Not under an Idempotency-Key: what is kept to be answered again would hold the secret.
    made = TokenMade(token=secret, expires_at=now + _HOLDS)
    return HttpResponse(made.model_dump_json(), status=201, content_type="application/json")
