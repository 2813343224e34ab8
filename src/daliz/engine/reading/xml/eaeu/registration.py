"""The number and the day of a declaration.

A registered declaration bears the number office/ddmmyy/serial. A draft, as a declarant's software writes it,
has none yet: it is known by the identifier of its document and dated as its document is.
"""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.eaeu.values import instant, said
from daliz.engine.reading.xml.elements import NOTHING, Element, local_name

DOCUMENT: Final = "ESADout_CU"
"""The local name of a declaration."""

_NUMBER: Final = (
    "GTDNumber",
    "GTDID",
    "DTNumber",
    "GtdRegistryNumber",
    "GTDRegistryNumber",
    "CustomsDocIdDetails",
)
_SERIAL: Final = ("GTDNumber", "GTDID", "DTNumber", "DocId")
_ISO_DAY: Final = re.compile(r"\d\d(\d\d)-(\d\d)-(\d\d)")


def registration(document: Element, notices: list[Element], *, alone: bool) -> Values:
    """Return number, instant and office of a declaration, as far as it or its envelope states them.

    Args:
        document: the declaration.
        notices: the documents of the same envelope that state a registration, as ``notices_of`` gives them.
        alone: there is no other declaration in the envelope.
    """
    own = document.text("DocumentID")
    number = document.one(*_NUMBER) or document.one("ESADout_CUGoodsShipment").one(*_NUMBER)
    said_at = None
    if not number:
        notice = next((n for n in notices if own is not None and n.text("RefDocumentID") == own), NOTHING)
        if not notice and alone and len(notices) == 1 and notices[0].text("RefDocumentID") is None:
            notice = notices[0]
        number, said_at = notice.one(*_NUMBER), notice.text("RegistrationDateTime", "RegDateTime")
    day = instant(said_at or number.text("RegistrationDate", "RegistrationDateTime"))
    office, serial = number.text("CustomsCode"), number.text(*_SERIAL)
    if day is not None and office is not None and serial is not None:
        return said(
            declaration_id=f"{office}/{short_day(day)}/{serial}", registered_at=day, office=office,
            document_id=own, registered_at_from="registration",
        )  # fmt: skip
    drafted = _drafted(document)
    return said(
        declaration_id=own, registered_at=drafted, document_id=own,
        registered_at_from="document" if drafted else None,
    )  # fmt: skip


def notices_of(root: etree._Element) -> list[Element]:
    """Return what else in an envelope states the registration of a declaration.

    Only notices and marks of customs do: other documents name numbers of declarations for other reasons.
    """
    return list(_notices(root))


def _notices(root: etree._Element) -> Iterator[Element]:
    for element in root.iter("{*}NotifGTDRegistration", "{*}GTDoutCustomsMark", "{*}GTDInCustomsMark"):
        found = Element(element)
        if found.one(*_NUMBER):
            yield found


def short_day(day: str) -> str:
    """Return a day as the number of a declaration writes it."""
    found = _ISO_DAY.match(day)
    return f"{found[3]}{found[2]}{found[1]}" if found is not None else day


def _drafted(document: Element) -> str | None:
    """Return when a document was made, by what it says itself, else by its envelope."""
    filled = document.one("FilledPerson")
    own = (
        document.one("EECEDocHeaderAddInfo").text("EDocDateTime")
        or document.text("ExecutionDate")
        or filled.one("SigningDetails").text("SigningDate")
        or filled.text("SigningDate", "ExecutionDate", "IssueDate")
    )
    if own is not None or document.raw is None:
        return instant(own)
    for above in document.raw.iterancestors():
        if local_name(above) in ("ED_Container", "Envelope"):
            header = Element(above)
            sent = header.text("PreparationDateTime") or header.one("EECEDocHeaderAddInfo").text(
                "EDocDateTime"
            )
            if sent is not None:
                return instant(sent)
            for element in above.iterchildren("{*}Header"):
                stated = next(element.iter("{*}PreparationDateTime", "{*}SendDateTime"), None)
                if stated is not None:
                    return instant((stated.text or "").strip() or None)
    return None
