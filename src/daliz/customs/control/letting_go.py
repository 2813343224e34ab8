"""What control lets go of once nothing of a declaration has been open for long enough.

Whoever calls holds the declarations. What is dropped names uploads, which ``files.let_go`` takes last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from daliz.customs.control import effect
from daliz.customs.control.models import (
    Appeal,
    Assignment,
    Condition,
    Control,
    DocumentRequest,
    Finding,
    ItemOutcome,
    LegalHold,
    Obligation,
    RequestAnswer,
    Rerouting,
    Stop,
    Term,
)
from daliz.customs.control.queries import on_hold
from daliz.customs.control.states import OPEN
from daliz.customs.intake.models import Declaration
from daliz.ground.rows import erase
from daliz.ground.staff.actions import forget_approvals
from daliz.ground.staff.models import Approval


@dataclass(frozen=True, slots=True)
class Dropped:
    """What went.

    Attributes:
        rows: of the database.
        uploads: to which something that went referred.
    """

    rows: int = 0
    uploads: tuple[int, ...] = ()

    def __add__(self, other: "Dropped") -> "Dropped":
        """Return both together."""
        return Dropped(self.rows + other.rows, self.uploads + other.uploads)


def over_before(before: datetime) -> QuerySet[Declaration]:
    """Return the declarations whose life was over before an instant, with all that followed it.

    Nothing of them is open: no control or audit, appeal, obligation, stop, change of control or proposal to
    open them again; and the last of these ended before the instant too. No legal hold stands, of them or of
    their trader; when one was lifted counts for nothing.
    """
    own = OuterRef("pk")
    asked = Approval.objects.filter(subject_kind="declaration", subject_id=Cast(own, CharField()))
    going_on = (
        Control.objects.filter(
            Q(state__in=[state.value for state in OPEN]) | Q(concluded_at__gte=before), declaration=own
        ),
        _late(Obligation.objects.filter(declaration=own), "settled_at", before),
        _late(Stop.objects.filter(declaration=own), "lifted_at", before),
        _late(Appeal.objects.filter(finding__control__declaration=own), "decided_at", before),
        _late(Rerouting.objects.filter(declaration=own), "decided_at", before),
        _late(asked, "decided_at", before),
    )
    rows = Declaration.objects.filter(ended_at__lt=before).order_by("id")
    return rows.filter(*(~Exists(one) for one in going_on)).exclude(on_hold())


def with_photographs() -> Q:
    """Tell of which declarations photographs are there."""
    shown = Finding.photographs.through.objects.filter(finding__control__declaration=OuterRef("pk"))
    return Q(Exists(shown))


def with_answers() -> Q:
    """Tell of which declarations answers to requests are there."""
    return Q(Exists(RequestAnswer.objects.filter(request__control__declaration=OuterRef("pk"))))


def with_controls() -> Q:
    """Tell of which declarations controls are there."""
    return Q(Exists(Control.objects.filter(declaration=OuterRef("pk"))))


def drop_photographs(declarations: Sequence[int]) -> Dropped:
    """Let photographs go; findings stay."""
    shown = Finding.photographs.through.objects.filter(finding__control__declaration__in=declarations)
    uploads = tuple(shown.values_list("upload_id", flat=True))
    return Dropped(erase(shown), uploads)


def drop_answers(declarations: Sequence[int]) -> Dropped:
    """Let go of what declarants answered; what was asked for, and whether it was handed in, stays."""
    given = RequestAnswer.objects.filter(request__control__declaration__in=declarations)
    files = RequestAnswer.files.through.objects.filter(
        requestanswer__request__control__declaration__in=declarations
    )
    uploads = tuple(files.values_list("upload_id", flat=True))
    erase(files)
    DocumentRequest.objects.filter(control__declaration__in=declarations).update(answer="")
    return Dropped(erase(given), uploads)


def drop_controls(declarations: Sequence[int], *, zone: str) -> Dropped:
    """Let controls go with all that hangs on them; figures of what they came to are kept."""
    controls = Control.objects.filter(declaration__in=declarations)
    effect.keep(controls, zone)
    dropped = drop_photographs(declarations) + drop_answers(declarations)
    terms = Term.objects.filter(control__in=controls)
    rows = forget_approvals(kind="term", keys=list(terms.values_list("pk", flat=True)))
    rows += _erase(
        Appeal.objects.filter(finding__control__in=controls),
        Finding.objects.filter(control__in=controls),
        DocumentRequest.objects.filter(control__in=controls),
        ItemOutcome.objects.filter(control__in=controls),
        Assignment.objects.filter(control__in=controls),
        Obligation.objects.filter(control__in=controls),
        Rerouting.objects.filter(control__in=controls),
        terms,
        controls,
    )
    return dropped + Dropped(rows)


def drop_rest(declarations: Sequence[int], *, zone: str) -> Dropped:
    """Let go of all that control knows of declarations."""
    dropped = drop_controls(declarations, zone=zone)
    terms = Term.objects.filter(declaration__in=declarations)
    rows = forget_approvals(kind="term", keys=list(terms.values_list("pk", flat=True)))
    rows += forget_approvals(kind="declaration", keys=declarations)
    rows += _erase(
        *(
            kind.objects.filter(declaration__in=declarations)
            for kind in (Condition, Stop, Rerouting, LegalHold)
        ),
        terms,
    )
    return dropped + Dropped(rows)


def _late(rows: QuerySet[Any], column: str, before: datetime) -> QuerySet[Any]:
    """Return what is not over, or was over only after an instant."""
    return rows.filter(Q(**{column: None}) | Q(**{f"{column}__gte": before}))


def _erase(*rows: QuerySet[Any]) -> int:
    return sum(erase(one) for one in rows)
