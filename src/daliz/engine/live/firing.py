"""Which profiles hold for one declaration, and for which of its items: compiled once, asked often."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

import numpy as np

from daliz.engine.corridors.reasons import WHOLE, Why
from daliz.engine.features import Grain
from daliz.engine.features.alone import Fact
from daliz.engine.indicators import compile_python
from daliz.engine.pack import CapacityRule, Pack, Point, Profile, UnknownRule
from daliz.engine.scoring import Firings
from daliz.engine.scoring.firing import expressions_of


@dataclass(frozen=True, slots=True)
class _Compiled:
    """Where a profile's answers stand among those of the program."""

    applies: int
    indicator: int
    exclusions: int | None
    unknown_fires: bool


class Firing:
    """The same answers as ``scoring.fire``, for one declaration.

    Attributes:
        profiles: in the order of the columns.
    """

    def __init__(self, pack: Pack, profiles: tuple[Profile, ...]) -> None:
        self.profiles = profiles
        lists = {code: named.members for code, named in pack.lists.items()}
        self._program = compile_python(expressions_of(profiles), lists=lists)
        self._row = _picking(self._program.names)
        place = {key: at for at, key in enumerate(self._program.keys)}
        self._compiled = [
            _Compiled(
                place[f"{k}.applies"],
                place[f"{k}.indicator"],
                place.get(f"{k}.exclusions"),
                p.capacity is CapacityRule.MANDATORY
                and pack.policy.unknown_in_mandatory is UnknownRule.FIRES,
            )
            for k, p in enumerate(profiles)
        ]
        self._reasons = [
            (sorted(p.indicator.names), p.indicator.grain is Grain.DECLARATION) for p in profiles
        ]

    def fire(self, facts: Sequence[Mapping[str, Fact]], day: date, point: Point | None) -> Firings:
        """Find which profiles in force hold, for which items.

        Args:
            facts: of each goods item.
            day: on which the profiles must be in force.
            point: of assessment, at which they must serve; any if None.
        """
        rows = [self._row(row) for row in facts]
        values = self._program.values(rows)
        items, profiles = len(rows), len(self.profiles)
        held = np.zeros((items, profiles), dtype=np.bool_)
        unknown = np.zeros(profiles, dtype=np.bool_)
        for k, (profile, at) in enumerate(zip(self.profiles, self._compiled, strict=True)):
            if items in (values[at.applies].count(False), values[at.indicator].count(False)):
                continue
            if not (profile.in_force(day) and (point is None or point in profile.points)):
                continue
            states = [
                _state(
                    values[at.applies][i],
                    values[at.indicator][i],
                    None if at.exclusions is None else values[at.exclusions][i],
                )
                for i in range(items)
            ]
            if at.unknown_fires:
                states = [True if state is None else state for state in states]
            held[:, k] = [state is True for state in states]
            unknown[k] = None in states and True not in states
        return Firings(
            profiles=self.profiles,
            declaration=np.zeros(items, dtype=np.int64),
            first_row=np.zeros(1, dtype=np.int64),
            held=held,
            fired=np.asarray(held.any(axis=0), dtype=np.bool_).reshape(1, profiles),
            unknown=unknown[None, :],
        )

    def why(self, profile: Profile, facts: Sequence[Mapping[str, Fact]], firings: Firings) -> Why:
        """Return the items for which a profile holds and the values that it saw; the whole for another's."""
        k = next((k for k, p in enumerate(self.profiles) if p is profile), None)
        if k is None:
            return WHOLE
        names, of_whole = self._reasons[k]
        if of_whole:
            return Why((None,), ({name: _of_all(name, facts) for name in names},))
        held = [i for i in range(len(facts)) if firings.held[i, k]]
        return Why(
            tuple(int(float(str(facts[i]["item.item_no"]))) for i in held),
            tuple({name: facts[i][name] for name in names} for i in held),
        )


def _picking(names: Sequence[str]) -> Callable[[Mapping[str, Fact]], tuple[Fact, ...]]:
    """Return what picks the facts of an item that a program asks, in its order."""
    if len(names) > 1:  # of a single name it would give no tuple
        return itemgetter(*names)
    return lambda row: tuple(row[name] for name in names)


def _state(applies: object, indicator: object, excluded: object) -> bool | None:
    """Kleene's and; an exclusion takes out only where it is true."""
    if applies is False or indicator is False or excluded is True:
        return False
    return None if applies is None or indicator is None else True


def _of_all(name: str, facts: Sequence[Mapping[str, Fact]]) -> object:
    """Return one value for what is said of the whole, a list for what differs by item."""
    values = [row[name] for row in facts]
    return values if name.startswith("item.") and len(values) > 1 else values[0]
