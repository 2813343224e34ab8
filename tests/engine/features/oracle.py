"""The oracle: every feature of one item told by reading the whole past, row by row, without any SQL.

Slow, plain, and written from the definitions alone; it shares no code with what it judges.
"""

import functools
import math
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import cast
from zoneinfo import ZoneInfo

from tests.engine.features import official_oracle

Row = dict[str, object]
Items = list[Row]


def _number(value: object) -> float | None:
    return None if value is None else float(cast(Decimal, value))


def _ratio(over: object, under: object) -> float | None:
    a, b = _number(over), _number(under)
    if a is None or b is None or b == 0:
        return None
    return a / b if math.isfinite(a / b) else None


def _total(values: Iterable[object]) -> object:
    found = list(values)
    if any(value is None for value in found):
        return None
    return functools.reduce(lambda a, b: a + b, cast("list[Decimal]", found))


def _prefix(code: object, digits: int) -> str | None:
    return str(code)[:digits] if code is not None and len(str(code)) >= digits else None


def _same(left: object, right: object) -> bool | None:
    return None if left is None or right is None else left == right


def _taxes(item: Row) -> Decimal | None:
    known = [cast(Decimal, item[name]) for name in ("duty", "vat", "excise") if item[name] is not None]
    return sum(known, Decimal(0)) if known else None


