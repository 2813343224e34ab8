"""Words and names in one spelling: Cyrillic, Kazakh, Latin and mixed letters, case, slips and numbers.

Two declarants write ``Шины легковые``, ``shiny legkovye`` or, with Latin letters that only look Cyrillic,
``Шины лeгкoвыe``; after folding the three are one text. The table is our own: transliteration by ICU drops
the Kazakh letters in silence.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import Final

_LATIN: Final = str.maketrans(
    {
        "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e",
        "є": "e", "ж": "zh", "җ": "zh", "з": "z", "и": "i", "й": "i", "і": "i", "ї": "i", "к": "k",
        "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s",
        "т": "t", "у": "u", "ұ": "u", "ү": "u", "ў": "u", "ф": "f", "х": "h", "ҳ": "h", "һ": "h", "ц": "ts",
        "ч": "ch", "ҷ": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu",
        "я": "ia", "ı": "i", "ş": "sh", "ç": "ch", "ł": "l", "ø": "o", "đ": "d", "ə": "a", "æ": "e",
    }
)  # fmt: skip
"""Lower-case letters to Latin: Russian, Kazakh, Kyrgyz, Uzbek, Tajik, Ukrainian; Latin with marks."""
_PAIRS: Final = (("shch", "sh"), ("kh", "h"), ("q", "k"), ("w", "v"), ("y", "i"))
"""Ways in which the same sound is written in Latin letters, brought to one."""

_LOOK_LATIN: Final = "ABCEHIKMOPTXYaceikopxy"
_LOOK_CYRILLIC: Final = "АВСЕНІКМОРТХУасеікорху"
_TO_CYRILLIC: Final = str.maketrans(_LOOK_LATIN, _LOOK_CYRILLIC)
_TO_LATIN: Final = str.maketrans(_LOOK_CYRILLIC, _LOOK_LATIN)
_TOLD_CYRILLIC: Final = re.compile(f"[Ѐ-ԯ](?<![{_LOOK_CYRILLIC}])")
_TOLD_LATIN: Final = re.compile(f"[A-Za-zÀ-ɏ](?<![{_LOOK_LATIN}])")
_CYRILLIC: Final = re.compile("[Ѐ-ԯ]")
_LATIN_LETTER: Final = re.compile("[A-Za-z]")
_WORD: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = re.compile(r"\d+")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in one spelling, in order.

    Numbers become ``0``, so that articles and sizes of one kind are one word; doubled letters become single;
    words of one character and bare numbers are left out.

    Example:
        >>> fold("Шины ЛЕГКОВЫЕ 205/55 R16") == fold("shiny legkovye 195/65 R15")
        True
        >>> fold("Жеңіл автокөлік шиналары")
        ('zhenil', 'avtokolik', 'shinalari')
        >>> fold("лeгкoвыe")  # with three Latin letters
        ('legkovie',)
    """
    told = _TOLD_CYRILLIC.search(text) is not None
    words = (
        _in_latin(_in_one_script(word, told)) for word in _WORD.findall(unicodedata.normalize("NFKC", text))
    )
    return tuple(word for word in words if len(word) > 1)


def _in_one_script(word: str, text_is_cyrillic: bool) -> str:
    """Undo look-alikes: letters that only one alphabet has decide for the word, else the text around it."""
    if _TOLD_CYRILLIC.search(word):
        return word.translate(_TO_CYRILLIC) if _LATIN_LETTER.search(word) else word
    if _TOLD_LATIN.search(word):
        return word.translate(_TO_LATIN) if _CYRILLIC.search(word) else word
    return word.translate(_TO_CYRILLIC) if text_is_cyrillic or _CYRILLIC.search(word) else word


@lru_cache(maxsize=1 << 16)
def _in_latin(word: str) -> str:
    """Write a word of one script in plain Latin letters."""
    word = word.casefold().translate(_LATIN)
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word)
        word = "".join(letter for letter in parts if not unicodedata.combining(letter))
    for written, one in _PAIRS:
        word = word.replace(written, one)
    return "".join(letter for letter, _ in groupby(_DIGITS.sub("0", word)))
