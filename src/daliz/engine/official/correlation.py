"""Codes of one edition in another: many to many, each pair with the way in which the one goes over."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from daliz.engine.official.lists import OfficialLists


@dataclass(frozen=True, slots=True)
class Correlated:
    """A code of the other edition.

    Attributes:
        code: the code.
        relation: ``exact``: the goods are the same; ``part``: the older code was divided, and this is one of
            its parts; ``merged``: the newer code holds the older one whole, and others.
    """

    code: str
    relation: str


def relations(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return how each pair (older, newer) is related, where the table of correlation does not say.

    Example:
        >>> relations([("01", "01"), ("02", "03"), ("02", "04"), ("05", "06"), ("07", "06")])[("05", "06")]
        'merged'
    """
    pairs = list(pairs)
    olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    return {
        (old, new): "part" if olds[old] > 1 else "merged" if news[new] > 1 else "exact" for old, new in pairs
    }


def correlated(lists: OfficialLists, code: str, *, of: str, to: str) -> tuple[Correlated, ...]:
    """Return the codes of the edition ``to`` for ``code`` of the edition ``of``; none if nothing is known.

    A table between the two editions serves in both directions.

    Args:
        lists: what was loaded.
        code: the code, all of its digits.
        of: the edition it belongs to (``2017``).
        to: the edition wanted (``2022``).
    """
    shelf = lists.shelf("correlation")
    found: dict[str, str] = {}
    for edition, here, there in (
        (f"{of}:{to}", "from_code", "to_code"),
        (f"{to}:{of}", "to_code", "from_code"),
    ):
        loads = shelf.series("correlation", edition)
        if loads:
            newest = max(loads, key=lambda load: (load.valid_from, load.number))
            found |= {row[there]: row["relation"] for row in shelf.rows(newest) if row[here] == code}
    return tuple(Correlated(one, found[one]) for one in sorted(found))
