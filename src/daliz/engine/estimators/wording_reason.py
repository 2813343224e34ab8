"""What words and code disagree on, as a sentence: described as tyres, declared as articles of rubber."""

from collections.abc import Mapping
from typing import Final

from daliz.engine.estimators.folding import fold
from daliz.engine.estimators.grams import Described
from daliz.language import N_, translate

_REASON: Final = N_("described as {described}, declared as {declared}")
_FORMS: Final = 64
"""Wordings kept of a code; the rarest gives way."""


class TypicalWordings:
    """The most usual wording of each code, in the declarants' own words, for when no official name is known.

    Example:
        >>> wordings = TypicalWordings()
        >>> wordings.learn(["Шины новые, арт. 7", "шины новые, арт. 9", "диски"], ["4011100003"] * 3)
        >>> wordings.of("4011100003")
        'шины новые'
    """

    def __init__(self) -> None:
        self._times: dict[str, dict[tuple[str, ...], int]] = {}
        self._written: dict[tuple[str, tuple[str, ...]], str] = {}

    def learn(self, descriptions: Described, codes: Described) -> None:
        """Count a day's wordings, up to the first comma, each spelling of one wording together."""
        for text, code in zip(descriptions, codes, strict=True):
            if text is None or code is None:
                continue
            written = text.split(",")[0].strip().lower()
            form = fold(written)
            if not form:
                continue
            times = self._times.setdefault(code, {})
            if form not in times and len(times) >= _FORMS:
                rarest = min(times, key=lambda one: (times[one], one))
                del times[rarest], self._written[code, rarest]
            times[form] = times.get(form, 0) + 1
            self._written[code, form] = written

    def of(self, code: str) -> str | None:
        """Return the most usual wording of a code; None if none was seen."""
        times = self._times.get(code)
        if not times:
            return None
        return self._written[code, max(times, key=lambda form: (times[form], form))]


def reason_of(
    suggested: str, declared: str, names: Mapping[str, str], wordings: TypicalWordings, lang: str = "en"
) -> str:
    """Say the disagreement of one item.

    Args:
        suggested: code that the description suggests.
        declared: code declared.
        names: what official lists call codes or their headings, in ``lang``.
        wordings: what declarants call them.
        lang: language of the sentence.

    Example:
        >>> names = {"4011": "new pneumatic tyres", "4016": "other articles of rubber"}
        >>> reason_of("4011100003", "4016999708", names, TypicalWordings())
        'described as 4011100003 (new pneumatic tyres), declared as 4016999708 (other articles of rubber)'
    """

    def named(code: str) -> str:
        official = next((names[code[:length]] for length in (10, 8, 6, 4) if code[:length] in names), None)
        name = official or wordings.of(code)
        return code if name is None else f"{code} ({name})"

    return translate(_REASON, lang, described=named(suggested), declared=named(declared))
