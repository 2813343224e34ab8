"""Which profiles fire, for the declarations of a day or an hour: compiled once, then asked often."""

from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from daliz.engine.indicators import compile_python
from daliz.engine.pack import Pack, Profile
from daliz.engine.scoring.firing import Firings, declarations_of, expressions_of, firings_of

_STATE: Final = {True: 1, False: 0, None: -1}


class FiringProgram:
    """The same answers as ``fire``, by generated Python: for few declarations, many times."""

    def __init__(self, pack: Pack, profiles: tuple[Profile, ...]) -> None:
        self._pack = pack
        self.profiles = profiles
        lists = {code: named.members for code, named in pack.lists.items()}
        self._program = compile_python(expressions_of(profiles), lists=lists)

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that it asks for."""
        return self._program.names

    def fire(self, facts: pa.Table) -> Firings:
        """Return which profiles hold; the arguments and the result are those of ``scoring.fire``."""
        columns = [facts[name].to_pylist() for name in self._program.names]
        rows = list(zip(*columns, strict=True)) if columns else [()] * facts.num_rows
        _, first_row = declarations_of(facts)
        states: dict[str, NDArray[np.int8]] = {
            key: np.zeros(facts.num_rows, dtype=np.int8) for key in self._program.keys
        }
        for start, end in pairwise([*first_row.tolist(), facts.num_rows]):
            for key, values in self._program.evaluate(rows[start:end]).items():
                if values.count(False) < end - start:
                    states[key][start:end] = [_STATE[value] for value in values]
        return firings_of(facts, states, self._pack, self.profiles)
