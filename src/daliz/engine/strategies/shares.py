"""The random share as strategies draw it: the pack's strata, and a key that follows from the seed."""

import hashlib
from typing import cast

import numpy as np
import pyarrow as pa

from daliz.engine.allocation.draw import DrawKey
from daliz.engine.estimators.rates import Floats
from daliz.engine.indicators import compile_python
from daliz.engine.pack import Pack


class Shares:
    """The pack's random share of each declaration."""

    def __init__(self, pack: Pack) -> None:
        self._strata = pack.policy.random.strata
        lists = {code: named.members for code, named in pack.lists.items()}
        self._program = compile_python({s.code: s.when for s in self._strata}, lists=lists)

    @staticmethod
    def names(pack: Pack) -> tuple[str, ...]:
        """Return the facts that strata ask for."""
        return tuple(sorted(frozenset[str]().union(*(s.when.names for s in pack.policy.random.strata))))

    def of(self, facts: pa.Table) -> Floats:
        """Return the share of the first stratum that holds, 0 where none does, by declaration."""
        numbers = cast("list[str]", facts["declaration_id"].to_pylist())
        first = [row for row, number in enumerate(numbers) if row == 0 or number != numbers[row - 1]]
        columns = [facts[name].take(pa.array(first, pa.int64())).to_pylist() for name in self._program.names]
        shares = np.zeros(len(first))
        for at in range(len(first)):
            held = self._program.evaluate([tuple(column[at] for column in columns)])
            shares[at] = next((s.share for s in self._strata if held[s.code][0]), 0.0)
        return shares


def replay_key(seed: int) -> DrawKey:
    """Return the key of the draw that follows from a seed; not for real borders, where keys are secret."""
    return DrawKey(f"replay-{seed}", hashlib.sha256(f"daliz replay {seed}".encode()).digest())
