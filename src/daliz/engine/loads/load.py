"""One load: planned without touching anything, then done with a single change of a name; and taken back."""

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from daliz.engine.loads.diff import Diff, compare
from daliz.engine.loads.file_rows import Refusal, take_file
from daliz.engine.official import KINDS, ListError, ListKind, Load, Row, Shelf, Undo
from daliz.engine.official.log import LOG, Entry, active, in_force, line_of
from daliz.engine.official.shelf import Key, key_of, sha256_of, written
from daliz.engine.records.files import replacing
from daliz.language import N_


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be loaded.

    Attributes:
        kind: code of the kind.
        file: the file as it came.
        directory: the pack or overlay whose list it becomes.
        valid_from: the first day on which it holds; for rates the day of rows without one. None for rates.
        valid_until: the last day; None until another follows.
        edition: what it calls itself; of a correlation ``2017:2022``.
        source: where it comes from, in words.
        amends: the file has only what changes.
        replaces: set aside what holds on the same days.
        partial: take the right rows though others are not.
        today: day of loading.
    """

    kind: str
    file: Path
    directory: Path
    valid_from: date | None
    valid_until: date | None = None
    edition: str = ""
    source: str = ""
    amends: bool = False
    replaces: bool = False
    partial: bool = False
    today: date = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a load would do.

    Attributes:
        load: the line of the log that it would be.
        content: the bytes of its rows.
        diff: against what holds before.
        refused: rows that are not taken; there are none unless the request allows it or ``blocked`` is true.
        aside: rows that are none of the list.
        follows: the load that it brings to an end, None if there is none.
        sets_aside: loads that it replaces.
        blocked: rows are refused and the request does not allow it: nothing may be loaded.
        shelf: the lists as they were.
    """

    load: Load
    content: bytes
    diff: Diff
    refused: tuple[Refusal, ...]
    aside: int
    follows: Load | None
    sets_aside: tuple[Load, ...]
    blocked: bool
    shelf: Shelf


def plan_load(request: Request) -> Plan:
    """Read the file and tell what loading it would do; nothing is written.

    Raises:
        ListError: the kind is unknown, a day or the edition is missing, the file lacks a column or has no row
            that is right, or it would hold on the days of another load and does not say that it replaces it.
        ReadingError: the file cannot be read.
    """
    kind = _kind(request)
    shelf = Shelf.of(request.directory)
    taken = take_file(
        request.file, kind,
        day=request.valid_from.isoformat() if kind.dated and request.valid_from is not None else "",
    )  # fmt: skip
    blocked = bool(taken.refused) and not request.partial
    if not taken.rows and not blocked:
        raise ListError(N_("the file has no row"), code="lists-empty")
    days = [date.fromisoformat(row["date"]) for row in taken.rows.values()] if kind.dated else []
    since = request.valid_from if not kind.dated else min(days, default=request.today)
    until = request.valid_until if not kind.dated else max(days, default=request.today)
    if since is None:
        raise ListError(N_("say from which day the list holds (--valid-from)"), code="lists-valid-from")
    if until is not None and until < since:
        raise ListError(
            N_("the list would end on {until}, before it begins on {since}"),
            code="lists-days", until=until, since=since,
        )  # fmt: skip
    series = shelf.series(kind.code, request.edition if kind.code == "correlation" else "")
    before = _before(shelf, kind, series, since)
    rows = {**before, **taken.rows} if request.amends and not kind.dated else taken.rows
    against = {key: row for key, row in before.items() if key in rows} if kind.dated else before
    diff = compare(against, rows)
    content = written(kind, rows.values())
    number = 1 + sum(isinstance(entry, Load) for entry in shelf.entries)
    load = Load(
        number=number, kind=kind.code, edition=request.edition, valid_from=since, valid_until=until,
        file=f"{kind.code}/{since.isoformat()}-{sha256_of(content)[:12]}.csv", sha256=sha256_of(content),
        rows=len(rows), added=len(diff.added), removed=len(diff.removed), changed=len(diff.changed),
        refused=len(taken.refused), amends=request.amends, replaces=(), source=request.source,
        source_name=request.file.name, source_sha256=sha256_of(request.file.read_bytes()),
        loaded_on=request.today,
    )  # fmt: skip
    follows, clashes = _beside(load, series, kind, diff)
    if clashes and not request.replaces:
        raise _clash(kind, load, clashes)
    if clashes and not kind.dated:
        load = _replacing(load, clashes)
    return Plan(load, content, diff, taken.refused, taken.aside, follows, clashes, blocked, shelf)


