"""Loads of official lists and their differences, as a person and as a program read them."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Final

from daliz.engine.loads import Diff, Plan
from daliz.engine.official import KINDS, ListKind, Load, Row, Undo
from daliz.language import N_, translate

_SHOWN: Final = 20
"""Rows of each sort that a person is shown; a program gets all."""


def plan_lines(plan: Plan, lang: str) -> Iterator[str]:
    """Say what a load would do."""
    kind, load = KINDS[plan.load.kind], plan.load
    yield translate(
        N_("{kind}: from {since} to {until}, rows: {rows}"), lang, kind=translate(kind.label, lang),
        since=load.valid_from, until=load.valid_until or "…", rows=load.rows,
    )  # fmt: skip
    if plan.aside:
        yield translate(N_("left aside, totals: {n}"), lang, n=plan.aside)
    if plan.follows is not None:
        yield translate(
            N_("It follows load {number}, which held from {since} on."), lang,
            number=plan.follows.number, since=plan.follows.valid_from,
        )  # fmt: skip
    for load in plan.sets_aside:
        yield translate(
            N_("It sets load {number} aside on its days ({since} to {until})."), lang,
            number=load.number, since=load.valid_from, until=load.valid_until or "…",
        )  # fmt: skip
    yield from diff_lines(kind, plan.diff, lang)
    if plan.refused:
        yield translate(N_("rows that are not right: {n}"), lang, n=len(plan.refused))
    for refusal in plan.refused[:_SHOWN]:
        where = f"{refusal.line}:{refusal.column}" if refusal.column else str(refusal.line)
        yield f"  {where}: {refusal.reason.text(lang)}"
    if len(plan.refused) > _SHOWN:
        yield f"  … {len(plan.refused) - _SHOWN}"


def diff_lines(kind: ListKind, diff: Diff, lang: str) -> Iterator[str]:
    """Say what differs: counts, then the first rows of each sort."""
    yield translate(
        N_("added: {added}, removed: {removed}, changed: {changed}"), lang,
        added=len(diff.added), removed=len(diff.removed), changed=len(diff.changed),
    )  # fmt: skip
    for sign, rows in (("+", diff.added), ("-", diff.removed)):
        yield from (f"{sign} {_row(kind, row)}" for row in rows[:_SHOWN])
        if len(rows) > _SHOWN:
            yield f"{sign} … {len(rows) - _SHOWN}"
    for change in diff.changed[:_SHOWN]:
        yield f"~ {' '.join(filter(None, (change.after[name] for name in kind.key)))}"
        for name in change.columns:
            yield f"    {name}: {change.before[name] or '–'} → {change.after[name] or '–'}"
    if len(diff.changed) > _SHOWN:
        yield f"~ … {len(diff.changed) - _SHOWN}"


def load_line(load: Load, lang: str, *, active: bool) -> str:
    """Say one load of the log."""
    said = translate(
        N_(
            "{day}: load {number}, {kind} {edition}, {since} to {until}: "
            "rows {rows}, added {added}, removed {removed}, changed {changed}. {source}"
        ),
        lang, day=load.loaded_on, number=load.number, kind=load.kind, edition=load.edition,
        since=load.valid_from, until=load.valid_until or "…", rows=load.rows, added=load.added,
        removed=load.removed, changed=load.changed, source=load.source,
    ).rstrip()  # fmt: skip
    undone = translate(N_("(undone)"), lang)
    return said if active else f"{said} {undone}"


def plan_data(plan: Plan, lang: str) -> dict[str, object]:
    """Return what a load would do for programs; the keys are stable."""
    return {
        "load": load_data(plan.load, active=True),
        "follows": plan.follows.number if plan.follows is not None else None,
        "sets_aside": [load.number for load in plan.sets_aside],
        "aside": plan.aside,
        "diff": diff_data(plan.diff),
        "refused": [
            {"line": one.line, "column": one.column or None, "reason": one.reason.text(lang)}
            for one in plan.refused
        ],
    }


def diff_data(diff: Diff) -> dict[str, object]:
    """Return a difference for programs: every row, before and after."""
    return {
        "added": [dict(row) for row in diff.added],
        "removed": [dict(row) for row in diff.removed],
        "changed": [
            {"before": dict(one.before), "after": dict(one.after), "columns": list(one.columns)}
            for one in diff.changed
        ],
    }


def load_data(entry: Load | Undo, *, active: bool) -> dict[str, object]:
    """Return an entry of the log for programs."""
    said: dict[str, object] = asdict(entry)
    return said | {"active": active} if isinstance(entry, Load) else said


def _row(kind: ListKind, row: Row) -> str:
    values = [row[name] for name in kind.key] + [row[n] for n in kind.names if n not in kind.key]
    return " | ".join(filter(None, values))
