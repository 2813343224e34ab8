"""A border for the browser: people of each role, declarations in every corridor that a weapon and shoes meet.

Run by itself in the environment of the system under test: ``python -m tests.browser.seed``.
"""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

OFFICE: Final = "53901"
PASSWORD: Final = "ten tamed camels"
PEOPLE: Final = {
    "officer": ("Айгүл Серікқызы", "officer"),
    "second": ("Болат Нұрланов", "officer"),
    "supervisor": ("Гульнара Ахметова", "supervisor"),
    "analyst": ("Данияр Оспанов", "analyst"),
    "affairs": ("Ерлан Қасымов", "internal_affairs"),
    "manager": ("Жанна Ким", "manager"),
    "administrator": ("Зарина Тулеуова", "administrator"),
}


def main() -> None:
    """Make it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daliz.config.settings")
    import django

    django.setup()
    from daliz.customs import discretion, flow
    from daliz.customs.control.actions import be_present
    from daliz.customs.control.models import Control
    from daliz.customs.control.states import Outcome
    from daliz.ground.journal.actions import seal
    from daliz.ground.outbox.actions import post
    from daliz.ground.outbox.models import Message
    from daliz.ground.staff.actions import admit, grant
    from daliz.ground.staff.actor import SYSTEM, Role
    from daliz.ground.staff.models import User
    from daliz.ground.staff.queries import actor_of
    from tests.customs.cast import TRADER, a_declaration, a_weapon

    now = datetime.now(UTC)

    def person(login: str, name: str, role: str, organisation: str = "") -> User:
        user = admit(
            login=login, name=name, password=PASSWORD, organisation=organisation, actor=SYSTEM, now=now
        )
        everywhere = role not in ("officer", "supervisor")
        grant(user=user, role=Role(role), office=None if everywhere else OFFICE, actor=SYSTEM, now=now)
        return user

    for login, (name, role) in PEOPLE.items():
        user = person(login, name, role)
        if login == "officer":
            forms = ("documents", "physical", "post_release")
            be_present(user=user, on_shift=True, forms=forms, actor=SYSTEM, now=now)
    broker = actor_of(person("broker", "ТОО «Керуен»", "declarant", TRADER), now=now)
    officer = actor_of(User.objects.get(login="officer"), now=now)
    named: dict[str, Any] = {"trader_name": "ТОО «Қазақстан сауда үйі»", "declarant_name": "ТОО «Керуен»"}
    for number in range(4):
        flow.submit(declared=a_declaration(**named), reference=f"SHOES-{number}", actor=broker, now=now)
    for number in range(6):
        flow.submit(declared=a_weapon(**named), reference=f"WEAPON-{number}", actor=broker, now=now)
    for control in Control.objects.filter(officer_id=officer.user_id).order_by("id")[:2]:
        flow.take(ours=control, actor=officer, now=now)
        flow.find(
            ours=control,
            item_no=1,
            violation=True,
            violation_type="undervaluation",
            assessed=Decimal(250_000),
            minutes=35,
            extent="full",
            found={"customs_value": "2900000"},
            remark="Цена по прайс-листу изготовителя выше заявленной.",
            actor=officer,
            now=now,
        )
        flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=now)
    overdue = Control.objects.filter(state="assigned").order_by("id").first()
    assert overdue is not None
    Control.objects.filter(pk=overdue.pk).update(due_at=now - timedelta(minutes=95))
    for number in range(3):
        free = flow.submit(declared=a_declaration(**named), reference=f"FREE-{number}", actor=broker, now=now)
        discretion.propose_stricter(
            declaration=free,
            measures=["document_check"],
            reason="Вес не совпадает с документами.",
            actor=officer,
            now=now,
        )
    post(
        key="lost",
        channel="webhook",
        recipient="https://erp.example/hook",
        topic="release",
        payload={},
        now=now,
    )
    Message.objects.filter(key="lost").update(
        state=Message.DEAD, attempts=12, error="ConnectionError: no route"
    )
    seal()


if __name__ == "__main__":
    main()
