"""Addresses of the console."""

from django.urls import path

from daliz.doors.console import board, control, decisions, declarations, effect, health, journal, people, work

app_name = "console"
urlpatterns = [
    path("work", work.work, name="work"),
    path("work/next", work.following, name="next"),
    path("work/present", work.present, name="present"),
    path("work/to-confirm", work.confirmations, name="to-confirm"),
    path("controls/<int:key>", control.control, name="control"),
    path("controls/<int:key>/take", control.take, name="take"),
    path("controls/<int:key>/finding", control.finding, name="finding"),
    path("controls/<int:key>/declared", control.reckon, name="declared"),
    path("controls/<int:key>/ask", control.ask, name="ask"),
    path("controls/<int:key>/conclude", control.conclude, name="conclude"),
    path("controls/<int:key>/confirm", control.confirm, name="confirm"),
    path("declarations", declarations.listed, name="declarations"),
    path("declarations/<int:key>", declarations.declaration, name="declaration"),
    path("board", board.board, name="board"),
    path("board/present/<int:key>", board.present, name="board-present"),
    path("board/controls/<int:key>", board.reassignment, name="reassign"),
    path("decisions", decisions.listed, name="decisions"),
    path("decisions/<int:key>", decisions.decision, name="decision"),
    path("journal", journal.listed, name="journal"),
    path("journal/verify", journal.verification, name="journal-verify"),
    path("effect", effect.effect, name="effect"),
    path("health", health.health, name="health"),
    path("health/messages/<uuid:key>/retry", health.again, name="message-retry"),
    path("people", people.listed, name="people"),
    path("people/new", people.admission, name="person-new"),
    path("people/<int:key>", people.person, name="person"),
    path("people/<int:key>/grant", people.granting, name="person-grant"),
    path("people/<int:key>/withdraw/<int:grant_key>", people.withdrawal, name="person-withdraw"),
    path("people/<int:key>/password", people.password, name="person-password"),
    path("people/<int:key>/disable", people.disabling, name="person-disable"),
    path("people/<int:key>/enable", people.enabling, name="person-enable"),
    path("people/<int:key>/tokens", people.issuing, name="person-token"),
    path("people/<int:key>/tokens/<int:token_key>", people.revocation, name="person-token-revoke"),
]
