"""A Kyrgyz customs house: two corridors, advice that inspectors may depart from, a post-entry department."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.test import override_settings

from daliz.customs import discretion, flow
from daliz.customs.assessment.actions import publish
from daliz.customs.assessment.desk import DESK
from daliz.customs.assessment.models import Decision
from daliz.customs.control.models import Control
from daliz.customs.control.queries import rerouting_counts, reroutings_open_to, work_of
from daliz.customs.control.states import ControlError, Outcome
from daliz.customs.intake.queries import timeline_for
from daliz.customs.reference.queries import pack as pack_in_force
from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.assess import Task
from daliz.engine.live import Night, prepare
from daliz.engine.pack import load_pack
from daliz.engine.records.declaration import Declaration as Declared
from daliz.engine.records.files import read_table
from daliz.engine.records.schema import DECLARATIONS, DOCUMENTS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world import write_world
from daliz.ground.staff.actor import SYSTEM, Actor, Role
from daliz.ground.staff.models import User
from tests.customs.cast import TRADER, a_declaration, a_weapon
from tests.flow.cast import LATER, a_supervisor, an_officer, began, conditions_stand, finds, the_control
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("in_kyrgyzstan")]

OFFICE = "41710101"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder, kg = tmp_path_factory.mktemp("kg"), load_pack("kg")
    write_world(
        folder, pack=kg, seed=5, months=2, per_day=20, first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return prepare(
        Task(
            declarations=read_table(folder / "declarations.parquet", DECLARATIONS),
            findings=read_table(folder / "findings.parquet", FINDINGS),
            children={
                "documents": DOCUMENTS.arrow.empty_table(),
                "transport_means": read_table(folder / "transport_means.parquet", TRANSPORT_MEANS),
            },
            pack=kg, capacity=Capacity(dict(kg.policy.default_capacity), {}), key=PRACTICE_KEY,
            first_day=date(2026, 3, 10), last_day=date(2026, 3, 10), by_models=False,
        )
    )  # fmt: skip


@pytest.fixture
def in_kyrgyzstan(night: Night, db: None) -> Iterator[None]:
    pack_in_force.cache_clear()
    DESK.forget()
    with override_settings(PACK="kg"):
        publish(night=night, pack=pack_in_force(), actor=SYSTEM, now=NOON)
        yield
    pack_in_force.cache_clear()
    DESK.forget()


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def in_som(declared: Declared) -> Declared:
    return replace(
        declared, header={**declared.header, "currency": "KGS", "office": OFFICE, "goods_location": OFFICE}
    )


def shoes() -> Declared:
    """Goods that nothing speaks against."""
    return in_som(a_declaration(value=2_000_000))


def test_advice_may_be_departed_from_with_a_reason_of_the_pack_and_is_reviewed(broker: Actor) -> None:
    inspector, superior = an_officer("nurlan", office=OFFICE), a_supervisor(office=OFFICE)
    declaration = flow.submit(declared=shoes(), reference="", actor=broker, now=NOON)
    assert (Decision.objects.get().corridor, declaration.state) == ("green", "cleared")
    with pytest.raises(ControlError, match="no ground for this"):
        discretion.depart(
            declaration=declaration, ours=None, measures=["document_check"], ground="mood",
            reason="a feeling", actor=inspector, now=LATER,
        )  # fmt: skip
    asked = discretion.depart(
        declaration=declaration, ours=None, measures=["document_check"], ground="officers_observation",
        reason="the seal is new", actor=inspector, now=LATER,
    )  # fmt: skip
    control = the_control(declaration)
    assert (control.form, control.by_system) == ("documents", False)
    lighter = discretion.depart(
        declaration=declaration, ours=control, measures=[], ground="documents_suffice",
        reason="the invoice explains it", actor=inspector, now=LATER,
    )  # fmt: skip
    assert conditions_stand(declaration).state == "released"
    assert list(reroutings_open_to(superior).order_by("id")) == [asked, lighter]
    assert list(reroutings_open_to(inspector)) == []
    discretion.decide(asked=asked, agreed=True, comment="well seen", actor=superior, now=LATER)
    discretion.decide(asked=lighter, agreed=False, comment="ask first", actor=superior, now=LATER)
    counted = rerouting_counts(office=OFFICE, since=NOON, until=LATER.replace(hour=23))
    assert [(row["kind"], row["lighter"], row["agreed"], row["count"]) for row in counted] == [
        ("deviation", False, True, 1),
        ("deviation", True, False, 1),
    ]


def test_red_is_carried_out_by_one_and_nobody_departs_from_a_ban(broker: Actor) -> None:
    inspector = an_officer("nurlan", office=OFFICE)
    declaration = flow.submit(declared=in_som(a_weapon()), reference="", actor=broker, now=NOON)
    assert Decision.objects.get().corridor == "red"
    control = the_control(declaration, "physical")
    with pytest.raises(ControlError, match="cannot be made lighter"):
        discretion.depart(
            declaration=declaration, ours=control, measures=[], ground="documents_suffice",
            reason="they do", actor=inspector, now=LATER,
        )  # fmt: skip
    began(control, inspector)
    finds(control, inspector, violation="prohibited")
    assert flow.conclude(ours=control, outcome=Outcome.SEIZED, actor=inspector, now=LATER).state == "seized"


def test_the_post_entry_department_has_its_own_queue_which_the_declarant_does_not_see(broker: Actor) -> None:
    inspector = an_officer("nurlan", office=OFFICE)
    auditor = an_officer("bakyt", role=Role.AUDITOR, office="")
    declaration = flow.submit(declared=shoes(), reference="", actor=broker, now=NOON)
    discretion.depart(
        declaration=declaration, ours=None, measures=["post_entry_check"], ground="other_information",
        reason="a letter from abroad", actor=inspector, now=LATER,
    )  # fmt: skip
    assert conditions_stand(declaration).state == "released"
    queue = {login: list(work_of(User.objects.get(login=login))) for login in ("nurlan", "bakyt")}
    assert queue == {"nurlan": [], "bakyt": [Control.objects.get()]}
    began(Control.objects.get(), auditor)
    assert "control" not in [line.what for line in timeline_for(declaration, broker)]
