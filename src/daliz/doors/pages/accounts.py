"""How people log in: no open signup; who comes and goes stands in the journal."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse

from daliz.doors.pages.addresses import address_of, locked_out
from daliz.doors.pages.navigation import beginning_of
from daliz.doors.pages.troubles import locked
from daliz.ground.journal.actions import note
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts are the administrator's to give."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody admits himself."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that somebody asks from, as everything here sees it."""
        return address_of(request) or ""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Look no password at that comes from an address, or for a login, that had too many wrong ones."""
        if locked_out(request, str(credentials.get("username", "")), now=datetime.now(UTC)):
            raise ImmediateHttpResponse(locked(request))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Note that somebody came."""
        now = datetime.now(UTC)
        note(act="staff.logged-in", subject=("user", str(user.pk)), actor=actor_of(user, now=now), now=now)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead to where the person's work begins."""
        user = request.user
        found = beginning_of(actor_of(user, now=datetime.now(UTC))) if isinstance(user, User) else None
        return found or "/"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing of logging in: the page that follows says it."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: what happened to an account stands in the journal."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Authenticator apps and keys are named by the login."""

    def get_totp_label(self, user: User) -> str:
        """Return the name in the authenticator app."""
        return user.login

    def get_totp_issuer(self) -> str:
        """Return ours."""
        return "Daliz"

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing."""
