"""The correction of a declaration after control (КДТ): what was found in the place of what was declared."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from daliz.customs.control.findings import stated_of
from daliz.customs.control.models import Control
from daliz.customs.control.queries import standing_findings
from daliz.engine.records.declaration import Declaration, Value
from daliz.engine.records.payments import PAYMENTS, recompute


def corrected(declared: Declaration, controls: Iterable[Control]) -> tuple[Declaration, Decimal]:
    """Return what a declaration says after control, and the payments that it asks for besides.

    Duty lines of an item that was corrected go: its payments stand in the item. What the officer
    assessed counts where one finding speaks of the item or a payment is unknown, else what is computed.

    Args:
        declared: the version that stands.
        controls: whose findings count.
    """
    found: dict[int, dict[str, Value]] = {}
    assessed: dict[int, Decimal] = {}
    speak: Counter[int] = Counter()
    for control in controls:
        for finding in standing_findings(control):
            if finding.violation and finding.item_no is not None and finding.found:
                stated = stated_of(finding.found, of_item=True)
                found.setdefault(finding.item_no, {}).update(stated)
                speak[finding.item_no] += 1
                before = assessed.get(finding.item_no, Decimal("0.00"))
                assessed[finding.item_no] = before + (finding.assessed or Decimal("0.00"))
    items: list[dict[str, Value]] = []
    additional = Decimal("0.00")
    lines = declared.below.get("duty_lines", ())
    for item in declared.items:
        number = int(str(item["item_no"]))
        if number not in found:
            items.append(dict(item))
            continue
        of = [line for line in lines if line.get("item_no") == number]
        made = recompute(item, of, found[number])
        one = made.additional is None or speak[number] == 1
        additional += assessed[number] if one or made.additional is None else made.additional
        paid = {name: made.found.of(name) for name in PAYMENTS}
        kept = {name: value for name, value in paid.items() if value or item.get(name) is not None}
        items.append({**item, **found[number], **kept})
    below: dict[str, Any] = dict(declared.below)
    left = tuple(line for line in lines if line.get("item_no") not in found)
    if "duty_lines" in below:
        below["duty_lines"] = left
    return replace(declared, items=tuple(items), below=below), additional