class Oracle:
    """Knows everything; tells what could be known the night before."""

    def __init__(
        self,
        declarations: list[Row],
        findings: list[Row],
        transport_means: list[Row] | None,
        *,
        zone: str,
        holidays: frozenset[date],
        minimum: int,
        documents: list[Row] | None = None,
        containers: list[Row] | None = None,
    ) -> None:
        self.zone, self.holidays, self.minimum = ZoneInfo(zone), holidays, minimum
        self.findings = findings
        self.children = {"vehicle": transport_means, "document": documents, "container": containers}
        self.versions: dict[str, dict[int, Items]] = {}
        for row in sorted(declarations, key=lambda r: cast(int, r["item_no"])):
            of = self.versions.setdefault(str(row["declaration_id"]), {})
            of.setdefault(cast(int, row["version"]), []).append(row)

    def day(self, instant: object) -> date:
        """The local day of an instant."""
        return cast(datetime, instant).astimezone(self.zone).date()

    def first_day(self, number: str, version: int) -> date:
        """The day on which a declaration first came."""
        return min(self.day(i[0]["registered_at"]) for v, i in self.versions[number].items() if v <= version)

    def past(self, known: Callable[[datetime], bool], *, but: str | None) -> list[tuple[date, Items]]:
        """The latest known version of every declaration, with the day on which the declaration came."""
        found = []
        for number, versions in self.versions.items():
            there = [v for v, i in versions.items() if known(cast(datetime, i[0]["registered_at"]))]
            if there and number != but:
                found.append((self.first_day(number, max(there)), versions[max(there)]))
        return found

    def outcomes(self, day: date) -> list[Row]:
        """Findings that stand on the night before ``day``."""
        known = [f for f in self.findings if self.day(f["known_at"]) < day]
        replaced = {f["supersedes"] for f in known}
        return [
            f
            for f in known
            if f["finding_id"] not in replaced
            and f["finality"] != "annulled"
            and self.day(f["closed_at"]) < day
        ]

    def tell(self, row: Row) -> Row:
        """Every feature of one item of one version."""
        items = self.versions[str(row["declaration_id"])][cast(int, row["version"])]
        day = self.day(row["registered_at"])
        past = self.past(lambda instant: self.day(instant) < day, but=str(row["declaration_id"]))
        told = (
            self._stated(row, items)
            | official_oracle.told(row, day)
            | self._calendar(row, day)
            | self._today(row, day)
        )
        for prefix, keys in (
            ("trader", ("trader_id",)),
            ("declarant", ("declarant_id",)),
            ("counterparty", ("counterparty_id",)),
            ("carrier", ("carrier_id",)),
            ("route", ("departure_country", "transport_mode", "border_office")),
        ):
            told |= self._history(prefix, row, keys, past, day)
        told |= self._novelty(row, past, day) | self._goods(row, past, day)
        return told | self._reference(row, day)

    def _stated(self, row: Row, items: Items) -> Row:
        value = _total(i["customs_value"] for i in items)
        key = (row["declaration_id"], row["version"])
        of = {
            name: None if rows is None else [r for r in rows if (r["declaration_id"], r["version"]) == key]
            for name, rows in self.children.items()
        }
        told: Row = {
            "item.item_no": row["item_no"],
            "item.hs_code": row["hs_code"],
            "item.hs_chapter": _prefix(row["hs_code"], 2),
            "item.hs_heading": _prefix(row["hs_code"], 4),
            "item.hs_subheading": _prefix(row["hs_code"], 6),
            "item.description_length": None if row["description"] is None else len(str(row["description"])),
            "item.unit_value": _ratio(row["customs_value"], row["net_mass_kg"]),
            "item.value_per_unit": _ratio(row["customs_value"], row["quantity"]),
            "item.mass_per_unit": _ratio(row["net_mass_kg"], row["quantity"]),
            "item.packing_ratio": _ratio(row["gross_mass_kg"], row["net_mass_kg"]),
            "item.value_share": _ratio(row["customs_value"], value),
            "item.taxes": _number(_taxes(row)),
            "item.customs_value": _number(row["customs_value"]),
            "item.origin_is_departure": _same(row["origin_country"], row["departure_country"]),
            "declaration.version": row["version"],
            "declaration.item_count": len(items),
            "declaration.distinct_codes": len({i["hs_code"] for i in items} - {None}),
            "declaration.distinct_origins": len({i["origin_country"] for i in items} - {None}),
            "declaration.customs_value": _number(value),
            "declaration.net_mass_kg": _total(i["net_mass_kg"] for i in items),
            "declaration.gross_mass_kg": _total(i["gross_mass_kg"] for i in items),
            "declaration.taxes": _number(_total(_taxes(i) for i in items)),
            "declaration.trader_is_declarant": _same(row["trader_id"], row["declarant_id"]),
            "declaration.trader_id": row["trader_id"],
        }
        documents, containers = of["document"], of["container"]
        told["declaration.document_count"] = (
            None
            if documents is None
            else len({(d["document_code"], d["document_number"]) for d in documents})
        )
        told["declaration.container_count"] = (
            None if containers is None else len({c["container_id"] for c in containers})
        )
        return told

    def _calendar(self, row: Row, day: date) -> Row:
        def works(one: date) -> bool:
            return one.weekday() < 5 and one not in self.holidays

        rest = 0
        while works(day + timedelta(days=rest)):
            rest += 1
        return {
            "calendar.weekday": day.weekday() + 1,
            "calendar.month": day.month,
            "calendar.hour": cast(datetime, row["registered_at"]).astimezone(self.zone).hour,
            "calendar.is_working_day": works(day),
            "calendar.days_to_rest": rest,
        }

    def _today(self, row: Row, day: date) -> Row:
        now = cast(datetime, row["registered_at"])
        earlier = [
            items
            for came, items in self.past(lambda instant: instant < now, but=str(row["declaration_id"]))
            if came == day
        ]
        trader = [i for i in earlier if i[0]["trader_id"] == row["trader_id"]]
        code = _prefix(row["hs_code"], 6)
        told: Row = dict.fromkeys(
            (
                "today.trader_declarations", "today.declarant_declarations", "today.vehicle_declarations",
                "today.trader_customs_value", "today.same_code_declarations",
            )
        )  # fmt: skip
        if row["trader_id"] is not None:
            told["today.trader_declarations"] = len(trader)
            if row["currency"] is not None:
                told["today.trader_customs_value"] = float(
                    self._value(i for i in trader if i[0]["currency"] == row["currency"])
                )
            if code is not None:
                told["today.same_code_declarations"] = sum(
                    any(_prefix(i["hs_code"], 6) == code for i in items) for items in trader
                )
        if row["declarant_id"] is not None:
            told["today.declarant_declarations"] = sum(
                items[0]["declarant_id"] == row["declarant_id"] for items in earlier
            )
        mine = self._vehicles(row)
        if mine:
            told["today.vehicle_declarations"] = max(
                sum(vehicle in self._vehicles(items[0]) for items in earlier) for vehicle in mine
            )
        return told

    def _vehicles(self, row: Row) -> set[object]:
        key = (row["declaration_id"], row["version"])
        means = self.children["vehicle"] or []
        return {m["transport_id"] for m in means if (m["declaration_id"], m["version"]) == key}

    def _value(self, declarations: Iterable[Items]) -> Decimal:
        return sum(
            (
                cast(Decimal, i["customs_value"])
                for items in declarations
                for i in items
                if i["customs_value"] is not None
            ),
            Decimal(0),
        )

    def _history(
        self, prefix: str, row: Row, keys: tuple[str, ...], past: list[tuple[date, Items]], day: date
    ) -> Row:
        names = (
            "declarations_30d", "declarations_365d", "customs_value_365d", "days_since_first",
            "days_since_last", "controls_365d", "violations_365d", "violations_ever", "violation_rate_365d",
            "assessed_365d", "counterparties_365d", "declarants_365d", "traders_365d",
        )  # fmt: skip
        told: Row = {f"{prefix}.{name}": None for name in names}
        key = tuple(row[k] for k in keys)
        if None in key:
            return told
        mine = [(came, i) for came, i in past if tuple(i[0][k] for k in keys) == key]
        year = [i for came, i in mine if came >= day - timedelta(days=365)]
        told[f"{prefix}.declarations_365d"] = len(year)
        told[f"{prefix}.declarations_30d"] = sum(came >= day - timedelta(days=30) for came, _ in mine)
        if mine:
            told[f"{prefix}.days_since_first"] = (day - min(came for came, _ in mine)).days
            told[f"{prefix}.days_since_last"] = (day - max(came for came, _ in mine)).days
        for name, column in (
            ("counterparties", "counterparty_id"), ("declarants", "declarant_id"), ("traders", "trader_id"),
        ):  # fmt: skip
            told[f"{prefix}.{name}_365d"] = len({i[0][column] for i in year} - {None})
        numbers = {i[0]["declaration_id"]: i for _, i in mine}
        found = [f for f in self.outcomes(day) if f["declaration_id"] in numbers]
        told |= self._rates(prefix, found, day)
        told[f"{prefix}.violations_ever"] = len({f["declaration_id"] for f in found if f["violation"]})
        if row["currency"] is not None:
            same = {n for n, i in numbers.items() if i[0]["currency"] == row["currency"]}
            told[f"{prefix}.customs_value_365d"] = float(
                self._value(i for i in year if i[0]["currency"] == row["currency"])
            )
            told[f"{prefix}.assessed_365d"] = float(
                sum(
                    (
                        cast(Decimal, f["assessed"])
                        for f in found
                        if f["assessed"] is not None and f["declaration_id"] in same and self._recent(f, day)
                    ),
                    Decimal(0),
                )
            )
        return told

    def _recent(self, finding: Row, day: date) -> bool:
        return self.day(finding["closed_at"]) >= day - timedelta(days=365)

    def _rates(self, prefix: str, found: list[Row], day: date) -> Row:
        recent = [f for f in found if self._recent(f, day)]
        controls = {f["declaration_id"] for f in recent if f["source"] in ("control", "audit")}
        successes = {
            f["declaration_id"] for f in recent if f["source"] in ("control", "audit") and f["violation"]
        }
        return {
            f"{prefix}.controls_365d": len(controls),
            f"{prefix}.violations_365d": len({f["declaration_id"] for f in recent if f["violation"]}),
            f"{prefix}.violation_rate_365d": len(successes) / len(controls) if controls else None,
        }

    def _novelty(self, row: Row, past: list[tuple[date, Items]], day: date) -> Row:
        told: Row = {}
        trader = [(came, i) for came, i in past if i[0]["trader_id"] == row["trader_id"]]
        for name, columns in (
            ("office", ("office",)),
            ("route", ("departure_country", "transport_mode", "border_office")),
            ("counterparty", ("counterparty_id",)),
            ("declarant", ("declarant_id",)),
        ):
            key = [row[c] for c in columns]
            known = row["trader_id"] is not None and None not in key
            told[f"trader.first_{name}"] = (
                all([i[0][c] for c in columns] != key for _, i in trader) if known else None
            )
        code, origin = _prefix(row["hs_code"], 6), row["origin_country"]
        told |= dict.fromkeys(("trader.first_code", "trader.days_since_first_code", "trader.first_origin"))
        if row["trader_id"] is not None and code is not None:
            came = [c for c, items in trader if any(_prefix(i["hs_code"], 6) == code for i in items)]
            told["trader.first_code"] = not came
            told["trader.days_since_first_code"] = (day - min(came)).days if came else None
        if row["trader_id"] is not None and origin is not None:
            told["trader.first_origin"] = all(
                i["origin_country"] != origin for _, items in trader for i in items
            )
        return told

    def _goods(self, row: Row, past: list[tuple[date, Items]], day: date) -> Row:
        code, origin = _prefix(row["hs_code"], 6), row["origin_country"]
        names = ("items_365d", "days_since_first", "controls_365d", "violations_365d", "violation_rate_365d")
        told: Row = {f"goods.{name}": None for name in names}
        if code is None or origin is None:
            return told

        def alike(item: Row) -> bool:
            return _prefix(item["hs_code"], 6) == code and item["origin_country"] == origin

        mine = [(came, i) for came, items in past for i in items if alike(i)]
        told["goods.items_365d"] = sum(came >= day - timedelta(days=365) for came, _ in mine)
        if mine:
            told["goods.days_since_first"] = (day - min(came for came, _ in mine)).days
        there = {(i["declaration_id"], i["item_no"]) for _, i in mine}
        found = [
            f
            for f in self.outcomes(day)
            if (f["declaration_id"], f["item_no"]) in there
            or (f["item_no"] is None and f["declaration_id"] in {number for number, _ in there})
        ]
        return told | self._rates("goods", found, day)

    def _reference(self, row: Row, day: date) -> Row:
        told: Row = dict.fromkeys(
            f"reference.{name}"
            for name in (
                "unit_value_p10", "unit_value_p50", "unit_value_p90", "value_per_unit_p50",
                "mass_per_unit_p50", "observations", "level",
            )
        )  # fmt: skip
        monday = day - timedelta(days=day.weekday())
        bad = [f for f in self.outcomes(monday) if f["violation"]]
        accepted = [
            item
            for came, items in self.past(lambda instant: self.day(instant) < monday, but=None)
            for item in items
            if came >= monday - timedelta(days=365)
            and item["currency"] == row["currency"]
            and not any(
                f["declaration_id"] == item["declaration_id"] and f["item_no"] in (None, item["item_no"])
                for f in bad
            )
        ]
        if row["currency"] is None:
            return told
        level, values = self._level(row, accepted, "customs_value", "net_mass_kg")
        if level is not None:
            told["reference.level"], told["reference.observations"] = level, len(values)
            for name, q in (("p10", Fraction(1, 10)), ("p50", Fraction(1, 2)), ("p90", Fraction(9, 10))):
                told[f"reference.unit_value_{name}"] = _quantile(values, q)
        if row["quantity_unit"] is not None:
            unit = [i for i in accepted if i["quantity_unit"] == row["quantity_unit"]]
            for name, over in (("value_per_unit_p50", "customs_value"), ("mass_per_unit_p50", "net_mass_kg")):
                level, values = self._level(row, unit, over, "quantity")
                told[f"reference.{name}"] = None if level is None else _quantile(values, Fraction(1, 2))
        return told

    def _level(self, row: Row, items: Items, over: str, under: str) -> tuple[str | None, list[float]]:
        code = row["hs_code"]
        full = str(code) if code is not None and len(str(code)) > 6 else None
        for name, goods, digits in (
            ("hs10", full, 12),
            ("hs6", _prefix(code, 6), 6),
            ("hs4", _prefix(code, 4), 4),
        ):
            for with_origin in (True, False):
                if goods is None or (with_origin and row["origin_country"] is None):
                    continue
                values = [
                    _ratio(i[over], i[under])
                    for i in items
                    if (i["hs_code"] if digits == 12 else _prefix(i["hs_code"], digits)) == goods
                    and (not with_origin or i["origin_country"] == row["origin_country"])
                ]
                known = sorted(v for v in values if v is not None)
                if len(known) >= self.minimum:
                    return name + ("_origin" if with_origin else ""), known
        return None, []


def _quantile(values: list[float], q: Fraction) -> float:
    """The least value with at least q of all at or below it; ``values`` ascend."""
    return next(v for n, v in enumerate(values, 1) if n >= q * len(values))
