"""What the models see: marks for additive parts, numbers and codes for trees, places for rates."""

from collections.abc import Iterable, Sequence
from math import isnan
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import OneHotEncoder

from studies.korea.goods import Floats, Goods, Rows, Texts, Whole, unit_prices

_PARTIES: Final = ("declarant_id", "trader_id", "counterparty_id", "carrier_id", "office")
_CODES: Final = ("departure_country", "origin_country", "preference")
_ENOUGH: Final = 5
"""Known values before a group has a usual one; fewer lean on the wider group."""


class Columns:
    """Everything about the rows that needs no outcome, made once.

    Attributes:
        goods: the declarations.
        marks: one column for each place in each grouping (chapter, heading, code, origin, departure, tax,
            steps of mass, of value and of unit value, and what goes together of them), sparse, shape
            (rows, places).
        marks_with_parties: the same with declarant, trader, seller, courier and office.
        numbers: logarithms of mass, value and unit value, duty, goods code, and countries and tax type as
            numbers, shape (rows, 8).
        everything: ``numbers`` and every further column of the source as a number.
        places: hierarchies, the widest level first, each of shape (rows, levels).
        party_places: the same for declarant, trader, seller and courier.
    """

    def __init__(self, goods: Goods) -> None:
        self.goods = goods
        text = goods.text
        mass, value = _log(goods.mass_kg), _log(goods.value)
        unit = mass * np.nan
        positive = (goods.mass_kg > 0) & (goods.value > 0)
        unit[positive] = value[positive] - mass[positive]
        code = [str(hs) for hs in text["hs_code"]]
        hs2, hs4 = [hs[:2] for hs in code], [hs[:4] for hs in code]
        origin, departure, tax = text["origin_country"], text["departure_country"], text["preference"]
        rate = [str(duty) for duty in goods.duty.tolist()]
        coarse, fine = _steps(mass, 2.0), _steps(mass, 1.0)
        chapter_origin, heading_origin, code_origin = (_pairs(part, origin) for part in (hs2, hs4, code))
        tax_mass, origin_mass, heading_mass = (_pairs(part, fine) for part in (tax, origin, hs4))
        kilograms = [str(kg) for kg in goods.mass_kg.tolist()]
        origin_kilograms, chapter_kilograms = _pairs(origin, kilograms), _pairs(hs2, kilograms)
        way, heading_origin_mass = _pairs(origin, departure), _pairs(heading_mass, origin)
        marks: list[Texts] = [
            hs2, hs4, code, origin, departure, tax, rate, fine, _steps(value, 1.0), _steps(unit, 1.0),
            _pairs(hs2, coarse), _pairs(hs4, coarse), _pairs(origin, coarse),
            chapter_origin, heading_origin, code_origin, way, tax_mass, origin_mass,
            heading_origin_mass, origin_kilograms, chapter_kilograms,
        ]  # fmt: skip
        self.marks = _sparse(marks)
        self.marks_with_parties = _sparse([*marks, *(text[name] for name in _PARTIES)])
        self.numbers = np.column_stack(
            [mass, value, unit, goods.duty, _number(code), *(_number(text[name]) for name in _CODES)]
        )
        self.everything = np.column_stack(
            [self.numbers, *(_number(values) for name, values in text.items() if name not in _CODES)]
        )
        self.places = [
            _stack(hs2, hs4, code, code_origin),
            _stack(origin, chapter_origin, heading_origin),
            _stack(origin, way),
            _stack(tax, tax_mass),
            _stack(tax, _pairs(tax, rate)),
            _stack(fine, origin_mass, origin_kilograms),
            _stack(hs2, _pairs(hs2, fine), chapter_kilograms),
            _stack(hs4, _pairs(hs4, coarse), heading_mass, heading_origin_mass),
        ]
        self.party_places = [_stack(text[name]) for name in _PARTIES[:4]]
        self.exact = _stack(
            hs2, hs4, code, unit_prices(goods.mass_kg, goods.value), origin, departure,
            _pairs(tax, rate), kilograms,
        )  # fmt: skip
        self._told = (unit, mass)
        self._groups = (_ranks(hs4), _ranks(code), _ranks(_pairs(code, origin)))

    def deviations(self, learn: Rows) -> Floats:
        """Return how far unit value and mass lie from the usual of their code and origin, logarithms.

        The usual is the median of the rows ``learn``: of code and origin, where too few of the code, then of
        the heading; unknown where the heading has too few as well. Shape (all rows, 2).
        """
        answer = []
        for told in self._told:
            usual = np.full(len(told), np.nan)
            for group in self._groups:
                middle = _medians(told[learn], group[learn], int(group.max()) + 1)[group]
                usual = np.where(np.isnan(middle), usual, middle)
            answer.append(told - usual)
        return np.column_stack(answer)


def _medians(values: Floats, group: Whole, count: int) -> Floats:
    """Return the median of each group, NaN where it has too few known values.

    Example:
        >>> _medians(np.array([3.0, 1.0, 9.0, 2.0, 8.0, 5.0]), np.array([0, 0, 0, 0, 0, 1]), 2).tolist()
        [3.0, nan]
    """
    known = ~np.isnan(values)
    values, group = values[known], group[known]
    order = np.lexsort((values, group))
    size = np.bincount(group, minlength=count)
    first = np.cumsum(size) - size
    answer = np.full(count, np.nan)
    enough = size >= _ENOUGH
    answer[enough] = values[order][(first + size // 2)[enough]]
    return answer


def _log(values: Floats) -> Floats:
    """Return logarithms, NaN where a value is unknown or 0."""
    answer = np.full(len(values), np.nan)
    positive = values > 0
    answer[positive] = np.log(values[positive])
    return answer


def _steps(values: Floats, width: float) -> list[str]:
    return ["-" if isnan(step) else str(int(step)) for step in np.floor(values / width).tolist()]


def _pairs(one: Iterable[object], other: Iterable[object]) -> list[str]:
    return [f"{a}|{b}" for a, b in zip(one, other, strict=True)]


def _ranks(values: Texts) -> Whole:
    """Number the texts in their order; an unknown text counts as ``None``.

    Example:
        >>> _ranks(["C", None, "A", "C"]).tolist()
        [1, 2, 0, 1]
    """
    texts = [str(value) for value in values]
    rank = {text: number for number, text in enumerate(sorted(set(texts)))}
    return np.array([rank[text] for text in texts], dtype=np.int64)


def _number(values: Texts) -> Floats:
    """Return texts as numbers: themselves if all are digits, else in their order; NaN where unknown."""
    stated = [value for value in values if value is not None]
    ranks = (
        _ranks(values).astype(np.float64)
        if not all(value.isdigit() for value in stated)
        else np.array([float(value or 0) for value in values])
    )
    return np.where([value is None for value in values], np.nan, ranks)


def _stack(*levels: Sequence[object]) -> NDArray[np.object_]:
    return np.array(list(zip(*levels, strict=True)), dtype=object)


def _sparse(marks: Sequence[Texts]) -> Any:
    """Return a column for each text of each grouping, 1 where a row has it, sparse."""
    return OneHotEncoder(dtype=np.float64).fit_transform(np.column_stack([_ranks(texts) for texts in marks]))
