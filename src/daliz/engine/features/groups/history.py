"""History of traders, declarants, foreign parties, carriers, routes and goods, up to the night before.

- Declarations of 365 (30) days: first registered on day D-365 (D-30) or later, known before D.
- Controls and violations of 365 days: declarations with such a finding, closed on day D-365 or later and
  known before D; a control is a finding whose source is ``control`` or ``audit``; a violation counts
  whatever its source, but the rate is of controls only.
- Money is summed within the currency of the declaration that asks.
"""

from typing import Final

from daliz.engine.features.ledger import Distinct, First, Last, Ledger, Measure, Sum

_ROUTE: Final = ("departure_country", "transport_mode", "border_office")
_GOODS: Final = ("hs6", "origin_country")


def _declared(days: int, amount: str = "1") -> Sum:
    return Sum("version", "day", f"least(event_day + {days}, replaced_day)", amount)


def _different(value: str) -> Distinct:
    return Distinct("version", "day", "least(event_day + 365, replaced_day)", value)


def _first(source: str = "version") -> First:
    return First(source, "day", "replaced_day", "event_day")


def _concerned(
    which: str, *, source: str = "outcome", until: str = "least(until, closed_day + 365)"
) -> Distinct:
    return Distinct(source, "since", until, "d", which)


def _controls(source: str = "outcome") -> dict[str, Measure]:
    return {
        "controls": _concerned("control", source=source),
        "violations": _concerned("violation", source=source),
        "found": _concerned("control AND violation", source=source),
    }


def _control_facts(prefix: str) -> dict[str, str]:
    return {
        f"{prefix}.controls_365d": "controls",
        f"{prefix}.violations_365d": "violations",
        f"{prefix}.violation_rate_365d": "CAST(found AS DOUBLE) / nullif(controls, 0)",
    }


def _party(prefix: str, keys: tuple[str, ...], more: dict[str, Measure], facts: dict[str, str]) -> Ledger:
    return Ledger(
        name=prefix,
        keys=keys,
        measures={
            "declarations": _declared(365),
            "first_day": _first(),
            **_controls(),
            **more,
        },
        facts={
            f"{prefix}.declarations_365d": "declarations",
            f"{prefix}.days_since_first": "day - first_day",
            **_control_facts(prefix),
            **facts,
        },
    )


def _novelty(name: str, keys: tuple[str, ...], facts: dict[str, str], *, of_item: bool = False) -> Ledger:
    source = "entry" if of_item else "version"
    return Ledger(
        name=f"trader_{name}",
        keys=("trader_id", *keys),
        measures={"first_day": _first(source)},
        facts=facts,
        probe="probe_item" if of_item else "probe",
        answer="row" if of_item else "h",
    )


LEDGERS: Final[tuple[Ledger, ...]] = (
    _party(
        "trader",
        ("trader_id",),
        {
            "declarations_30": _declared(30),
            "last_day": Last("version", "day", "replaced_day", "event_day"),
            "violations_ever": _concerned("violation", until="until"),
            "counterparties": _different("counterparty_id"),
            "declarants": _different("declarant_id"),
        },
        {
            "trader.declarations_30d": "declarations_30",
            "trader.days_since_last": "day - last_day",
            "trader.violations_ever": "violations_ever",
            "trader.counterparties_365d": "counterparties",
            "trader.declarants_365d": "declarants",
        },
    ),
    Ledger(
        name="trader_money",
        keys=("trader_id", "currency"),
        measures={
            "customs_value": _declared(365, "customs_value"),
            "assessed": Sum("outcome", "since", "least(until, closed_day + 365)", "assessed"),
        },
        facts={"trader.customs_value_365d": "customs_value", "trader.assessed_365d": "assessed"},
        amount="DECIMAL(38, 2)",
    ),
    _novelty("office", ("office",), {"trader.first_office": "first_day IS NULL"}),
    _novelty("route", _ROUTE, {"trader.first_route": "first_day IS NULL"}),
    _novelty("counterparty", ("counterparty_id",), {"trader.first_counterparty": "first_day IS NULL"}),
    _novelty("declarant", ("declarant_id",), {"trader.first_declarant": "first_day IS NULL"}),
    _novelty(
        "code",
        ("hs6",),
        {"trader.first_code": "first_day IS NULL", "trader.days_since_first_code": "day - first_day"},
        of_item=True,
    ),
    _novelty("origin", ("origin_country",), {"trader.first_origin": "first_day IS NULL"}, of_item=True),
    _party(
        "declarant",
        ("declarant_id",),
        {
            "declarations_30": _declared(30),
            "traders": _different("trader_id"),
        },
        {"declarant.declarations_30d": "declarations_30", "declarant.traders_365d": "traders"},
    ),
    _party(
        "counterparty",
        ("counterparty_id",),
        {"traders": _different("trader_id")},
        {"counterparty.traders_365d": "traders"},
    ),
    _party("carrier", ("carrier_id",), {}, {}),
    _party("route", _ROUTE, {}, {}),
    Ledger(
        name="goods",
        keys=_GOODS,
        measures={
            "items": Sum("entry", "day", "least(event_day + 365, replaced_day)", "1"),
            "first_day": _first("entry"),
            **_controls("outcome_item"),
        },
        facts={
            "goods.items_365d": "items",
            "goods.days_since_first": "day - first_day",
            **_control_facts("goods"),
        },
        probe="probe_item",
        answer="row",
    ),
)
"""Every ledger asked by day."""
