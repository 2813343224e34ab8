"""What was not known: features that profiles ask for in vain, profiles left undecided, records kept out."""

from dataclasses import dataclass
from typing import Final, cast

from daliz.doors.cli.report.sections.profiles import profile_of
from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Profile
from daliz.language import Text

MOST_ROWS: Final = 30
_EXAMPLES: Final = 3

_UNDECIDED = """
SELECT profile_id, count(*) AS n FROM (SELECT unnest(unknown_profiles) AS profile_id FROM decision)
GROUP BY profile_id ORDER BY n DESC, profile_id LIMIT $most
"""
_QUARANTINE = """
SELECT code, field, count(*) AS entries, count(DISTINCT declaration_id) AS declarations,
    arg_min(reason, (source, position, reason)) AS reason,
    list({'source': source, 'position': position, 'declaration_id': declaration_id, 'value': value}
        ORDER BY source, length(position), position, item_no)[:$examples] AS examples
FROM quarantine GROUP BY code, field ORDER BY entries DESC, code, field NULLS LAST LIMIT $most
"""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A profile that could not be decided for so many declarations."""

    profile_id: str
    profile: Profile | None
    declarations: int


@dataclass(frozen=True, slots=True)
class Kept:
    """Records kept out for one reason.

    Attributes:
        code: stable code of the reason.
        field: the canonical column, if one is to blame.
        entries: how many times.
        declarations: of so many declarations.
        reason: the first sentence, as it was written (English).
        message: the pack's words for it, where it is a contract of the pack.
        examples: source, position, declaration_id and value of a few.
    """

    code: str
    field: str | None
    entries: int
    declarations: int
    reason: str
    message: Text | None
    examples: tuple[dict[str, object], ...]


def undecided(tables: Tables) -> tuple[Undecided, ...]:
    """Return the profiles that some unknown left undecided, most first."""
    return tuple(
        Undecided(cast("str", name), profile_of(tables, cast("str", name)), cast("int", count))
        for name, count in tables.rows(_UNDECIDED, {"most": MOST_ROWS})
    )


def quarantined(tables: Tables) -> tuple[Kept, ...]:
    """Return the reasons for which records were kept out, most first."""
    messages = {contract.code: contract.message for contract in tables.pack.contracts}
    return tuple(
        Kept(
            code=cast("str", row["code"]),
            field=cast("str | None", row["field"]),
            entries=cast("int", row["entries"]),
            declarations=cast("int", row["declarations"]),
            reason=cast("str", row["reason"]),
            message=messages.get(cast("str", row["code"])),
            examples=tuple(cast("list[dict[str, object]]", row["examples"])),
        )
        for row in tables.records(_QUARANTINE, {"most": MOST_ROWS, "examples": _EXAMPLES})
    )
