"""What is done with an account: close and open it, give a new password, keep what a person prefers."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from daliz.ground.journal.actions import note
from daliz.ground.staff.actions import StaffError
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import User
from daliz.language import LANGUAGES, N_


@transaction.atomic
def disable(*, user: User, reason: str, actor: Actor, now: datetime) -> None:
    """Close an account at once: no login, no session, no token of it counts any more.

    Raises:
        NotAllowedError: it is one's own.
        StaffError: no reason is given.
    """
    actor.must(Role.ADMINISTRATOR)
    _of_another(user, actor)
    if not reason.strip():
        raise StaffError(N_("a reason is needed"), code="staff-reason", mend="reason")
    User.objects.filter(pk=user.pk).update(is_active=False)
    note(
        act="staff.disabled",
        subject=("user", str(user.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )


@transaction.atomic
def enable(*, user: User, actor: Actor, now: datetime) -> None:
    """Open a closed account again."""
    actor.must(Role.ADMINISTRATOR)
    _of_another(user, actor)
    User.objects.filter(pk=user.pk).update(is_active=True)
    note(act="staff.enabled", subject=("user", str(user.pk)), actor=actor, now=now)


@transaction.atomic
def reset_password(*, user: User, password: str, actor: Actor, now: datetime) -> None:
    """Give a new password, which ends the sessions under the old one.

    Raises:
        StaffError: it is too weak.
    """
    actor.must(Role.ADMINISTRATOR)
    _of_another(user, actor)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise StaffError(
            N_("the password is too weak: {why}"),
            code="staff-password",
            mend="password",
            why=" ".join(error.messages),
        ) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    note(act="staff.password-reset", subject=("user", str(user.pk)), actor=actor, now=now)


def prefer(*, user: User, lang: str | None = None, theme: str | None = None) -> None:
    """Keep a person's language and theme; nobody else is concerned, so the journal is not."""
    if lang in LANGUAGES:
        user.lang = lang
    if theme is not None:
        user.theme = theme
    user.save(update_fields=["lang", "theme"])


def _of_another(user: User, actor: Actor) -> None:
    if actor.user_id is not None and actor.user_id == user.pk:
        raise NotAllowedError(N_("this is done by another administrator, not by oneself"), code="not-oneself")
