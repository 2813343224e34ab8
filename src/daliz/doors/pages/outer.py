"""Logging in through the administration's own login service: OpenID Connect, by authorization code.

What the service says is believed as far as it is signed by a key that it publishes, made for us, just now,
and in reply to what this browser asked. It vouches for people whom an administrator admitted; it admits
nobody.
"""

import hashlib
import logging
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST
from requests import RequestException

from daliz.doors.pages.troubles import trouble
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import NotAllowedError
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from daliz.language import N_, DalizError

_LOG: Final = logging.getLogger(__name__)

_ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
"""Signatures by a private key; none by a secret that both sides have."""

_CLAIMS: Final = ("iss", "aud", "exp", "iat", "sub", "nonce")
_LEEWAY: Final = 60
"""Seconds that clocks may differ."""

_WELL_KNOWN: Final = "/.well-known/openid-configuration"


class OuterError(DalizError):
    """The login service could not vouch for anybody."""

    code = "login-outer"


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
        claims = claims.get("userinfo") or claims["id_token"]
        login = str(claims.get("preferred_username") or "")
        user = User.objects.filter(login=login, is_active=True).first() if login else None
        if user is None:
            error = NotAllowedError(N_("nobody here has the login that the outer service names"))
            raise ImmediateHttpResponse(trouble(request, 403, why=error))
        sociallogin.connect(request, user)
        now = datetime.now(UTC)
        note(
            act="staff.outer-connected",
            subject=("user", str(user.pk)),
            actor=actor_of(user, now=now),
            now=now,
        )

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, *, error: Any = None, exception: Any = None, **_: Any
    ) -> None:
        """Say that it did not work; why stands in the log alone."""
        _LOG.warning("the login service vouched for nobody: %s", exception or error)
        why = OuterError(N_("the login service did not confirm who you are; begin anew"))
        raise ImmediateHttpResponse(trouble(request, 403, why=why))


class _Client(OAuth2Client):  # type: ignore[misc]  # allauth has no types
    """Asks for a token that answers this very question."""

    def get_redirect_url(self, authorization_url: str, scope: Any, extra_params: dict[str, Any]) -> str:
        """Return where the browser is sent."""
        told: str = super().get_redirect_url(
            authorization_url, scope, {**extra_params, "nonce": _nonce_of(str(self.state))}
        )
        return told


class OuterAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Speaks with the service; checks what it answers."""

    client_class = _Client

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the service says of itself, under the name by which we know it."""
        told: dict[str, Any] = super().openid_config
        known = self.get_provider().server_url.partition("/.well-known/")[0]
        if str(told.get("issuer", "")).rstrip("/") != known.rstrip("/"):
            raise OAuth2Error("the configuration is another issuer's")
        return told

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> Any:
        """Return whom the service vouches for."""
        claims = self._claims(app, str(kwargs["response"].get("id_token") or ""))
        if claims["nonce"] != _nonce_of(request.GET.get("state", "")):
            raise OAuth2Error("the token answers another question")
        data = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            data["userinfo"] = self._fetch_user_info(token.token)
            if data["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("the token and the particulars are of two people")
        return self.get_provider().sociallogin_from_response(request, data)

    def _claims(self, app: Any, token: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            told = session.get(self.openid_config["jwks_uri"])
            told.raise_for_status()
        try:
            keys = jwt.PyJWKSet.from_dict(told.json()).keys
            kid = jwt.get_unverified_header(token).get("kid")
            key = next((one for one in keys if kid is None or one.key_id == kid), None)
            if key is None or key.algorithm_name not in _ALGORITHMS:
                raise OAuth2Error("the token is signed by no key that the service publishes")
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=[key.algorithm_name], audience=app.client_id, leeway=_LEEWAY,
                issuer=self.openid_config["issuer"], options={"require": list(_CLAIMS)},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the token is not right: {error}") from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("the token was made for another program")
        return claims


class Outer(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    """The administration's own login service."""

    oauth2_adapter_class = OuterAdapter


@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the service."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/")
    try:
        told: HttpResponse = OAuth2LoginView.adapter_view(OuterAdapter(request, provider_id))(request)
    except (RequestException, OAuth2Error) as error:
        _LOG.warning("the login service cannot be asked: %s", error)
        why = OuterError(
            N_("the login service cannot be reached; log in with a password, or try again later")
        )
        return trouble(request, 503, why=why)
    return told


def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take up whom the service vouches for."""
    told: HttpResponse = OAuth2CallbackView.adapter_view(OuterAdapter(request, provider_id))(request)
    return told


def _nonce_of(state: str) -> str:
    """Return what a token must repeat: only this browser's session knows the state."""
    return hashlib.sha256(f"daliz nonce {state}".encode()).hexdigest()
