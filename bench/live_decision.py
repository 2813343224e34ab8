"""How long indicators take to judge one declaration of ten items, in Python, as live assessment does.

Cases: the profiles of the pack kz, and 110 and 2,000 invented ones of the usual shapes, most of which ask for
the beginning of an HS code. The facts are those of a small world, ten items at a time. What fetches facts and
what follows the indicators is not measured.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import pyarrow as pa

from bench.record import Figure, keep
from daliz.engine.features import VOCABULARY, Grain
from daliz.engine.features.compute import build_facts
from daliz.engine.indicators import Expression, compile_python, parse_indicator
from daliz.engine.indicators.python import Row
from daliz.engine.pack import Pack, load_pack
from daliz.engine.scoring.firing import expressions_of
from daliz.engine.world import write_world

INVENTED: Final = (110, 2000)
ITEMS: Final = 10
DECLARATIONS: Final = 300
ROUNDS: Final = 10


def main() -> None:
    """Measure each case and keep the figures."""
    pack = load_pack("kz")
    with tempfile.TemporaryDirectory() as folder:
        facts = facts_of_a_world(Path(folder), pack)
    cases = {f"kz, {len(pack.profiles)} profiles": expressions_of(pack.profiles)}
    cases |= {f"{count} invented profiles": invented(count, pack) for count in INVENTED}
    keep(
        "live_decision",
        command="make bench NAME=live_decision",
        data=f"{DECLARATIONS} declarations of {ITEMS} items, {ROUNDS} times; facts of daliz world --seed 1, "
        "3 months of 40 a day; Python back end, one core",
        figures=[measured_case(case, expressions, facts, pack) for case, expressions in cases.items()],
    )


def measured_case(
    case: str, expressions: dict[str, Expression], facts: pa.Table, pack: Pack
) -> dict[str, Figure]:
    """Compile, judge every declaration ``ROUNDS`` times, and return what that took."""
    lists = {code: named.members for code, named in pack.lists.items()}
    begun = time.process_time()
    program = compile_python(expressions, lists=lists)
    compiled = time.process_time() - begun
    declarations = list(declarations_of(facts, program.names))
    seconds, held = [], 0
    for turn in range(ROUNDS + 1):
        for items in declarations:
            begun = time.perf_counter()
            answers = program.evaluate(items)
            if turn:  # the first round warms up
                seconds.append(time.perf_counter() - begun)
                held += sum(True in of_items for of_items in answers.values())
    p50, p99 = (round(1000 * float(q), 3) for q in np.quantile(seconds, [0.5, 0.99]))
    return {
        "case": case,
        "expressions": len(expressions),
        "items": ITEMS,
        "p50_ms": p50,
        "p99_ms": p99,
        "mean_ms": round(1000 * float(np.mean(seconds)), 3),
        "compile_seconds": round(compiled, 3),
        "held_per_declaration": round(held / len(seconds), 2),
    }


def facts_of_a_world(folder: Path, pack: Pack) -> pa.Table:
    """Return facts of every feature for the last month of a small world."""
    write_world(folder, pack=pack, seed=1, months=3, per_day=40, past_controls={"documents": 0.16})
    return build_facts(
        folder / "declarations.parquet",
        folder / "findings.parquet",
        zone=pack.zone,
        holidays=pack.holidays,
        first_day=date(2025, 3, 1),
        last_day=date(2025, 3, 31),
        transport_means=folder / "transport_means.parquet",
        extra=[feature for name, feature in pack.vocabulary.items() if name not in VOCABULARY],
    )


def declarations_of(facts: pa.Table, names: Sequence[str]) -> Iterator[Sequence[Row]]:
    """Yield ``DECLARATIONS`` of ten items: what is said of the whole is the first item's."""
    columns = [facts[name].slice(0, DECLARATIONS * ITEMS).to_pylist() for name in names]
    whole = [VOCABULARY[name].grain is Grain.DECLARATION for name in names]
    for first in range(0, DECLARATIONS * ITEMS, ITEMS):
        yield [
            tuple(column[first if of_all else row] for column, of_all in zip(columns, whole, strict=True))
            for row in range(first, first + ITEMS)
        ]


def invented(count: int, pack: Pack) -> dict[str, Expression]:
    """Return ``count`` indicators of the usual shapes, the same ones every time."""
    random = Random(1)
    kinds = {code: named.kind for code, named in pack.lists.items()}
    return {
        f"P{n:04}": parse_indicator(_text(random), pack.vocabulary, lists=kinds, currency=pack.currency)
        for n in range(count)
    }


def _text(random: Random) -> str:
    """Return the text of one indicator: three in five ask for goods, one in five for the whole."""
    cheap = f"item.unit_value < {random.uniform(0.3, 0.9):.2f} * reference.unit_value_p50"
    new = random.choice(("trader.first_code", "trader.first_origin", "trader.days_since_first < 90"))
    known = (
        f"{random.choice(('trader', 'declarant', 'counterparty'))}.violations_365d >= {random.randint(1, 3)}"
    )
    route = f"declaration.departure_country IN ('{random.choice('CDTUR')}N', 'TR', 'AE')"
    large = f"item.customs_value > {random.randint(1, 50)}00000"
    kind = random.random()
    if kind < 0.6:
        goods = ", ".join(f"'{random.randint(1, 97):02}{random.randint(1, 20):02}'" for _ in range(5))
        return f"hs(item.hs_code, {goods}) AND {cheap} AND ({new} OR {known})"
    if kind < 0.8:
        return f"({new.replace('_code', '_route').replace('_origin', '_office')} OR {known}) AND {route}"
    if kind < 0.95:
        return f"{route} AND {large} AND {cheap} AND ({new} OR {known})"
    words = random.sample(("used", "worn", "parts", "cotton", "leather", "куртк", "обувь", "шкур"), 3)
    return f"matches(lower(item.description), '{'|'.join(words)}') AND ({cheap} OR {new})"


if __name__ == "__main__":
    main()
