"""What a version inherits."""

from daliz.customs.assessment.models import Decision
from daliz.customs.assessment.translate import earlier_of
from daliz.customs.intake.models import Version
from daliz.engine.live.decision import Earlier


def last_decision(declaration_id: int) -> Decision | None:
    """Return the latest decision of a declaration."""
    return Decision.objects.filter(version__declaration_id=declaration_id).order_by("-id").first()


def standing(version: Version, *, arrived: bool = False) -> Earlier | None:
    """Return what a version inherits: of its declaration's earlier one, or of that which it refiles.

    ``arrived``: it was decided before its goods arrived, and inherits that.
    """
    own = version.version > 1 or arrived
    of = version.declaration_id if own else version.declaration.refiles_id
    found = last_decision(of) if of is not None else None
    return earlier_of(found, found.orders.all()) if found is not None else None
