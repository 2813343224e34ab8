"""Codes in declarations that a pack does not know: another administration's, or one that has changed."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.pack.border import LISTED, OFFICES
from daliz.engine.pack.pack import Pack

CODED: Final = frozenset({"declaration.currency", "declaration.procedure", *OFFICES, *LISTED})
"""Facts whose values a pack knows or does not."""


def codes_of(pack: Pack) -> Mapping[str, frozenset[str]]:
    """Return the values that a pack knows, by fact; a fact of which it lists nothing is absent."""
    known = {
        "declaration.currency": frozenset({pack.currency}),
        "declaration.procedure": frozenset(pack.procedures),
        **dict.fromkeys(OFFICES, frozenset(pack.offices)),
        **{name: frozenset(pack.code_lists[code].members) for name, code in LISTED.items()
           if code in pack.code_lists},
    }  # fmt: skip
    return {name: codes for name, codes in known.items() if codes}


def codes_beyond(facts: pa.Table, first_row: Sequence[int], pack: Pack) -> list[list[dict[str, str]]]:
    """Return what each declaration says in codes that the pack does not know.

    Args:
        facts: rows of goods items, those of a declaration together, with the facts ``CODED``.
        first_row: the first row of each declaration, rising, shape (declarations,).
        pack: the pack that decides.

    Returns:
        For each declaration the ``fact`` and the ``code``, each once, in the order of the facts' names.
    """
    found: list[list[dict[str, str]]] = [[] for _ in first_row]
    starts = np.asarray(first_row, dtype=np.int64)
    for name, known in sorted(codes_of(pack).items()):
        column = facts[name].cast(pa.string())
        familiar = pc.is_in(column, pa.array([*sorted(known), None], pa.string()))
        rows = np.flatnonzero(~np.asarray(familiar, dtype=np.bool_))
        owners = np.searchsorted(starts, rows, side="right") - 1
        for owner, code in zip(owners, column.take(rows).to_pylist(), strict=True):
            told = {"fact": name, "code": code}
            if told not in found[owner]:
                found[owner].append(told)
    return found
