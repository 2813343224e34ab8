"""``build_facts``: every feature of every item registered in a span of days, as of the night before each.

One table of facts serves training, backtest and assessment; ``daliz.engine.features.nightly`` keeps what
live assessment looks up.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.features import pricing
from daliz.engine.features.catalogue import VOCABULARY
from daliz.engine.features.groups import history, stated, today
from daliz.engine.features.official_tables import NO_TABLES, OfficialTables
from daliz.engine.features.vocabulary import Feature, Kind
from daliz.engine.features.workshop import Workshop
from daliz.engine.records.duck import connect
from daliz.engine.records.files import Source
from daliz.engine.records.schema import INSTANT
from daliz.language import N_, DalizError

MINIMUM_OBSERVATIONS: Final = 20
"""Values that a level of goods must have to serve as a reference, where the pack does not say."""

_CHUNK: Final = 25_000
"""Rows handed over together."""

_ARROW: Final = {
    Kind.TEXT: pa.string(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.DATE: pa.date32(),
}
_IDENTITY: Final = (
    pa.field("declaration_id", pa.string(), nullable=False),
    pa.field("version", pa.int32(), nullable=False),
    pa.field("item_no", pa.int32(), nullable=False),
    pa.field("registered_at", INSTANT, nullable=False),
    pa.field("day", pa.date32(), nullable=False),
    pa.field("snapshot_id", pa.string(), nullable=False),
)

Progress = Callable[[str, float], None]
"""Told what is under way (a message to translate) and the share already done, 0 to 1."""


class FeatureError(DalizError):
    """What is asked of the vocabulary or of the days cannot be computed."""

    code = "feature-wrong"


def build_facts(
    declarations: Source,
    findings: Source | None,
    *,
    zone: str,
    holidays: Collection[date],
    first_day: date,
    last_day: date,
    names: Collection[str] | None = None,
    only: Collection[str] | None = None,
    all_from: date | None = None,
    documents: Source | None = None,
    containers: Source | None = None,
    transport_means: Source | None = None,
    extra: Sequence[Feature] = (),
    minimum_observations: int = MINIMUM_OBSERVATIONS,
    official: OfficialTables = NO_TABLES,
    threads: int = 2,
    memory_gb: float = 3.0,
    progress: Progress | None = None,
) -> pa.Table:
    """Return the facts of every item of the versions registered from ``first_day`` to ``last_day``.

    History is as of the night before: a fact of day D rests on versions registered and findings known
    before D began in ``zone``, and never on the declaration itself; ``today.*`` alone looks at the same
    day, strictly before the instant of registration.

    Args:
        declarations: all that is known, with as much history as there is; at least the days asked.
        findings: outcomes, or None.
        zone: IANA name of the time zone whose midnight begins a day.
        holidays: days, besides Saturdays and Sundays, that are not worked.
        first_day: first local day asked.
        last_day: last local day asked, included.
        names: features wanted, of the built-in vocabulary and ``extra``; None for all. Groups of which
            none is wanted are not computed.
        only: declarations wanted, by declaration_id; None for all. History is of all the same.
        all_from: the day from which all declarations are wanted, whatever ``only`` says: the controlled
            ones of a year and everybody of the month after it cost one pass.
        documents: child table, or None if the source has none.
        containers: likewise.
        transport_means: likewise.
        extra: a pack's own names, ``item.<column>`` or ``declaration.<column>``, for further columns.
        minimum_observations: values a reference level must have, 1 or more.
        official: official lists of the administration; without them what rests on them is unknown.
        threads: worker threads.
        memory_gb: bound on DuckDB's memory, GB; the table returned comes on top.
        progress: told from time to time what is under way.

    Returns:
        One row per item, sorted by registered_at, declaration_id, version, item_no; columns
        declaration_id, version, item_no, registered_at, day, snapshot_id, then the features in the
        order of the vocabulary, each under its own name.

    Raises:
        FeatureError: unknown name or zone, days in the wrong order, or a further column of another type.
        TableError: a source is not the canonical table.
    """
    with facts_reader(
        declarations, findings, zone=zone, holidays=holidays, first_day=first_day, last_day=last_day,
        names=names, only=only, all_from=all_from, documents=documents, containers=containers,
        transport_means=transport_means, extra=extra, minimum_observations=minimum_observations,
        official=official, threads=threads, memory_gb=memory_gb, progress=progress,
    ) as reader:  # fmt: skip
        return reader.read_all()


@contextmanager
def facts_reader(
    declarations: Source,
    findings: Source | None,
    *,
    zone: str,
    holidays: Collection[date],
    first_day: date,
    last_day: date,
    names: Collection[str] | None = None,
    only: Collection[str] | None = None,
    all_from: date | None = None,
    documents: Source | None = None,
    containers: Source | None = None,
    transport_means: Source | None = None,
    extra: Sequence[Feature] = (),
    minimum_observations: int = MINIMUM_OBSERVATIONS,
    official: OfficialTables = NO_TABLES,
    threads: int = 2,
    memory_gb: float = 3.0,
    progress: Progress | None = None,
) -> Iterator[pa.RecordBatchReader]:
    """Give the same rows as ``build_facts``, part by part, for what does not fit in memory at once."""
    check(zone, first_day, last_day)
    features = wanted(names, extra)
    given = {
        "declarations": declarations, "findings": findings, "documents": documents,
        "containers": containers, "transport_means": transport_means,
    }  # fmt: skip
    tables = {name: source for name, source in given.items() if source is not None}
    connection = connect(memory_gb=memory_gb, threads=threads, folders=folders_of(tables.values()))
    try:
        workshop = Workshop(connection, tables, zone, official)
        tell = progress or silent
        tell(N_("reading declarations and findings"), 0.0)
        workshop.open()
        workshop.ask(first_day, last_day, only, all_from)
        yield read(
            workshop, features, days=(first_day, last_day), holidays=holidays, minimum=minimum_observations,
            tell=tell,
        )  # fmt: skip
        tell(N_("facts are ready"), 1.0)
    finally:
        connection.close()


def read(
    workshop: Workshop,
    features: Sequence[Feature],
    *,
    days: tuple[date, date],
    holidays: Collection[date],
    minimum: int,
    tell: Progress,
) -> pa.RecordBatchReader:
    """Make the facts of what a workshop was asked, and return them part by part."""
    names = frozenset(f.name for f in features)
    ledgers = [*history.LEDGERS, *today.LEDGERS]
    if "transport_means" in workshop.tables and not names.isdisjoint(today.VEHICLE_LEDGER.facts):
        workshop.need("vehicle")
        ledgers.append(today.VEHICLE_LEDGER)

    def know_history(shop: Workshop) -> None:
        for position, ledger in enumerate(ledgers):
            tell(N_("computing history"), 0.1 + 0.55 * position / len(ledgers))
            shop.consult(ledger, names)

    with workshop.meanwhile(know_history):
        tell(N_("computing what declarations state"), 0.65)
        workshop.name_snapshots(*days, minimum)
        workshop.state([f for f in _present(workshop, features) if f.group in stated.GROUPS], *days, holidays)
        tell(N_("computing reference values"), 0.7)
        pricing.price(workshop, names, minimum)
    tell(N_("putting facts together"), 0.9)
    schema = pa.schema([*_IDENTITY, *(pa.field(f.name, _ARROW[f.kind]) for f in features)])
    return pa.RecordBatchReader.from_batches(schema, _batches(workshop, features, schema))


def _batches(workshop: Workshop, features: Sequence[Feature], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Put the tables of facts side by side, a stretch of rows at a time; each is in the order of its key."""
    rows = workshop.number("SELECT max(row) FROM item_facts") or 0
    for start in range(1, rows + 1, _CHUNK):
        within = f"row BETWEEN {start} AND {start + _CHUNK - 1}"
        items = _arrow(workshop, f"SELECT row, h, item_no FROM probe_item WHERE {within} ORDER BY row")
        keys = {key: items[key].to_numpy() for key in ("row", "h")}
        headers = f"h BETWEEN {keys['h'][0]} AND {keys['h'][-1]}"
        of = {"row": within, "h": headers}
        whole = _arrow(
            workshop,
            "SELECT p.h, p.declaration_id, p.version, make_timestamp(p.instant) AS registered_at, "
            "DATE '1970-01-01' + CAST(p.day AS INTEGER) AS day, s.snapshot_id "
            f"FROM (SELECT * FROM probe WHERE {headers}) p JOIN snapshot s ON s.day = p.day ORDER BY p.h",
        )
        columns = {"item_no": items["item_no"]} | _at(whole, "h", keys["h"])
        for table, (key, _) in workshop.facts.items():
            found = _arrow(workshop, f"SELECT * FROM {table} WHERE {of[key]}")
            columns |= _at(found, key, keys[key])
        nulls = pa.nulls(len(items))
        listed = pa.table([columns.get(name, nulls) for name in schema.names], names=schema.names)
        yield from listed.cast(schema).combine_chunks().to_batches()


