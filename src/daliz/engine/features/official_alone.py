"""What official lists say of one declaration, in Python: the same facts as ``groups.listed`` computes in SQL.

For live assessment. A test holds both equal, bit for bit.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any, Final

from daliz.engine.features.alone import Fact, finite
from daliz.engine.features.clock import day_number
from daliz.engine.features.groups import listed
from daliz.engine.features.official_tables import OfficialTables
from daliz.engine.records.declaration import Declaration, Values

FACTS: Final = tuple(name for name in listed.FACTS if name != "declaration.carriage_in_price")
"""What is told here."""

_CODED: Final = frozenset({"item.code_in_force", "item.tariff_unit", "item.unit_is_tariff_unit"})
_SHORTEST, _LONGEST = 2, 12

_Row = dict[str, Any]  # a row of an official table


class OfficialAlone:
    """Official lists, ready to be asked of one declaration after another."""

    def __init__(self, tables: OfficialTables) -> None:
        self._national, self._hold = tables.national, tables.hold_days
        self._rates: dict[str, tuple[list[int], list[float | None]]] = {}
        for row in sorted(tables.rates.to_pylist(), key=lambda r: (r["currency"], r["day"])):
            days, units = self._rates.setdefault(row["currency"], ([], []))
            days.append(row["day"])
            units.append(row["per_unit"])
        self._editions = tables.editions.to_pylist()
        self._codes: defaultdict[tuple[str, str], list[_Row]] = defaultdict(list)
        for row in tables.codes.to_pylist():
            self._codes[row["list"], row["code"]].append(row)
        self._duty: defaultdict[str, list[_Row]] = defaultdict(list)
        for row in tables.duty.to_pylist():
            self._duty[row["code"]].append(row)

    def facts(self, declaration: Declaration, day: date, names: Collection[str]) -> list[dict[str, Fact]]:
        """Return those of ``FACTS`` that are wanted, of each goods item.

        Args:
            declaration: that is asked about.
            day: of its registration.
            names: facts wanted, of any group.
        """
        wanted = [name for name in FACTS if name in names]
        if not wanted:
            return [{} for _ in declaration.items]
        number = day_number(day)
        rate = self._rate(declaration, number)
        told = []
        for item in declaration.items:
            row = self._valued(item, rate) | {"declaration.exchange_rate": finite(rate)}
            if not _CODED.isdisjoint(wanted):
                row |= self._coded(item, number)
            if "item.duty_expected" in wanted:
                row["item.duty_expected"] = finite(self._due(declaration, item, number))
            told.append({name: row[name] for name in wanted})
        return told

    def _rate(self, declaration: Declaration, day: int) -> float | None:
        """Return what the invoice's currency is worth in that of the customs value."""
        of, into = declaration.of("invoice_currency"), declaration.of("currency")
        if of is not None and of == into:
            return 1.0
        return self._per_unit(of, day) if into is not None and into == self._national else None

    def _per_unit(self, currency: object, day: int) -> float | None:
        days, units = self._rates.get(str(currency), ([], [])) if currency is not None else ([], [])
        at = bisect_right(days, day) - 1
        return units[at] if at >= 0 and day - days[at] <= self._hold else None

    @staticmethod
    def _valued(item: Values, rate: float | None) -> dict[str, Fact]:
        price, value = _number(item, "invoice_value"), _number(item, "customs_value")
        invoice = None if price is None or rate is None else price * rate
        compared = invoice is not None and invoice != 0 and value is not None
        return {
            "item.invoice_value_national": finite(invoice),
            "item.value_over_invoice": finite(value / invoice) if compared else None,  # type: ignore[operator]  # known, as compared says
            "item.additions_share": finite((value - invoice) / invoice) if compared else None,  # type: ignore[operator]  # the same
        }

    def _coded(self, item: Values, day: int) -> dict[str, Fact]:
        code, unit = item.get("hs_code"), item.get("quantity_unit")
        line = self._line("tnved", code, day)
        stated = None if line is None else line["unit"]
        return {
            "item.code_in_force": self._in_force(code, day, known=line is not None),
            "item.tariff_unit": stated,
            "item.unit_is_tariff_unit": None if stated is None or unit is None else unit == stated,
        }

    def _in_force(self, code: object, day: int, *, known: bool) -> bool | None:
        if not isinstance(code, str):
            return None
        if self._edition("tnved", day):
            return known
        if len(code) >= 6 and self._edition("hs", day):
            return self._line("hs", code[:6], day) is not None
        return None

    def _edition(self, kind: str, day: int) -> bool:
        return any(one["list"] == kind and one["since"] <= day <= one["until"] for one in self._editions)

    def _line(self, kind: str, code: object, day: int) -> _Row | None:
        rows = self._codes.get((kind, code), ()) if isinstance(code, str) else ()
        return next((row for row in rows if row["since"] <= day <= row["until"]), None)

    def _due(self, declaration: Declaration, item: Values, day: int) -> float | None:
        """Return the duty of an item of an import by the one line that goes before the others."""
        code = item.get("hs_code")
        ours = declaration.of("currency") == self._national
        if declaration.of("direction") != "import" or not ours or not isinstance(code, str):
            return None
        origin, preference = item.get("origin_country"), item.get("preference")
        lines = [
            line
            for digits in range(_SHORTEST, min(len(code), _LONGEST) + 1)
            for line in self._duty.get(code[:digits], ())
            if line["since"] <= day <= line["until"]
            and line["origin"] in (None, origin)
            and line["preference"] in (None, preference)
        ]
        if not lines:
            return None
        return self._amount(min(lines, key=_precedence), item, day)

    def _amount(self, line: _Row, item: Values, day: int) -> float | None:
        value = _number(item, "customs_value")
        by_value = None if value is None or line["share"] is None else value * float(line["share"])
        by_measure = self._by_measure(line, item, day)
        if line["method"] in ("plus", "not_less"):
            if by_value is None or by_measure is None:
                return None
            return by_value + by_measure if line["method"] == "plus" else max(by_value, by_measure)
        return by_value if line["share"] is not None else by_measure

    def _by_measure(self, line: _Row, item: Values, day: int) -> float | None:
        if line["unit"] == "kg":
            measure = _number(item, "net_mass_kg")
        else:
            same = line["unit"] is not None and line["unit"] == item.get("quantity_unit")
            measure = _number(item, "quantity") if same else None
        rate = 1.0 if line["currency"] == self._national else self._per_unit(line["currency"], day)
        if measure is None or rate is None or line["amount"] is None or not line["per"]:
            return None
        return float(line["amount"]) * measure / float(line["per"]) * rate


def _precedence(line: _Row) -> tuple[bool, bool, int, int]:
    """Order lines: of a preference first, then of an origin, then of the longest code."""
    return line["preference"] is None, line["origin"] is None, -len(line["code"]), line["line"]


def _number(item: Values, column: str) -> float | None:
    value = item.get(column)
    return None if value is None else float(value)  # type: ignore[arg-type]  # columns of amounts hold numbers
