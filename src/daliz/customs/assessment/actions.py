"""What is done in assessment: publish a night's work, decide a version."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from daliz.customs.assessment.desk import DESK
from daliz.customs.assessment.models import Decision, HistoryAnswer, MeasureOrder, Publication, Snapshot
from daliz.customs.assessment.queries import history, standing
from daliz.customs.assessment.translate import orders_of, seen_text, told
from daliz.customs.intake.models import Version
from daliz.customs.intake.queries import today_facts
from daliz.customs.intake.translate import declaration_of
from daliz.engine.features.lookup import Answer, Key, text_of
from daliz.engine.live import Night
from daliz.engine.live.decision import Decision as Decided
from daliz.engine.pack import Pack, Point
from daliz.ground.journal.actions import note
from daliz.ground.staff.actor import Actor, Role

_BATCH: Final = 5_000
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
                    HistoryAnswer(snapshot=snapshot, key=text_of(key)[:300], answer=told(dict(answer)))
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
        },
    )
    return publication


def _parts(answers: list[tuple[Key, Answer]]) -> Iterator[list[tuple[Key, Answer]]]:
    for start in range(0, len(answers), _BATCH):
        yield answers[start : start + _BATCH]


@transaction.atomic
def decide(
    *, version: Version, actor: Actor, now: datetime, point: Point | None = None
) -> tuple[Decision, Decided]:
    """Decide a version that has just been registered, and keep the decision with all that it rests on.

    ``point`` is when: registration of a first version, amendment of a later one, unless it is stated. What
    was decided of the same version before its goods arrived is inherited.

    The load that it takes counts for later decisions once the transaction is committed.
    """
    at_point = point or (Point.REGISTRATION if version.version == 1 else Point.AMENDMENT)
    held = DESK.held()
    policy, snapshot = held.policy, held.publication.snapshot
    declared, number = declaration_of(version), str(version.declaration.number)
    day = policy.moment(now).day
    found = history(snapshot, policy.lookup.keys(declared))
    today = today_facts(declared, of=version.declaration_id, day=day, at=now, names=policy.names)
    facts = policy.facts(declared, version=version.version, at=now, found=found, today=today)
    decided = policy.decide(
        declared,
        number=number,
        version=version.version,
        at=now,
        facts=facts,
        snapshot_id=snapshot.snapshot_id,
        taken=DESK.taken(day),
        earlier=standing(version, arrived=point is Point.REGISTRATION),
        point=at_point,
    )
    decision = Decision.objects.create(
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
        seen=seen_text(found, today),
    )
    MeasureOrder.objects.bulk_create(orders_of(decision, decided))
    note(
        act="assessment.decided",
        subject=("declaration", str(version.declaration_id)),
        version=str(version.version),
        actor=actor,
        now=now,
        payload={"decision": decision.pk, "policy": decided.policy_id, "corridor": decided.corridor},
    )
    transaction.on_commit(lambda: DESK.took(decided))
    return decision, decided
