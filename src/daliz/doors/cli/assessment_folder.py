"""The folder that ``daliz assess`` leaves: what was taken in, what was decided, and by what."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from daliz.doors.cli.days import Span
from daliz.engine.allocation import PRACTICE_KEY
from daliz.engine.assess import Assessment
from daliz.engine.pack import Pack
from daliz.engine.reading import Form, SourceMapping, read, sources_of
from daliz.engine.records.columns import answer, column_of
from daliz.engine.records.decisions import DECISIONS, LOAD, MEASURES
from daliz.engine.records.duck import connect
from daliz.engine.records.files import read_table, register, replacing, write_table
from daliz.engine.records.months import Months, MonthsError, months_in, must_be_whole
from daliz.engine.records.schema import DECLARATIONS, DIFFERENCES, QUARANTINE
from daliz.language import N_, DalizError

_READ = ".read"
_CHILDREN = ("documents", "containers", "transport_means")


class NothingToAssessError(DalizError):
    """No declaration could be taken."""

    code: ClassVar[str] = "nothing-to-assess"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was read: canonical files in the output folder's ``read``, and what was kept out.

    ``left_out`` files could not be read or are no declarations, and are in ``quarantine``; ``left_aside`` are
    files of the folders of no known kind, which are in no table.
    """

    declarations: Path
    findings: Path | None
    children: Mapping[str, Path]
    quarantine: pa.Table
    inputs: Sequence[Mapping[str, object]] = field(default_factory=list)
    differences: pa.Table = field(default_factory=DIFFERENCES.arrow.empty_table)
    left_out: int = 0
    left_aside: int = 0

    @property
    def differing(self) -> int:
        """How many declarations state what their items do not bear out, or lack a day."""
        return len(set(self.differences["declaration_id"].to_pylist()))

    @property
    def quarantined(self) -> int:
        """How many declarations were kept out."""
        return len(set(self.quarantine["declaration_id"].drop_null().to_pylist()))

    def days(self, zone: str) -> Span:
        """Return the local days on which declarations were registered."""
        span = Span.of(self.declarations, zone)
        if span is None:
            raise NothingToAssessError(N_("no declaration could be taken; quarantine.parquet says why"))
        return span


def take(
    paths: Sequence[Path],
    *,
    form: Form,
    mapping: SourceMapping | None,
    pack: Pack,
    findings: Path | None,
    out: Path,
    undated: date | None = None,
    progress: Callable[[str, float], None],
) -> Taken:
    """Read and check the declarations; broken ones go to quarantine whole, the rest goes on.

    Findings come from ``findings``, else from the source itself where it has outcomes. A folder of months
    (``daliz export``) was checked when its declarations were registered, and is taken as it lies.

    Raises:
        MonthsError: a folder of months is not whole, or something else is named beside it.
    """
    for path in paths:
        months = months_in(path)
        if months is not None and len(paths) > 1:
            raise MonthsError(
                N_("{place} holds months of an export; name it alone"), code="months-alone", place=path
            )
        if months is not None:
            return _of_months(path, months, findings)
    folder = out / _READ
    result = read(
        paths, form=form, mapping=mapping, pack=pack, out=folder, undated=undated, progress=progress
    )
    own = folder / "findings.parquet"
    differences = folder / "differences.parquet"
    inputs = [*paths, *([findings] if findings else [])]
    files = [source.path for source in sources_of(paths, form, apart=out).sources]
    return Taken(
        declarations=folder / "declarations.parquet",
        findings=findings or (own if own.exists() else None),
        children=children_beside(folder, *paths),
        quarantine=read_table(folder / "quarantine.parquet", QUARANTINE),
        inputs=[_named(path, files) for path in inputs],
        differences=(
            read_table(differences, DIFFERENCES) if differences.exists() else DIFFERENCES.arrow.empty_table()
        ),
        left_out=sum(source.error is not None for source in result.sources),
        left_aside=len(result.left),
    )


