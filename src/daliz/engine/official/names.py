"""What official lists call a code: an office, a country, a unit."""

from datetime import date

from daliz.engine.official.lists import OfficialLists
from daliz.language import LANGUAGES


def name_of(lists: OfficialLists, kind: str, code: str, day: date, lang: str = "en") -> str | None:
    """Return the name of ``code`` in the list of ``kind`` in force on ``day``; None if none is known.

    In ``lang``, or else in the language that the list has.

    Args:
        lists: what was loaded.
        kind: ``offices``, ``countries`` or ``units``.
        code: the code.
        day: the day.
        lang: language wanted.
    """
    row = lists.shelf(kind).on(kind, day).get((code,))
    if row is None:
        return None
    return next((row[one] for one in (lang, *LANGUAGES) if row[one]), None)
