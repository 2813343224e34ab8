"""Declarations of many days as the planner of a horizon takes them."""

from collections.abc import Sequence

import numpy as np

from daliz.engine.allocation.candidates import Candidate
from daliz.engine.allocation.capacity import Capacity
from daliz.engine.allocation.horizon import Stream
from daliz.engine.allocation.programme import Indices
from daliz.engine.allocation.requests import Asked, ask
from daliz.engine.pack import Pack

_LATER = "post_release"


def pools_of(
    candidates: Sequence[Candidate], forms: Sequence[str], *, capacity: Capacity, pack: Pack
) -> list[list[str]]:
    """Return whose officers would do each form of control for each candidate."""
    known: dict[tuple[str, str | None, str | None], str] = {}
    rows = []
    for candidate in candidates:
        row = []
        for form in forms:
            key = form, candidate.office, candidate.goods_office
            if key not in known:
                known[key] = candidate.pool(form, capacity, pack)
            row.append(known[key])
        rows.append(row)
    return rows


def stream_of(
    candidates: Sequence[Candidate], *, day: Indices, pool: Indices, forms: Sequence[str], pack: Pack
) -> Stream:
    """Return what each version of each declaration asks for and what it would bring.

    A control after release that nobody asks for but in place of documents is not marked as permitted: the
    planner offers it because the documents may wait.

    Args:
        candidates: every version of every declaration, earlier versions first, also those for which nothing
            fired.
        day: index of the day of registration, shape (n,).
        pool: index of the pool, shape (n, f).
        forms: the forms of control.
        pack: for measures and directions.
    """
    place: dict[str, int] = {}
    shape = len(candidates), len(forms)
    stream = Stream(
        declaration=np.array([place.setdefault(c.number, len(place)) for c in candidates], dtype=np.intp),
        day=day,
        pool=pool,
        gain=np.array(
            [[c.gain.get(form, 0.0) for form in forms] for c in candidates], dtype=np.float64
        ).reshape(shape),
        minutes=np.ones(shape),
        delay_hours=np.zeros(shape),
        permitted=np.zeros(shape, dtype=np.bool_),
        mandatory=np.zeros(shape, dtype=np.bool_),
        random=np.zeros(shape, dtype=np.bool_),
        non_fiscal=np.zeros(shape, dtype=np.bool_),
        deferrable=np.zeros(len(candidates), dtype=np.bool_),
        draw=np.array([c.draw / c.share if c.share else 1.0 for c in candidates], dtype=np.float64),
    )
    for row, candidate in enumerate(candidates):
        for form, asked in ask(pack, candidate.fired).items():
            _write(stream, row, forms.index(form), asked)
            if form == _LATER:
                stream.deferrable[row] = asked.instead
    return stream


def _write(stream: Stream, row: int, form: int, asked: Asked) -> None:
    stream.minutes[row, form] = asked.minutes
    stream.delay_hours[row, form] = asked.delay_hours
    stream.permitted[row, form] = asked.waivable and not asked.instead
    stream.mandatory[row, form] = asked.mandatory
    stream.random[row, form] = asked.random
    stream.non_fiscal[row, form] = asked.non_fiscal
