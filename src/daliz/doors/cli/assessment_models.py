"""The models of an assessment beside its tables: kept to explain what they made of a declaration."""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from daliz.engine.assess import Assessment
from daliz.engine.estimators.learner import NAMES, group_of
from daliz.engine.estimators.learner.outlook import REVEALS
from daliz.engine.estimators.reasons import Reason, hinted, reasons
from daliz.engine.estimators.trees import Contributions, Trees
from daliz.engine.records.files import replacing

_FOLDER: Final = "models"
_VALUES: Final = "values.parquet"
_MODEL: Final = "model"
_IDENTITY: Final = ("declaration_id", "version", "item_no")


@dataclass(frozen=True, slots=True)
class ItemReasons:
    """What moved one model's chance for one item.

    Attributes:
        item_no: of the goods item.
        kind: what the model foretells: ``papers``, ``hidden`` or ``after``.
        chance: of a violation of that kind in the item, 0 to 1.
        reasons: groups of facts by what they added to the log odds, the strongest first.
    """

    item_no: int
    kind: str
    chance: float
    reasons: tuple[Reason, ...]


def write_models(folder: Path, a: Assessment) -> None:
    """Write the trees and the columns they saw; nothing where there are no models."""
    place = folder / _FOLDER
    shutil.rmtree(place, ignore_errors=True)
    seen = a.foresight
    if seen is None:
        return
    place.mkdir()
    for scorer in seen.scorers:
        (place / scorer.version).mkdir()
        for name, trees in sorted(scorer.models.trees.items()):
            trees.save(place / scorer.version / f"{name}.npz")
    identity = a.facts.select(list(_IDENTITY))
    versions = [*(scorer.version for scorer in seen.scorers), None]
    columns = {name: identity[name] for name in _IDENTITY}
    columns |= {
        _MODEL: pa.chunked_array([[versions[at] for at in seen.item_scored_by.tolist()]], pa.string())
    }
    columns |= {name: pa.chunked_array([pa.array(seen.values[:, at])]) for at, name in enumerate(NAMES)}
    with replacing(place / _VALUES) as path:
        pq.write_table(pa.table(columns), path, compression="zstd")


def item_reasons(folder: Path, number: str, version: int) -> Sequence[ItemReasons]:
    """Return what moved the models for each item of a declaration; empty where there were none."""
    place = folder / _FOLDER
    if not (place / _VALUES).exists():
        return ()
    rows = pq.read_table(
        place / _VALUES, filters=[("declaration_id", "=", number), ("version", "=", version)]
    ).sort_by("item_no")
    values = np.column_stack([rows[name].to_numpy() for name in NAMES]).astype(np.float64)
    groups = {name: group_of(name) for name in NAMES}
    numbers, told = rows["item_no"].to_numpy(), []
    scored_by = {version for version in rows[_MODEL].to_pylist() if version is not None}
    for path in sorted(path for version in scored_by for path in (place / version).glob("*.found.npz")):
        trees = Trees.load(path)
        chance, parts = trees.predict(values), Contributions(trees).of(values)
        told += [
            ItemReasons(int(item), path.name.partition(".")[0], float(p), reasons(part, NAMES, groups))
            for item, p, part in zip(numbers, chance, parts, strict=True)
        ]
    return sorted(told, key=lambda one: (-one.chance, one.item_no))


def areas_of(
    moved: Sequence[ItemReasons], forms: Collection[str], *, approved: Collection[str], most: int
) -> tuple[str, ...]:
    """Return of which areas an officer may read: of the likeliest item, by what the forms of control reveal.

    Args:
        moved: from ``item_reasons``, the likeliest first.
        forms: of control that models chose.
        approved: areas whose hint is approved.
        most: how many at most.
    """
    kinds = {kind for form in forms for kind in REVEALS.get(form, ())}
    first = next((one for one in moved if one.kind in kinds), None)
    return hinted(first.reasons, approved=approved, most=most) if first is not None else ()
