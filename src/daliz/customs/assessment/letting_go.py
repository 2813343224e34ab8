"""What assessment lets go of: what decisions saw; later the decisions, of which figures are kept."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from daliz.customs.assessment.models import Decision, DecisionFigure, MeasureOrder
from daliz.ground.rows import erase

_Like: TypeAlias = tuple[date, str, str, str, str, str]
"""Month, direction, office, corridor, level, stratum."""


def with_sight() -> Q:
    """Tell of which declarations it is still there what decisions saw."""
    return Q(Exists(Decision.objects.filter(version__declaration=OuterRef("pk")).exclude(seen="")))


def drop_sight(declarations: Sequence[int]) -> int:
    """Let go of what decisions saw of history and of the values that made profiles fire; return how many.

    What was decided, how likely and by which profiles and versions, stays.
    """
    decisions = _of(declarations)
    MeasureOrder.objects.filter(decision__in=decisions).update(reasons="")
    return decisions.exclude(seen="").update(seen="")


def drop_decisions(declarations: Sequence[int]) -> int:
    """Let decisions go; return how many rows went. Figures of how many were like which are kept."""
    decisions = _of(declarations)
    keep(decisions)
    return erase(MeasureOrder.objects.filter(decision__in=decisions)) + erase(decisions)


def keep(decisions: QuerySet[Decision]) -> None:
    """Add decisions that are about to go to the figures; in the transaction in which they go."""
    counts: Counter[_Like] = Counter()
    drawn: Counter[_Like] = Counter()
    names = ("day", "version__declaration__direction", "version__declaration__office", "corridor", "level",
             "content", "in_random")  # fmt: skip
    for day, direction, office, corridor, level, content, random in decisions.values_list(*names):
        stratum = str(json.loads(content).get("stratum") or "")[:64]
        like = (day.replace(day=1), direction, office, corridor, level, stratum)
        counts[like] += 1
        drawn[like] += random
    for like in sorted(counts):
        month, direction, office, corridor, level, stratum = like
        row, _ = DecisionFigure.objects.select_for_update().get_or_create(
            month=month, direction=direction, office=office, corridor=corridor, level=level, stratum=stratum
        )
        row.decisions += counts[like]
        row.in_random += drawn[like]
        row.save()


def _of(declarations: Sequence[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(version__declaration__in=declarations)
