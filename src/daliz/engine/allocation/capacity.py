"""Officer time: how much control each pool can carry out in each form on each day."""

import csv
import difflib
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import ClassVar, Final

from daliz.language import N_, DalizError, Message

EVERYWHERE: Final = "*"
"""The pool of the whole administration, and what a line without a day stands for."""

_COLUMNS: Final = ("pool", "form", "day", "minutes")


class CapacityError(DalizError):
    """A statement of capacity is not right."""

    code: ClassVar[str] = "capacity"


@dataclass(frozen=True, slots=True)
class Capacity:
    """What officers can do: shares of the day's declarations, or minutes by pool, form and day.

    Attributes:
        shares: for each form, the share of a day's declarations over all offices, 0 to 1; empty if
            minutes are given.
        minutes: officer minutes by pool (an office, a pool of the pack, or ``*``), form and day (None for
            every day without a line of its own).

    Example:
        >>> Capacity.of("documents=16%,physical=4%", forms=("documents", "physical")).shares
        {'documents': 0.16, 'physical': 0.04}
    """

    shares: Mapping[str, float]
    minutes: Mapping[tuple[str, str, date | None], float]

    @property
    def unit(self) -> str:
        """What is counted: ``minutes`` or ``declarations``."""
        return "minutes" if self.minutes else "declarations"

    @property
    def forms(self) -> frozenset[str]:
        """The forms of control for which there is any capacity stated."""
        return frozenset(self.shares) | {form for _, form, _ in self.minutes}

    def pool_of(self, form: str, *, office: str | None, pool: str | None) -> str:
        """Return the nearest pool that has officers for ``form``: the office's own, its pool's, or ``*``."""
        stated = {name for name, of_form, _ in self.minutes if of_form == form}
        return next((name for name in (office, pool) if name in stated), EVERYWHERE)

    def available(self, pool: str, form: str, day: date, *, declarations: int) -> float:
        """Return the capacity of one pool and form on one day, in ``unit``; 0 where none is stated.

        Args:
            declarations: how many declarations were registered that day over all offices.
        """
        if not self.minutes:
            return float(math.floor(self.shares.get(form, 0.0) * declarations + 1e-9))
        return self.minutes.get((pool, form, day), self.minutes.get((pool, form, None), 0.0))

    @classmethod
    def of(cls, text: str, *, forms: tuple[str, ...]) -> "Capacity":
        """Read ``documents=16%,physical=4%``; a bare number is a fraction.

        Raises:
            CapacityError: an unknown form, or a share that is not between 0 and 100 %.
        """
        shares: dict[str, float] = {}
        for part in text.split(","):
            form, _, amount = (piece.strip() for piece in part.partition("="))
            if form not in forms:
                raise CapacityError(
                    N_("{found} is not a form of control; the forms are {forms}"),
                    found=form or part,
                    forms=", ".join(forms),
                )
            if form in shares:
                raise CapacityError(N_("the capacity of {form} is stated twice"), form=form)
            try:
                share = float(amount.removesuffix("%")) / (100 if amount.endswith("%") else 1)
            except ValueError:
                share = math.nan
            if not 0 <= share <= 1:
                raise CapacityError(
                    N_("the capacity of {form} is {found}; write a share such as 16% or 0.16"),
                    form=form,
                    found=amount or "-",
                )
            shares[form] = share
        return cls(shares, {})

    @classmethod
    def from_file(cls, path: Path, *, forms: tuple[str, ...], pools: Collection[str]) -> "Capacity":
        """Read a CSV (commas or semicolons) of pool, form, day (ISO, or empty for every day), minutes.

        Args:
            path: the file.
            forms: the pack's forms of control.
            pools: the offices and pools that a line may name, besides ``*``.

        Raises:
            CapacityError: naming the file, the line, what was found and what would be right.
        """
        minutes: dict[tuple[str, str, date | None], float] = {}
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                separator = ";" if ";" in file.readline() else ","
                file.seek(0)
                rows = csv.DictReader(file, strict=True, delimiter=separator)
                if tuple(rows.fieldnames or ()) != _COLUMNS:
                    raise CapacityError(
                        N_("{path} has the columns {found}; it needs {columns}"),
                        path=path.name,
                        found=", ".join(rows.fieldnames or ()),
                        columns=", ".join(_COLUMNS),
                    )
                for row in rows:
                    key, amount = _line(path, rows.line_num, row, forms, pools)
                    if key in minutes:
                        raise _wrong(path, rows.line_num, N_("this pool, form and day have a line already"))
                    minutes[key] = amount
        except OSError as error:
            raise CapacityError(
                N_("capacity: {path} cannot be read ({cause}); write documents=16%, or name a CSV file"),
                path=path.name,
                cause=error.strerror,
            ) from error
        except (UnicodeDecodeError, csv.Error) as error:
            raise CapacityError(
                N_("the capacity file {path} cannot be read: {cause}"), path=path.name, cause=error
            ) from error
        if not minutes:
            raise CapacityError(N_("{path} states no capacity"), path=path.name)
        return cls({}, minutes)


def _line(
    path: Path, number: int, row: Mapping[str, str | None], forms: tuple[str, ...], pools: Collection[str]
) -> tuple[tuple[str, str, date | None], float]:
    pool, form, day, minutes = ((row[name] or "").strip() for name in _COLUMNS)
    if form not in forms:
        raise _wrong(path, number, N_("{found} is not a form of control"), found=form)
    if not pool:
        raise _wrong(path, number, N_("the pool is empty; write an office, a pool or *"))
    if pool != EVERYWHERE and pool not in pools:
        alike = difflib.get_close_matches(pool, pools, n=1) or [EVERYWHERE]
        raise _wrong(
            path,
            number,
            N_("{found} is no office and no pool of the pack; did you mean {nearest}?"),
            found=pool,
            nearest=alike[0],
        )
    try:
        when = date.fromisoformat(day) if day else None
    except ValueError:
        raise _wrong(path, number, N_("{found} is not a day such as 2026-03-31"), found=day) from None
    try:
        amount = float(minutes)
    except ValueError:
        amount = math.nan
    if not 0 <= amount < math.inf:
        raise _wrong(path, number, N_("{found} is not a number of minutes"), found=minutes or "–")
    return (pool, form, when), amount


def _wrong(path: Path, number: int, template: str, **values: object) -> CapacityError:
    return CapacityError(
        N_("{path} line {line}: {what}"), path=path.name, line=number, what=Message(template, values)
    )
