"""Which two letters are a country in a declaration.

ISO 3166-1 alpha-2, and beyond it what customs forms really carry: codes that ISO leaves to users
(``AA``, ``QM``-``QZ``, ``XA``-``XZ``, ``ZZ``: Kosovo is ``XK``, an unknown origin ``ZZ``), exceptional
reservations (``EU``, ``UK``), and codes of countries that are no more but still stand on old certificates.
"""

from typing import Final

import pycountry

_USERS: Final = frozenset(
    ["AA", "ZZ", *(f"Q{c}" for c in "MNOPQRSTUVWXYZ"), *(f"X{c}" for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
)
_EXCEPTIONAL: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "FX", "IC", "SU", "TA", "UK", "UN"}
)
_FORMER: Final = frozenset({"AN", "BU", "CS", "DD", "NT", "TP", "YD", "YU", "ZR"})


def country_codes() -> frozenset[str]:
    """Return every code that may stand for a country.

    Example:
        >>> codes = country_codes()
        >>> [code in codes for code in ("KZ", "XK", "EU", "ZR", "ZZ", "QA", "XYZ", "kz", "JJ")]
        [True, True, True, True, True, True, False, False, False]
    """
    return frozenset(c.alpha_2 for c in pycountry.countries) | _USERS | _EXCEPTIONAL | _FORMER
