"""History by key, and what a version inherits."""

import json
from collections.abc import Mapping, Sequence

from daliz.customs.assessment.models import Decision, HistoryAnswer, Snapshot
from daliz.customs.assessment.translate import earlier_of
from daliz.customs.intake.models import Version
from daliz.engine.features.lookup import Answer, Key, text_of
from daliz.engine.live.decision import Earlier


def history(snapshot: Snapshot, keys: Sequence[Key]) -> Mapping[Key, Answer]:
    """Return what history answers to ``keys``; a key never seen is left out. One query."""
    texts = {text_of(key)[:300]: key for key in keys}
    rows = HistoryAnswer.objects.filter(snapshot=snapshot, key__in=list(texts)).values_list("key", "answer")
    return {texts[key]: json.loads(answer) for key, answer in rows}


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
