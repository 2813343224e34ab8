"""History as a process remembers it: answers of one snapshot, which never change once it is complete."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from daliz.engine.features.lookup import Answer, Key, text_of
from daliz.ground.asking import among, listed, rows_of

MOST: Final = 50_000
"""Answers that a process keeps; the oldest are let go."""

LONGEST: Final = 300
"""Characters of a key that are kept."""


class Known(NamedTuple):
    """A key as text, the same as JSON, and what history answers: None if the key was never seen."""

    key: str
    said: str
    text: str | None
    answer: Answer | None


@dataclass(slots=True)
class Remembered:
    """What one snapshot answered already."""

    snapshot: int
    _kept: dict[Key, Known] = field(default_factory=dict)

    def answers(self, keys: Iterable[Key]) -> dict[Key, Known]:
        """Return what history answers, in the order of ``keys``: one query, none where all are known."""
        kept = self._kept
        found = {key: kept.get(key) for key in keys}
        new = {key: text_of(key) for key, known in found.items() if known is None}
        if new:
            read = _read(self.snapshot, [text[:LONGEST] for text in new.values()])
            fresh = {key: _known(text, read.get(text[:LONGEST])) for key, text in new.items()}
            if len(kept) + len(fresh) > MOST:
                self._kept = dict(list(kept.items())[MOST // 2 :])
            self._kept.update(fresh)
            found |= fresh
        return {key: known for key, known in found.items() if known is not None}


def _known(key: str, text: str | None) -> Known:
    return Known(key, json.dumps(key, ensure_ascii=False), text, None if text is None else json.loads(text))


def _read(snapshot: int, texts: list[str]) -> Mapping[str, str]:
    statement = f"{_ANSWERS} {among('keys')}"
    return dict(rows_of(statement, {"snapshot": snapshot, "keys": listed(texts)}))


_ANSWERS: Final = "SELECT key, answer FROM assessment_historyanswer WHERE snapshot_id = %(snapshot)s AND key"


def found_of(known: Mapping[Key, Known]) -> dict[Key, Answer]:
    """Return the answers alone; a key never seen is left out."""
    return {key: one.answer for key, one in known.items() if one.answer is not None}
