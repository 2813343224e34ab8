"""Addresses of the portal, and which of them stand in the bar."""

from django.urls import path

from daliz.doors.pages.navigation import Entry, offer
from daliz.doors.portal import (
    amending,
    connections,
    contesting,
    declarations,
    drafting,
    filing,
    listing,
    lookups,
    notices,
    people,
    requests,
    tokens,
)
from daliz.ground.staff.actor import Role
from daliz.language import N_

_DECLARANTS = frozenset({Role.DECLARANT})
_COMPANY = frozenset({Role.DECLARANT, Role.COMPANY_ADMINISTRATOR})

app_name = "portal"

urlpatterns = [
    path("", listing.listed, name="declarations"),
    path("declarations/<int:key>", declarations.one, name="declaration"),
    path("declarations/<int:key>/news", declarations.news, name="news"),
    path("declarations/<int:key>/print", declarations.printed, name="print"),
    path("declarations/<int:key>/withdraw", declarations.withdraw, name="withdraw"),
    path("declarations/<int:key>/amend", amending.amend, name="amend"),
    path("declarations/<int:key>/refile", drafting.refile, name="refile"),
    path("findings/<int:key>/contest", contesting.contest, name="contest"),
    path("acts/<int:key>", contesting.act, name="act"),
    path("requests/<int:key>/answer", requests.answer, name="answer"),
    path("requests/<int:key>/files/<int:file>", requests.download, name="download"),
    path("drafts", drafting.listed, name="drafts"),
    path("drafts/new", drafting.new, name="draft-new"),
    path("drafts/check", drafting.check, name="check"),
    path("drafts/<int:key>", drafting.edit, name="draft"),
    path("drafts/<int:key>/discard", drafting.discarded, name="discard"),
    path("file", filing.file, name="file"),
    path("goods", lookups.goods, name="goods"),
    path("notices", notices.listed, name="notices"),
    path("notices/read", notices.read, name="read"),
    path("connections", connections.shown, name="connections"),
    path("connections/mail", connections.mail, name="mail"),
    path("connections/<int:key>/<str:act>", connections.acted, name="connection"),
    path("people", people.listed, name="people"),
    path("people/<int:key>/<str:act>", people.acted, name="person"),
    path("tokens", tokens.listed, name="tokens"),
    path("tokens/<int:key>/revoke", tokens.revoked, name="revoke"),
]

offer(
    [
        Entry(N_("My declarations"), "files", "portal:declarations", _DECLARANTS, 10),
        Entry(N_("Drafts"), "edit", "portal:drafts", _DECLARANTS, 11),
        Entry(N_("Register by file"), "upload", "portal:file", _DECLARANTS, 12),
        Entry(N_("Notifications"), "bell", "portal:notices", _DECLARANTS, 13, notices.unread),
        Entry(N_("E-mail and webhooks"), "send", "portal:connections", _DECLARANTS, 14),
        Entry(N_("Our people"), "users-group", "portal:people", _COMPANY, 15),
        Entry(N_("Programs' access"), "key", "portal:tokens", _DECLARANTS, 16),
    ]
)
