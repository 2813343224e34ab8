"""What a load changes: rows added, removed and changed, by their keys."""

from collections.abc import Mapping
from dataclasses import dataclass

from daliz.engine.official import Row
from daliz.engine.official.shelf import Key


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something else than before; ``columns`` are those that differ."""

    before: Row
    after: Row
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference of two states of a list, each part in the order of keys."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.added or self.removed or self.changed)


def compare(before: Mapping[Key, Row], after: Mapping[Key, Row]) -> Diff:
    """Return what has to be done to ``before`` to make it ``after``."""
    changed = [
        Change(before[key], after[key], tuple(n for n in after[key] if before[key].get(n) != after[key][n]))
        for key in sorted(before.keys() & after.keys())
        if dict(before[key]) != dict(after[key])
    ]
    return Diff(
        tuple(after[key] for key in sorted(after.keys() - before.keys())),
        tuple(before[key] for key in sorted(before.keys() - after.keys())),
        tuple(changed),
    )
