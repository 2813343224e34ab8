"""What a row, and a list as a whole, must keep besides the shape of single values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise

from daliz.engine.official import ListKind, Row
from daliz.engine.official.shelf import Key
from daliz.language import N_, Message


def row_problem(kind: ListKind, row: Row) -> Message | None:
    """Return what is wrong with a row whose values are right each for itself; None if nothing is."""
    if kind.needs_one_of and not any(row[name] for name in kind.needs_one_of):
        return Message(N_("none of {names} is stated"), {"names": ", ".join(kind.needs_one_of)})
    return _duty_problem(row) if kind.code == "duty" else None


def _duty_problem(row: Row) -> Message | None:
    if not row["ad_valorem"] and not row["amount"]:
        return Message(N_("neither an ad valorem nor a specific rate is stated"))
    if bool(row["method"]) != bool(row["ad_valorem"] and row["amount"]):
        return Message(N_("two rates need a method (not_less or plus), and one rate has none"))
    if row["amount"] and not (row["currency"] and row["unit"]):
        return Message(N_("a specific rate needs its currency and unit"))
    if row["valid_from"] and row["valid_until"] and row["valid_until"] < row["valid_from"]:
        return Message(N_("it ends before it begins"))
    return None


def whole_problems(kind: ListKind, rows: Mapping[Key, Row]) -> Iterator[tuple[Key, Message]]:
    """Give the rows that do not go together with the rest, each with the reason."""
    if kind.code in ("hs", "tnved"):
        yield from _orphans(rows)
    if kind.code == "duty":
        yield from _overlapping(rows)


def _orphans(rows: Mapping[Key, Row]) -> Iterator[tuple[Key, Message]]:
    """A code belongs under its chapter and heading, where the list has chapters and headings."""
    codes = {row["code"] for row in rows.values()}
    levels = {len(code) for code in codes} & {2, 4}
    found = []
    for key, row in rows.items():
        above = [row["code"][:level] for level in sorted(levels) if level < len(row["code"])]
        missing = [code for code in above if code not in codes]
        if missing:
            found.append((key, Message(N_("{code} is missing, to which it belongs"), {"code": missing[0]})))
    yield from found


def _overlapping(rows: Mapping[Key, Row]) -> Iterator[tuple[Key, Message]]:
    """Two lines for the same goods never hold on the same day."""
    alike: defaultdict[Key, list[tuple[Key, Row]]] = defaultdict(list)
    for key, row in rows.items():
        alike[(row["code"], row["origin"], row["preference"])].append((key, row))
    for lines in alike.values():
        ordered = sorted(lines, key=lambda line: line[1]["valid_from"])
        for (_, first), (key, second) in pairwise(ordered):
            if not first["valid_until"] or second["valid_from"] <= first["valid_until"]:
                message = N_("another line for {code} holds on the same days; state until when it holds")
                yield key, Message(message, {"code": second["code"]})
