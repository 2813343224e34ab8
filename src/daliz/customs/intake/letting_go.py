"""What intake lets go of last: a declaration with its versions and its timeline."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q

from daliz.customs.intake.models import Declaration, Draft, TimelineEntry, Vehicle, Version
from daliz.ground.rows import erase


def free_to_go() -> Q:
    """Tell to which declarations nothing refers that stays: none was filed in their place, nor is to be."""
    own = OuterRef("pk")
    refiled, kept = Declaration.objects.filter(refiles=own), Draft.objects.filter(refiles=own)
    return Q(~Exists(refiled)) & Q(~Exists(kept))


def drop_declarations(declarations: Sequence[int]) -> int:
    """Let declarations go, of which control and assessment know nothing any more; return how many rows."""
    versions = Version.objects.filter(declaration__in=declarations)
    return (
        erase(Vehicle.objects.filter(version__in=versions))
        + erase(versions)
        + erase(TimelineEntry.objects.filter(declaration__in=declarations))
        + erase(Declaration.objects.filter(pk__in=declarations))
    )
