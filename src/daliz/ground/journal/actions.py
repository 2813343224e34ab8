"""Write an entry, seal what was written, erase a payload."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from daliz.ground.journal.chain import BEGIN, link, payload_digest, payload_text
from daliz.ground.journal.models import Entry, Head, Seal
from daliz.ground.rows import write

_AT_A_TIME: Final = 500


class Acting(Protocol):
    """Whoever acts, as far as the journal cares."""

    @property
    def login(self) -> str:
        """The name under which it is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry to be written."""

    act: str
    subject: tuple[str, str]
    version: str = ""
    payload: Mapping[str, object] | None = None


def note(
    *,
    act: str,
    subject: tuple[str, str],
    actor: Acting,
    now: datetime,
    version: str = "",
    payload: Mapping[str, object] | None = None,
) -> Entry:
    """Write one act, in the transaction of the act itself."""
    entry = entry_of(Line(act, subject, version, payload), actor, now)
    entry.save(force_insert=True)
    return entry


def note_all(lines: Iterable[Line], *, actor: Acting, now: datetime) -> None:
    """Write several acts at once."""
    Entry.objects.bulk_create([entry_of(line, actor, now) for line in lines])


def entry_of(line: Line, actor: Acting, now: datetime) -> Entry:
    """Return the row of an act, for whoever writes it in the transaction of the act itself."""
    text, salt = payload_text(line.payload or {}), secrets.token_hex(16)
    kind, key = line.subject
    return Entry(
        at=now,
        actor=actor.login,
        act=line.act,
        subject_kind=kind,
        subject_id=key,
        version=line.version,
        payload=text,
        salt=salt,
        payload_digest=payload_digest(text, salt),
    )


@transaction.atomic
def seal(*, limit: int = 10_000, behind: int | None = None) -> int:
    """Chain entries that are not yet, in their order; return how many. Runs outside what acts.

    Args:
        limit: so many at most.
        behind: look no further back than so many entries before the newest that is chained, which a round
            every second can afford however long the journal is; through all of it if None.
    """
    Head.objects.get_or_create(pk=1, defaults={"number": 0, "chain": BEGIN})
    head = Head.objects.select_for_update().get(pk=1)
    entries, chained = Entry.objects.all(), Seal.objects.filter(entry=OuterRef("pk"))
    newest = Seal.objects.order_by("-number").values_list("entry_id", flat=True).first()
    if behind is not None and newest is not None:  # said of both, so that neither is read through
        entries, chained = entries.filter(id__gt=newest - behind), chained.filter(entry__gt=newest - behind)
    waiting = entries.exclude(Exists(chained))
    seals = []
    for entry in waiting.order_by("id")[:limit]:
        head.number += 1
        head.chain = link_of(head.chain, head.number, entry)
        seals.append(Seal(number=head.number, entry_id=entry.pk, chain=head.chain))
    if seals:
        write(seals)
        head.save()
    return len(seals)


def link_of(before: str, number: int, entry: Entry) -> str:
    """Return the link of an entry."""
    return link(
        before,
        number=number,
        at=entry.at,
        actor=entry.actor,
        act=entry.act,
        subject=(entry.subject_kind, entry.subject_id),
        version=entry.version,
        digest=entry.payload_digest,
    )


@transaction.atomic
def erase(*, entry: Entry, reason: str, actor: Acting, now: datetime) -> None:
    """Erase a payload, as retention asks; that it was there, and that it is gone, stays."""
    Entry.objects.filter(pk=entry.pk).update(payload=None, salt=None)
    note(
        act="journal.erased",
        subject=("entry", str(entry.pk)),
        actor=actor,
        now=now,
        payload={"reason": reason},
    )


def erasable(*, before: datetime, but: Mapping[str, Collection[str]]) -> QuerySet[Entry]:
    """Return the chained entries from before an instant that hold something yet, oldest first.

    Args:
        before: the instant.
        but: ids of subjects whose entries stay whole, by kind.
    """
    old = Entry.objects.filter(at__lt=before, payload__isnull=False, seal__isnull=False)
    for kind, keys in but.items():
        old = old.exclude(subject_kind=kind, subject_id__in=keys)
    return old.order_by("id")


@transaction.atomic
def erase_before(
    *,
    before: datetime,
    reason: str,
    actor: Acting,
    now: datetime,
    but: Mapping[str, Collection[str]],
    limit: int = 50_000,
) -> int:
    """Erase the payloads of chained entries from before an instant, oldest first; return how many.

    Args:
        before: the instant.
        reason: why, noted once for all of them.
        actor: who.
        now: the instant at which it is done.
        but: ids of subjects whose entries stay whole, by kind.
        limit: so many at most.
    """
    found = list(erasable(before=before, but=but).values_list("id", flat=True)[:limit])
    for at in range(0, len(found), _AT_A_TIME):
        Entry.objects.filter(pk__in=found[at : at + _AT_A_TIME]).update(payload=None, salt=None)
    if found:
        note(
            act="journal.erased",
            subject=("entries", f"{found[0]}-{found[-1]}"),
            actor=actor,
            now=now,
            payload={"reason": reason, "before": before.isoformat(), "entries": len(found)},
        )
    return len(found)
