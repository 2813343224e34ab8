"""What official lists say of an item: rate of exchange, comparable value, code, unit, duty by the tariff.

The day is that of registration. The tables are those of ``OfficialTables``; over ``i`` (the item's row),
``p`` (its declaration), ``n`` (the item asked), and what is made here: ``exchange``, ``coded``, ``due``.
"""

from collections.abc import Collection, Mapping
from typing import Final

from daliz.engine.features.official_tables import OfficialTables
from daliz.engine.records.duck import text_literal

CARRIAGE_PAID: Final = (
    "CFR", "CIF", "CPT", "CIP", "DAF", "DES", "DEQ", "DDU", "DAT", "DAP", "DPU", "DDP",
)  # fmt: skip
"""Incoterms of the groups C and D, of any edition: the seller pays the main carriage; it is in the price."""

CARRIAGE_UNPAID: Final = ("EXW", "FCA", "FAS", "FOB")
"""Incoterms of the groups E and F: the buyer pays the main carriage."""

_TERM: Final = "upper(regexp_extract(i.delivery_terms, '^ *([A-Za-z]{3})(?:[^A-Za-z]|$)', 1))"
_RATE: Final = (
    "CASE WHEN i.invoice_currency = i.currency THEN CAST(1 AS DOUBLE) "
    "WHEN i.currency = x.national THEN x.per_unit END"
)
_INVOICE: Final = f"(CAST(i.invoice_value AS DOUBLE) * ({_RATE}))"
_VALUE: Final = "CAST(i.customs_value AS DOUBLE)"


def _listed(terms: Collection[str]) -> str:
    return ", ".join(text_literal(term) for term in terms)


FACTS: Final[Mapping[str, str]] = {
    "declaration.exchange_rate": _RATE,
    "declaration.carriage_in_price": (
        f"CASE WHEN {_TERM} IN ({_listed(CARRIAGE_PAID)}) THEN true "
        f"WHEN {_TERM} IN ({_listed(CARRIAGE_UNPAID)}) THEN false END"
    ),
    "item.invoice_value_national": _INVOICE,
    "item.value_over_invoice": f"{_VALUE} / nullif({_INVOICE}, 0)",
    "item.additions_share": f"({_VALUE} - {_INVOICE}) / nullif({_INVOICE}, 0)",
    "item.code_in_force": "coded.in_force",
    "item.tariff_unit": "coded.unit",
    "item.unit_is_tariff_unit": "i.quantity_unit = coded.unit",
    "item.duty_expected": "due.amount",
}
"""Feature name to its SQL."""

_EXCHANGED: Final = (
    "declaration.exchange_rate", "item.invoice_value_national", "item.value_over_invoice",
    "item.additions_share",
)  # fmt: skip
_CODED: Final = ("item.code_in_force", "item.tariff_unit", "item.unit_is_tariff_unit")
_DUE: Final = ("item.duty_expected",)
_LONGEST: Final = 12


def joins(names: Collection[str]) -> str:
    """Return what is joined to the items for the features ``names``."""
    found = []
    if not set(names).isdisjoint(_EXCHANGED):
        found.append("LEFT JOIN exchange x ON x.currency = i.invoice_currency AND x.day = p.day")
    if not set(names).isdisjoint(_CODED):
        found.append("LEFT JOIN coded ON coded.row = n.row")
    if not set(names).isdisjoint(_DUE):
        found.append("LEFT JOIN due ON due.row = n.row")
    return " ".join(found)


def statements(names: Collection[str], tables: OfficialTables) -> list[str]:
    """Return the statements that make what ``joins`` joins."""
    made = []
    if not set(names).isdisjoint((*_EXCHANGED, *_DUE)):
        made.append(_exchange(tables))
    if not set(names).isdisjoint(_CODED):
        made.append(_CODES)
    if not set(names).isdisjoint(_DUE):
        made += [_candidates(), _due(tables)]
    return made


