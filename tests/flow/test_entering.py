"""Declarations that enter together have the rows of those that are stored and registered one by one."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model

from daliz.customs import flow
from daliz.customs.assessment.models import Decision, MeasureOrder
from daliz.customs.control.models import Control
from daliz.customs.intake import actions as intake
from daliz.customs.intake.entering import Submission
from daliz.customs.intake.models import Declaration, TimelineEntry, Vehicle, Version
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.journal.actions import seal
from daliz.ground.journal.models import Entry
from daliz.ground.journal.queries import verify
from daliz.ground.outbox.models import Notice
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.ground.cast import NOON, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

BY_CHANCE = {"salt", "payload_digest"}
"""Columns that no two entries share."""

ORDERED: dict[type[Model], tuple[str, ...]] = {
    Declaration: ("id",), Version: ("id",), Vehicle: ("version_id",), TimelineEntry: ("declaration_id", "id"),
    Decision: ("id",), MeasureOrder: ("decision_id", "id"), Control: ("declaration_id", "form"),
    Notice: ("key",), Entry: ("subject_kind", "subject_id", "id"),
}  # fmt: skip


@pytest.fixture
def broker() -> Actor:
    return actor_of(a_person("broker", Role.DECLARANT, organisation=TRADER), now=NOON)


def many() -> list[tuple[Declared, str]]:
    below: dict[str, Sequence[Any]] = {"transport_means": ({"transport_id": "777ABC02", "kind": "road"},)}
    plain = a_declaration()
    return [
        (plain, "one"),
        (a_weapon(), "two"),
        (Declared(plain.header, plain.items, below), "three"),
        (a_declaration(of="8703231940", value=900_000), "four"),
    ]


def written() -> dict[str, list[dict[str, Any]]]:
    """Return every row; where only the database numbers them, without the number."""
    numbered = (Declaration, Version, Decision)
    return {
        model.__name__: [
            {k: v for k, v in row.items() if k not in BY_CHANCE and (k != "id" or model in numbered)}
            for row in model._default_manager.exclude(pk__lte=LAST.get(model, 0)).order_by(*order).values()
        ]
        for model, order in ORDERED.items()
    }


LAST: dict[type[Model], int] = {}
"""Where each table ended before."""


def begin() -> None:
    """Have keys begin where they began before, so that the draw is the same."""
    for model in ORDERED:
        LAST[model] = model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                sequence = f"{model._meta.db_table}_id_seq"
                cursor.execute("SELECT setval(%s, %s, false)", [sequence, LAST[model] + 1])


def test_the_rows_are_those_of_the_single_steps(broker: Actor) -> None:
    begin()
    with transaction.atomic():
        flow.submit_all([Submission(*one, broker) for one in many()], now=NOON)
        together = written()
        transaction.set_rollback(True)
    begin()
    for declared, reference in many():
        draft = intake.store(
            declared=declared, organisation=TRADER, reference=reference, actor=broker, now=NOON
        )
        flow.register(version=draft, actor=broker, now=NOON)
    apart = written()
    for name, rows in apart.items():
        assert together[name] == rows, name
    assert [row["corridor"] for row in apart["Decision"]][1] == "red"
    assert len(apart["Entry"]) >= 16
    seal()
    assert verify(now=NOON).problems == ()


def test_the_text_kept_is_the_canonical_one(broker: Actor) -> None:
    [(declared, _), *_] = many()
    [row] = flow.submit_all([Submission(declared, "", broker)], now=NOON)
    version = Version.objects.get(declaration=row)
    assert (version.content, version.digest) == (declared.text, declared.digest)
    assert json.loads(version.content)["items"][0]["customs_value"] == "20000000.00"
    assert version.codes == ["640399"]


def test_many_rows_are_written_as_few_are(broker: Actor) -> None:
    rows = flow.submit_all([Submission(a_declaration(), str(n), broker) for n in range(12)], now=NOON)
    kept = Declaration.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    assert [row.reference for row in kept] == [str(n) for n in range(12)]
    assert {row.state for row in kept} == {"cleared"}
    assert Decision.objects.filter(version__declaration__in=rows).count() == 12
    assert Notice.objects.filter(topic="registered").count() == 12
    later = flow.submit(declared=a_declaration(), reference="after", actor=broker, now=NOON)
    assert later.pk > rows[-1].pk


def test_nothing_to_submit_is_nothing_done(broker: Actor) -> None:
    assert flow.submit_all([], now=NOON) == []
    assert Entry.objects.filter(act="declaration.stored").count() == 0
