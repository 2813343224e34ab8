"""Which documents belong to the family of the WCO Data Model, and which of them declare goods."""

from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from lxml import etree

from daliz.engine.reading.errors import ReadingError
from daliz.engine.reading.xml.nodes import Node, local_name
from daliz.language import N_

NAME: Final = "wco-xml"
"""What ``--as`` calls the format."""

_NAMESPACE: Final = "wco:datamodel"
_LOOKED_AT: Final = 40
_OWN: Final = frozenset({"GoodsShipment", "FunctionalReferenceID", "FunctionCode", "DeclarationOfficeID"})

_FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1": "cancellation",
        "3": "deletion",
        "4": "change",
        "5": "replacement",
        "9": "original",
        "13": "request",
    }
)
"""UN/EDIFACT 1225, as far as declarations use it."""

_REQUESTS: Final[Mapping[str, str]] = MappingProxyType(
    {"COR": "amendment request", "INV": "cancellation request", "GPR": "presentation notice"}
)
"""Type codes of documents that speak of a declaration lodged before (CDS)."""

_ANSWERS: Final = ("DeclarationStatusResponse", "DeclarationFullResponse", "DeclarationVersionResponse",
                   "DeclarationSearchResponse")  # fmt: skip
"""What the system of an administration reports of declarations that it holds."""


def recognises(root: etree._Element) -> bool:
    """Return whether a document belongs to the family: by a namespace of the model, else by its shape."""
    if any(_NAMESPACE in (uri or "") for uri in root.nsmap.values()):
        return True
    name = local_name(root)
    names = {local_name(child) for child in root.iterchildren(tag=etree.Element)}
    if name == "MetaData":
        return bool(names & {"WCODataModelVersionCode", "WCOTypeName"})
    if name == "Declaration" and names & _OWN:
        return True
    inner = islice(root.iter(tag=etree.Element), _LOOKED_AT)
    return any(_NAMESPACE in str(element.tag).partition("}")[0] for element in inner)


def goods_declarations(root: etree._Element) -> list[Node]:
    """Return the declarations of goods in a document.

    Raises:
        ReadingError: there is none; ``kind`` says what the document is.
    """
    document = Node(root)
    answer = next((name for name in (*_ANSWERS, "Response") if _holds(document, name)), None)
    if answer is not None:
        raise _not_a_declaration(_answer(document, answer))
    found = list(document.within("Declaration"))
    taken = [one for one in found if _declares(one)]
    if taken:
        return taken
    raise _not_a_declaration(_request(found[0]) if found else document.name)


def _holds(document: Node, name: str) -> bool:
    return next(document.within(name), None) is not None


def _declares(declaration: Node) -> bool:
    """Return whether a declaration states its goods itself, as the original, a change or a replacement."""
    if declaration.text("TypeCode") in _REQUESTS:
        return False
    items = declaration.first("GoodsShipment", "GovernmentAgencyGoodsItem")
    function = (declaration.text("FunctionCode") or "9").lstrip("0")
    return function == "9" or (items is not None and function in ("4", "5"))


def _answer(document: Node, name: str) -> str:
    """Return the kind of an answer; of a response with the function that it has."""
    function = next(document.within(name)).text("FunctionCode") if name == "Response" else None
    return f"{name} {function}" if function is not None else name


def _request(declaration: Node) -> str:
    """Return the kind of a declaration that declares no goods itself."""
    type_code, function = declaration.text("TypeCode"), declaration.text("FunctionCode") or ""
    known = _REQUESTS.get(type_code or "") or _FUNCTIONS.get(function.lstrip("0"), "request")
    return f"Declaration {known}" + (f" ({type_code})" if type_code is not None else "")


def _not_a_declaration(kind: str) -> ReadingError:
    return ReadingError(
        N_("the document is no declaration but: {kind}"), code="not-a-declaration", kind=kind[:80]
    )
