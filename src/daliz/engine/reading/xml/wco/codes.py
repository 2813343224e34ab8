"""Codes of the WCO Data Model and its profiles, with what they mean in the canonical records."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from daliz.engine.reading.xml.nodes import Node

_DOCUMENTS: Final[Mapping[str, str]] = MappingProxyType(
    {"929": "import", "830": "export", "950": "transit", "820": "transit", "821": "transit", "822": "transit"}
)
"""UN/EDIFACT 1001: goods declarations for importation, exportation and transit."""

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"IM": "import", "EX": "export", "EU": "export", "TR": "transit", "TT": "transit", "T": "transit",
     "T1": "transit", "T2": "transit", "TD": "transit", "TI": "transit"}
)  # fmt: skip
"""DE 1/1, the first letters of a type: ``IMA``, ``EXD``, ``T1``, ``TIR``."""

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"A": "normal", "D": "preliminary", "B": "incomplete", "C": "incomplete", "E": "incomplete",
     "F": "incomplete", "J": "clearance_request", "K": "clearance_request", "X": "supplementary",
     "Y": "supplementary", "Z": "supplementary", "U": "supplementary", "V": "supplementary",
     "Q": "final_supplementary"}
)  # fmt: skip
"""DE 1/2, the letter after the type: standard, lodged before arrival, simplified, supplementary."""

_EXPORTS: Final = ("1", "2", "3")
_MASSES: Final[Mapping[str, int]] = MappingProxyType({"KGM": 0, "GRM": -3, "TNE": 3, "DTN": 2})

TAXES: Final[Mapping[str, str]] = MappingProxyType(
    {"A": "duty", "C": "duty", "B": "vat", "CUD": "duty", "VAT": "vat", "EXC": "excise"}
)
"""DE 4/3 by its first letter (A customs duties, B value added tax, C export duties); UN/EDIFACT 5153."""


def direction(declaration: Node, procedure: str | None) -> str | None:
    """Return import, export or transit: by the type, else by an office of exit or the procedure.

    Trade with a territory that is fiscally apart (type ``CO``) has no direction of its own.
    """
    type_code = (declaration.text("TypeCode") or "").upper()
    told = _DOCUMENTS.get(type_code) or _TYPES.get(type_code[:2]) or _TYPES.get(type_code[:1])
    if told is not None:
        return told
    if declaration.first("ExitOffice") is not None:
        return "export"
    if procedure is not None and procedure[:1].isdigit():
        if procedure[0] == "8":
            return "transit"
        return "export" if procedure.startswith(_EXPORTS) else "import"
    return None


def kind(type_code: str | None) -> str | None:
    """Return the kind of declaration that the third letter of a type says.

    Example:
        >>> kind("IMA"), kind("EXD"), kind("IMZ"), kind("T1"), kind(None)
        ('normal', 'preliminary', 'supplementary', None, None)
    """
    if type_code is None or len(type_code) != 3 or type_code[:2] not in ("IM", "EX", "CO", "EU"):
        return None
    return _KINDS.get(type_code[2])


def transport_mode(code: str | None) -> str | None:
    """Return a mode of transport in two digits: the model's single digit with a zero.

    Example:
        >>> transport_mode("4"), transport_mode("31"), transport_mode("6")
        ('40', '31', '60')
    """
    return f"{code}0" if code is not None and len(code) == 1 and code.isdigit() else code


def mass_shift(unit: str | None) -> int | None:
    """Return by how many decimal places a mass in this unit is moved to be in kilograms.

    Args:
        unit: UN/ECE Recommendation 20; none is kilograms.
    """
    return _MASSES.get((unit or "KGM").upper())
