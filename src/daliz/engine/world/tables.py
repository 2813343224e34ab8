"""From a month's columns of numbers to canonical tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import pyarrow as pa

from daliz.engine.records.schema import DECLARATIONS, TRANSPORT_MEANS, TRUTH
from daliz.engine.world.columns import Column, instants, money_array, same, texts
from daliz.engine.world.consignments import Consignments
from daliz.engine.world.goods import Catalogue, Flags, Floats, Whole
from daliz.engine.world.items import Items
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.parties import Firms, Parties
from daliz.engine.world.payments import PREFERENCES, Money, Payments, payments
from daliz.engine.world.places import TERMS, Places
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import DIRECTIONS, IMPORT, KINDS, PROCEDURES, TRANSIT, Supply
from daliz.engine.world.violations import AFTER, PAPERS, PHYSICAL, VIOLATION_TYPES, Lies
from daliz.engine.world.wording import Wording

TRUTH_SCHEMA = TRUTH.arrow.append(pa.field("scheme", pa.string()))
"""``truth`` with one further column: the scheme behind a violation."""

_FORMS_BY_BITS = [
    [
        name
        for bit, name in ((PAPERS, "documents"), (PHYSICAL, "physical"), (AFTER, "post_release"))
        if bits & bit
    ]
    for bits in range(8)
]


@dataclass(slots=True, eq=False)
class Writer:
    """Turns months into tables; remembers the running numbers of declarations by office.

    Attributes:
        numbers: last number given by each office.
    """

    parameters: Parameters
    places: Places
    cat: Catalogue
    parties: Parties
    supply: Supply
    money: Money
    wording: Wording
    numbers: Whole = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = np.zeros(len(self.places.codes), dtype=np.int64)

    def identify(self, consignments: Consignments) -> pa.StringArray:
        """Number the declarations as offices do: office, date, running number."""
        office = self.supply.office[consignments.line]
        order = np.argsort(office, kind="stable")
        counts = np.bincount(office, minlength=len(self.places.codes))
        begin = np.repeat(np.cumsum(counts) - counts, counts)
        running = np.empty(len(office), dtype=np.int64)
        running[order] = np.arange(len(office)) - begin + 1
        running += self.numbers[office]
        self.numbers += counts
        days = [
            (self.parameters.first_day + timedelta(days=i)).strftime("%d%m%y")
            for i in range(self.parameters.days)
        ]
        ids = [
            f"{self.places.codes[o]}/{days[d]}/{n:07d}"
            for o, d, n in zip(office.tolist(), consignments.day.tolist(), running.tolist(), strict=True)
        ]
        return pa.array(ids, pa.string())

    def month(self, consignments: Consignments, lies: Lies) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Return declarations, truth and transport means of a month."""
        ids = self.identify(consignments)
        declarations = self._declarations(consignments, lies, ids)
        return declarations, self._truth(consignments, lies, ids), self._vehicles(consignments, ids)

    def _declarations(self, consignments: Consignments, lies: Lies, ids: pa.StringArray) -> pa.Table:
        supply, parties, said = self.supply, self.parties, lies.said
        chance = stream(self.parameters.seed, "writing", int(consignments.day[0]) if len(consignments) else 0)
        line, of = consignments.line, said.of
        item_line = line[of]
        lost = self.parameters.value["missing"]

        def gap(share: float, count: int) -> Flags:
            flags: Flags = chance.random(count) < share * lost
            return flags

        size = len(consignments)
        trader, broker = supply.trader[line], supply.broker[line]
        self_declared = broker < 0
        declarant = np.where(self_declared, trader, len(parties.traders) + broker)
        firms = Firms(
            parties.traders.ids + parties.brokers.ids, parties.traders.names + parties.brokers.names
        )
        origin_code = texts(self.cat.countries, supply.country[line], gap(0.004, size))
        transit = supply.direction[line] == TRANSIT
        financial = np.where(
            chance.random(size) < 0.04, chance.integers(0, len(parties.traders), size), trader
        )
        header: dict[str, Column] = {
            "declaration_id": ids,
            "version": pa.array(np.ones(size, dtype=np.int32)),
            "kind": texts(KINDS, supply.kind[line]),
            "registered_at": instants(consignments.instant),
            "direction": texts(DIRECTIONS, supply.direction[line]),
            "procedure": texts(PROCEDURES, supply.direction[line]),
            "office": texts(self.places.codes, supply.office[line]),
            "border_office": texts(self.places.codes, supply.border[line], gap(0.01, size)),
            "goods_location": texts(self.places.codes, self._location(line, chance), gap(0.01, size)),
            "declarant_id": texts(firms.ids, declarant),
            "declarant_name": _spelled(firms, declarant, chance),
            "trader_id": texts(parties.traders.ids, trader),
            "trader_name": _spelled(parties.traders, trader, chance),
            "counterparty_id": texts(parties.counterparties.ids, supply.counterparty[line], gap(0.06, size)),
            "counterparty_name": _spelled(parties.counterparties, supply.counterparty[line], chance),
            "financial_party_id": texts(parties.traders.ids, financial, gap(0.3, size)),
            "carrier_id": texts(parties.carriers.ids, supply.carrier[line], gap(0.06, size)),
            "transport_mode": texts([str(i) for i in range(100)], supply.mode[line], gap(0.003, size)),
            "departure_country": origin_code,
            "delivery_terms": texts(TERMS, supply.terms[line], gap(0.02, size)),
            "currency": same(self.places.currency, size),
            "invoice_currency": texts(supply.currencies, supply.currency[line]),
        }
        columns: dict[str, Column] = {name: values.take(of) for name, values in header.items()}
        columns |= self._items(
            consignments, lies, line=item_line, transit=transit[of], gap=gap, chance=chance
        )
        return pa.Table.from_arrays(
            [columns[name].cast(DECLARATIONS.arrow.field(name).type) for name in DECLARATIONS.names],
            schema=DECLARATIONS.arrow,
        )

    def _items(
        self, consignments: Consignments, lies: Lies, *, line: Whole, transit: Flags,
        gap: Callable[[float, int], Flags], chance: np.random.Generator,
    ) -> dict[str, Column]:  # fmt: skip
        """The columns that speak of the goods item."""
        said, cat, supply = lies.said, self.cat, self.supply
        count, day = len(said), consignments.day[said.of]
        direction = supply.direction[line]
        value = self.value(said.usd, day)
        due = self._payments(said, day, direction)
        rates = np.stack([self.money.rate[c] for c in supply.currencies])
        invoice = np.rint(value * said.invoiced / rates[supply.currency[line], day]).astype(np.int64)
        specific = (cat.eur_kg[said.good] > 0) & (said.preference == 0)
        applied = np.where(said.preference == 0, cat.duty_bp[said.good], 0) / 10_000
        units = sorted({good.unit for good in cat.goods if good.unit})
        unit = np.array([units.index(good.unit) if good.unit else -1 for good in cat.goods], dtype=np.int64)
        unknown_quantity = ~np.isfinite(said.quantity) | gap(0.01, count)
        valued = np.searchsorted((0.93, 0.94, 0.95, 0.96), chance.random(count))
        return {
            "item_no": pa.array(said.no.astype(np.int32)),
            "origin_country": texts(cat.countries, said.origin, gap(0.004, count)),
            "hs_code": texts([good.code for good in cat.goods], said.good),
            "description": self.wording.describe(
                words=lies.words,
                branded_as=lies.true.good,
                shows_brand=lies.shows_brand,
                language=supply.language[line],
                missing=gap(0.005, count),
                chance=chance,
            ),
            "net_mass_kg": pa.array(said.net_mass_kg),
            "gross_mass_kg": pa.array(said.gross_mass_kg, mask=gap(0.004, count)),
            "quantity": pa.array(said.quantity, mask=unknown_quantity),
            "quantity_unit": texts(units, unit[said.good], unknown_quantity),
            "customs_value": money_array(value),
            "invoice_value": money_array(invoice, gap(0.006, count)),
            "duty_rate": pa.array(applied, mask=specific | transit),
            "duty": money_array(due.duty, transit),
            "vat": money_array(due.vat, transit),
            "excise": money_array(due.excise, transit | (cat.excise_tiyn[said.good] == 0)),
            "preference": texts(["", *PREFERENCES[1:]], np.where(said.preference == 0, -1, said.preference)),
            "valuation_method": texts("12346", valued, direction != IMPORT),
        }

    def value(self, usd: Floats, day: Whole) -> Whole:
        """Customs value in hundredths of the currency."""
        hundredths: Whole = np.rint(usd * self.money.rate["USD"][day] * 100).astype(np.int64)
        return hundredths

    def _payments(
        self, items: Items, day: Whole, direction: Whole, *, in_transit_too: bool = False
    ) -> Payments:
        return payments(
            self.cat, self.money, day=day, direction=direction, good=items.good, preference=items.preference,
            value=self.value(items.usd, day), net_mass_kg=items.net_mass_kg,
            quantity=np.nan_to_num(items.quantity), in_transit_too=in_transit_too,
        )  # fmt: skip

    def _truth(self, consignments: Consignments, lies: Lies, ids: pa.StringArray) -> pa.Table:
        """What is really due less what was declared as due; hidden goods and lost transit in full."""
        true, said = lies.true, lies.said
        day, direction = consignments.day[true.of], self.supply.direction[consignments.line[true.of]]
        really, declared = (self._payments(items, day, direction).total for items in (true, said))
        wrong = lies.kind >= 0
        evaded = np.where(wrong, np.maximum(really - declared, 0), 0)
        hidden = self.value(lies.hidden_usd * 0.24, day)
        lost = lies.kind == VIOLATION_TYPES.index("non_delivery")
        at_home = self._payments(true, day, direction, in_transit_too=True).total
        evaded = evaded + hidden + np.where(lost, at_home, 0)
        seen = np.where(wrong, lies.seen, 0)
        forms = pa.array(_FORMS_BY_BITS, pa.list_(pa.string())).take(seen)
        columns: list[Column] = [
            ids.take(true.of),
            pa.array(true.no.astype(np.int32)),
            pa.array(wrong),
            texts(VIOLATION_TYPES, lies.kind),
            money_array(evaded),
            pa.array(np.where(wrong, lies.harm, 0.0)),
            forms,
            texts(self.supply.schemes, np.where(lies.scheme == 0, -1, lies.scheme)),
        ]
        return pa.Table.from_arrays(columns, schema=TRUTH_SCHEMA)

    def _vehicles(self, consignments: Consignments, ids: pa.StringArray) -> pa.Table:
        """The vehicle of each declaration; the parts of a split consignment share one."""
        carriers = self.parties.carriers
        marks = [mark for vehicles in carriers.vehicles for mark in vehicles]
        counts = np.array([len(vehicles) for vehicles in carriers.vehicles], dtype=np.int64)
        carrier = self.supply.carrier[consignments.line]
        first = np.cumsum(counts) - counts
        chance = stream(
            self.parameters.seed, "vehicles", int(consignments.day[0]) if len(consignments) else 0
        )
        draw = chance.random(int(consignments.event.max()) + 1 if len(consignments) else 0)[
            consignments.event
        ]
        vehicle = first[carrier] + (draw * counts[carrier]).astype(np.int64)
        missing = chance.random(len(carrier)) < 0.02 * self.parameters.value["missing"]
        known = pa.array(~missing)
        table = pa.Table.from_arrays(
            [
                ids,
                pa.array(np.ones(len(ids), dtype=np.int32)),
                pa.nulls(len(ids), pa.int32()),
                same("border", len(ids)),
                texts(marks, vehicle),
                texts([str(mode) for mode in carriers.modes], carrier),
                texts(carriers.nationalities, carrier),
            ],
            schema=TRANSPORT_MEANS.arrow,
        )
        return table.filter(known)

    def _location(self, line: Whole, chance: np.random.Generator) -> Whole:
        """Goods lie at the declaration's office, sometimes still at the border."""
        stays = (self.supply.border[line] >= 0) & (chance.random(len(line)) < 0.12)
        at: Whole = np.where(stays, self.supply.border[line], self.supply.office[line])
        return at


def _spelled(firms: Firms, index: Whole, chance: np.random.Generator) -> pa.StringArray:
    """Write firms' names, two of three times as usual."""
    ways = len(firms.names[0])
    flat = [name for spellings in firms.names for name in spellings]
    way = np.searchsorted((0.66, 0.80, 0.95), chance.random(len(index)))
    return texts(flat, index * ways + way)
