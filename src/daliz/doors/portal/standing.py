"""What is asked of a declarant, for each of several declarations, in a few questions to the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q

from daliz.customs.control.models import Condition, DocumentRequest, Obligation
from daliz.customs.intake.life import State
from daliz.customs.intake.models import Declaration
from daliz.engine.pack import Pack
from daliz.language import Text

_SECURITY: Final = Text("security given", "обеспечение предоставлено", "қамтамасыз ету берілген")
_SECURED: Final[dict[str, Any]] = {
    "control__before_release": True,
    "kind": Obligation.SECURITY,
    "settled_at": None,
}
"""Of a security that release waits for."""
_WAITING: Final = (State.REGISTERED, State.AWAITED, State.CONTROL, State.CLEARED)
"""States in which release may still need something of the declarant."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of him.

    Attributes:
        documents: how many documents.
        until: by when the first of them.
        conditions: names of what release still needs.
    """

    documents: int
    until: datetime | None
    conditions: tuple[Text, ...]

    @property
    def anything(self) -> bool:
        """Whether something is asked."""
        return bool(self.documents or self.conditions)


def asked_of(rows: Sequence[Declaration], pack: Pack) -> dict[int, Asked]:
    """Return what is asked for each declaration; a stop that somebody set is not told."""
    keys = [row.pk for row in rows]
    open_ = DocumentRequest.objects.filter(control__declaration__in=keys, state=DocumentRequest.OPEN)
    due: dict[int, list[datetime]] = {}
    for key, deadline in open_.values_list("control__declaration_id", "deadline"):
        due.setdefault(key, []).append(deadline)
    holding = set(
        Condition.objects.filter(declaration__in=keys, holds=True).values_list("declaration_id", "code")
    )
    secure = set(
        Obligation.objects.filter(declaration__in=keys, **_SECURED).values_list("declaration_id", flat=True)
    )
    return {
        row.pk: Asked(
            len(due.get(row.pk, ())),
            min(due.get(row.pk, ()), default=None),
            tuple(
                name
                for code, name in pack.clearance.conditions.items()
                if row.state in _WAITING and (row.pk, code) not in holding
            )
            + ((_SECURITY,) if row.pk in secure and row.state in _WAITING else ()),
        )
        for row in rows
    }


def asks_something(pack: Pack) -> Q:
    """Return which declarations have something asked, as ``asked_of`` says of each."""
    of_it = Q(declaration=OuterRef("pk"))
    open_ = DocumentRequest.objects.filter(control__declaration=OuterRef("pk"), state=DocumentRequest.OPEN)
    needed = Q(Exists(Obligation.objects.filter(of_it, **_SECURED)))
    for code in pack.clearance.conditions:
        needed |= ~Q(Exists(Condition.objects.filter(of_it, code=code, holds=True)))
    return Q(Exists(open_)) | (Q(state__in=_WAITING) & needed)


def conditions_of(row: Declaration, pack: Pack) -> list[tuple[Text, bool]]:
    """Return each condition of release with whether it stands."""
    told = dict(Condition.objects.filter(declaration=row).values_list("code", "holds"))
    return [(name, told.get(code, False)) for code, name in pack.clearance.conditions.items()]
