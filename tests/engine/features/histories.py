"""Pretend histories, small and nasty: a fixed cast, few days, many corrections."""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from daliz.engine.records.schema import (
    CONTAINERS,
    DECLARATIONS,
    DOCUMENTS,
    FINDINGS,
    TRANSPORT_MEANS,
    TableSchema,
)

Row = dict[str, object]

FIRST = date(2023, 2, 10)
"""Day 0 of every pretend history."""

_DAYS = (0, 1, 2, 5, 30, 31, 200, 335, 336, 364, 365, 366, 367, 370, 384, 385, 395)
_CODES = ("8703231981", "8703231982", "8703101100", "870323", "87032", "8703", "6403990000", "64", None)


def table(schema: TableSchema, rows: list[Row]) -> pa.Table:
    """Rows as a canonical table; what a row does not say is null."""
    names = [*schema.names, *sorted({name for row in rows for name in row} - set(schema.names))]
    columns: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    types = {name: schema.arrow.field(name).type for name in schema.names}
    return pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()})


def local(day: date, at: time, zone: str) -> datetime:
    """The instant of a wall clock's time, in UTC."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


class History:
    """A border's past: declarations with amendments, findings that came late and were corrected."""

    def __init__(self, seed: int, zone: str, *, size: int = 40) -> None:
        self.random = random.Random(seed)
        self.priced = random.Random(f"{seed} priced")
        self.zone = zone
        self.declarations: list[Row] = []
        self.findings: list[Row] = []
        self.transport_means: list[Row] = []
        self.documents: list[Row] = []
        self.containers: list[Row] = []
        for number in range(size):
            self._declare(f"D{number:03}")

    def tables(self, *, shuffled: int | None = None) -> dict[str, pa.Table]:
        """The arguments of ``build_facts`` that this history gives."""
        rows = {
            "declarations": (DECLARATIONS, self.declarations),
            "findings": (FINDINGS, self.findings),
            "transport_means": (TRANSPORT_MEANS, self.transport_means),
            "documents": (DOCUMENTS, self.documents),
            "containers": (CONTAINERS, self.containers),
        }
        order = random.Random(shuffled)
        return {
            name: table(schema, order.sample(found, len(found)) if shuffled is not None else found)
            for name, (schema, found) in rows.items()
        }

    def _some(self, *values: object, unknown: float = 0.1) -> object:
        return None if self.random.random() < unknown else self.random.choice(values)

    def _price(self) -> Row:
        pick = self.priced.choice
        return {
            "direction": pick(("import", "import", "import", "export")),
            "invoice_currency": pick(("USD", "USD", "EUR", "RUB", "KZT", "KGS", "XXX", None)),
            "delivery_terms": pick(
                ("FCA Urumqi", "EXW", "cif", " DAP Almaty", "CIFX", "Almaty", "DDP,", "", None)
            ),
        }

    def _priced_item(self) -> Row:
        pick = self.priced.choice
        return {
            "invoice_value": pick((Decimal("0.20"), Decimal("0.00"), Decimal("1234.56"), Decimal(3), None)),
            "preference": pick((None, None, "free_trade", "relief")),
        }

    def _instant(self, after: datetime | None = None) -> datetime:
        if after is not None and self.random.random() < 0.5:
            return after + timedelta(microseconds=self.random.choice((0, 1, 3_600_000_000, 40_000_000_000)))
        day = FIRST + timedelta(days=self.random.choice(_DAYS))
        at = self.random.choice(
            (time(0), time(0, 0, 0, 1), time(9), time(9), time(12), time(23, 59, 59, 999999))
        )
        found = local(day, at, self.zone)
        return found if after is None or found > after or self.random.random() < 0.1 else after

    def _header(self) -> Row:
        return {
            "direction": "import",
            "trader_id": self._some("T1", "T2", "T3"),
            "declarant_id": self._some("B1", "B2", "T1"),
            "counterparty_id": self._some("C1", "C2", "C3"),
            "carrier_id": self._some("R1", "R2", unknown=0.4),
            "departure_country": self._some("CN", "DE"),
            "transport_mode": self._some("31", "20"),
            "border_office": self._some("39801"),
            "office": self._some("39802", "39803"),
            "currency": self._some("KZT", "KZT", "KGS"),
        }

    def _item(self) -> Row:
        pick = self.random.choice
        return {
            "hs_code": pick(_CODES),
            "origin_country": self._some("CN", "DE", "KZ"),
            "description": self._some("shoes", "көлік 🚗", ""),
            "customs_value": self._some(Decimal("100.10"), Decimal("0.00"), Decimal("333.33"), Decimal(7)),
            "net_mass_kg": self._some(1.0, 3.0, 0.1, 0.2, 0.3, 0.0),
            "gross_mass_kg": self._some(1.5, 3.7),
            "quantity": self._some(1.0, 2.0, 0.0),
            "quantity_unit": self._some("796", "166"),
            "duty": self._some(Decimal("1.10"), Decimal("2.20"), unknown=0.3),
            "vat": self._some(Decimal("12.00"), unknown=0.3),
            "excise": self._some(Decimal("0.01"), unknown=0.5),
        }

    def _declare(self, number: str) -> None:
        header, at = self._header() | self._price(), self._instant()
        for version in range(1, self.random.choice((1, 1, 1, 2, 3)) + 1):
            if version > 1:
                at = self._instant(at)
                header |= {k: v for k, v in self._header().items() if self.random.random() < 0.3}
            whole: Row = {"declaration_id": number, "version": version}
            items = range(1, self.random.choice((1, 1, 2, 3)) + 1)
            for item_no in items:
                self.declarations.append(
                    {
                        **header,
                        **whole,
                        "registered_at": at,
                        "item_no": item_no,
                        **self._item(),
                        **self._priced_item(),
                    }
                )
            for vehicle in self.random.sample(("V1", "V2", "V3"), self.random.choice((0, 1, 1, 2))):
                self.transport_means.append({**whole, "stage": "border", "transport_id": vehicle})
            for _ in range(self.random.choice((0, 1, 3))):
                self.documents.append(
                    {**whole, "document_code": self._some("1", "2"), "document_number": "n"}
                )
            for box in self.random.sample(("A", "B"), self.random.choice((0, 1, 2))):
                self.containers.append({**whole, "container_id": box, "item_no": self._some(1)})
        if self.random.random() < 0.6:
            self._find(number, at, None)

    def _find(self, number: str, after: datetime, corrects: str | None) -> None:
        name = f"F{len(self.findings):03}"
        closed = self._instant(after)
        known = self._instant(closed)
        self.findings.append(
            {
                "finding_id": name,
                "subject": "declaration",
                "declaration_id": number if self.random.random() < 0.9 else self._some("D999"),
                "item_no": self._some(1, 2, unknown=0.5),
                "control_form": "physical",
                "source": self.random.choice(("control", "control", "audit", "system_event", "voluntary")),
                "closed_at": closed,
                "known_at": known,
                "supersedes": corrects,
                "finality": self.random.choice(("provisional", "final", "final", "annulled")),
                "violation": self.random.random() < 0.6,
                "assessed": self._some(Decimal("10.50"), Decimal("99.99"), unknown=0.3),
            }
        )
        if self.random.random() < 0.4:
            self._find(number, known, self.random.choice((name, name, None)))
