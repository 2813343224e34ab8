"""What is done with declarations: store, register, amend, withdraw, move on."""

from datetime import date, datetime
from typing import ClassVar

from django.db import transaction

from daliz.customs.intake.life import FINAL, State, Step, after
from daliz.customs.intake.models import Declaration, TimelineEntry, Vehicle, Version
from daliz.customs.intake.translate import columns_of, declaration_of, digest_of, number_of, vehicles_of
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.actions import note
from daliz.ground.rows import joining
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.language import N_, DalizError


class IntakeError(DalizError):
    """A declaration cannot be taken as it is asked."""

    code: ClassVar[str] = "intake"


@transaction.atomic
def store(
    *,
    declared: Declared,
    organisation: str,
    reference: str,
    actor: Actor,
    now: datetime,
    refiles: Declaration | None = None,
) -> Version:
    """Keep a draft; nothing is asked of it yet but that it is well formed.

    Raises:
        NotAllowedError: the actor does not speak for the organisation.
    """
    actor.must(Role.DECLARANT)
    if organisation != actor.organisation:
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
    if refiles is not None and refiles.organisation != organisation:
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
    declaration = Declaration.objects.create(
        reference=reference,
        organisation=organisation,
        direction=str(declared.of("direction"))[:12],
        office=str(declared.of("office") or "")[:16],
        refiles=refiles,
        created_at=now,
    )
    version = _version(declaration, declared, number=1, now=now)
    tell(declaration=declaration, what="stored", values={}, now=now)
    note(
        act="declaration.stored",
        subject=("declaration", str(declaration.pk)),
        version="1",
        actor=actor,
        now=now,
        payload={"digest": version.digest},
    )
    return version


@transaction.atomic
def register(*, version: Version, day: date, actor: Actor, now: datetime) -> Declaration:
    """Give a draft its number; from now on what it says stands.

    Args:
        version: the draft.
        day: the local day.
        actor: who registers.
        now: the instant.
    """
    declaration = held(version.declaration_id)
    declaration.state = after(State(declaration.state), Step.REGISTER)
    declaration.number = number_of(office=declaration.office, day=day, serial=declaration.pk)
    declaration.registered_at = now
    declaration.save(update_fields=["state", "number", "registered_at"])
    _stands(version, first_day=day, now=now)
    version.declaration = declaration
    tell(declaration=declaration, what="registered", values={"number": declaration.number}, now=now)
    note(
        act="declaration.registered",
        subject=("declaration", str(declaration.pk)),
        version=str(version.version),
        actor=actor,
        now=now,
        payload={"number": declaration.number, "digest": version.digest},
    )
    return declaration


@transaction.atomic
def amend(
    *, declaration: Declaration, declared: Declared, reason: str, actor: Actor, now: datetime
) -> Version:
    """Make a new version of a registered declaration, to be assessed anew.

    Raises:
        IntakeError: no reason, or nothing changed.
        ImpossibleStepError: its state does not allow it.
    """
    _mine(declaration, actor)
    if not reason.strip():
        raise IntakeError(N_("a reason is needed"), code="intake-reason", mend="reason")
    row = held(declaration.pk)
    row.state = after(State(row.state), Step.AMEND)
    version = _successor(row, declared, cause=Version.AMENDMENT, now=now)
    tell(declaration=row, what="amended", values={"version": row.version}, now=now)
    note(
        act="declaration.amended",
        subject=("declaration", str(row.pk)),
        version=str(row.version),
        actor=actor,
        now=now,
        payload={"reason": reason, "digest": version.digest},
    )
    return version


@transaction.atomic
def correct(*, declaration: Declaration, declared: Declared, actor: Actor, now: datetime) -> Version:
    """Make the version that stands after control (КДТ): what was found in the place of what was declared.

    It is not assessed anew: control has seen the goods.

    Raises:
        IntakeError: it would change nothing.
        ImpossibleStepError: its state does not allow it.
    """
    row = held(declaration.pk)
    row.state = after(State(row.state), Step.CORRECT)
    version = _successor(row, declared, cause=Version.CORRECTION, now=now)
    tell(declaration=row, what="corrected", values={"version": row.version}, now=now)
    note(
        act="declaration.corrected",
        subject=("declaration", str(row.pk)),
        version=str(row.version),
        actor=actor,
        now=now,
        payload={"digest": version.digest},
    )
    return version


