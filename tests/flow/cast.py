"""The people of a customs house, and what they do over and over in stories."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from daliz.customs import flow
from daliz.customs.control.actions import be_present
from daliz.customs.control.models import Control
from daliz.customs.intake.models import Declaration
from daliz.engine.records.declaration import Declaration as Declared
from daliz.ground.staff.actor import Actor, Grant, Role
from daliz.ground.staff.queries import actor_of
from tests.customs.cast import a_declaration
from tests.ground.cast import NOON, a_person, acting

OFFICE = "53901"
LATER = NOON + timedelta(hours=1)
TREASURY = Actor(None, "treasury", frozenset({Grant(Role.ADAPTER)}))


def an_officer(login: str, *, role: Role = Role.OFFICER, office: str = OFFICE) -> Actor:
    """Somebody at work who may do everything that his role does."""
    user = a_person(login, role, office=office)
    actor = actor_of(user, now=NOON)
    be_present(
        user=user, on_shift=True, forms=["documents", "physical", "post_release"], actor=actor, now=NOON
    )
    return actor


def a_supervisor(login: str = "superior", office: str = OFFICE) -> Actor:
    return acting(login, Role.SUPERVISOR, office=office)


def the_control(declaration: Declaration, form: str = "") -> Control:
    """The one control of a declaration that is open, of a form where one is named."""
    rows = Control.objects.filter(
        declaration=declaration, state__in=("waiting", "assigned", "taken", "proposed")
    )
    return (rows.filter(form=form) if form else rows).get()


def began(control: Control, *officers: Actor) -> Actor:
    """Begin a control as the officer who drew it; return him."""
    [mine] = [one for one in officers if one.user_id == control.officer_id]
    flow.take(ours=control, actor=mine, now=LATER)
    return mine


def finds(
    control: Control,
    officer: Actor,
    *,
    violation: str = "",
    item_no: int | None = 1,
    extent: str = "full",
    assessed: Decimal | None = None,
    now: datetime = LATER,
    **found: object,
) -> object:
    """Record a finding; clean where no violation is named."""
    return flow.find(
        ours=control, item_no=item_no, violation=bool(violation), violation_type=violation,
        assessed=assessed, minutes=45, extent=extent, found=found, remark="", actor=officer, now=now,
    )  # fmt: skip


def conditions_stand(declaration: Declaration, *codes: str, now: datetime = LATER) -> Declaration:
    """Tell that the conditions of release hold; all of the pack's where none is named."""
    for code in codes or ("payment", "permits", "presentation"):
        declaration = flow.tell_condition(
            declaration=declaration, code=code, holds=True, actor=TREASURY, now=now
        )
    return declaration


def paying(declared: Declared) -> Declared:
    """The same goods with payments: a tenth of duty, and tax of twelve hundredths."""
    item = dict(declared.items[0])
    value = item["customs_value"]
    assert isinstance(value, Decimal)
    duty = (value / 10).quantize(Decimal("0.01"))
    vat = ((value + duty) * Decimal("0.12")).quantize(Decimal("0.01"))
    return replace(declared, items=({**item, "duty_rate": 0.1, "duty": duty, "vat": vat},))


def of_two_items(declared: Declared) -> Declared:
    """The same declaration with its goods in two items."""
    [item] = declared.items
    return replace(declared, items=(item, {**item, "item_no": 2}))


def yellow() -> Declared:
    """Goods for which documents are checked."""
    return paying(a_declaration(procedure="IM53"))
