"""A border that lives: history of a small world, a policy published from it, and people."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from daliz.customs.assessment.actions import publish
from daliz.customs.assessment.desk import DESK
from daliz.customs.reference.queries import pack as pack_in_force
from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.assess import Task
from daliz.engine.live import Night, prepare
from daliz.engine.pack import Pack
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world
from daliz.ground.staff.actor import SYSTEM
from tests.ground.cast import NOON

DAY = date(2026, 3, 10)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return pack_in_force()


@pytest.fixture(scope="session")
def border(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Task:
    folder = tmp_path_factory.mktemp("border")
    write_world(
        folder, pack=pack, seed=21, months=3, per_day=50, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return Task(
        declarations=read_table(folder / "declarations.parquet", DECLARATIONS),
        findings=read_table(folder / "findings.parquet", FINDINGS),
        children={
            "documents": DOCUMENTS.arrow.empty_table(),
            "transport_means": read_table(folder / "transport_means.parquet", TRANSPORT_MEANS),
        },
        pack=pack,
        capacity=Capacity(dict(pack.policy.default_capacity), {}),
        key=PRACTICE_KEY,
        first_day=DAY,
        last_day=DAY,
        by_models=False,
    )


@pytest.fixture(scope="session")
def night(border: Task) -> Night:
    return prepare(border)


@pytest.fixture(scope="module")
def published_once(
    night: Night, pack: Pack, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Night]:
    """A policy in force for a module; each test rolls back what it does on top, and the module all of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        publish(night=night, pack=pack, actor=SYSTEM, now=NOON)
        with django_db_blocker.block():
            yield night
        transaction.set_rollback(True)
    DESK.forget()


@pytest.fixture
def published(published_once: Night, db: None) -> Night:
    """A policy in force."""
    return published_once
