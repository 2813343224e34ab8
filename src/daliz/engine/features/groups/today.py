"""``today.*``: declarations first registered earlier the same local day, strictly before this instant.

Ties do not count, nor do this declaration's own earlier versions. What was amended in between counts as
its latest version before the instant says. A declaration that an earlier day registered belongs to history.
"""

from typing import Final

from daliz.engine.features.ledger import Ledger, Sum

VEHICLES: Final = (
    """
CREATE TABLE vehicle AS
SELECT DISTINCT m.transport_id, v.d, v.event_day, v.instant, v.replaced_at
FROM transport_means m JOIN version v USING (declaration_id, version)""",
    """
CREATE TABLE probe_vehicle AS
SELECT DISTINCT p.h, p.d, p.day, p.instant, p.amended, m.transport_id
FROM transport_means m JOIN probe p USING (declaration_id, version)""",
)
"""Vehicles of every version, and of those asked; only where the source has the table."""


def _earlier(name: str, keys: str, source: str, amount: str, fact: str, **more: str) -> Ledger:
    return Ledger(
        name=f"today_{name}",
        keys=tuple(keys.split(", ")),
        measures={"earlier": Sum(source, "instant", "replaced_at", amount)},
        facts={fact: "earlier"},
        probe=more.get("probe", "probe"),
        answer="row" if more.get("probe") == "probe_item" else "h",
        moment="instant",
        amount=more.get("type", "BIGINT"),
        greatest=more.get("probe") == "probe_vehicle",
        within_day=True,
    )


LEDGERS: Final[tuple[Ledger, ...]] = (
    _earlier("trader", "trader_id, day", "version", "1", "today.trader_declarations"),
    _earlier("declarant", "declarant_id, day", "version", "1", "today.declarant_declarations"),
    _earlier(
        "trader_money",
        "trader_id, currency, day",
        "version",
        "customs_value",
        "today.trader_customs_value",
        type="DECIMAL(38, 2)",
    ),
    _earlier(
        "code",
        "trader_id, hs6, day",
        "(SELECT DISTINCT trader_id, hs6, event_day, d, version, instant, replaced_at FROM entry)",
        "1",
        "today.same_code_declarations",
        probe="probe_item",
    ),
)
"""Ledgers asked by instant."""

VEHICLE_LEDGER: Final = _earlier(
    "vehicle", "transport_id, day", "vehicle", "1", "today.vehicle_declarations", probe="probe_vehicle"
)
"""Asked where vehicles are known; of several vehicles the busiest counts."""
