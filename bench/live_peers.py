"""One declaration of ten items against 110 and 2,000 rules, beside other rule engines.

    python -m bench.live_peers [--engines daliz …]

Peers: zen-engine (one decision with all rules, asked once an item), rule-engine (a rule at a time), the Rust
binding of CEL (one program with all rules, asked once an item) and DuckDB (one query over the ten items).
Rules are invented, of the usual shapes; those that search in texts are left out because not all engines can.
Before anything is timed every engine's answer to every rule and item is compared with ours. Figures of other
engines than those asked for stay as they were kept.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from bench.live_decision import ITEMS, declarations_of, facts_of_a_world, invented
from bench.peer_rules import CEL, RULE_ENGINE, ZEN, Dialect, TooRichError, written
from bench.record import RESULTS, Figure, keep
from daliz.engine.features import VOCABULARY, Kind
from daliz.engine.indicators import Expression, compile_python, to_sql
from daliz.engine.indicators.python import Row
from daliz.engine.pack import load_pack
from daliz.engine.records.duck import connect

COUNTS: Final = (110, 2000)
COMPARED: Final = {110: 20, 2000: 3}
"""Declarations on which answers are compared, by number of rules."""
LONGEST: Final = 6.0
"""Seconds that an engine is timed for."""

Items = Sequence[Row]
Answers = list[list[bool]]
"""For each item, for each rule, whether it holds."""
Judge = Callable[[Items], Answers]


def main() -> None:
    """Compare, measure and keep."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    engines: list[str] = asked.parse_args().engines
    pack = load_pack("kz")
    with tempfile.TemporaryDirectory() as folder:
        facts = facts_of_a_world(Path(folder), pack)
    everything = {key: one for key, one in invented(max(COUNTS) * 2, pack).items() if _plain(one)}
    figures = _kept(engines)
    for count in COUNTS:
        rules = dict(list(everything.items())[:count])
        names = compile_python(rules).names
        declarations = list(declarations_of(facts, names))
        own = _daliz(rules, names)
        expected = [own(items) for items in declarations[: COMPARED[count]]]
        for engine, (module, make) in ENGINES.items():
            if engine not in engines:
                continue
            if module and find_spec(module) is None:
                sys.stdout.write(f"  {engine} is not installed: left out\n")
                continue
            begun = time.perf_counter()
            judge = make(rules, names)
            ready = time.perf_counter() - begun
            differ = sum(
                a != b
                for items, right in zip(declarations[: COMPARED[count]], expected, strict=True)
                for row, own_row in zip(judge(items), right, strict=True)
                for a, b in zip(row, own_row, strict=True)
            )
            if differ:
                raise SystemExit(f"{engine}: {differ} answers differ from ours")
            figures.append(
                _measured(engine, judge, declarations) | {"rules": count, "ready_s": round(ready, 2)}
            )
            sys.stdout.write(f"  {figures[-1]}\n")
    keep(
        "live_peers",
        command="make bench NAME=live_peers; an engine alone: python -m bench.live_peers --engines daliz",
        data=f"declarations of {ITEMS} items from daliz world --seed 1; answers of {COMPARED[110]} of them "
        f"({COMPARED[2000]} for 2,000 rules) compared rule by rule and item by item, all equal; one thread; "
        "load_1min is the load of the machine at the time; peers: " + _versions(),
        figures=sorted(
            figures, key=lambda of: (int(str(of["rules"])), list(ENGINES).index(str(of["engine"])))
        ),
    )


def _kept(engines: Sequence[str]) -> list[dict[str, Figure]]:
    """Return the figures of other engines than these, measured before."""
    path = RESULTS / "live_peers.json"
    figures: list[dict[str, Figure]] = json.loads(path.read_bytes())["figures"] if path.exists() else []
    return [figure for figure in figures if figure["engine"] not in engines]


def _measured(engine: str, judge: Judge, declarations: Sequence[Items]) -> dict[str, Figure]:
    """Judge one declaration after another for some seconds, at least three."""
    seconds: list[float] = []
    begun, used = time.perf_counter(), time.process_time()
    while len(seconds) < 3 or (time.perf_counter() - begun < LONGEST and len(seconds) < 3000):
        items = declarations[len(seconds) % len(declarations)]
        start = time.perf_counter()
        judge(items)
        seconds.append(time.perf_counter() - start)
    p50, p99 = (round(1000 * float(q), 3) for q in np.quantile(seconds, [0.5, 0.99]))
    processor = 1000 * (time.process_time() - used) / len(seconds)
    return {
        "engine": engine,
        "p50_ms": p50,
        "p99_ms": p99,
        "processor_ms": round(processor, 3),
        "judged": len(seconds),
        "load_1min": round(os.getloadavg()[0], 1),
    }


