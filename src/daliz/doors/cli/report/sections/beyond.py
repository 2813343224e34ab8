"""Declarations of another administration: what in them the pack does not know, and what follows."""

from dataclasses import dataclass
from typing import Final, cast

from daliz.doors.cli.report.sections.profiles import profile_of
from daliz.doors.cli.report.sections.quality import Undecided
from daliz.doors.cli.report.tables import Tables
from daliz.language import N_

MOST_CODES: Final = 8
MOST_PROFILES: Final = 30

_FACTS: Final = """
WITH told AS (
    SELECT DISTINCT declaration_id, c.fact AS fact, c.code AS code
    FROM (SELECT declaration_id, unnest(codes_beyond) AS c FROM decision)
), counted AS (SELECT fact, code, count(*) AS n FROM told GROUP BY fact, code)
SELECT fact, count(DISTINCT declaration_id) AS declarations, (SELECT count(*) FROM counted c WHERE
    c.fact = told.fact) AS different, (SELECT list({'code': code, 'n': n} ORDER BY n DESC, code)[:$most]
    FROM counted c WHERE c.fact = told.fact) AS codes
FROM told GROUP BY fact ORDER BY declarations DESC, fact
"""
_DECLARATIONS: Final = "SELECT count(*) FILTER (len(codes_beyond) > 0) FROM decision"
_UNANSWERED: Final = """
SELECT profile_id, count(*) AS n
FROM (SELECT unnest(unknown_profiles) AS profile_id FROM decision WHERE len(codes_beyond) > 0)
GROUP BY profile_id ORDER BY n DESC, profile_id LIMIT $most
"""

_CURRENCY: Final = N_(
    "its amounts are not compared with the pack's: thresholds of money are unknown, and so is expected damage"
)
_PROCEDURE: Final = N_("profiles that name procedures do not fire for it")
_OFFICE: Final = N_("it has no officers of its own: its controls count for the officers of all offices")
_CODE: Final = N_("profiles that name such codes do not fire for it")


@dataclass(frozen=True, slots=True)
class Beyond:
    """A fact that declarations state in codes the pack does not know.

    Attributes:
        fact: its name in the vocabulary.
        declarations: how many state such a code.
        codes: the most frequent ones, with the declarations of each.
        more: how many further codes there are.
    """

    fact: str
    declarations: int
    codes: tuple[tuple[str, int], ...]
    more: int

    @property
    def consequence(self) -> str:
        """What follows for a declaration, to be translated."""
        short = self.fact.rpartition(".")[2]
        if short == "currency":
            return _CURRENCY
        if short == "procedure":
            return _PROCEDURE
        return _OFFICE if short in ("office", "goods_location") else _CODE


@dataclass(frozen=True, slots=True)
class Foreign:
    """All that is beyond the pack.

    Attributes:
        declarations: how many have at least one such code.
        facts: by fact, that of most declarations first.
        unanswered: profiles that could not be answered for some of these declarations, most first.
    """

    declarations: int
    facts: tuple[Beyond, ...]
    unanswered: tuple[Undecided, ...]


def beyond(tables: Tables) -> Foreign:
    """Return what the pack does not know, of the last version of each declaration."""
    facts = []
    for row in tables.records(_FACTS, {"most": MOST_CODES}):
        codes = cast("list[dict[str, object]]", row["codes"])
        facts.append(
            Beyond(
                fact=cast("str", row["fact"]),
                declarations=cast("int", row["declarations"]),
                codes=tuple((cast("str", one["code"]), cast("int", one["n"])) for one in codes),
                more=cast("int", row["different"]) - len(codes),
            )
        )
    return Foreign(
        cast("int", tables.rows(_DECLARATIONS)[0][0]),
        tuple(facts),
        tuple(
            Undecided(cast("str", name), profile_of(tables, cast("str", name)), cast("int", count))
            for name, count in tables.rows(_UNANSWERED, {"most": MOST_PROFILES})
        ),
    )
