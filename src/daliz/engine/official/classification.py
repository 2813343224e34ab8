"""Goods codes by day: whether a code stands in the edition in force, what it means, what stands above it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from daliz.engine.official.lists import OfficialLists
from daliz.engine.official.log import Load
from daliz.engine.official.shelf import Row, Shelf
from daliz.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Classification:
    """The editions of one nomenclature.

    Attributes:
        lists: what was loaded.
        kind: ``tnved`` (10 digits) or ``hs`` (6 digits).
    """

    lists: OfficialLists
    kind: str = "tnved"

    def edition(self, day: date) -> str | None:
        """Return the name of the edition in force; None if none was loaded for that day."""
        found = self._load(day)
        return None if found is None else found[1].edition

    def valid(self, code: str, day: date) -> bool | None:
        """Tell whether ``code`` stands in the edition in force on ``day``; None if there is no edition."""
        found = self._load(day)
        return None if found is None else code in _by_code(*found)

    def description(self, code: str, day: date, lang: str = "en") -> str | None:
        """Return what the edition says of ``code``, in ``lang`` or else in the language that it has."""
        row = self.entry(code, day)
        if row is None:
            return None
        return next((row[one] for one in (lang, *LANGUAGES) if row[one]), None)

    def search(self, asked: str, day: date, lang: str = "en", *, most: int = 20) -> list[tuple[str, str]]:
        """Return codes with their words that begin with ``asked`` or whose words hold it, by code.

        Args:
            asked: digits, or a part of the words in any case.
            day: whose edition is searched.
            lang: of the words, or else the language that the edition has.
            most: so many at most.
        """
        found = self._load(day)
        if found is None or not asked:
            return []
        wanted, hits = asked.casefold(), []
        for code, row in sorted(_by_code(*found).items()):
            words = next((row[one] for one in (lang, *LANGUAGES) if row[one]), "")
            if code.startswith(wanted) or wanted in words.casefold():
                hits.append((code, words))
                if len(hits) == most:
                    break
        return hits

    def parents(self, code: str, day: date) -> tuple[str, ...]:
        """Return the codes of the edition that stand above ``code``, from the chapter down."""
        found = self._load(day)
        if found is None:
            return ()
        known = _by_code(*found)
        return tuple(code[:length] for length in range(2, len(code)) if code[:length] in known)

    def unit(self, code: str, day: date) -> str | None:
        """Return the supplementary unit of ``code`` as the edition writes it; None if it has none."""
        row = self.entry(code, day)
        return (row.get("unit") or None) if row is not None else None

    def entry(self, code: str, day: date) -> Row | None:
        """Return the row of ``code`` in the edition in force on ``day``."""
        found = self._load(day)
        return None if found is None else _by_code(*found).get(code)

    def _load(self, day: date) -> tuple[Shelf, Load] | None:
        shelf = self.lists.shelf(self.kind)
        for stretch in shelf.stretches(self.kind):
            if stretch.since <= day and (stretch.until is None or day <= stretch.until):
                return shelf, stretch.load
        return None


@lru_cache(maxsize=8)
def _by_code(shelf: Shelf, load: Load) -> Mapping[str, Row]:
    return {row["code"]: row for row in shelf.rows(load)}