_Values: TypeAlias = "pa.ChunkedArray[Any]"  # a column of any type: pyarrow's stubs ask for the scalar's


def _at(table: pa.Table, key: str, wanted: NDArray[np.int64]) -> dict[str, _Values]:
    """Return the columns of a table sorted by ``key`` at the keys wanted; a key it lacks gives nulls."""
    keys = table[key].to_numpy()
    places = np.searchsorted(keys, wanted)
    missing = np.append(keys, -1)[places] != wanted
    taken = table.take(pa.array(places, pa.int64(), mask=missing))
    return {name: taken[name] for name in table.column_names}


def _arrow(workshop: Workshop, query: str) -> pa.Table:
    found: pa.Table = workshop.connection.sql(query).to_arrow_table()
    return found


def check(zone: str, first_day: date, last_day: date) -> None:
    """Raise FeatureError unless the zone is known and the days are in order."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise FeatureError(
            N_("{zone} is not a time zone; give an IANA name such as Asia/Almaty"),
            code="feature-zone-unknown", zone=zone,
        ) from error  # fmt: skip
    if last_day < first_day:
        raise FeatureError(
            N_("the last day, {last}, is before the first, {first}"),
            code="feature-days-reversed", first=first_day, last=last_day,
        )  # fmt: skip


def wanted(names: Collection[str] | None, extra: Sequence[Feature]) -> list[Feature]:
    """Return the features that ``names`` and ``extra`` ask for, in the order of the vocabulary."""
    for feature in extra:
        if feature.group not in ("item", "declaration") or "." not in feature.name:
            raise FeatureError(
                N_("{name}: a pack's own name is item.<column> or declaration.<column>"),
                code="feature-name-wrong", name=feature.name,
            )  # fmt: skip
    vocabulary = VOCABULARY.extended(extra)
    for name in sorted(set(names or ()) - set(vocabulary)):
        raise FeatureError(
            N_("{name} is not in the vocabulary; the nearest name is {nearest}"),
            code="feature-unknown", name=name, nearest=vocabulary.nearest(name) or "–",
        )  # fmt: skip
    return [f for f in vocabulary.values() if names is None or f.name in names]


def _present(workshop: Workshop, features: Sequence[Feature]) -> list[Feature]:
    """Leave out further columns that the source lacks; the others are text or of the declared kind."""
    found = {
        str(row[0]): str(row[1]) for row in workshop.connection.execute("DESCRIBE declarations").fetchall()
    }
    present = []
    for feature in features:
        column = feature.name.partition(".")[2]
        if feature.name not in VOCABULARY and column not in found:
            continue
        if feature.name not in VOCABULARY and _kind(found[column]) not in (Kind.TEXT, feature.kind):
            raise FeatureError(
                N_("column {column} is {found}, but {name} is declared as {kind}"),
                code="feature-column-type", column=column, found=found[column], name=feature.name,
                kind=feature.kind.value,
            )  # fmt: skip
        present.append(feature)
    return present


def _kind(sql_type: str) -> Kind | None:
    whole = sql_type.partition("(")[0]
    if whole == "VARCHAR":
        return Kind.TEXT
    if whole in ("BOOLEAN", "DATE"):
        return Kind.FLAG if whole == "BOOLEAN" else Kind.DATE
    numbers = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")
    return Kind.NUMBER if whole.removeprefix("U") in numbers else None


def folders_of(sources: Collection[Source]) -> list[Path]:
    """Return the folders that a connection must be let into to read ``sources``."""
    paths: list[Path] = []
    for source in sources:
        if isinstance(source, Path):
            paths.append(source)
        elif not isinstance(source, pa.Table):
            paths.extend(source)
    return sorted({path if path.is_dir() else path.parent for path in paths})


def silent(_message: str, _share: float) -> None:
    """Tell nobody."""
