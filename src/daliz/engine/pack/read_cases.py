"""Reads the examples that a profile must and must not recognise."""

import re
from typing import Final

from daliz.engine.features import Kind, Vocabulary
from daliz.engine.pack.document import Scalar
from daliz.engine.pack.profile import Case
from daliz.engine.pack.reader import Entry
from daliz.language import N_

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


def read_cases(entry: Entry, vocabulary: Vocabulary, *, needed: bool) -> tuple[Case, ...]:
    """Return the examples; a profile of an expert has at least one that fires and one that does not."""
    cases = []
    for inner in entry.entries("cases", optional=not needed):
        name, fires = inner.text("name"), inner.flag("fires")
        common = _facts(inner.entry("declaration", optional=True), vocabulary)
        items = tuple({**common, **_facts(item, vocabulary)} for item in inner.entries("items"))
        inner.close()
        if not items:
            inner.problems.add("pack-case-items", inner.node.place, N_("a case has at least one item"))
        cases.append(Case(name, fires, items))
    if needed and entry.has("cases") and {case.fires for case in cases} != {True, False}:
        template = N_("cases show at least one declaration that fires and one that does not")
        entry.problems.add("pack-cases", entry.place("cases"), template)
    return tuple(cases)


def _facts(entry: Entry, vocabulary: Vocabulary) -> dict[str, object]:
    facts: dict[str, object] = {}
    for name, node in entry.node.entries.items():
        at = entry.node.keys[name]
        if name not in vocabulary:
            entry.problems.unknown("pack-unknown-name", at, N_("name"), name, vocabulary)
        elif not isinstance(node, Scalar):
            entry.problems.add(
                "pack-shape", node.place, N_("{key} is one value, not a list or a mapping"), key=name
            )
        else:
            facts[name] = _fact(entry, name, node, vocabulary[name].kind)
    return facts


def _fact(entry: Entry, name: str, node: Scalar, kind: Kind) -> object:
    """Return the value as the type its name is declared with; null is unknown."""
    if node.null:
        return None
    if kind is Kind.TEXT:
        return node.text
    if kind is Kind.DATE:
        return entry.as_day(node)
    if kind is Kind.NUMBER and _NUMBER.fullmatch(node.text):
        return float(node.text)
    if kind is Kind.FLAG and node.text in ("true", "false"):
        return node.text == "true"
    template = N_("{name} is declared as {kind}; {found!r} is not")
    entry.problems.add("pack-fact", node.place, template, name=name, kind=kind.value, found=node.text)
    return None
