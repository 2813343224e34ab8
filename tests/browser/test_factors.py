"""Second factors in a real browser: a security key and an authenticator app, set and logged in with."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SHOTS
from tests.browser.seed import PASSWORD
from tests.browser.visitor import Visitor

_STEP: Final = 30
"""Seconds that a code of an authenticator app holds."""

_KEY: Final = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": False,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A security key that its owner touches at once."""


@pytest.fixture
def visitor(browser: Browser, site: str) -> Iterator[Visitor]:
    """Somebody who comes by a name, not a number: keys are bound to names."""
    named = site.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=named, viewport={"width": 1366, "height": 768})
    visitor = Visitor(context.new_page(), SHOTS)
    yield visitor
    context.close()
    assert visitor.complaints == []


def code_of(secret: str, at: float) -> str:
    """Return the code that an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at) // _STEP), hashlib.sha1).digest()
    begin = digest[-1] & 15
    number = int.from_bytes(digest[begin : begin + 4], "big") & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def logs_out_and_in(page: Page, login: str) -> None:
    """Log out, then in again as far as the second factor."""
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.fill("#id_login", login)
    page.fill("#id_password", PASSWORD)
    page.click("form button.btn-primary")
    page.wait_for_url("**/accounts/factors/authenticate/")


def opens(visitor: Visitor, path: str, *, shot: str) -> None:
    """Open a page of the account that asks for the password once more, and look at both."""
    visitor.go(path)
    visitor.page.fill("#id_password", PASSWORD)
    visitor.page.click("main button[type=submit]")
    visitor.page.wait_for_url(f"**{path}")
    visitor.look(shot)


def test_a_security_key_is_added_and_logged_in_with(visitor: Visitor) -> None:
    page = visitor.page
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    key = debugger.send("WebAuthn.addVirtualAuthenticator", {"options": _KEY})["authenticatorId"]
    visitor.log_in("analyst", "kk")
    visitor.go("/accounts/factors/", shot="factors-kk")
    opens(visitor, "/accounts/factors/webauthn/add/", shot="factors-key-kk")
    page.fill("#id_name", "Менің кілтім")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/factors/recovery-codes/")
    visitor.look("factors-codes-kk")
    [held] = debugger.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert held["rpId"] == "localhost"
    visitor.go("/accounts/factors/webauthn/", shot="factors-keys-kk")
    expect(page.locator("main table")).to_contain_text("Менің кілтім")
    expect(page.locator("main table")).to_contain_text("Әлі пайдаланылмаған.")

    logs_out_and_in(page, "analyst")
    visitor.look("factors-asked-kk")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(re.compile(r"/console/"))
    [used] = debugger.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
    assert used["signCount"] > held["signCount"]

    debugger.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    logs_out_and_in(page, "analyst")
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_timeout(500)
    assert page.url.endswith("/accounts/factors/authenticate/")
    visitor.complaints[:] = [one for one in visitor.complaints if "NotAllowedError" not in one]


def test_an_authenticator_app_is_set_and_logged_in_with(visitor: Visitor) -> None:
    page = visitor.page
    visitor.log_in("manager", "ru")
    opens(visitor, "/accounts/factors/totp/activate/", shot="factors-app-ru")
    secret = page.input_value("#authenticator_secret")
    page.fill("#id_code", "000000" if code_of(secret, time.time()) != "000000" else "111111")
    page.click("form button[type=submit].btn-primary")
    expect(page.locator(".invalid-feedback")).to_be_visible()
    visitor.look("factors-app-wrong-ru")
    page.fill("#id_code", code_of(secret, time.time()))
    page.click("form button[type=submit].btn-primary")
    page.wait_for_url("**/accounts/factors/recovery-codes/")

    logs_out_and_in(page, "manager")
    time.sleep(_STEP - time.time() % _STEP + 1)  # a code is taken once
    page.fill("#id_code", code_of(secret, time.time()))
    page.click("form button[type=submit].btn-primary")
    page.wait_for_url(re.compile(r"/console/"))

    opens(visitor, "/accounts/factors/totp/deactivate/", shot="factors-app-off-ru")
    page.click("form button[type=submit].btn-danger")
    page.wait_for_url("**/accounts/factors/")
    page.context.clear_cookies()
    visitor.log_in("manager", "ru")
    expect(page).to_have_url(re.compile(r"/console/"))
