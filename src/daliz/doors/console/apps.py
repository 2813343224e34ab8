"""The app, and the pages that it offers in the bar."""

from django.apps import AppConfig

from daliz.doors.pages.navigation import Entry, offer
from daliz.ground.staff.actor import Role
from daliz.language import N_


class Console(AppConfig):
    """Pages of those who work at customs."""

    name = "daliz.doors.console"
    label = "console"

    def ready(self) -> None:
        """Put the console's pages into the bar."""
        officer, supervisor, analyst = Role.OFFICER, Role.SUPERVISOR, Role.ANALYST
        affairs, administrator, manager = Role.INTERNAL_AFFAIRS, Role.ADMINISTRATOR, Role.MANAGER
        carriers = frozenset({officer, Role.AUDITOR})
        readers = frozenset({officer, supervisor, Role.AUDITOR, analyst, affairs})
        offer(
            [
                Entry(N_("My work"), "clipboard-list", "console:work", carriers, 10),
                Entry(N_("To confirm"), "eye-check", "console:to-confirm", carriers, 11),
                Entry(
                    N_("Audits"), "file-search", "console:audits", frozenset({Role.AUDITOR, supervisor}), 22
                ),
                Entry(N_("Owed"), "certificate", "console:owed", carriers | {supervisor}, 23),
                Entry(N_("Stops"), "lock", "console:stops", frozenset({officer, supervisor}), 24),
                Entry(N_("Overdue"), "stopwatch", "console:overdue", frozenset({supervisor}), 21),
                Entry(N_("Board"), "users-group", "console:board", frozenset({supervisor}), 20),
                Entry(N_("Health"), "heartbeat", "console:health", frozenset({administrator}), 25),
                Entry(N_("People"), "users", "console:people", frozenset({administrator}), 26),
                Entry(N_("Journal"), "book", "console:journal", frozenset({affairs}), 27),
                Entry(N_("Legal holds"), "gavel", "console:holds", frozenset({affairs}), 31),
                Entry(N_("Effect"), "chart-bar", "console:effect", frozenset({manager}), 28),
                Entry(N_("Decisions"), "scale", "console:decisions", frozenset({analyst}), 29),
                Entry(N_("Declarations"), "files", "console:declarations", readers, 30),
            ]
        )
