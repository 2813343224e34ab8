"""Makes the reference values that ``groups.reference`` defines: which weeks, which goods, down the levels."""

from collections.abc import Collection, Sequence
from itertools import product
from typing import Final

import pyarrow as pa

from daliz.engine.features.groups import reference
from daliz.engine.features.groups.reference import Usual
from daliz.engine.features.weighing import weigh
from daliz.engine.features.workshop import Workshop

_TOGETHER: Final = 5_000_000
"""Reference values that are weighed together: goods are taken some at a time to bound memory."""


def price(shop: Workshop, names: Collection[str], minimum: int) -> None:
    """Make the reference values for the items asked, Monday by Monday."""
    usuals = {
        u: [n for n, (of, _) in reference.FACTS.items() if of == u.name and n in names]
        for u in reference.USUALS
    }
    usuals = {usual: wanted for usual, wanted in usuals.items() if wanted}
    if not usuals:
        return
    shop.need("cell")
    _kept_or_made(shop, list(usuals))
    shop.run([reference.PROBED, reference.WANTED])
    fill(shop, list(usuals), minimum)
    for usual, wanted in usuals.items():
        shop.run([reference.facts(usual, wanted)])
        shop.facts[f"usual_{usual.name}_facts"] = ("row", tuple(wanted))
    if not shop.keeps:
        shop.drop("cell", *reference.TABLES)
        shop.made.discard("cell")
    shop.drop("wanted", "probe_cell")


def _kept_or_made(shop: Workshop, usuals: Sequence[Usual]) -> None:
    """Make what usual values of the Mondays asked rest on, unless it was kept."""
    if shop.monday is not None and _mondays(shop, "probe") == {shop.monday}:
        return
    shop.drop(*reference.TABLES)
    observe(shop, usuals, "SELECT DISTINCT monday FROM probe")
    mondays = _mondays(shop, "week")
    shop.monday = mondays.pop() if shop.keeps and len(mondays) == 1 else None


def observe(shop: Workshop, usuals: Sequence[Usual], mondays: str) -> None:
    """Make the values that count on the Mondays that a query gives; none is weighed yet."""
    shop.need("cell")
    shop.need("outcome_item")
    shop.make("week", mondays)
    shop.run(reference.OBSERVED)
    shop.run([reference.WEIGHED, *(reference.opened(usual) for usual in usuals)])


def _mondays(shop: Workshop, table: str) -> set[int]:
    rows = shop.connection.execute(f"SELECT DISTINCT monday FROM {table}").fetchall()
    return {monday for (monday,) in rows}


def fill(shop: Workshop, usuals: Sequence[Usual], minimum: int) -> None:
    """Fill ``usual_<name>`` for the cells ``wanted``, going down the levels of goods."""
    stretches = shop.connection.execute(reference.stretches(_TOGETHER)).fetchall()
    for (low, high), usual in product(stretches, usuals):
        shop.run([reference.unserved(usual, low, high)])
        for level in reference.LEVELS:
            weeks = "SELECT DISTINCT monday FROM unserved ORDER BY monday"
            mondays = [monday for (monday,) in shop.connection.execute(weeks).fetchall()]
            if not mondays:
                break
            shop.run([reference.rungs(usual, level)])
            values = shop.connection.sql(reference.values(usual, level)).to_arrow_table()
            shop.connection.register("served", weigh(values, mondays, usual.quantiles, minimum))
            shop.run(reference.serve(usual, level))
    shop.run(["INSERT INTO weighed SELECT monday, cell FROM wanted"])


def ladder(shop: Workshop, usual: Usual, minimum: int) -> pa.Table:
    """Return the usual values of every group of goods at every level that has enough values to serve.

    Columns: level, code, origin_country, currency, quantity_unit (empty where a level does not ask), then the
    facts of the usual value. For the one Monday that was observed.
    """
    facts = {name: column for name, (of, column) in reference.FACTS.items() if of == usual.name}
    parts = []
    shop.run(["CREATE OR REPLACE TABLE unserved AS SELECT w.monday, c.* FROM cell c CROSS JOIN week w"])
    mondays = sorted(_mondays(shop, "week"))
    for level in reference.LEVELS:
        shop.run([reference.rungs(usual, level)])
        values = shop.connection.sql(reference.values(usual, level)).to_arrow_table()
        shop.connection.register("served", weigh(values, mondays, usual.quantiles, minimum))
        parts.append(shop.connection.sql(reference.told_by_level(usual, level, facts)).to_arrow_table())
    return pa.concat_tables(parts)
