"""Photographs of a control: taken with a finding, seen by those who see the control, and in its act.

A declarant sees none, unless the pack's disclosure table has a row ``photographs``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet

from daliz.customs.control.models import Control, Finding
from daliz.customs.control.queries import controls_open_to, to_confirm
from daliz.customs.control.states import ControlError
from daliz.engine.pack import Pack
from daliz.ground.files.models import Upload
from daliz.ground.files.pictures import is_picture
from daliz.ground.staff.actor import Actor
from daliz.language import N_

MOST_PHOTOGRAPHS: Final = 20
"""So many photographs at most go with one finding."""

DISCLOSED: Final = "photographs"
"""The row of a pack's disclosure table that lets declarants see photographs."""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A photograph, and of which goods item it is; None for the whole."""

    upload: Upload
    item_no: int | None


def must_be_photographs(uploads: Sequence[Upload], actor: Actor) -> None:
    """Refuse what does not go with a finding as a photograph.

    Raises:
        ControlError: too many, no picture, or handed in by somebody else.
    """
    if len(uploads) > MOST_PHOTOGRAPHS:
        raise ControlError(
            N_("at most {most} photographs go with one finding"),
            code="photograph-many", mend="photographs", most=MOST_PHOTOGRAPHS,
        )  # fmt: skip
    for upload in uploads:
        if not is_picture(upload):
            raise ControlError(
                N_("{name} is no picture: JPEG, PNG and TIFF are"),
                code="photograph-kind", mend="photographs", name=upload.name,
            )  # fmt: skip
        if upload.user_id != actor.person:
            raise ControlError(N_("a photograph is handed in by who took it"), code="photograph-of-another")


def controls_shown_to(actor: Actor) -> QuerySet[Control]:
    """Return the controls whose photographs the actor sees: those he sees, and those he may confirm."""
    seen, confirmed = controls_open_to(actor).values("pk"), to_confirm(actor).values("pk")
    return Control.objects.filter(Q(pk__in=seen) | Q(pk__in=confirmed))


def photographs_of(control: Control) -> list[Photograph]:
    """Return the photographs of a control, in the order in which they were handed in."""
    found = []
    findings = Finding.objects.filter(control=control).order_by("id")
    for finding in findings.prefetch_related("photographs__file"):
        rows = sorted(finding.photographs.all(), key=lambda one: one.pk)
        found += [Photograph(upload, finding.item_no) for upload in rows]
    return found


def told_to_declarants(pack: Pack) -> bool:
    """Tell whether the pack's disclosure table lets declarants see photographs."""
    return any(reason.code == DISCLOSED for reason in pack.disclosure)
