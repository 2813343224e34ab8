"""What stands below an ASYCUDA declaration: documents, containers, transport, duties, security."""

from typing import Final

from daliz.engine.reading.xml.asycuda.dates import Dates
from daliz.engine.reading.xml.asycuda.duties import duty_lines
from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.figures import figure, number
from daliz.engine.reading.xml.nodes import Node
from daliz.engine.reading.xml.stating import stated

_SUMMARY: Final = "X"
_PREVIOUS: Final = "Z"
_MEANS: Final = (("arrival", "departure_arrival_information"), ("border", "border_information"))
_ISO_DAY: Final = 10


def rows_below(sad: Node, items: list[Node], dates: Dates, currency: str | None) -> dict[str, list[Values]]:
    """Return the rows of the child tables, by table; a table without rows is absent.

    Args:
        sad: the declaration.
        items: its goods items.
        dates: how its dates are written.
        currency: the national one, which duties are in.
    """
    rows: dict[str, list[Values]] = {
        "documents": [row for one in sad.all("attached_documents") for row in _document(one, None, dates)],
        "previous_documents": [],
        "containers": _containers(sad),
        "transport_means": _means(sad),
        "duty_lines": [],
        "guarantees": _guarantees(sad, currency),
    }
    for place, item in enumerate(items, start=1):
        item_no = str(place)
        for one in item.all("attached_documents"):
            rows["documents"] += _document(one, item_no, dates)
        rows["previous_documents"] += _previous(item, item_no)
        rows["duty_lines"] += duty_lines(item, item_no, currency)
    return {table: found for table, found in rows.items() if found}


def _document(one: Node, item_no: str | None, dates: Dates) -> list[Values]:
    """Return the row of a document, none if the form has an empty place for it."""
    text = one.text("attached_document_date")
    row = stated(
        document_code=one.text("attached_document_code"),
        document_number=one.text("attached_document_reference"),
        document_name=one.text("attached_document_name"),
        document_date=(dates.iso(text) or "")[:_ISO_DAY] or None if text is not None else None,
    )
    return [stated(item_no=item_no) | row] if row else []


def _previous(item: Node, item_no: str) -> list[Values]:
    """Return the summary declaration (X) and the previous declaration (Z) of an item, as box 40 has them."""
    previous = item.first("previous_doc")
    if previous is None:
        return []
    found = (
        (_SUMMARY, previous.text("summary_declaration"), previous.text("summary_declaration_sl")),
        (_PREVIOUS, previous.text("previous_document_reference"), None),
    )
    return [
        stated(
            item_no=item_no, document_code=code, document_number=text,
            previous_item_no=line if line is not None and line.isdigit() else None,
        )
        for code, text, line in found
        if text is not None
    ]  # fmt: skip


def _containers(sad: Node) -> list[Values]:
    """Return the containers, each of the item whose number it bears."""
    found = [*sad.all("container"), *sad.all("containers", "container"), *sad.all("containers")]
    rows = []
    for one in found:
        identity = one.text("container_identity")
        if identity is not None:
            item = one.text("item_number")
            rows.append(
                stated(item_no=figure(item) if item and number(item) else None, container_id=identity)
            )
    return rows


def _means(sad: Node) -> list[Values]:
    rows = []
    for stage, name in _MEANS:
        one = sad.first("transport", "means_of_transport", name)
        identity = one.text("identity") if one is not None else None
        if one is not None and identity is not None:
            rows.append(
                stated(
                    stage=stage, transport_id=identity, nationality=one.text("nationality"),
                    transport_mode=one.text("mode"),
                )
            )  # fmt: skip
    return rows


def _guarantees(sad: Node, currency: str | None) -> list[Values]:
    """Return the guarantee that is named; an empty one has an amount of nought."""
    one = sad.first("financial", "guarantee")
    name = one.text("name") if one is not None else None
    amount = one.text("amount") if one is not None else None
    if name is None:
        return []
    return [
        stated(
            guarantee_id=name, amount=figure(amount) if amount is not None else None,
            currency=currency if amount is not None else None,
        )
    ]  # fmt: skip
