"""Type and general procedure of an ASYCUDA declaration: its direction and its procedure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from daliz.engine.reading.xml.nodes import Node

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {"IM": "import", "EX": "export", "EK": "export", "TR": "transit", "TT": "transit", "T1": "transit",
     "T2": "transit", "TI": "transit", "TD": "transit", "ИМ": "import", "ЭК": "export", "ТТ": "transit"}
)  # fmt: skip
_FLOWS: Final[Mapping[str, str]] = MappingProxyType(
    {"I": "import", "E": "export", "1": "import", "0": "export"}
)
_LATIN: Final = {"ИМ": "IM", "ЭК": "EK", "ТТ": "TT"}
_TRANSIT: Final = "8"


def direction_of(sad: Node) -> str | None:
    """Return import, export or transit: by the general procedure 8, the type, else the flow."""
    type_code, general = _type(sad), sad.text("identification", "type", "declaration_gen_procedure_code")
    if general is not None and general.startswith(_TRANSIT):
        return "transit"
    told = _TYPES.get((type_code or "")[:2]) or ("transit" if type_code == "T" else None)
    return told or _FLOWS.get((sad.text("property", "sad_flow") or "")[:1].upper())


def procedure_of(sad: Node) -> str | None:
    """Return type and general procedure joined, as ``IM4``; letters of the Russian form in Latin."""
    type_code, general = _type(sad), sad.text("identification", "type", "declaration_gen_procedure_code")
    if type_code is None:
        return general
    return _LATIN.get(type_code, type_code) + (general or "")


def _type(sad: Node) -> str | None:
    text = sad.text("identification", "type", "type_of_declaration")
    return text.upper() if text is not None else None
