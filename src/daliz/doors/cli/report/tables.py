"""The tables of an output folder, open for questions.

Everything is asked of the last version of each declaration: an amendment takes over what was ordered before,
so its decision is the one that stands. Sums are decimal and rows are ordered, so that the same folder gives
the same report.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import pyarrow as pa

from daliz.doors.cli.report.manifest import FolderError, Manifest, read_manifest
from daliz.engine.pack import Pack
from daliz.engine.records.decisions import DECISIONS, LOAD, MEASURES
from daliz.engine.records.duck import Connection, connect
from daliz.engine.records.files import register
from daliz.engine.records.schema import DECLARATIONS, QUARANTINE
from daliz.language import N_

Row = tuple[object, ...]

_SCHEMAS: Final = (DECLARATIONS, DECISIONS, MEASURES, LOAD, QUARANTINE)

_VIEWS: Final = """
CREATE TABLE decision AS
SELECT * EXCLUDE (probability),
    probability,
    CAST(probability AS DECIMAL(18, 12)) AS chance
FROM decisions
QUALIFY row_number() OVER (PARTITION BY declaration_id ORDER BY version DESC) = 1;

CREATE TABLE "order" AS
SELECT m.*, d.day, d.office, d.corridor, d.expected_damage
FROM measures AS m JOIN decision AS d USING (declaration_id, version);

-- why a declaration is controlled in a form: the strongest claim that was granted
CREATE TABLE control AS
SELECT declaration_id, control_form AS form,
    arg_min(capacity, list_position(['mandatory', 'random', 'waivable', 'inherited'], capacity)) AS claim
FROM "order"
WHERE status = 'ordered' AND control_form IS NOT NULL
GROUP BY declaration_id, control_form;

-- a fired profile of a declaration: whether any of its measures was ordered or set aside
CREATE TABLE fired AS
SELECT declaration_id, profile_id, max(log_odds) AS log_odds,
    bool_or(ordered) AS ordered, bool_or(waived) AND NOT bool_or(ordered_form) AS waived
FROM (
    SELECT declaration_id, c.profile_id, c.log_odds, FALSE AS ordered, FALSE AS ordered_form, FALSE AS waived
    FROM (SELECT declaration_id, unnest(contributions) AS c FROM decision)
    UNION ALL
    SELECT declaration_id, profile_id, NULL, status = 'ordered',
        status = 'ordered' AND control_form IS NOT NULL, status = 'waived'
    FROM "order"
)
GROUP BY declaration_id, profile_id;
"""


@dataclass(frozen=True, slots=True)
class Tables:
    """An output folder: manifest and tables.

    Attributes:
        manifest: what the tables were made from.
        pack: the pack that names their codes.
        connection: DuckDB with the tables and, for the last versions, ``decision``, ``order``, ``control``
            and ``fired``.
    """

    manifest: Manifest
    pack: Pack
    connection: Connection = field(repr=False)

    @classmethod
    def of(cls, folder: Path, pack: Pack) -> "Tables":
        """Open the tables of ``folder``.

        Raises:
            FolderError: a table or the manifest is missing.
            TableError: a table is not what its name says.
        """
        manifest = read_manifest(folder).named_by(pack)
        connection = connect(folders=[folder])
        for schema in _SCHEMAS:
            path = folder / f"{schema.name}.parquet"
            if not path.is_file():
                raise FolderError(
                    N_("{folder} has no {name}; name the folder that daliz assess wrote"),
                    folder=str(folder), name=path.name,
                )  # fmt: skip
            register(connection, schema.name, path, schema)
        connection.execute(_VIEWS)
        connection.register("pack_corridor", _corridors(pack))
        connection.register("pack_measure", _measures(pack))
        connection.register("pack_office", _offices(pack))
        return cls(manifest, pack, connection)

    def rows(self, sql: str, values: Mapping[str, object] | None = None) -> list[Row]:
        """Return the rows of a question."""
        return cast("list[Row]", self.connection.execute(sql, dict(values or {})).fetchall())

    def records(self, sql: str, values: Mapping[str, object] | None = None) -> list[dict[str, object]]:
        """Return the rows of a question by column name."""
        asked = self.connection.sql(sql, params=dict(values)) if values else self.connection.sql(sql)
        return cast("list[dict[str, object]]", asked.to_arrow_table().to_pylist())

    @property
    def bucket(self) -> str:
        """How days are gathered in charts so that they stay readable: ``day``, ``week`` or ``month``."""
        days = (self.manifest.days.last - self.manifest.days.first).days + 1
        return "day" if days <= 62 else "week" if days <= 366 else "month"


def _corridors(pack: Pack) -> pa.Table:
    return pa.table(
        {
            "corridor": pa.array([c.code for c in pack.corridors], pa.string()),
            "strictness": pa.array([c.strictness for c in pack.corridors], pa.int32()),
            "automatic": pa.array([c.releases_automatically for c in pack.corridors], pa.bool_()),
        }
    )


def _measures(pack: Pack) -> pa.Table:
    minutes = [round(m.minutes * 100) for m in pack.measures.values()]
    return pa.table(
        {
            "measure": pa.array(list(pack.measures), pa.string()),
            "hundredths": pa.array(minutes, pa.int64()),
        }
    )


def _offices(pack: Pack) -> pa.Table:
    return pa.table(
        {
            "office": pa.array(list(pack.offices), pa.string()),
            "pool": pa.array([office.pool for office in pack.offices.values()], pa.string()),
        }
    )
