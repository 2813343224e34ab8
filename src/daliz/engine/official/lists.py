"""All official lists that hold for a pack: its own, and in their place an overlay's."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from daliz.engine.official.kinds import KINDS
from daliz.engine.official.log import Load
from daliz.engine.official.shelf import Shelf


@dataclass(frozen=True, slots=True)
class OfficialLists:
    """The shelf of each kind that was loaded.

    Attributes:
        shelves: kind → the directory whose lists of that kind hold. An overlay's lists of a kind take the
            place of all the pack's of that kind: a sample is never mixed with what is official.
    """

    shelves: Mapping[str, Shelf] = field(default_factory=dict)

    @classmethod
    def of(cls, shelves: Sequence[Shelf]) -> "OfficialLists":
        """Gather shelves, the overlay's after the pack's."""
        return cls({kind: shelf for shelf in shelves for kind in KINDS if _has(shelf, kind)})

    def shelf(self, kind: str) -> Shelf:
        """Return the shelf of a kind; an empty one if nothing of it was loaded."""
        return self.shelves.get(kind) or Shelf(Path(), ())

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of everything that may be in force; empty if nothing was loaded.

        Where a list lay and when it was loaded do not count.
        """
        said = [line for kind in sorted(self.shelves) for line in _said(_of(self.shelves[kind], kind))]
        if not said:
            return ""
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _has(shelf: Shelf, kind: str) -> bool:
    return any(load.kind == kind for load in shelf.loads)


def _of(shelf: Shelf, kind: str) -> list[Load]:
    return [load for load in shelf.loads if load.kind == kind]


def _said(loads: Sequence[Load]) -> list[object]:
    content = {load.number: load.sha256 for load in loads}
    return [
        [
            load.kind,
            load.edition,
            load.valid_from.isoformat(),
            load.valid_until.isoformat() if load.valid_until else None,
            load.sha256,
            sorted(content[number] for number in load.replaces if number in content),
        ]
        for load in loads
    ]