def _exchange(tables: OfficialTables) -> str:
    """The rate of each currency and day asked: that day's, or the last one that still holds."""
    return f"""
CREATE TABLE exchange AS
SELECT a.currency, a.day, {text_literal(tables.national)} AS national, r.per_unit
FROM (
    SELECT DISTINCT i.invoice_currency AS currency, p.day
    FROM declarations i JOIN probe p USING (declaration_id, version)
    UNION
    SELECT l.currency, p.day FROM (SELECT DISTINCT currency FROM official_duty) l
    CROSS JOIN (SELECT DISTINCT day FROM probe) p
) a ASOF JOIN official_rate r ON a.currency = r.currency AND a.day >= r.day
WHERE a.day - r.day <= {tables.hold_days}"""


_CODES: Final = """
CREATE TABLE coded AS
SELECT n.row, t.unit,
       CASE WHEN n.hs_code IS NULL THEN NULL
            WHEN e.list = 'tnved' THEN t.code IS NOT NULL
            WHEN w.list = 'hs' AND n.hs6 IS NOT NULL THEN h.code IS NOT NULL END AS in_force
FROM probe_item n
LEFT JOIN (SELECT * FROM official_edition WHERE list = 'tnved') e ON n.day BETWEEN e.since AND e.until
LEFT JOIN (SELECT * FROM official_code WHERE list = 'tnved') t
    ON t.code = n.hs_code AND n.day BETWEEN t.since AND t.until
LEFT JOIN (SELECT * FROM official_edition WHERE list = 'hs') w ON n.day BETWEEN w.since AND w.until
LEFT JOIN (SELECT * FROM official_code WHERE list = 'hs') h
    ON h.code = n.hs6 AND n.day BETWEEN h.since AND h.until"""


def _candidates() -> str:
    """The lines that goods of the items asked may fall under: those whose code begins theirs."""
    lengths = " UNION ALL ".join(
        f"SELECT a.*, l.line FROM goods a JOIN official_duty l ON l.code = left(a.hs_code, {digits}) "
        f"AND length(l.code) = {digits} AND length(a.hs_code) >= {digits}"
        for digits in range(2, _LONGEST + 1)
    )
    return f"""
CREATE TABLE duty_candidate AS
WITH goods AS (
    SELECT DISTINCT i.hs_code, i.origin_country, i.preference
    FROM declarations i JOIN probe p USING (declaration_id, version) WHERE i.direction = 'import'
)
SELECT c.* FROM ({lengths}) c JOIN official_duty l USING (line)
WHERE (l.origin IS NULL OR l.origin = c.origin_country)
  AND (l.preference IS NULL OR l.preference = c.preference)"""


def _due(tables: OfficialTables) -> str:
    """The duty of each item of an import by the one line that goes before the others."""
    national = text_literal(tables.national)
    by_value = f"{_VALUE} * l.share"
    measure = "CASE WHEN l.unit = 'kg' THEN i.net_mass_kg WHEN l.unit = i.quantity_unit THEN i.quantity END"
    rate = f"CASE WHEN l.currency = {national} THEN CAST(1 AS DOUBLE) ELSE x.per_unit END"
    by_measure = f"l.amount * ({measure}) / l.per * ({rate})"
    return f"""
CREATE TABLE due AS
SELECT row, CASE WHEN method = 'plus' THEN by_value + by_measure
                 WHEN method = 'not_less' THEN
                     CASE WHEN by_value >= by_measure THEN by_value
                          WHEN by_measure > by_value THEN by_measure END
                 WHEN share IS NOT NULL THEN by_value ELSE by_measure END AS amount
FROM (
    SELECT n.row, l.method, l.share, {by_value} AS by_value, {by_measure} AS by_measure,
           row_number() OVER (
               PARTITION BY n.row
               ORDER BY l.preference IS NULL, l.origin IS NULL, length(l.code) DESC, l.line
           ) AS place
    FROM declarations i JOIN probe p USING (declaration_id, version)
    JOIN probe_item n ON n.h = p.h AND n.item_no = i.item_no
    JOIN duty_candidate c ON c.hs_code = i.hs_code
        AND c.origin_country IS NOT DISTINCT FROM i.origin_country
        AND c.preference IS NOT DISTINCT FROM i.preference
    JOIN official_duty l ON l.line = c.line AND p.day BETWEEN l.since AND l.until
    LEFT JOIN exchange x ON x.currency = l.currency AND x.day = p.day
    WHERE i.direction = 'import' AND i.currency = {national}
) WHERE place = 1"""