def commit(plan: Plan) -> Load:
    """Write the rows, then the line of the log; before the last change of a name nothing has changed.

    Raises:
        ListError: rows are refused, or the lists were changed since they were compared.
    """
    if plan.blocked:
        raise ListError(
            N_("nothing is loaded: rows that are not right: {n}; correct them, or allow a partial load"),
            code="lists-refused", n=len(plan.refused),
        )  # fmt: skip
    with _alone(plan.shelf) as entries:
        if entries != plan.shelf.entries:
            raise ListError(
                N_("the lists were changed in the meantime; compare again"), code="lists-meanwhile"
            )
        with replacing(plan.shelf.folder / plan.load.file) as file:
            file.write_bytes(plan.content)
        _write_log(plan.shelf.folder, (*entries, plan.load))
    return plan.load


def undo(directory: Path, *, number: int | None = None, reason: str = "", today: date) -> Load:
    """Take a load back, the last one unless another is named; what held before holds again, byte for byte.

    Raises:
        ListError: there is no such load, or it is undone already.
    """
    shelf = Shelf.of(directory)
    with _alone(shelf) as entries:
        there = active(entries)
        found = next((load for load in reversed(there) if number in (None, load.number)), None)
        if found is None:
            raise ListError(
                N_("there is no load {number} to undo") if number is not None else N_("nothing is loaded"),
                code="lists-no-load", number=number,
            )  # fmt: skip
        _write_log(shelf.folder, (*entries, Undo(found.number, today, reason)))
    return found


def _kind(request: Request) -> ListKind:
    kind = KINDS.get(request.kind)
    if kind is None:
        raise ListError(
            N_("there is no kind of list {found!r}; there are {known}"),
            code="lists-kind", found=request.kind, known=", ".join(KINDS),
        )  # fmt: skip
    if kind.code == "correlation" and request.edition.count(":") != 1:
        raise ListError(
            N_("say between which editions it correlates, older first: --edition 2017:2022"),
            code="lists-edition",
        )  # fmt: skip
    return kind


def _before(shelf: Shelf, kind: ListKind, series: Sequence[Load], day: date) -> Mapping[Key, Row]:
    if kind.dated:
        return shelf.on(kind.code, date.max)
    load = in_force(series, day)
    return {} if load is None else {key_of(kind, row): row for row in shelf.rows(load)}


def _beside(
    load: Load, series: Sequence[Load], kind: ListKind, diff: Diff
) -> tuple[Load | None, tuple[Load, ...]]:
    """Return the open-ended load that this one brings to an end, and those whose days it would share."""
    if kind.dated:
        return None, tuple(one for one in series if one.meets(load)) if diff.changed else ()
    meeting = [one for one in series if one.meets(load)]
    ended = [one for one in meeting if one.valid_until is None and one.valid_from < load.valid_from]
    clashes = tuple(one for one in meeting if one not in ended)
    return max(ended, key=lambda one: one.valid_from, default=None), clashes


def _clash(kind: ListKind, load: Load, clashes: Sequence[Load]) -> ListError:
    if kind.dated:
        return ListError(
            N_("{n} rates differ from those loaded for the same day; replace them on purpose (--replace)"),
            code="lists-overlap", n=load.changed,
        )  # fmt: skip
    other = clashes[0]
    return ListError(
        N_(
            "from {since} on, load {number} holds already ({other} to {until}); "
            "end this one before (--valid-until), or replace it on purpose (--replace)"
        ),
        code="lists-overlap", since=load.valid_from, number=other.number, other=other.valid_from,
        until=other.valid_until or "…",
    )  # fmt: skip


def _replacing(load: Load, clashes: Sequence[Load]) -> Load:
    return replace(load, replaces=tuple(one.number for one in clashes))


def _write_log(folder: Path, entries: Sequence[Entry]) -> None:
    with replacing(folder / LOG) as path:
        path.write_text("".join(map(line_of, entries)), encoding="utf-8")


@contextmanager
def _alone(shelf: Shelf) -> Iterator[tuple[Entry, ...]]:
    """Hold the directory of lists for oneself, and give the log as it is now."""
    shelf.folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(shelf.folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ListError(
                N_("another load is under way in this directory; try again"), code="lists-busy"
            ) from error
        yield Shelf.of(shelf.folder.parent).entries
    finally:
        os.close(handle)
