"""What outsiders wrote, made harmless to look at: descriptions and names may hold anything.

Control characters could drive a terminal, and invisible marks of direction could make a text read as another;
both are shown by their code instead. Escaping for HTML is the templates' work and comes after this.
"""

import unicodedata
from typing import Final

_LONGEST: Final = 160


def visible(text: str, *, longest: int = _LONGEST) -> str:
    r"""Return ``text`` on one line, what cannot be seen written out, shortened to ``longest`` characters.

    Example:
        >>> visible("tea\n\x1b[31m")
        'tea ⟨1B⟩[31m'
        >>> visible("invoice\u202efdp.exe")
        'invoice⟨202E⟩fdp.exe'
        >>> visible("a" * 200, longest=5)
        'aaaa…'
    """
    shown = "".join(_shown(character) for character in " ".join(text[: 4 * longest].split()))
    return shown if len(shown) <= longest else shown[: longest - 1].rstrip() + "…"


def _shown(character: str) -> str:
    """Return the character, or its code where it is a control, a mark of direction or half a pair."""
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return f"⟨{ord(character):X}⟩"
    return character
