"""Whether the journal is whole."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from daliz.ground.journal.actions import link_of
from daliz.ground.journal.chain import BEGIN, payload_digest
from daliz.ground.journal.models import Entry, Head, Seal
from daliz.language import N_, Message

LATE: Final = timedelta(hours=1)
"""An entry older than this should have been sealed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        sealed: entries in the chain.
        waiting: entries that are not sealed yet.
        erased: entries whose payload was erased.
        head: the last link; whoever wrote it down before can compare.
        problems: what is wrong; empty where all is well.
    """

    sealed: int
    waiting: int
    erased: int
    head: str
    problems: tuple[Message, ...]


def verify(*, now: datetime) -> Verdict:
    """Walk the whole chain and check every link and every payload that is there."""
    problems: list[Message] = []
    chain, number, erased = BEGIN, 0, 0
    for seal in Seal.objects.select_related("entry").order_by("number").iterator(chunk_size=2000):
        number += 1
        if seal.number != number:
            problems.append(Message(N_("link {n} is missing"), {"n": number}))
            number = seal.number
        if seal.chain != link_of(chain, seal.number, seal.entry):
            problems.append(Message(N_("link {n} does not follow from the one before"), {"n": seal.number}))
        chain = seal.chain
        erased += seal.entry.payload is None
        if not _payload_stands(seal.entry):
            problems.append(Message(N_("the content of entry {n} was changed"), {"n": seal.entry.pk}))
    head = Head.objects.filter(pk=1).first()
    if (head.number, head.chain) != (number, chain) if head else number > 0:
        problems.append(Message(N_("the chain ends elsewhere than it is said to end")))
    waiting = Entry.objects.filter(seal=None)
    problems += [
        Message(N_("entry {n} was never sealed"), {"n": entry.pk})
        for entry in waiting.filter(at__lt=now - LATE).order_by("id")[:100]
    ]
    return Verdict(number, waiting.count(), erased, chain, tuple(problems))


def _payload_stands(entry: Entry) -> bool:
    if entry.payload is None:
        return True
    return entry.salt is not None and payload_digest(entry.payload, entry.salt) == entry.payload_digest
