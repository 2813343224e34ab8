"""Whoever acts: a person with roles at offices, or the system itself; what every action is given."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from daliz.language import N_, DalizError, Text


class Role(StrEnum):
    """What a person does here."""

    DECLARANT = "declarant"
    COMPANY_ADMINISTRATOR = "company_administrator"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    APPROVER = "approver"
    TRADER_OFFICER = "trader_officer"
    AUDITOR = "auditor"
    MANAGER = "manager"
    ENGINEER = "engineer"
    ADMINISTRATOR = "administrator"
    INTERNAL_AFFAIRS = "internal_affairs"
    ADAPTER = "adapter"

    @property
    def label(self) -> Text:
        """What people call it."""
        return _LABELS[self]


_LABELS: Final = {
    Role.DECLARANT: Text("declarant", "декларант", "декларант"),
    Role.COMPANY_ADMINISTRATOR: Text("company administrator", "администратор компании", "компания әкімшісі"),
    Role.OFFICER: Text("officer", "должностное лицо", "лауазымды адам"),
    Role.SUPERVISOR: Text("supervisor", "руководитель смены", "ауысым басшысы"),
    Role.ANALYST: Text("risk analyst", "аналитик рисков", "тәуекел талдаушысы"),
    Role.APPROVER: Text("approver", "утверждающий", "бекітуші"),
    Role.TRADER_OFFICER: Text(
        "trader-status officer", "специалист по категориям участников", "қатысушылар санаты маманы"
    ),
    Role.AUDITOR: Text("post-clearance auditor", "аудитор после выпуска", "шығарғаннан кейінгі аудитор"),
    Role.MANAGER: Text("manager", "руководитель", "басшы"),
    Role.ENGINEER: Text("data engineer", "инженер данных", "деректер инженері"),
    Role.ADMINISTRATOR: Text("administrator", "администратор", "әкімші"),
    Role.INTERNAL_AFFAIRS: Text("internal affairs", "собственная безопасность", "өзіндік қауіпсіздік"),
    Role.ADAPTER: Text("connected system", "подключённая система", "қосылған жүйе"),
}


class NotAllowedError(DalizError):
    """Whoever acts may not do this."""

    code: ClassVar[str] = "not-allowed"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, everywhere or at one office."""

    role: Role
    office: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts.

    Attributes:
        user_id: of the person; None for the system.
        login: the name in the journal.
        grants: roles and where they hold.
        organisation: whose affairs a declarant sees; empty for staff.
        scopes: what a token may be used for; None: whatever the person may.
    """

    user_id: int | None
    login: str
    grants: frozenset[Grant]
    organisation: str = ""
    scopes: frozenset[str] | None = None

    @property
    def person(self) -> int:
        """The person's number.

        Raises:
            NotAllowedError: the system acts, where a person must.
        """
        if self.user_id is None:
            raise NotAllowedError(N_("a person must do this, not the system"))
        return self.user_id

    def has(self, *roles: Role, office: str | None = None) -> bool:
        """Tell whether one of ``roles`` is held: at ``office`` where one is named, else anywhere.

        Example:
            >>> officer = Actor(1, "aigul", frozenset({Grant(Role.OFFICER, "55301")}))
            >>> officer.has(Role.OFFICER), officer.has(Role.OFFICER, office="55302")
            (True, False)
        """
        return any(
            grant.role in roles and (office is None or grant.office in (None, office))
            for grant in self.grants
        )

    def must(self, *roles: Role, office: str | None = None) -> None:
        """Refuse unless ``has``.

        Raises:
            NotAllowedError: naming the act's roles, never what was asked for.
        """
        if not self.has(*roles, office=office):
            raise NotAllowedError(N_("this needs the role {roles}"), roles=", ".join(sorted(roles)))

    def offices(self, *roles: Role) -> Collection[str] | None:
        """Return the offices at which one of ``roles`` is held; None for every office."""
        held = [grant.office for grant in self.grants if grant.role in roles]
        return None if None in held else frozenset(office for office in held if office is not None)


SYSTEM: Final = Actor(None, "system", frozenset(Grant(role) for role in Role))
"""The system, acting by itself."""
