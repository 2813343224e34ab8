"""Which model is in force: a signed log to which a second person adds, and from which nothing is taken."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, ValidationError

from daliz.engine.estimators.registry.key import SigningKey
from daliz.engine.estimators.registry.manifest import TamperedError
from daliz.language import N_

FILE: Final = "in_force.json"

Act = Literal["put in force", "retired"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act on a line of models.

    Attributes:
        act: what was done.
        folder: the published folder it was done to.
        approved_by: who did it; not who made the model.
        at: when, ISO date and time.
        from_day: first day of registration for which it holds, ISO date.
        key_id: name of the key it is signed with.
        before: signature of the entry before it, empty for the first.
        signature: HMAC over all of the above.
    """

    act: Act
    folder: str
    approved_by: str
    at: str
    from_day: str
    key_id: str
    before: str
    signature: str = ""

    def said(self) -> bytes:
        """Return what is signed."""
        said = asdict(self)
        del said["signature"]
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


_LOG: Final = TypeAdapter(tuple[Entry, ...])


def read_log(line: Path, key: SigningKey | None) -> tuple[Entry, ...]:
    """Return the acts on a line of models, the earliest first; without a key signatures are not looked at.

    Raises:
        TamperedError: the log is none, an entry was changed, or one is missing between others.
    """
    try:
        log = _LOG.validate_json((line / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise TamperedError(
            N_("{line}: the log of models in force cannot be read"), line=line.name
        ) from error
    before = ""
    for number, entry in enumerate(log, start=1):
        if entry.before != before or (key is not None and not key.holds(entry.said(), entry.signature)):
            raise TamperedError(
                N_("{line}: entry {number} of the log of models in force does not hold"),
                line=line.name,
                number=number,
            )
        before = entry.signature
    return log


def add_entry(line: Path, log: Sequence[Entry], entry: Entry, key: SigningKey) -> None:
    """Add an act to the log; the file is replaced as a whole."""
    entry = replace(entry, before=log[-1].signature if log else "", key_id=key.key_id)
    entry = replace(entry, signature=key.sign(entry.said()))
    fresh = line / f".{FILE}.new"
    text = json.dumps([asdict(one) for one in (*log, entry)], ensure_ascii=False, indent=1) + "\n"
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(line / FILE)


def current_of(log: Sequence[Entry], day: str | None = None) -> Entry | None:
    """Return the entry that put the model in force that still is; None if none is.

    Args:
        log: the acts, the earliest first; a later one holds against an earlier one from its day on.
        day: of registration, ISO date, for which it is asked; None for the last that was said of any day.
    """
    current: Entry | None = None
    for entry in log:
        if day is not None and entry.from_day > day:
            continue
        if entry.act == "put in force":
            current = entry
        elif current is not None and entry.folder == current.folder:
            current = None
    return current