@transaction.atomic
def withdraw(*, declaration: Declaration, reason: str, actor: Actor, now: datetime) -> Declaration:
    """Take a declaration back."""
    _mine(declaration, actor)
    if not reason.strip():
        raise IntakeError(N_("a reason is needed"), code="intake-reason", mend="reason")
    return move(
        declaration=declaration,
        step=Step.WITHDRAW,
        values={},
        payload={"reason": reason},
        actor=actor,
        now=now,
    )


@joining
def move(
    *,
    declaration: Declaration,
    step: Step,
    values: dict[str, object],
    actor: Actor,
    now: datetime,
    payload: dict[str, object] | None = None,
    open_to_declarant: bool = True,
) -> Declaration:
    """Take one step of a declaration's life, with its line in the timeline and in the journal.

    Raises:
        ImpossibleStepError: its state does not allow it.
    """
    row = held(declaration.pk)
    row.state = after(State(row.state), step)
    row.ended_at = now if row.state in FINAL else None
    row.reopened += step is Step.REOPEN
    row.save(update_fields=["state", "ended_at", "reopened"])
    tell(declaration=row, what=step.value, values=values, now=now, open_to_declarant=open_to_declarant)
    note(
        act=f"declaration.{step.value}",
        subject=("declaration", str(row.pk)),
        version=str(row.version),
        actor=actor,
        now=now,
        payload={**values, **(payload or {})},
    )
    return row


def tell(
    *,
    declaration: Declaration,
    what: str,
    values: dict[str, object],
    now: datetime,
    open_to_declarant: bool = True,
) -> None:
    """Write a line of the timeline."""
    TimelineEntry.objects.create(
        declaration=declaration, at=now, what=what, values=values, open_to_declarant=open_to_declarant
    )


def held(pk: int) -> Declaration:
    """Return a declaration, held against others until the transaction ends.

    Whatever changes a declaration, its controls or its requests holds the declaration first, so that nobody
    waits for another in a circle.
    """
    return Declaration.objects.select_for_update(no_key=True).get(pk=pk)


def _successor(row: Declaration, declared: Declared, *, cause: str, now: datetime) -> Version:
    """Put a new version in the place of the one that stands."""
    before = Version.objects.get(declaration=row, version=row.version)
    if declared.digest == before.digest:
        raise IntakeError(N_("the amendment changes nothing"), code="intake-same")
    if before.first_day is None:
        raise IntakeError(N_("the declaration has no registered version"), code="intake-draft")
    row.version += 1
    row.save(update_fields=["state", "version"])
    before.replaced_at = now
    before.save(update_fields=["replaced_at"])
    version = _version(row, declared, number=row.version, cause=cause, now=now)
    _stands(version, first_day=before.first_day, now=now)
    return version


def _version(
    declaration: Declaration, declared: Declared, *, number: int, now: datetime, cause: str = Version.FILED
) -> Version:
    text = declared.text
    return Version.objects.create(
        cause=cause,
        declaration=declaration,
        version=number,
        content=text,
        digest=digest_of(text),
        stored_at=now,
        **columns_of(declared),
    )


def _stands(version: Version, *, first_day: date, now: datetime) -> None:
    """Mark a version as registered, and keep its vehicles for the day's counts."""
    version.registered_at, version.first_day = now, first_day
    version.save(update_fields=["registered_at", "first_day"])
    vehicles = vehicles_of(declaration_of(version))
    Vehicle.objects.bulk_create(
        [Vehicle(version=version, transport_id=vehicle, first_day=first_day) for vehicle in vehicles]
    )


def _mine(declaration: Declaration, actor: Actor) -> None:
    actor.must(Role.DECLARANT)
    if declaration.organisation != actor.organisation:
        raise NotAllowedError(N_("declarations of another organisation are not yours"))
