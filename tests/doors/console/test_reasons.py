"""What an analyst reads of a decision: exception lists, and what models said beside profiles."""

import json

import pytest
from django.urls import reverse

from daliz.customs import flow
from daliz.customs.assessment.models import Decision
from daliz.doors.console.reasons import Explained
from daliz.engine.pack import load_pack
from daliz.ground.staff.actor import Role
from tests.customs.cast import a_declaration
from tests.doors.console.cast import somebody
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture
def decision() -> Decision:
    """Of a trader on the pack's register of minimal risk, with goods far too cheap."""
    broker = acting("broker", Role.DECLARANT, organisation="everybody")
    declared = a_declaration(trader="000000000101", value=100_000)
    flow.submit(declared=declared, reference="", actor=broker, now=NOON)
    return Decision.objects.get()


def test_an_analyst_reads_which_list_set_a_control_aside(decision: Decision) -> None:
    why = Explained.of(decision, load_pack("kz"), "en")
    register = "register of traders of minimal risk (invented)"
    assert why.lists == (register,)
    assert {(one.ordered, one.spared_by) for one in why.orders if one.profile.startswith("KZ-UV-")} == {
        (False, register)
    }
    page = somebody("analyst", Role.ANALYST).get(reverse("console:decision", args=[decision.pk]))
    assert f"Exception lists: {register}" in page.content.decode()
    assert "weight of the models" not in page.content.decode()


def test_an_analyst_reads_what_models_said_beside_profiles(decision: Decision) -> None:
    told = json.loads(decision.content) | {
        "model": "kz-1", "model_belief": 0.5, "models": {"documents": 0.25, "physical": None},
        "probability_profiles": 0.125,
    }  # fmt: skip
    decision.content = json.dumps(told)
    why = Explained.of(decision, load_pack("kz"), "en")
    assert (why.model, why.belief, why.by_profiles) == ("kz-1", 0.5, 0.125)
    assert [one.by_models for one in why.forms if one.by_models is not None] == [0.25]
    decision.save()
    page = somebody("analyst", Role.ANALYST).get(reverse("console:decision", args=[decision.pk]))
    said = page.content.decode()
    assert "<b>12.50%</b> by profiles alone" in said
    assert "<b>50%</b> weight of the models" in said
    assert "<code>kz-1</code>" in said


def test_profiles_that_could_not_be_decided_are_named_with_their_codes(decision: Decision) -> None:
    told = json.loads(decision.content) | {"unknown_profiles": ["KZ-RN-01", "GONE-01"]}
    decision.content = json.dumps(told)
    why = Explained.of(decision, load_pack("kz"), "ru")
    assert why.unknown == ("Случайный отбор импорта (KZ-RN-01)", "GONE-01")
    assert {one.area for one in why.orders if one.profile.startswith("KZ-UV-")} == {
        "Цена намного ниже однородных товаров"
    }


def test_values_that_are_codes_are_read_in_words(decision: Decision) -> None:
    told = {
        "item.preference": "free_trade",
        "declaration.procedure": "IM40",
        "item.origin_country": ["CN", "??"],
    }
    decision.orders.update(reasons=json.dumps(told))
    why = Explained.of(decision, load_pack("kz"), "ru")
    said = {value for one in why.fired for _, values in one.values for _, value in values}
    assert said == {"зона свободной торговли", "выпуск для внутреннего потребления (IM40)", "Китай; ??"}
