"""What a company administrator does with the people of his own organisation: admit, let administer, let go.

He reaches nobody of another organisation, gives no role but these two, and takes none from himself.
"""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from daliz.ground.journal.actions import note
from daliz.ground.staff.actions import StaffError, admit, grant
from daliz.ground.staff.actor import SYSTEM, Actor, NotAllowedError, Role
from daliz.ground.staff.models import RoleGrant, Token, User
from daliz.language import N_

_MOST: Final = 200


def colleagues_of(actor: Actor) -> QuerySet[User]:
    """Return the people of the actor's organisation, himself among them."""
    if not actor.organisation or not actor.has(Role.DECLARANT, Role.COMPANY_ADMINISTRATOR):
        return User.objects.none()
    return User.objects.filter(organisation=actor.organisation).order_by("name", "pk")


def administrators_of(actor: Actor, *, now: datetime) -> frozenset[int]:
    """Return the keys of the actor's colleagues who administer the organisation."""
    holds = Q(until=None) | Q(until__gt=now)
    rows = RoleGrant.objects.filter(
        holds, user__in=colleagues_of(actor), role=Role.COMPANY_ADMINISTRATOR.value
    )
    return frozenset(rows.values_list("user_id", flat=True))


@transaction.atomic
def admit_colleague(
    *, login: str, name: str, email: str, lang: str, password: str, actor: Actor, now: datetime
) -> User:
    """Admit a colleague, who may declare for the organisation.

    Raises:
        NotAllowedError: the actor does not administer an organisation.
        StaffError: the login is taken, the password too weak, or there are too many people.
    """
    _administers(actor)
    if colleagues_of(actor).filter(is_active=True).count() >= _MOST:
        raise StaffError(N_("an organisation has at most {n} people here"), code="staff-many", n=_MOST)
    user = admit(
        login=login, name=name, email=email, lang=lang, password=password,
        organisation=actor.organisation, actor=SYSTEM, now=now,
    )  # fmt: skip
    grant(user=user, role=Role.DECLARANT, office=None, actor=SYSTEM, now=now)
    _note("company.admitted", user, actor, now)
    return user


@transaction.atomic
def let_administer(*, user: User, administers: bool, actor: Actor, now: datetime) -> None:
    """Let a colleague administer the organisation too, or no longer."""
    row = _colleague(user, actor)
    held = RoleGrant.objects.filter(user=row, role=Role.COMPANY_ADMINISTRATOR.value, until=None)
    if administers:
        grant(user=row, role=Role.COMPANY_ADMINISTRATOR, office=None, actor=SYSTEM, now=now)
    else:
        held.update(until=now)
    _note("company.administers" if administers else "company.no-longer-administers", row, actor, now)


@transaction.atomic
def let_go(*, user: User, actor: Actor, now: datetime) -> None:
    """End a colleague's access at once, with his tokens; what he did stays his."""
    row = _colleague(user, actor)
    row.is_active = False
    row.save(update_fields=["is_active"])
    Token.objects.filter(user=row, revoked_at=None).update(revoked_at=now)
    _note("company.let-go", row, actor, now)


@transaction.atomic
def take_back(*, user: User, actor: Actor, now: datetime) -> None:
    """Let a colleague in again."""
    row = _colleague(user, actor)
    row.is_active = True
    row.save(update_fields=["is_active"])
    _note("company.taken-back", row, actor, now)


def _administers(actor: Actor) -> None:
    actor.must(Role.COMPANY_ADMINISTRATOR)
    if not actor.organisation or actor.user_id is None:
        raise NotAllowedError(N_("whoever administers a company belongs to one"), code="company-none")


def _colleague(user: User, actor: Actor) -> User:
    """Return a colleague, held; never the actor himself or somebody of another organisation."""
    _administers(actor)
    row = User.objects.select_for_update().filter(pk=user.pk, organisation=actor.organisation).first()
    if row is None:
        raise NotAllowedError(N_("people of another organisation are not yours"), code="company-other")
    if row.pk == actor.user_id:
        raise NotAllowedError(N_("nobody does this to himself"), code="not-oneself")
    return row


def _note(act: str, user: User, actor: Actor, now: datetime) -> None:
    note(act=act, subject=("user", str(user.pk)), actor=actor, now=now, payload={"login": user.login})