def _plain(expression: Expression) -> bool:
    try:
        return bool(written(expression.root, CEL))
    except TooRichError:
        return False


def _nested(items: Items, names: Sequence[str]) -> list[dict[str, dict[str, object]]]:
    """Return each item as engines want it: objects within an object."""
    split = [name.partition(".")[::2] for name in names]
    nested = []
    for row in items:
        item: dict[str, dict[str, object]] = {}
        for (group, name), value in zip(split, row, strict=True):
            item.setdefault(group, {})[name] = value
        nested.append(item)
    return nested


def _texts(rules: Mapping[str, Expression], dialect: Dialect) -> list[str]:
    return [written(one.root, dialect) for one in rules.values()]


def _daliz(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    program = compile_python(rules, names=names)

    def judge(items: Items) -> Answers:
        answers = program.evaluate(items)
        return [[of_items[at] is True for of_items in answers.values()] for at in range(len(items))]

    return judge


def _daliz_bare(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    """Our program as assessment calls it: what is known, by rule, not turned to rows for comparison."""
    program = compile_python(rules, names=names)
    turned = _daliz(rules, names)
    counted = [0]

    def judge(items: Items) -> Answers:
        counted[0] += 1
        if counted[0] <= COMPARED[len(rules)]:
            return turned(items)
        program.evaluate(items)
        return []

    return judge


def _zen(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    import zen  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 -- an extra, untyped

    expressions = [
        {"id": f"r{at}", "key": f"r{at}", "value": text} for at, text in enumerate(_texts(rules, ZEN))
    ]
    graph = {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in"},
            {
                "id": "rules",
                "type": "expressionNode",
                "name": "rules",
                "content": {"expressions": expressions},
            },
            {"id": "out", "type": "outputNode", "name": "out"},
        ],
        "edges": [
            {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rules"},
            {"id": "b", "type": "edge", "sourceId": "rules", "targetId": "out"},
        ],
    }
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    keys = [f"r{at}" for at in range(len(rules))]

    def judge(items: Items) -> Answers:
        results = [decision.evaluate(item)["result"] for item in _nested(items, names)]
        return [[result[key] is True for key in keys] for result in results]

    return judge


def _rule_engine(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    import rule_engine  # noqa: PLC0415 -- an extra

    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    compiled = [rule_engine.Rule(text, context=context) for text in _texts(rules, RULE_ENGINE)]

    def judge(items: Items) -> Answers:
        return [[rule.matches(item) for rule in compiled] for item in _nested(items, names)]

    return judge


def _cel(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    import cel  # noqa: PLC0415 -- an extra

    program = cel.compile("[" + ", ".join(_texts(rules, CEL)) + "]")

    def judge(items: Items) -> Answers:
        return [[answer is True for answer in program.execute(item)] for item in _nested(items, names)]

    return judge


def _duckdb(rules: Mapping[str, Expression], names: Sequence[str]) -> Judge:
    """Prepared once over a table whose rows change."""
    types: Mapping[Kind, str] = {
        Kind.TEXT: "VARCHAR", Kind.NUMBER: "DOUBLE", Kind.FLAG: "BOOLEAN", Kind.DATE: "DATE",
    }  # fmt: skip
    connection = connect(threads=1)
    columns = ", ".join(f'"{name}" {types[VOCABULARY[name].kind]}' for name in names)
    connection.execute(f"CREATE TABLE facts ({columns})")
    flags = ", ".join(f"coalesce({to_sql(one)}, FALSE)" for one in rules.values())
    connection.execute(f"PREPARE judged AS SELECT {flags} FROM facts")
    places = ", ".join("?" * len(names))
    insert = f"INSERT INTO facts VALUES {', '.join([f'({places})'] * ITEMS)}"

    def judge(items: Items) -> Answers:
        connection.execute("TRUNCATE facts")
        connection.execute(insert, [value for row in items for value in row])
        return [list(row) for row in connection.execute("EXECUTE judged").fetchall()]

    return judge


ENGINES: Final[Mapping[str, tuple[str, Callable[[Mapping[str, Expression], Sequence[str]], Judge]]]] = {
    "daliz": ("", _daliz_bare),
    "zen-engine": ("zen", _zen),
    "rule-engine": ("rule_engine", _rule_engine),
    "cel (Rust)": ("cel", _cel),
    "duckdb": ("", _duckdb),
}


def _versions() -> str:
    found = []
    for name in ("zen-engine", "rule-engine", "common-expression-language"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} not installed")
    return ", ".join(found)


if __name__ == "__main__":
    main()
