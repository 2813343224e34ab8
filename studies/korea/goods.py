"""The declarations as arrays: what is declared, what was found, and which rows declare the same again."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from daliz.engine.reading import read, shipped_mapping

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Rows = NDArray[np.intp]
Texts = Sequence[str | None]

_HOURS_EAST: Final = 9  # Seoul
_TEXTS: Final = (
    "office", "import_type", "import_use", "payment_type", "transport_mode", "declarant_id", "trader_id",
    "counterparty_id", "carrier_id", "hs_code", "departure_country", "origin_country", "preference",
    "origin_indicator",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """One row a declaration, in order of registration.

    Attributes:
        text: by canonical name, None where not stated.
        mass_kg: net mass; value: customs value, won; duty: rate, a fraction; NaN where unknown.
        day: number of the day in Seoul.
        wrong: 1 where the control found fraud, else 0.
        same: number of the tuple: rows with one number declare the same goods in the same way.
    """

    text: Mapping[str, Texts]
    mass_kg: Floats
    value: Floats
    duty: Floats
    day: Whole
    wrong: Floats
    same: Whole

    def __len__(self) -> int:
        return len(self.wrong)


def read_goods(folder: Path) -> Goods:
    """Read the public files by the mapping that Daliz brings along."""
    with tempfile.TemporaryDirectory(prefix="daliz-study-") as place:
        read([folder], mapping=shipped_mapping("korea"), out=Path(place), threads=1)
        declared = pq.read_table(Path(place) / "declarations.parquet")
        found = pq.read_table(Path(place) / "findings.parquet", columns=["declaration_id", "violation"])
    return goods_of(declared, found)


def goods_of(declared: pa.Table, found: pa.Table) -> Goods:
    """Return canonical declarations of one item each, all controlled, as arrays."""
    at = pc.index_in(declared["declaration_id"], value_set=found["declaration_id"].combine_chunks())
    wrong = found["violation"].take(at).cast(pa.float64()).to_numpy()
    text = {name: declared[name].to_pylist() for name in _TEXTS}
    mass, value, duty = (
        declared[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
        for name in ("net_mass_kg", "customs_value", "duty_rate")
    )
    seconds = declared["registered_at"].cast(pa.int64()).to_numpy() // 1_000_000 + _HOURS_EAST * 3600
    same = tuples(text=text, mass_kg=mass, value=value, duty=duty)
    return Goods(text, mass, value, duty, (seconds // 86_400).astype(np.int64), wrong, same)


def tuples(*, text: Mapping[str, Texts], mass_kg: Floats, value: Floats, duty: Floats) -> Whole:
    """Number the tuples: goods code, unit price, departure, origin, tax rate, tax type and net mass.

    The unit price is the value by the kilogram to seven digits; it is unknown where there is no mass, so that
    such rows of one code are one tuple whatever their value.

    Example:
        >>> stated = {"hs_code": ["640391"] * 3, "departure_country": ["VN"] * 3,
        ...     "origin_country": ["VN"] * 3, "preference": ["A", "A", "C"]}
        >>> tuples(text=stated, mass_kg=np.array([2.0] * 3), value=np.array([50.0] * 3),
        ...     duty=np.array([0.08] * 3)).tolist()
        [0, 0, 1]
    """
    known: dict[tuple[object, ...], int] = {}
    keys = _keys(text, mass_kg, value, duty)
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def unit_prices(mass_kg: Floats, value: Floats) -> Texts:
    """Return the value by the kilogram to seven digits; None where there is no mass."""
    return [f"{v / m:.7g}" if m > 0 else None for m, v in zip(mass_kg.tolist(), value.tolist(), strict=True)]


def folds(same: Whole, count: int, seed: int) -> Whole:
    """Deal the rows into folds; rows of one tuple always lie in one fold.

    Example:
        >>> dealt = folds(np.array([0, 1, 0, 2, 1]), 3, seed=1)
        >>> bool(dealt[0] == dealt[2]), bool(dealt[1] == dealt[4]), sorted(set(dealt.tolist()))
        (True, True, [0, 1, 2])
    """
    names, at = np.unique(same, return_inverse=True)
    return (np.random.default_rng(seed).permutation(len(names)) % count)[at].astype(np.int64)


def kept_apart(goods: Goods) -> NDArray[np.bool_]:
    """Mark the fifth of the tuples that no choice of columns, levels or settings of this study had seen."""
    keys = _keys(goods.text, goods.mass_kg, goods.value, goods.duty)
    return np.array([int(hashlib.sha256(repr(key).encode()).hexdigest(), 16) % 5 == 0 for key in keys])


def first_of_each(goods: Goods, seed: int) -> Rows:
    """Return one row of each tuple, drawn by chance, in order of registration."""
    order = np.random.default_rng(seed).permutation(len(goods))
    _, first = np.unique(goods.same[order], return_index=True)
    return np.sort(order[first])


def _keys(
    text: Mapping[str, Texts], mass_kg: Floats, value: Floats, duty: Floats
) -> list[tuple[object, ...]]:
    """Return each row's tuple, None for what is unknown (NaN is not even equal to itself)."""
    stated = zip(
        text["hs_code"], unit_prices(mass_kg, value), text["departure_country"], text["origin_country"],
        duty.tolist(), text["preference"], mass_kg.tolist(), strict=True,
    )  # fmt: skip
    return [
        tuple(None if isinstance(part, float) and isnan(part) else part for part in key) for key in stated
    ]
