"""How a control comes to be: by a decision or by an officer's order, with measures, minutes and a clock."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from daliz.customs.assessment.models import Decision
from daliz.customs.control import clocks
from daliz.customs.control.distribution import assign
from daliz.customs.control.models import Control
from daliz.customs.control.states import OPEN, ControlError
from daliz.customs.intake.models import Declaration
from daliz.engine.allocation import DrawKey
from daliz.engine.corridors import ORDERED
from daliz.engine.pack import Pack
from daliz.ground.journal.actions import note
from daliz.ground.rows import joining
from daliz.ground.staff.actor import Actor
from daliz.language import N_, Text

Told = dict[str, object]
"""What an officer is told of a measure: its code, the item, how deep, the approved hint, what to look at."""


@joining
def open_controls(
    *,
    declaration: Declaration,
    decision: Decision,
    places: Mapping[str, str],
    items: int = 1,
    pack: Pack,
    key: DrawKey,
    actor: Actor,
    now: datetime,
) -> list[Control]:
    """Open a control for each form that the decision orders, and distribute it.

    A form that is open already from an earlier version goes on, with the measures of both.

    Args:
        declaration: whose.
        decision: what orders.
        places: the office at which each form of control is carried out.
        items: how many goods items there are, 1 or more: the load grows with them.
        pack: measures, clocks, reach.
        key: of the draw.
        actor: for the journal.
        now: the instant.
    """
    return [
        open_one(
            declaration=declaration,
            decision=decision,
            form=form,
            measures=measures,
            office=places.get(form, ""),
            items=items,
            by_system=True,
            pack=pack,
            key=key,
            actor=actor,
            now=now,
        )
        for form, measures in _by_form(decision, pack).items()
    ]


@joining
def open_one(
    *,
    declaration: Declaration,
    decision: Decision,
    form: str,
    measures: list[Told],
    office: str,
    items: int,
    by_system: bool,
    pack: Pack,
    key: DrawKey,
    actor: Actor,
    now: datetime,
) -> Control:
    """Open a control of one form, or add the measures to the one that is open."""
    running = Control.objects.select_for_update().filter(
        declaration=declaration, form=form, state__in=[s.value for s in OPEN]
    )
    for control in running:
        control.measures = _merged(control.measures, measures)
        control.minutes = minutes_of(control.measures, items=items, pack=pack)
        control.by_system = control.by_system or by_system
        if by_system:
            control.decision = decision
        control.save(update_fields=["measures", "minutes", "decision", "by_system"])
        return control
    before = form != "post_release"
    due = clocks.begin_release(declaration=declaration, pack=pack, now=now) if before else None
    control = Control.objects.create(
        declaration=declaration,
        decision=decision,
        form=form,
        office=office,
        measures=measures,
        minutes=minutes_of(measures, items=items, pack=pack),
        before_release=before,
        by_system=by_system,
        reopened=declaration.reopened,
        opened_at=now,
        due_at=due,
    )
    assign(control, pack=pack, key=key, now=now)
    note(
        act="control.opened",
        subject=("control", str(control.pk)),
        version=str(decision.pk),
        actor=actor,
        now=now,
        payload={"declaration": declaration.pk, "form": form, "officer": control.officer_id},
    )
    return control


def ordered_by_hand(codes: Sequence[str], *, pack: Pack) -> tuple[str, list[Told]]:
    """Return the form of control of measures that an officer names, and what is told of them.

    Raises:
        ControlError: none is named, one is unknown, or they are of different forms.
    """
    unknown = sorted(set(codes) - set(pack.measures))
    if unknown or not codes:
        raise ControlError(
            N_("{found} is no measure of control"),
            code="measure-unknown", mend="measures", found=", ".join(unknown) or "–",
        )  # fmt: skip
    forms = {pack.measures[code].form for code in codes} - {None}
    if len(forms) != 1:
        raise ControlError(N_("name measures of one form of control"), code="measure-forms", mend="measures")
    told: list[Told] = [
        {
            "measure": c,
            "item_no": None,
            "extent": pack.measures[c].extent or "",
            "hint": None,
            "look_at": None,
        }
        for c in sorted(set(codes))
    ]
    return str(forms.pop()), told


def minutes_of(measures: Sequence[Mapping[str, object]], *, items: int, pack: Pack) -> float:
    """Return the officer's time that measures take, minutes: more with each further item they look at."""
    whole = 0.0
    for code in sorted({str(one["measure"]) for one in measures} & set(pack.measures)):
        of = {one["item_no"] for one in measures if one["measure"] == code}
        looked_at = items if None in of else len(of)
        whole += pack.measures[code].minutes * (1 + pack.clearance.each_further_item * (looked_at - 1))
    return whole


def _by_form(decision: Decision, pack: Pack) -> dict[str, list[Told]]:
    """Return the ordered measures by form; those that ensure control go with the strictest form.

    What an officer is told of each: the measure, the items, and the approved hint; never the profile's rule.
    """
    forms: dict[str, list[Told]] = {}
    ensuring: list[Told] = []
    hints = {(p.id, p.version): p for p in pack.profiles}
    for order in decision.orders.filter(status=ORDERED).order_by("id"):
        profile = hints.get((order.profile_id, order.profile_version))
        told: Told = {
            "measure": order.measure,
            "item_no": order.item_no,
            "extent": order.extent,
            "hint": vars_of(profile.hint) if profile else None,
            "look_at": vars_of(profile.look_at) if profile else None,
        }
        of = forms.setdefault(order.control_form, []) if order.control_form else ensuring
        if told not in of:
            of.append(told)
    if ensuring and forms:
        strictest = "physical" if "physical" in forms else next(iter(forms))
        forms[strictest] += ensuring
    elif ensuring:
        forms["physical"] = ensuring
    if "physical" in forms and "documents" in forms:
        forms["physical"] = _merged(forms["physical"], forms.pop("documents"))
    return forms


def vars_of(text: Text) -> dict[str, str]:
    """Return a text in its three languages, as it is kept."""
    return {"en": text.en, "ru": text.ru, "kk": text.kk}


def _merged(first: list[Told], second: list[Told]) -> list[Told]:
    return [*first, *(one for one in second if one not in first)]
