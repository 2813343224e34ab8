"""What stood before an instant of the same day, as the database counts it for those who ask."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daliz.customs.intake import actions as intake
from daliz.customs.intake.models import Version
from daliz.customs.intake.same_day import same_day
from daliz.engine.features.lookup import TODAY
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import TRADER, a_declaration
from tests.customs.conftest import DAY
from tests.ground.cast import NOON, a_person

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

OTHER = "700400123457"


@pytest.fixture
def broker() -> Actor:
    return actor_of(a_person("broker", Role.DECLARANT, organisation=TRADER), now=NOON)


def carried(declared: Declared, *vehicles: str) -> Declared:
    return replace(declared, below={"transport_means": tuple({"transport_id": one} for one in vehicles)})


def stored(declared: Declared, broker: Actor) -> Version:
    return intake.store(declared=declared, organisation=TRADER, reference="", actor=broker, now=NOON)


def stands(declared: Declared, broker: Actor, *, minute: int, days_ago: int = 0) -> Version:
    """Register a declaration some minutes after noon."""
    version, day = stored(declared, broker), DAY - timedelta(days=days_ago)
    intake.register(version=version, day=day, actor=broker, now=NOON + timedelta(minutes=minute))
    return version


def test_others_that_stood_are_counted_by_trader_declarant_vehicle_and_goods(broker: Actor) -> None:
    stands(carried(a_declaration(value=100), "777ABC02"), broker, minute=1)
    stands(carried(a_declaration(value=30, of="0902300001"), "777ABC02", "123XYZ01"), broker, minute=2)
    stands(a_declaration(value=5, currency="USD"), broker, minute=3)
    stands(a_declaration(trader=OTHER, declarant_id=TRADER), broker, minute=4)
    stands(a_declaration(value=7), broker, minute=5, days_ago=1)
    stands(carried(a_declaration(value=9), "777ABC02"), broker, minute=10)
    declared = carried(a_declaration(), "123XYZ01", "777ABC02")
    asks = stored(declared, broker)
    found = same_day([(asks, declared)], day=DAY, at=NOON + timedelta(minutes=10), names=TODAY)
    assert found.facts(declared, of=asks.declaration_id) == [
        {
            "today.trader_declarations": 3.0,
            "today.trader_customs_value": 130.0,
            "today.same_code_declarations": 2.0,
            "today.declarant_declarations": 4.0,
            "today.vehicle_declarations": 2.0,
        }
    ]


def test_versions_of_its_own_are_not_counted_whoever_asks_beside_it(broker: Actor) -> None:
    declared = carried(a_declaration(value=100), "777ABC02")
    first, second = (stands(declared, broker, minute=minute) for minute in (1, 2))
    at = NOON + timedelta(minutes=9)
    found = same_day([(first, declared), (second, declared)], day=DAY, at=at, names=TODAY)
    counted = {
        "today.trader_declarations": 1.0,
        "today.trader_customs_value": 100.0,
        "today.same_code_declarations": 1.0,
        "today.declarant_declarations": 1.0,
        "today.vehicle_declarations": 1.0,
    }
    assert [found.facts(declared, of=one.declaration_id) for one in (first, second)] == [[counted], [counted]]
    assert found.facts(declared, of=None) == [
        {
            "today.trader_declarations": 2.0,
            "today.trader_customs_value": 200.0,
            "today.same_code_declarations": 2.0,
            "today.declarant_declarations": 2.0,
            "today.vehicle_declarations": 2.0,
        }
    ]


def test_what_is_not_stated_is_not_known_and_not_asked_for(broker: Actor) -> None:
    stands(a_declaration(), broker, minute=1)
    declared = Declared(header={"direction": "import"}, items=a_declaration().items, below={})
    asks = stored(declared, broker)
    found = same_day([(asks, declared)], day=DAY, at=NOON + timedelta(minutes=9), names=TODAY)
    assert found.facts(declared, of=asks.declaration_id) == [dict.fromkeys(TODAY)]
    nothing = same_day([(asks, declared)], day=DAY, at=NOON, names=[])
    assert nothing.facts(declared, of=asks.declaration_id) == [{}]