def _of_months(folder: Path, months: Months, findings: Path | None) -> Taken:
    """Take the tables of a folder of months."""
    must_be_whole(folder, months)
    if not months.of("declarations"):
        raise NothingToAssessError(N_("{place} holds no declaration yet"), place=folder)
    own = folder / "findings" if months.of("findings") else None
    return Taken(
        declarations=folder / "declarations",
        findings=findings or own,
        children={name: folder / name for name in _CHILDREN if months.of(name)},
        quarantine=QUARANTINE.arrow.empty_table(),
        inputs=[
            _named(folder, [folder / part.file for part in months.parts]),
            *([named_file(findings)] if findings else []),
        ],
    )


def children_beside(*places: Path) -> Mapping[str, Path]:
    """Return the child tables: those that were read, else those that lie beside the declarations."""
    folders = [place if place.is_dir() else place.parent for place in places]
    found = {
        name: [f / f"{name}.parquet" for f in folders if (f / f"{name}.parquet").exists()]
        for name in _CHILDREN
    }
    return {name: files[0] for name, files in found.items() if files}


def write_folder(folder: Path, a: Assessment, taken: Taken, *, stated: str | None) -> None:
    """Write tables and manifest; the same assessment gives the same bytes."""
    write_table(_assessed(a, taken), folder / "declarations.parquet", DECLARATIONS)
    write_table(a.decisions, folder / "decisions.parquet", DECISIONS)
    write_table(a.measures, folder / "measures.parquet", MEASURES)
    write_table(a.load, folder / "load.parquet", LOAD)
    write_table(taken.quarantine, folder / "quarantine.parquet", QUARANTINE)
    (folder / "differences.parquet").unlink(missing_ok=True)
    if taken.differences.num_rows:
        write_table(taken.differences, folder / "differences.parquet", DIFFERENCES)
    manifest = json.dumps(_manifest(a, taken, stated), ensure_ascii=False, indent=1, sort_keys=True)
    with replacing(folder / "manifest.json") as path:
        path.write_text(manifest + "\n", encoding="utf-8")


def corridor_counts(a: Assessment) -> dict[str, int]:
    """Return how many declarations each corridor of the pack got, each by its last version."""
    ids, corridors = (column_of(a.decisions, name, str) for name in ("declaration_id", "corridor"))
    counted = Counter(dict(zip(ids, corridors, strict=True)).values())
    return {corridor.code: counted[corridor.code] for corridor in a.task.pack.corridors}


def tidy(folder: Path) -> None:
    """Remove the canonical copy of what was read, if one was made; ``daliz read`` makes one to keep."""
    if (folder / _READ).is_dir():
        shutil.rmtree(folder / _READ)


