"""What stands below a WCO declaration: documents, containers, transport, duties, security."""

from collections.abc import Iterable

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, moment
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import country, stated
from daliz.engine.reading.xml.wco import codes
from daliz.engine.reading.xml.wco.duties import duty_lines

_DAY = 10
_MEANS = (
    ("arrival", ("GoodsShipment", "Consignment", "ArrivalTransportMeans")),
    ("departure", ("GoodsShipment", "Consignment", "DepartureTransportMeans")),
    ("border", ("BorderTransportMeans",)),
    ("border", ("GoodsShipment", "Consignment", "BorderTransportMeans")),
    ("border", ("Consignment", "BorderTransportMeans")),
)


def rows_below(declaration: Node, items: list[Node]) -> dict[str, list[Values]]:
    """Return the rows of the child tables, by table; a table without rows is absent."""
    rows: dict[str, list[Values]] = {
        "documents": _documents(declaration.all("AdditionalDocument"))
        + _documents(declaration.all("GoodsShipment", "AdditionalDocument")),
        "previous_documents": _previous(declaration.all("PreviousDocument"))
        + _previous(declaration.all("GoodsShipment", "PreviousDocument")),
        "containers": _containers(declaration.all("GoodsShipment", "Consignment", "TransportEquipment"))
        + _containers(declaration.all("Consignment", "TransportEquipment")),
        "transport_means": [row for stage, path in _MEANS for row in _means(stage, declaration.all(*path))],
        "guarantees": _guarantees(declaration.all("ObligationGuarantee")),
        "duty_lines": [],
    }
    for number, item in enumerate(items, start=1):
        item_no = item.text("SequenceNumeric") or str(number)
        rows["documents"] += _documents(item.all("AdditionalDocument"), item_no)
        rows["previous_documents"] += _previous(item.all("PreviousDocument"), item_no)
        commodity = item.first("Commodity")
        for holder in (item, commodity) if commodity is not None else (item,):
            rows["containers"] += _containers(holder.all("TransportEquipment"), item_no)
            rows["duty_lines"] += duty_lines(holder, item_no)
    return {table: found for table, found in rows.items() if found}


def _documents(found: Iterable[Node], item_no: str | None = None) -> list[Values]:
    return [
        stated(
            item_no=item_no, document_code=_code(one), document_number=one.text("ID"),
            document_date=_day(one), document_name=one.text("Name"),
        )
        for one in found
    ]  # fmt: skip


def _day(document: Node) -> str | None:
    for name in ("IssueDateTime", "EffectiveDateTime"):
        text = document.text(name, "DateTimeString") or document.text(name)
        if text is not None:
            return moment(text)[:_DAY]
    return None


def _previous(found: Iterable[Node], item_no: str | None = None) -> list[Values]:
    return [
        stated(
            item_no=item_no, document_code=_code(one), document_number=one.text("ID"),
            previous_item_no=one.text("LineNumeric"),
        )
        for one in found
    ]  # fmt: skip


def _code(document: Node) -> str | None:
    """Return category and type joined, as the tariffs write it: ``N935``."""
    return "".join(filter(None, (document.text("CategoryCode"), document.text("TypeCode")))) or None


def _containers(found: Iterable[Node], item_no: str | None = None) -> list[Values]:
    return [
        stated(item_no=item_no, container_id=number)
        for one in found
        if (number := one.text("ID")) is not None
    ]


def _means(stage: str, found: Iterable[Node]) -> list[Values]:
    return [
        stated(stage=stage, transport_id=number, transport_mode=codes.transport_mode(one.text("ModeCode")))
        | country("nationality", one.text("RegistrationNationalityCode"))
        for one in found
        if (number := one.text("ID")) is not None
    ]


def _guarantees(found: Iterable[Node]) -> list[Values]:
    """Return the guarantees that bear a number, whether of customs or another."""
    rows = []
    for one in found:
        number = one.text("ID") or one.text("ReferenceID")
        name = "SecuredAmount" if one.first("SecuredAmount") is not None else "AmountAmount"
        amount = one.text(name)
        if number is not None:
            rows.append(
                stated(
                    guarantee_id=number, guarantee_kind=one.text("SecurityDetailsCode"),
                    amount=figure(amount) if amount is not None else None,
                    currency=one.attribute("currencyID", name),
                )
            )  # fmt: skip
    return rows
