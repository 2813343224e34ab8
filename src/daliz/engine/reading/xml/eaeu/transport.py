"""How the goods travel (boxes 15, 17, 18, 19, 21, 25, 26 and 29)."""

from daliz.engine.reading.xml.declared import Values
from daliz.engine.reading.xml.eaeu.values import country, said
from daliz.engine.reading.xml.elements import Element

_MEANS = ("TransportMeans", "RUTransportMeans", "RKTransportMeans", "RBTransportMeans", "CUTransport")


def transport_means(consignment: Element, direction: str | None) -> tuple[Values, list[Values]]:
    """Return the header's columns of transport, and the rows of ``transport_means``."""
    inland = consignment.one("ESADout_CUDepartureArrivalTransport")
    border = consignment.one("ESADout_CUBorderTransport")
    office = consignment.one("BorderCustomsOffice")
    header = said(
        transport_mode=border.text("TransportModeCode") or inland.text("TransportModeCode"),
        transport_mode_inland=inland.text("TransportModeCode"),
        departure_country=country(consignment.text("DispatchCountryCode")),
        destination_country=country(consignment.text("DestinationCountryCode")),
        border_office=office.text("Code"),
        destination_office=consignment.one("DeliveryCustomsOffice").text("Code"),
        in_containers=consignment.text("ContainerIndicator"),
    )
    near = "inland" if direction == "export" else "arrival"
    return header, [*_rows(inland, near), *_rows(border, "border")]


def _rows(transport: Element, stage: str) -> list[Values]:
    rows = []
    for means in transport.all(*_MEANS):
        number = means.text("TransportIdentifier", "TransporIdentifier", "TransportRegNumber", "VIN")
        if number is not None:
            rows.append(
                said(
                    stage=stage, transport_id=number, transport_mode=transport.text("TransportModeCode"),
                    nationality=country(
                        means.text("TransportMeansNationalityCode")
                        or transport.text("TransportNationalityCode")
                    ),
                )
            )  # fmt: skip
    return rows