def summary(folder: Path) -> Mapping[str, object]:
    """Return what a program wants to know of an assessment: counts, corridors, where the files are."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    chosen = (
        "policy_id",
        "policy",
        "days",
        "counts",
        "corridors",
        "capacity",
        "draw",
        "unknown",
        "codes_beyond",
    )
    names = ("decisions.parquet", "measures.parquet", "load.parquet", "quarantine.parquet", "report.html")
    return {name: manifest[name] for name in chosen} | {"files": {n: str(folder / n) for n in names}}


def _assessed(a: Assessment, taken: Taken) -> pa.Table:
    """Return the declarations of the assessed days, in the order of their decisions."""
    zone = ZoneInfo(a.task.pack.zone)
    begin = datetime.combine(a.task.first_day, time(), zone)
    end = datetime.combine(a.task.last_day + timedelta(days=1), time(), zone)
    with connect(folders=[taken.declarations.parent]) as connection:
        register(connection, "declarations", taken.declarations, DECLARATIONS)
        return answer(
            connection,
            "SELECT * FROM declarations WHERE registered_at >= $begin AND registered_at < $end "
            "ORDER BY registered_at, declaration_id, version, item_no",
            {"begin": begin, "end": end},
        )


def _manifest(a: Assessment, taken: Taken, stated: str | None) -> Mapping[str, object]:
    task, experience = a.task, a.experience
    rates = experience.rates
    return {
        "schema": "1",
        "policy_id": a.policy_id,
        "policy": a.policy,
        "days": {"first": task.first_day.isoformat(), "last": task.last_day.isoformat()},
        "counts": {
            "declarations": len(pc.unique(a.decisions["declaration_id"])),
            "versions": a.decisions.num_rows,
            "items": a.facts.num_rows,
            "quarantined_declarations": taken.quarantined,
            "quarantine_entries": taken.quarantine.num_rows,
            "files_left_out": taken.left_out,
            "files_left_aside": taken.left_aside,
            "differences": taken.differences.num_rows,
        },
        "inputs": list(taken.inputs),
        "capacity": {
            "unit": task.capacity.unit,
            "stated": Path(stated).name if stated and "=" not in stated else stated,
            "shares": _shares(task.capacity.shares, stated, task.pack),
        },
        "draw": {
            "key_id": task.key.key_id,
            "commitment": task.key.commitment,
            "practice": task.key == PRACTICE_KEY,
        },
        "experience": {
            "controls": experience.controls,
            "random_controls": experience.random_controls,
            "base_probability": experience.score.base_probability,
            "profiles": [
                {
                    "profile_id": task.pack.told(profile.id),
                    "version": profile.version,
                    "hit_rate": float(rates.mean[k]),
                    "low": float(rates.low[k]),
                    "high": float(rates.high[k]),
                    "controlled": int(rates.controlled[k]),
                    "found": int(rates.found[k]),
                    "overlap": float(experience.overlap[k]),
                    "weight": float(experience.score.weights[k]),
                    "loss_share": float(experience.loss_share[k]),
                }
                for k, profile in sorted(
                    enumerate(a.experts.profiles), key=lambda one: (task.pack.told(one[1].id), one[1].version)
                )
            ],
        },
        "corridors": corridor_counts(a),
        "unknown": _unknown(a),
        "codes_beyond": _beyond(a),
    }


def _unknown(a: Assessment) -> list[Mapping[str, object]]:
    """Return the features that profiles ask for and that are unknown for some item, most first."""
    asked = sorted(frozenset[str]().union(*(p.indicator.names for p in a.experts.profiles)))
    shares = {name: a.facts[name].null_count / max(a.facts.num_rows, 1) for name in asked}
    named = [{"name": a.task.pack.told(name), "share": share} for name, share in shares.items() if share > 0]
    return sorted(named, key=lambda row: (-float(str(row["share"])), str(row["name"])))


def _shares(shares: Mapping[str, float], stated: str | None, pack: Pack) -> dict[str, float]:
    """Return the shares of capacity that may be told: under an overlay those that the command stated."""
    if pack.overlay is None:
        return dict(shares)
    named = {part.partition("=")[0].strip() for part in (stated or "").split(",")}
    return {form: share for form, share in shares.items() if form in named}


def _beyond(a: Assessment) -> Mapping[str, object]:
    """Return how many declarations, by their last versions, say something in codes the pack does not know."""
    numbers = column_of(a.decisions, "declaration_id", str)
    last = dict(zip(numbers, a.decisions["codes_beyond"].to_pylist(), strict=True))
    counted = Counter(
        (one["fact"], one["code"]) for told in last.values() for one in cast("list[dict[str, str]]", told)
    )
    return {
        "declarations": sum(1 for told in last.values() if told),
        "codes": [
            {"fact": fact, "code": code, "declarations": n}
            for (fact, code), n in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
        ],
    }


def named_file(path: Path) -> Mapping[str, object]:
    """Name an input by its file name and content, not by where it lay."""
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": _print(path)}


def _named(path: Path, read_files: Sequence[Path]) -> Mapping[str, object]:
    """Name an input by its name and content, not by where it lay; a folder by its files that were read."""
    if path.is_file():
        return named_file(path)
    files = [file for file in read_files if file.is_relative_to(path)]
    lines = [f"{_print(file)}  {file.relative_to(path).as_posix()}\n" for file in files]
    return {
        "name": path.resolve().name,
        "files": len(files),
        "bytes": sum(file.stat().st_size for file in files),
        "sha256": hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest(),
    }


def _print(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
