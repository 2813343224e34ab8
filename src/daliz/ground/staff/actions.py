"""What is done with people: admit, grant, withdraw, give tokens, ask a second person and answer."""

import hashlib
import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from daliz.ground.journal.actions import note
from daliz.ground.rows import erase
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.models import Approval, RoleGrant, Token, User
from daliz.language import LANGUAGES, N_, DalizError

SCOPES: Final = ("declarations:read", "declarations:write", "findings:write", "facts:write")
"""What a token may be used for."""

_PREFIX: Final = "daliz_"


class StaffError(DalizError):
    """What is asked for a person cannot be done."""

    code: ClassVar[str] = "staff"


@transaction.atomic
def admit(
    *,
    login: str,
    name: str,
    password: str,
    actor: Actor,
    now: datetime,
    organisation: str = "",
    email: str = "",
    lang: str = "ru",
) -> User:
    """Make a person known, with no role yet.

    Raises:
        StaffError: the login is taken, or the password too weak.
    """
    actor.must(Role.ADMINISTRATOR)
    if User.objects.filter(login=login).exists():
        raise StaffError(N_("the login {login} is taken"), code="staff-login-taken", login=login)
    user = User(
        login=login,
        name=name,
        organisation=organisation,
        email=email,
        lang=lang if lang in LANGUAGES else "ru",
    )
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
    user.save()
    note(act="staff.admitted", subject=("user", str(user.pk)), actor=actor, now=now, payload={"login": login})
    return user


@transaction.atomic
def grant(*, user: User, role: Role, office: str | None, actor: Actor, now: datetime) -> RoleGrant:
    """Give a role, everywhere or at one office; a role already held stays."""
    actor.must(Role.ADMINISTRATOR)
    if actor.user_id is not None and actor.user_id == user.pk:
        raise NotAllowedError(N_("nobody gives himself a role"), code="not-oneself")
    given, made = RoleGrant.objects.get_or_create(
        user=user, role=role.value, office=office or "", until=None, defaults={"since": now}
    )
    if made:
        payload = {"role": role.value, "office": office}
        note(act="staff.granted", subject=("user", str(user.pk)), actor=actor, now=now, payload=payload)
    return given


@transaction.atomic
def withdraw(*, given: RoleGrant, actor: Actor, now: datetime) -> None:
    """Take a role back."""
    actor.must(Role.ADMINISTRATOR)
    given.until = now
    given.save(update_fields=["until"])
    payload = {"role": given.role, "office": given.office}
    note(act="staff.withdrawn", subject=("user", str(given.user_id)), actor=actor, now=now, payload=payload)


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Collection[str], expires_at: datetime, actor: Actor, now: datetime
) -> str:
    """Give a program a token and return it; it is never shown again.

    Raises:
        StaffError: an unknown scope, or no time in which it would hold.
    """
    if actor.user_id != user.pk:
        actor.must(Role.ADMINISTRATOR)
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise StaffError(
            N_("{found} is no scope; the scopes are {scopes}"),
            code="staff-scope",
            mend="scopes",
            found=unknown[0],
            scopes=", ".join(SCOPES),
        )
    if expires_at <= now:
        raise StaffError(
            N_("the token would have expired already"), code="staff-token-expired", mend="expires_at"
        )
    secret = _PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    payload = {"name": name, "scopes": sorted(scopes)}
    note(act="staff.token-issued", subject=("token", str(token.pk)), actor=actor, now=now, payload=payload)
    return secret


@transaction.atomic
def rotate_token(
    *, token: Token, expires_at: datetime, grace_until: datetime, actor: Actor, now: datetime
) -> str:
    """Give a program a new token in place of one, which holds a while longer so that both work meanwhile.

    Raises:
        StaffError: the old token does not hold any more.
    """
    held = Token.objects.select_for_update().get(pk=token.pk)
    if held.revoked_at is not None or held.expires_at <= now:
        raise StaffError(N_("the token does not hold any more; give a new one"), code="staff-token-expired")
    secret = issue_token(
        user=held.user, name=held.name, scopes=held.scopes, expires_at=expires_at, actor=actor, now=now
    )
    held.expires_at = min(held.expires_at, grace_until)
    held.save(update_fields=["expires_at"])
    note(act="staff.token-rotated", subject=("token", str(held.pk)), actor=actor, now=now)
    return secret


def digest_of(secret: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def revoke_token(*, token: Token, actor: Actor, now: datetime) -> None:
    """End a token at once."""
    if actor.user_id != token.user_id:
        actor.must(Role.ADMINISTRATOR)
    token.revoked_at = now
    token.save(update_fields=["revoked_at"])
    note(act="staff.token-revoked", subject=("token", str(token.pk)), actor=actor, now=now)


@transaction.atomic
def ask_second(
    *,
    subject: tuple[str, str],
    act: str,
    detail: Mapping[str, object],
    reason: str,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Ask that another person agrees to an act.

    Raises:
        StaffError: no reason, or the same act waits already.
    """
    if not reason.strip():
        raise StaffError(N_("a reason is needed"), code="staff-reason", mend="reason")
    kind, key = subject
    if Approval.objects.filter(subject_kind=kind, subject_id=key, act=act, decided_at=None).exists():
        raise StaffError(N_("this waits for a second person already"), code="staff-waits")
    asked = Approval.objects.create(
        subject_kind=kind,
        subject_id=key,
        act=act,
        detail=dict(detail),
        reason=reason,
        asked_by_id=actor.person,
        asked_at=now,
    )
    note(act=f"{act}.asked", subject=subject, actor=actor, now=now, payload={"reason": reason})
    return asked


def forget_approvals(*, kind: str, keys: Sequence[int]) -> int:
    """Let go of what a second person was asked about subjects that go themselves; return how many."""
    rows = Approval.objects.filter(subject_kind=kind, subject_id__in=[str(key) for key in keys])
    return erase(rows)


@transaction.atomic
def answer_second(*, approval: Approval, agreed: bool, comment: str, actor: Actor, now: datetime) -> Approval:
    """Agree or not, as another person than the one who asked; whoever calls has checked the role.

    Raises:
        NotAllowedError: it is the same person.
        StaffError: it is decided already.
    """
    held = Approval.objects.select_for_update().get(pk=approval.pk)
    if held.decided_at is not None:
        raise StaffError(N_("this is decided already"), code="staff-decided")
    if actor.user_id is None or actor.user_id == held.asked_by_id:
        raise NotAllowedError(N_("a second person decides, not the one who asked"), code="not-oneself")
    held.decided_by_id, held.decided_at, held.agreed, held.comment = actor.user_id, now, agreed, comment
    held.save()
    said = "agreed" if agreed else "declined"
    subject = (held.subject_kind, held.subject_id)
    note(act=f"{held.act}.{said}", subject=subject, actor=actor, now=now, payload={"comment": comment})
    return held
