"""Addresses that every person has: beginning, choices, logging in, password, second factors."""

from allauth.account import views as account
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from daliz.doors.pages import columns, outer, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.begin, name="begin"),
    path("choose", views.choose, name="choose"),
    path("settings", views.settings, name="settings"),
    path("columns/<slug:table>", columns.choose, name="columns"),
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/signup/", account.signup, name="account_signup"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/", account.password_change, name="account_change_password"),
    path("accounts/password/set/", account.password_set, name="account_set_password"),
    path("accounts/factors/", include("allauth.mfa.urls")),
]
outer_login: list[URLPattern | URLResolver] = [
    path("accounts/outer/", include("allauth.socialaccount.urls")),
    path("accounts/oidc/<slug:provider_id>/login/", outer.login, name="openid_connect_login"),
    path("accounts/oidc/<slug:provider_id>/login/callback/", outer.callback, name="openid_connect_callback"),
]
"""Addresses of logging in through the administration's own service."""

if settings.OIDC_URL:
    urlpatterns += outer_login
