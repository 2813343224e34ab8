"""What controls showed of each item, by what could have shown it: papers, or only the goods themselves.

A document check of hidden goods returns a clean result that says nothing of them; whoever believes it learns
that hidden goods are clean. So papers and goods are judged apart: a document check speaks of papers alone, a
physical control of both, and where both were carried out the document check says which it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Final, TypedDict, cast

import numpy as np
import pyarrow as pa

from daliz.engine.estimators.rates import Floats

PAPERS, HIDDEN, AFTER = 0, 1, 2
COLUMNS: Final = ("papers", "hidden", "after")
"""What is told apart: what papers betray, what only opening the goods reveals, what an audit finds."""

_SHARED: Final = 0.7
"""Share of a violation that each item bears where a finding speaks of the declaration as a whole."""
_BELIEF: Final = 2.0
"""Physical controls that the first belief of a type, half papers and half hidden, is worth."""
_PAIRS: Final = 20.0
"""Pairs of equal sums that the first belief in equal thoroughness is worth."""
_FIELDS: Final = (
    "finding_id", "declaration_id", "item_no", "control_form", "source", "supersedes", "finality",
    "violation", "violation_type", "assessed",
)  # fmt: skip


class Finding(TypedDict):
    """What is used of a finding."""

    finding_id: str
    declaration_id: str | None
    item_no: int | None
    control_form: str | None
    source: str
    supersedes: str | None
    finality: str
    violation: bool
    violation_type: str | None
    assessed: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is known of one declaration's items.

    Attributes:
        found: share of a violation in each item by ``COLUMNS``, NaN where nothing was tried.
        assessed: payments assessed on each item by the same, money, 0 where nothing was found.
        kind: type of the violation, None where nothing was found.
        forms: forms of control carried out.
        hit: forms of control that found something.
    """

    found: Floats
    assessed: Floats
    kind: str | None
    forms: frozenset[str]
    hit: frozenset[str]


