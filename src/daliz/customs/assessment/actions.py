"""What is done in assessment: publish a night's work, decide a version."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from django.db import transaction

from daliz.customs.assessment.desk import DESK
from daliz.customs.assessment.models import (
    Decision,
    HistoryAnswer,
    LaneLoad,
    MeasureOrder,
    ModelPart,
    Publication,
    Snapshot,
)
from daliz.customs.assessment.queries import standing
from daliz.customs.assessment.remembered import LONGEST, found_of
from daliz.customs.assessment.translate import orders_of, seen_text, told
from daliz.customs.intake.models import Version
from daliz.customs.intake.same_day import same_day
from daliz.customs.intake.translate import declaration_of
from daliz.engine.features.lookup import Answer, Key, text_of
from daliz.engine.live import Night
from daliz.engine.live.decision import Decision as Decided
from daliz.engine.pack import Pack, Point
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.actions import Line, entry_of, note
from daliz.ground.journal.models import Entry
from daliz.ground.rows import reserve, write
from daliz.ground.staff.actor import Actor, Role

_BATCH: Final = 5_000
_PART: Final = 1 << 23
"""Bytes of the models that one row holds."""
KEPT_SNAPSHOTS: Final = 2


@transaction.atomic
def publish(*, night: Night, pack: Pack, actor: Actor, now: datetime) -> Publication:
    """Put a night's work in force: history first, then the policy that looks it up.

    Processes exchange it within a second of the commit. Snapshots older than the two newest go.
    """
    actor.must(Role.APPROVER, Role.ENGINEER, Role.ADMINISTRATOR)
    snapshot, made = Snapshot.objects.get_or_create(
        snapshot_id=night.snapshot_id, defaults={"day": night.day, "made_at": now}
    )
    if made or not snapshot.complete:
        snapshot.answers.all().delete()
        for part in _parts(night.answers):
            HistoryAnswer.objects.bulk_create(
                [
                    HistoryAnswer(snapshot=snapshot, key=text_of(key)[:LONGEST], answer=told(dict(answer)))
                    for key, answer in part
                ]
            )
        snapshot.complete = True
        snapshot.save(update_fields=["complete"])
    publication = Publication.objects.create(
        day=night.day,
        policy_id=night.policy_id,
        price_id=night.prices.price_id,
        snapshot=snapshot,
        pack_code=pack.code,
        pack_fingerprint=pack.fingerprint,
        content=told(night.content),
        published_at=now,
        published_by=actor.login,
    )
    _keep_models(publication, night)
    kept = Snapshot.objects.order_by("-day", "-id").values_list("id", flat=True)[:KEPT_SNAPSHOTS]
    HistoryAnswer.objects.exclude(snapshot_id__in=[*kept, snapshot.pk]).delete()
    note(
        act="assessment.published",
        subject=("publication", str(publication.pk)),
        version=night.policy_id,
        actor=actor,
        now=now,
        payload={
            "day": night.day.isoformat(),
            "snapshot": night.snapshot_id,
            "prices": night.prices.price_id,
            "model": night.foreteller.scorer.version if night.foreteller is not None else "",
        },
    )
    return publication


def _keep_models(publication: Publication, night: Night) -> None:
    """Keep the models in force with what they rest on, and let go of those of older publications."""
    content = night.foreteller.content if night.foreteller is not None else b""
    for place, start in enumerate(range(0, len(content), _PART)):
        ModelPart.objects.create(publication=publication, place=place, content=content[start : start + _PART])
    newest = Publication.objects.order_by("-id").values_list("id", flat=True)[:KEPT_SNAPSHOTS]
    ModelPart.objects.exclude(publication_id__in=list(newest)).delete()


def _parts(answers: list[tuple[Key, Answer]]) -> Iterator[list[tuple[Key, Answer]]]:
    for start in range(0, len(answers), _BATCH):
        yield answers[start : start + _BATCH]


def forget_loads(*, before: date) -> int:
    """Forget what processes gave on days before one; return how many rows went."""
    gone, _ = LaneLoad.objects.filter(day__lt=before).delete()
    return gone


@dataclass(frozen=True, slots=True)
class Weighed:
    """A decision with the rows that keep it, which are not written yet."""

    decision: Decision
    orders: list[MeasureOrder]
    decided: Decided


def weigh(
    *,
    versions: Sequence[tuple[Version, Declared]],
    keys: Sequence[int],
    actor: Actor,
    now: datetime,
    point: Point | None = None,
) -> list[tuple[Weighed, Entry]]:
    """Decide versions that are registered at one instant; what the journal says of each beside it.

    ``keys`` are reserved for the decisions. ``point`` is when: registration of a first version, amendment of
    a later one, unless it is stated. What was decided of the same version before its goods arrived is
    inherited.

    The decisions and their entries are to be written in the transaction of the registration. The load that
    they take counts for later decisions once it is committed.
    """
    held = DESK.held()
    policy, snapshot = held.policy, held.publication.snapshot
    day = policy.moment(now).day
    asked = [policy.lookup.asked(declared) for _, declared in versions]
    keys_of = [of.keys for of in asked]
    known = held.history.answers(dict.fromkeys(key for of in keys_of for key in of))
    found = found_of(known)
    past = same_day(versions, day=day, at=now, names=policy.names)
    weighed = []
    for (version, declared), of, own_keys, key in zip(versions, asked, keys_of, keys, strict=True):
        at_point = point or (Point.REGISTRATION if version.version == 1 else Point.AMENDMENT)
        own = [known[one] for one in own_keys]
        today = past.facts(declared, of=version.declaration_id)
        decided = policy.decide(
            declared,
            number=str(version.declaration.number),
            version=version.version,
            at=now,
            facts=policy.facts(declared, version=version.version, at=now, found=found, today=today, asked=of),
            snapshot_id=snapshot.snapshot_id,
            taken=DESK.taken(held, day),
            earlier=standing(version, arrived=point is Point.REGISTRATION),
            point=at_point,
        )
        decision = Decision(
            id=key,
            version=version,
            point=at_point.value,
            at=now,
            day=day,
            corridor=decided.corridor,
            level=decided.level,
            probability=decided.probability,
            expected_damage=decided.expected_damage,
            in_random=decided.in_random,
            policy_id=decided.policy_id,
            snapshot_id=decided.snapshot_id,
            price_id=decided.price_id,
            key_id=decided.key_id,
            publication=held.publication,
            content=told(decided.content),
            seen=seen_text(own, today, decided.columns),
        )
        line = Line(
            "assessment.decided",
            ("declaration", str(version.declaration_id)),
            str(version.version),
            {"decision": key, "policy": decided.policy_id, "corridor": decided.corridor},
        )
        entry = entry_of(line, actor, now)
        weighed.append((Weighed(decision, orders_of(decision, decided), decided), entry))
        transaction.on_commit(partial(DESK.took, held, decided), robust=True)
    return weighed


@transaction.atomic
def decide(
    *, version: Version, actor: Actor, now: datetime, point: Point | None = None
) -> tuple[Decision, Decided]:
    """Decide a version that has just been registered, and keep the decision with all that it rests on."""
    asked = [(version, declaration_of(version))]
    [(key,)] = reserve(1, Decision)
    [(weighed, entry)] = weigh(versions=asked, keys=[key], actor=actor, now=now, point=point)
    write([weighed.decision, *weighed.orders, entry])
    return weighed.decision, weighed.decided
