"""How people log in: no open signup; who comes and goes stands in the journal; an outer login finds ours."""

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse

from daliz.doors.pages.addresses import address_of, locked_out
from daliz.doors.pages.navigation import beginning_of
from daliz.doors.pages.troubles import locked, trouble
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import NotAllowedError
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from daliz.language import N_


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


class OuterLogin(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The administration's own login service vouches for people whom an administrator admitted here."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody admits himself."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect an outer identity with the person of the same login, the first time it comes."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        claims = claims.get("userinfo") or claims.get("id_token") or claims
        login = str(claims.get("preferred_username") or "")
        user = User.objects.filter(login=login, is_active=True).first() if login else None
        if user is None:
            error = NotAllowedError(N_("nobody here has the login that the outer service names"))
            raise ImmediateHttpResponse(trouble(request, 403, why=error))
        sociallogin.connect(request, user)