@dataclass(slots=True)
class Evidence:
    """Findings as they stand: superseded ones replaced, annulled ones gone."""

    _standing: dict[str, dict[str, Finding]] = field(default_factory=lambda: defaultdict(dict))
    _place: dict[str, str] = field(default_factory=dict)
    _gone: set[str] = field(default_factory=set)
    _betrayed: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _counted: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def learn(self, findings: pa.Table) -> list[str]:
        """Take findings that became known; return the declarations about which something changed.

        Only controls and audits count: what came to light by itself says nothing of whom to control. Yet
        what it supersedes no longer stands, as in ``known_results``.
        """
        columns = [name for name in _FIELDS if name in findings.column_names]
        changed: dict[str, None] = {}
        for row in findings.select(columns).to_pylist():
            finding = cast("Finding", row)
            replaced = finding.get("supersedes")
            if replaced:
                self._gone.add(replaced)
                old = self._place.get(replaced)
                if old is not None and self._standing[old].pop(replaced, None) is not None:
                    changed[old] = None
            number = finding["declaration_id"]
            if number is None or finding["source"] not in ("control", "audit"):
                continue
            changed[number] = None
            if finding["finality"] != "annulled" and finding["finding_id"] not in self._gone:
                self._standing[number][finding["finding_id"]] = finding
                self._place[finding["finding_id"]] = number
        for number in changed:
            self._count(number)
        return list(changed)

    def shown(self, number: str, items: Iterable[int]) -> Shown | None:
        """Return what is known of a declaration's items; None if nothing is.

        Args:
            number: of the declaration.
            items: their numbers, in the order wanted.
        """
        standing = self._standing.get(number)
        if not standing:
            return None
        numbers = list(items)
        by_form: defaultdict[str, list[Finding]] = defaultdict(list)
        for _, finding in sorted(standing.items()):
            by_form[_form(finding)].append(finding)
        found = np.full((len(numbers), len(COLUMNS)), np.nan)
        assessed = np.zeros((len(numbers), len(COLUMNS)))
        share, money = {}, {}
        for form, of_form in by_form.items():
            share[form], money[form] = _spread(of_form, numbers)
        kinds = [kind for of_form in by_form.values() if (kind := _kind(of_form)) is not None]
        if "physical" in by_form:
            part = self.share_in_papers(_kind(by_form["physical"]))
            found[:, PAPERS], assessed[:, PAPERS] = share["physical"] * part, money["physical"]
            found[:, HIDDEN], assessed[:, HIDDEN] = share["physical"] * (1 - part), money["physical"]
            if "documents" in by_form:
                read = share["documents"]
                part = float(read.max(initial=0.0) > 0)
                found[:, PAPERS] = np.maximum(read, share["physical"] * part)
                assessed[:, PAPERS] = np.maximum(money["documents"], money["physical"] * part)
                found[:, HIDDEN] = share["physical"] * (1 - part)
        elif "documents" in by_form:
            found[:, PAPERS], assessed[:, PAPERS] = share["documents"], money["documents"]
        if "post_release" in by_form:
            found[:, AFTER], assessed[:, AFTER] = share["post_release"], money["post_release"]
        hit = {form for form, of_form in by_form.items() if any(f["violation"] for f in of_form)}
        return Shown(
            found, assessed, kinds[0] if kinds else None, _one(frozenset(by_form)), _one(frozenset(hit))
        )

    def share_in_papers(self, kind: str | None) -> float:
        """Return how often a violation of this type, found by opening the goods, stands in papers too."""
        if kind is None:
            return 0.0
        yes, no = self._betrayed[kind, True], self._betrayed[kind, False]
        return (yes + _BELIEF / 2) / (yes + no + _BELIEF)

    def thoroughness(self) -> float:
        """Return how much more opening the goods assesses than a document check, where both found something.

        A ratio of sums over declarations controlled in both forms, drawn towards 1 as if by ``_PAIRS`` usual
        finds of equal sums; opening includes the documents, so it is never below 1.
        """
        opened, read, pairs = 0.0, 0.0, 0
        for _, findings in sorted(self._standing.items()):
            money = {"physical": 0.0, "documents": 0.0}
            for _, finding in sorted(findings.items()):
                if finding["violation"] and finding["control_form"] in money:
                    money[finding["control_form"]] += float(finding["assessed"] or 0)
            if all(money.values()):
                opened, read, pairs = opened + money["physical"], read + money["documents"], pairs + 1
        if not pairs:
            return 1.0
        usual = _PAIRS * read / pairs
        return max(1.0, (opened + usual) / (read + usual))

    def _count(self, number: str) -> None:
        """Count, of declarations controlled in both forms, whether papers betrayed what opening revealed."""
        old = self._counted.pop(number, None)
        if old is not None:
            self._betrayed[old] -= 1
        findings = self._standing[number].values()
        kind = _kind([f for f in findings if _form(f) == "physical"])
        read = [f for f in findings if _form(f) == "documents"]
        if kind is not None and read:
            key = kind, any(f["violation"] for f in read)
            self._betrayed[key] += 1
            self._counted[number] = key


@cache
def _one(forms: frozenset[str]) -> frozenset[str]:
    """Return equal sets of forms as one object: there are few, and hundreds of thousands of controls."""
    return forms


def _form(finding: Finding) -> str:
    """Return the form of a control; one that is not stated can only be taken for the least revealing."""
    return finding["control_form"] or ("post_release" if finding["source"] == "audit" else "documents")


def _kind(findings: Iterable[Finding]) -> str | None:
    """Return the type of the first violation that states one, by number of the finding."""
    ordered = sorted(findings, key=lambda finding: finding["finding_id"])
    return next((f["violation_type"] for f in ordered if f["violation"] and f["violation_type"]), None)


def _spread(findings: Iterable[Finding], items: list[int]) -> tuple[Floats, Floats]:
    """Share findings of one form among the items: to the one they name, else to all."""
    share, money = np.zeros(len(items)), np.zeros(len(items))
    for finding in findings:
        if not finding["violation"]:
            continue
        amount = float(finding["assessed"] or 0)
        at = items.index(finding["item_no"]) if finding["item_no"] in items else None
        if at is None:
            share = np.maximum(share, _SHARED if len(items) > 1 else 1.0)
            money += amount / (len(items) * (_SHARED if len(items) > 1 else 1.0))
        else:
            share[at], money[at] = 1.0, money[at] + amount
    return share, money
