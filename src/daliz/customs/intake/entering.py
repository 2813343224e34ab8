"""Many declarations stored and registered at once: the rows that ``store`` and ``register`` write one by one.

Nothing is written here; the rows are made, with their keys, so that assessment can judge them and all of it
is written together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Model

from daliz.customs.intake.life import State, Step, after
from daliz.customs.intake.models import Declaration, TimelineEntry, Vehicle, Version
from daliz.customs.intake.translate import columns_of, digest_of, number_of, vehicles_of
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.actions import Line, entry_of
from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody submits.

    Attributes:
        declared: what it says.
        reference: the declarant's own number of it, or nothing.
        actor: who submits it.
    """

    declared: Declared
    reference: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Entered:
    """A declaration that enters: what it says, who says it, and its rows, which are not written yet."""

    declared: Declared
    actor: Actor
    declaration: Declaration
    version: Version


def enter(
    submissions: Sequence[Submission], *, keys: Sequence[tuple[int, ...]], day: date, now: datetime
) -> list[Entered]:
    """Make the rows of declarations that are stored and registered at once.

    Args:
        submissions: who submits what.
        keys: reserved for each declaration and its version.
        day: the local day.
        now: the instant.

    Raises:
        NotAllowedError: one of them is no declarant.
    """
    return [_entered(one, key, day, now) for one, key in zip(submissions, keys, strict=True)]


def _entered(one: Submission, keys: tuple[int, ...], day: date, now: datetime) -> Entered:
    one.actor.must(Role.DECLARANT)
    declared, (key, version) = one.declared, keys
    office = str(declared.of("office") or "")[:16]
    declaration = Declaration(
        id=key,
        number=number_of(office=office, day=day, serial=key),
        reference=one.reference,
        organisation=one.actor.organisation,
        state=after(State.DRAFT, Step.REGISTER).value,
        direction=str(declared.of("direction"))[:12],
        office=office,
        created_at=now,
        registered_at=now,
    )
    text = declared.text
    said = Version(
        id=version,
        declaration=declaration,
        version=1,
        content=text,
        digest=digest_of(text),
        stored_at=now,
        registered_at=now,
        first_day=day,
        **columns_of(declared),
    )
    return Entered(declared, one.actor, declaration, said)


def rows_of(entered: Sequence[Entered], *, day: date, now: datetime) -> list[Model]:
    """Return what is to be written of declarations that enter: they, their vehicles, their timeline."""
    rows: list[Model] = [one.declaration for one in entered]
    rows += [one.version for one in entered]
    rows += [
        Vehicle(version=one.version, transport_id=vehicle, first_day=day)
        for one in entered
        for vehicle in vehicles_of(one.declared)
    ]
    lines: list[tuple[str, dict[str, object]]]
    for one in entered:
        lines = [("stored", {}), ("registered", {"number": one.declaration.number})]
        if one.declaration.state == State.CLEARED:
            lines.append((Step.FREE.value, {}))
        rows += [
            TimelineEntry(
                declaration=one.declaration, at=now, what=what, values=values, open_to_declarant=True
            )
            for what, values in lines
        ]
    return rows


def entries_of(one: Entered, *, now: datetime) -> list[Entry]:
    """Return the journal's entries of a declaration that enters, in their order."""
    subject, digest = ("declaration", str(one.declaration.pk)), one.version.digest
    return [
        entry_of(Line("declaration.stored", subject, "1", {"digest": digest}), one.actor, now),
        entry_of(
            Line(
                "declaration.registered", subject, "1", {"number": one.declaration.number, "digest": digest}
            ),
            one.actor,
            now,
        ),
    ]


def freed(one: Entered, *, actor: Actor, now: datetime) -> Entry:
    """Mark a declaration that enters as free of control; return what the journal says of it."""
    one.declaration.state = after(State(one.declaration.state), Step.FREE).value
    line = Line("declaration.free", ("declaration", str(one.declaration.pk)), "1", {})
    return entry_of(line, actor, now)
