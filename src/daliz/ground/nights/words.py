"""What came of a night's job: kept as English text beside the run, and said in any language from there."""

import re
from functools import cache
from typing import Final

from daliz.language import N_, translate

SEALED: Final = N_("{n} entries, {m} secrets sealed anew")
PREPARED: Final = N_("{policy}, {n} keys")
EXPORTED: Final = N_("{n} versions, {m} findings, {late} late")
NO_FOLDER: Final = N_("DALIZ_MONTHS names no folder")
NOT_DUE_BEFORE: Final = N_("not due before {day}")
NO_BOUNDS: Final = N_("not due: the pack states no bounds for models, or no days after which they are due")
NOT_TRAINED: Final = N_("nothing trained: {why}")
NOT_JUDGED: Final = N_("nothing trained: no control of the last {n} days to judge it by")
NOT_PUBLISHED: Final = N_("not published: {m} of {n} checks failed: {which}")
IN_FORCE: Final = N_("{folder} in force from the next day; learned from {n} controls, {m} with a violation")

_KNOWN: Final = (
    SEALED, EXPORTED, NO_FOLDER, NOT_DUE_BEFORE, NO_BOUNDS, NOT_JUDGED, NOT_PUBLISHED, IN_FORCE, NOT_TRAINED,
    PREPARED,
)  # fmt: skip
"""The more exact before those that would take its text too."""


def result_in(message: str, lang: str) -> str:
    """Return what came of a job in ``lang``, from the text that was kept; what is not known stays as it is.

    Example:
        >>> result_in(SEALED.format(n=12, m=0), "ru")
        'записей опечатано: 12, секретов перепечатано: 0'
        >>> result_in("OSError: no space left", "ru")
        'OSError: no space left'
    """
    for template in _KNOWN:
        found = _pattern(template).fullmatch(message)
        if found:
            return translate(template, lang, **found.groupdict())
    return message


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    pieces = [f"(?P<{part}>{r'[0-9]+' if part in 'nm' else '.+?'})" if k % 2 else re.escape(part)
              for k, part in enumerate(parts)]  # fmt: skip
    return re.compile("".join(pieces), re.DOTALL)
