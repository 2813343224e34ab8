"""What a declarant writes before he registers: kept as it is, right or not, until registered or discarded.

A draft is nobody's business but his organisation's; only what is registered becomes a declaration.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration, Draft
from daliz.engine.pack import Pack
from daliz.engine.reading.single import Problem, SubmissionError, declaration_of_json
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import SYSTEM, Actor, NotAllowedError, Role
from daliz.language import N_

REFILED: Final = (State.WITHDRAWN, State.REFUSED)
"""Of which states a declaration may be filed anew."""

_MOST: Final = 1_000
_LONGEST: Final = 8 * 2**20


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts of the actor's organisation, the one changed last first."""
    if not actor.organisation or not actor.has(Role.DECLARANT):
        return Draft.objects.none()
    return Draft.objects.filter(organisation=actor.organisation).order_by("-changed_at", "-id")


def content_of(draft: Draft) -> dict[str, Any]:
    """Return what a draft says."""
    found: dict[str, Any] = json.loads(draft.content)
    return found


def problems_of(content: Mapping[str, Any], pack: Pack, *, further: bool = False) -> tuple[Problem, ...]:
    """Return everything that keeps a content from being registered; empty where nothing does.

    Args:
        content: as it is kept.
        pack: for contracts.
        further: it may have columns of its own, as documents have.
    """
    try:
        declaration_of_json(json.dumps(content), pack, further=further)
    except SubmissionError as error:
        return error.problems
    return ()


@transaction.atomic
def keep(
    *,
    content: Mapping[str, Any],
    reference: str,
    actor: Actor,
    now: datetime,
    from_xml: bool = False,
    refiles: Declaration | None = None,
) -> Draft:
    """Keep a new draft; ``refiles`` is the declaration in whose place it comes.

    Raises:
        NotAllowedError: that declaration is another organisation's.
        IntakeError: it is too large, there are too many, or that declaration is none that is filed anew.
    """
    actor.must(Role.DECLARANT)
    if not actor.organisation:
        raise IntakeError(N_("whoever keeps a draft speaks for an organisation"), code="draft-nobody")
    if refiles is not None and refiles.organisation != actor.organisation:
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
    if refiles is not None and refiles.state not in REFILED:
        raise IntakeError(
            N_("a declaration that is “{state}” is not filed anew"),
            code="draft-refiles", state=State(refiles.state).label,
        )  # fmt: skip
    if drafts_of(actor).count() >= _MOST:
        raise IntakeError(
            N_("there are {n} drafts already; register or discard some"), code="draft-many", n=_MOST
        )
    draft = Draft.objects.create(
        organisation=actor.organisation,
        reference=reference[:128],
        content=_text(content),
        from_xml=from_xml,
        refiles=refiles,
        changed_by=actor.login,
        kept_at=now,
        changed_at=now,
    )
    _note("draft.kept", draft, actor, now)
    return draft


@transaction.atomic
def change(
    *, draft: Draft, content: Mapping[str, Any], reference: str, edition: int, actor: Actor, now: datetime
) -> Draft:
    """Change a draft.

    Args:
        draft: which.
        content: what it says from now on.
        reference: the declarant's own number.
        edition: the one that was changed; so that two people do not overwrite each other unseen.
        actor: who.
        now: the instant.

    Raises:
        IntakeError: it is gone, or somebody changed it meanwhile.
    """
    row = hold(draft, actor)
    if row.edition != edition:
        raise IntakeError(
            N_("{who} has changed this draft meanwhile; look at it anew"),
            code="draft-changed",
            who=row.changed_by,
        )
    row.content, row.reference, row.edition = _text(content), reference[:128], row.edition + 1
    row.changed_by, row.changed_at = actor.login, now
    row.save()
    _note("draft.changed", row, actor, now)
    return row


@transaction.atomic
def discard(*, draft: Draft, actor: Actor, now: datetime) -> None:
    """Let a draft go."""
    row = hold(draft, actor)
    _note("draft.discarded", row, actor, now)
    row.delete()


def drafts_over(*, before: datetime) -> QuerySet[Draft]:
    """Return the drafts that nobody has changed since an instant."""
    return Draft.objects.filter(changed_at__lt=before).order_by("id")


@transaction.atomic
def forget_drafts(*, before: datetime, now: datetime) -> int:
    """Let go of drafts that nobody has changed since an instant; return how many."""
    old = list(drafts_over(before=before).select_for_update())
    for draft in old:
        _note("draft.forgotten", draft, SYSTEM, now)
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    return len(old)


def hold(draft: Draft, actor: Actor) -> Draft:
    """Return a draft of the actor's organisation, held against others until the transaction ends.

    Raises:
        IntakeError: there is none, any more.
    """
    row = drafts_of(actor).select_for_update().filter(pk=draft.pk).first()
    if row is None:
        raise IntakeError(N_("this draft is no longer there"), code="draft-gone")
    return row


def declared_in(draft: Draft, pack: Pack) -> Declared:
    """Return the declaration that a draft says.

    Raises:
        SubmissionError: with everything that keeps it from being registered.
    """
    return declaration_of_json(draft.content, pack, further=draft.from_xml)


def _text(content: Mapping[str, Any]) -> str:
    try:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        text.encode()
    except ValueError:  # no number, half a character
        text = ""
    if not text or len(text) > _LONGEST or "\\u0000" in text:
        raise IntakeError(
            N_("the draft is too large, or has a sign or number that no text may have"),
            code="draft-large",
            mend="content",
        )
    return text


def _note(act: str, draft: Draft, actor: Actor, now: datetime) -> None:
    note(act=act, subject=("draft", str(draft.pk)), version=str(draft.edition), actor=actor, now=now)
