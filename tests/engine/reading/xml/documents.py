"""Declarations of the EAEU for tests, with everything that a document of the albums may state."""

from typing import Final

NAMESPACES: Final = (
    'xmlns:ESADout_CU="urn:customs.ru:Information:CustomsDocuments:ESADout_CU:{album}" '
    'xmlns:catESAD_cu="urn:customs.ru:CUESADCommonAggregateTypesCust:{album}" '
    'xmlns:cat_ru="urn:customs.ru:CommonAggregateTypes:{album}" '
    'xmlns:RUScat_ru="urn:customs.ru:RUSCommonAggregateTypes:{album}"'
)

ITEM: Final = """
<ESADout_CU:ESADout_CUGoods>
  <catESAD_cu:GoodsNumeric>{number}</catESAD_cu:GoodsNumeric>
  <catESAD_cu:GoodsDescription>ОБУВЬ ЖЕНСКАЯ КОЖАНАЯ</catESAD_cu:GoodsDescription>
  <catESAD_cu:GrossWeightQuantity>110.5</catESAD_cu:GrossWeightQuantity>
  <catESAD_cu:NetWeightQuantity>100.25</catESAD_cu:NetWeightQuantity>
  <catESAD_cu:InvoicedCost>2000.10</catESAD_cu:InvoicedCost>
  <catESAD_cu:CustomsCost>1000000.50</catESAD_cu:CustomsCost>
  <catESAD_cu:StatisticalCost>2100.00</catESAD_cu:StatisticalCost>
  <catESAD_cu:GoodsTNVEDCode>6403919300</catESAD_cu:GoodsTNVEDCode>
  <catESAD_cu:OriginCountryCode>CN</catESAD_cu:OriginCountryCode>
  <catESAD_cu:CustomsCostCorrectMethod>1</catESAD_cu:CustomsCostCorrectMethod>
  <catESAD_cu:Preferencii>
    <catESAD_cu:CustomsTax>ОО</catESAD_cu:CustomsTax>
    <catESAD_cu:CustomsDuty>ПЛ</catESAD_cu:CustomsDuty>
    <catESAD_cu:Excise>-</catESAD_cu:Excise>
    <catESAD_cu:Rate>ОО</catESAD_cu:Rate>
  </catESAD_cu:Preferencii>
  <ESADout_CU:ESADout_CUPresentedDocument>
    <cat_ru:PrDocumentName>ИНВОЙС</cat_ru:PrDocumentName>
    <cat_ru:PrDocumentNumber>INV-{number}</cat_ru:PrDocumentNumber>
    <cat_ru:PrDocumentDate>2025-02-20</cat_ru:PrDocumentDate>
    <catESAD_cu:PresentedDocumentModeCode>04021</catESAD_cu:PresentedDocumentModeCode>
  </ESADout_CU:ESADout_CUPresentedDocument>
  <ESADout_CU:ESADout_CUPrecedingDocument>
    <catESAD_cu:PrecedingDocumentCustomsCode>55301</catESAD_cu:PrecedingDocumentCustomsCode>
    <catESAD_cu:PrecedingDocumentDate>2025-02-25</catESAD_cu:PrecedingDocumentDate>
    <catESAD_cu:PrecedingDocumentNumber>0001234</catESAD_cu:PrecedingDocumentNumber>
    <catESAD_cu:PrecedingDocumentGoodsNumeric>3</catESAD_cu:PrecedingDocumentGoodsNumeric>
    <catESAD_cu:PrecedingDocumentModeCode>02013</catESAD_cu:PrecedingDocumentModeCode>
  </ESADout_CU:ESADout_CUPrecedingDocument>
  <ESADout_CU:ESADout_CUCustomsPaymentCalculation>
    <catESAD_cu:PaymentModeCode>1010</catESAD_cu:PaymentModeCode>
    <catESAD_cu:PaymentAmount>20000</catESAD_cu:PaymentAmount>
    <catESAD_cu:PaymentCurrencyCode>398</catESAD_cu:PaymentCurrencyCode>
    <catESAD_cu:Rate>20000</catESAD_cu:Rate>
    <catESAD_cu:RateTypeCode>*</catESAD_cu:RateTypeCode>
  </ESADout_CU:ESADout_CUCustomsPaymentCalculation>
  <ESADout_CU:ESADout_CUCustomsPaymentCalculation>
    <catESAD_cu:PaymentModeCode>2010</catESAD_cu:PaymentModeCode>
    <catESAD_cu:PaymentAmount>100000.05</catESAD_cu:PaymentAmount>
    <catESAD_cu:PaymentCurrencyCode>398</catESAD_cu:PaymentCurrencyCode>
    <catESAD_cu:TaxBase>1000000.50</catESAD_cu:TaxBase>
    <catESAD_cu:TaxBaseCurrencyCode>398</catESAD_cu:TaxBaseCurrencyCode>
    <catESAD_cu:Rate>10</catESAD_cu:Rate>
    <catESAD_cu:RateTypeCode>%</catESAD_cu:RateTypeCode>
    <catESAD_cu:PaymentCode>ИУ</catESAD_cu:PaymentCode>
  </ESADout_CU:ESADout_CUCustomsPaymentCalculation>
  <ESADout_CU:ESADout_CUCustomsPaymentCalculation>
    <catESAD_cu:PaymentModeCode>5010</catESAD_cu:PaymentModeCode>
    <catESAD_cu:PaymentAmount>132000.07</catESAD_cu:PaymentAmount>
    <catESAD_cu:PaymentCurrencyCode>398</catESAD_cu:PaymentCurrencyCode>
    <catESAD_cu:TaxBase>1100000.55</catESAD_cu:TaxBase>
    <catESAD_cu:TaxBaseCurrencyCode>398</catESAD_cu:TaxBaseCurrencyCode>
    <catESAD_cu:Rate>12</catESAD_cu:Rate>
    <catESAD_cu:RateTypeCode>%</catESAD_cu:RateTypeCode>
    <catESAD_cu:PaymentCode>ИУ</catESAD_cu:PaymentCode>
  </ESADout_CU:ESADout_CUCustomsPaymentCalculation>
  <ESADout_CU:SupplementaryGoodsQuantity>
    <cat_ru:GoodsQuantity>50</cat_ru:GoodsQuantity>
    <cat_ru:MeasureUnitQualifierName>ПАР</cat_ru:MeasureUnitQualifierName>
    <cat_ru:MeasureUnitQualifierCode>715</cat_ru:MeasureUnitQualifierCode>
  </ESADout_CU:SupplementaryGoodsQuantity>
  <ESADout_CU:ESADGoodsPackaging>
    <catESAD_cu:PakageQuantity>5</catESAD_cu:PakageQuantity>
    <catESAD_cu:PakageTypeCode>1</catESAD_cu:PakageTypeCode>
    <catESAD_cu:PackagePalleteInformation>
      <catESAD_cu:PalleteCode>CT</catESAD_cu:PalleteCode>
    </catESAD_cu:PackagePalleteInformation>
  </ESADout_CU:ESADGoodsPackaging>
  <ESADout_CU:ESADContainer>
    <catESAD_cu:ContainerQuantity>1</catESAD_cu:ContainerQuantity>
    <catESAD_cu:ContainerNumber>
      <catESAD_cu:ContainerIdentificaror>MSKU1234565</catESAD_cu:ContainerIdentificaror>
    </catESAD_cu:ContainerNumber>
  </ESADout_CU:ESADContainer>
  <ESADout_CU:ESADCustomsProcedure>
    <catESAD_cu:MainCustomsModeCode>40</catESAD_cu:MainCustomsModeCode>
    <catESAD_cu:PrecedingCustomsModeCode>00</catESAD_cu:PrecedingCustomsModeCode>
    <catESAD_cu:GoodsTransferFeature>000</catESAD_cu:GoodsTransferFeature>
  </ESADout_CU:ESADCustomsProcedure>
</ESADout_CU:ESADout_CUGoods>"""

DOCUMENT: Final = """<ESADout_CU:ESADout_CU {namespaces} DocumentModeID="1006107E">
  <cat_ru:DocumentID>{id}</cat_ru:DocumentID>
  <ESADout_CU:EECEDocHeaderAddInfo>
    <cat_ru:EDocDateTime>2025-03-01T10:11:12.1234567+05:00</cat_ru:EDocDateTime>
  </ESADout_CU:EECEDocHeaderAddInfo>
  <ESADout_CU:CustomsProcedure>{procedure}</ESADout_CU:CustomsProcedure>
  <ESADout_CU:CustomsModeCode>{mode}</ESADout_CU:CustomsModeCode>
  <ESADout_CU:ESADout_CUGoodsShipment>
    <catESAD_cu:TotalGoodsNumber>{total}</catESAD_cu:TotalGoodsNumber>
    <catESAD_cu:TotalPackageNumber>{packages}</catESAD_cu:TotalPackageNumber>
    <catESAD_cu:TotalCustCost>{customs}</catESAD_cu:TotalCustCost>
    <catESAD_cu:CustCostCurrencyCode>KZT</catESAD_cu:CustCostCurrencyCode>
    <ESADout_CU:ESADout_CUConsignor>
      <cat_ru:OrganizationName>SHOES LTD</cat_ru:OrganizationName>
      <RUScat_ru:SubjectAddressDetails>
        <RUScat_ru:CountryCode>CN</RUScat_ru:CountryCode>
        <RUScat_ru:CounryName>КИТАЙ</RUScat_ru:CounryName>
      </RUScat_ru:SubjectAddressDetails>
    </ESADout_CU:ESADout_CUConsignor>
    <ESADout_CU:ESADout_CUConsignee>
      <catESAD_cu:EqualIndicator>1</catESAD_cu:EqualIndicator>
    </ESADout_CU:ESADout_CUConsignee>
    <ESADout_CU:ESADout_CUFinancialAdjustingResponsiblePerson>
      <ESADout_CU:DeclarantEqualFlag>true</ESADout_CU:DeclarantEqualFlag>
    </ESADout_CU:ESADout_CUFinancialAdjustingResponsiblePerson>
    <ESADout_CU:ESADout_CUDeclarant>
      <cat_ru:OrganizationName>ТОО "КӨКТЕМ"</cat_ru:OrganizationName>
      <cat_ru:RKOrganizationFeatures><cat_ru:BIN>123456789012</cat_ru:BIN></cat_ru:RKOrganizationFeatures>
    </ESADout_CU:ESADout_CUDeclarant>
    <ESADout_CU:ESADout_CUGoodsLocation>
      <ESADout_CU:CustomsOffice>55302</ESADout_CU:CustomsOffice>
    </ESADout_CU:ESADout_CUGoodsLocation>
    <ESADout_CU:ESADout_CUConsigment>
      <catESAD_cu:DispatchCountryCode>CN</catESAD_cu:DispatchCountryCode>
      <catESAD_cu:BorderCustomsOffice><cat_ru:Code>55301</cat_ru:Code></catESAD_cu:BorderCustomsOffice>
      <ESADout_CU:ESADout_CUDepartureArrivalTransport>
        <cat_ru:TransportModeCode>31</cat_ru:TransportModeCode>
        <ESADout_CU:RUTransportMeans>
          <cat_ru:TransportIdentifier>123ABC02</cat_ru:TransportIdentifier>
          <cat_ru:TransportMeansNationalityCode>KZ</cat_ru:TransportMeansNationalityCode>
        </ESADout_CU:RUTransportMeans>
      </ESADout_CU:ESADout_CUDepartureArrivalTransport>
      <ESADout_CU:ESADout_CUBorderTransport>
        <cat_ru:TransportModeCode>20</cat_ru:TransportModeCode>
      </ESADout_CU:ESADout_CUBorderTransport>
    </ESADout_CU:ESADout_CUConsigment>
    <ESADout_CU:ESADout_CUMainContractTerms>
      <catESAD_cu:ContractCurrencyCode>840</catESAD_cu:ContractCurrencyCode>
      <catESAD_cu:TotalInvoiceAmount>{invoice}</catESAD_cu:TotalInvoiceAmount>
      <catESAD_cu:CUESADDeliveryTerms>
        <cat_ru:DeliveryTermsStringCode>DAP</cat_ru:DeliveryTermsStringCode>
      </catESAD_cu:CUESADDeliveryTerms>
    </ESADout_CU:ESADout_CUMainContractTerms>{items}
    <ESADout_CU:ESADout_CUPayments>
      <ESADout_CU:ESADout_CUCustomsPayment>
        <catESAD_cu:PaymentModeCode>2010</catESAD_cu:PaymentModeCode>
        <catESAD_cu:PaymentAmount>{duty}</catESAD_cu:PaymentAmount>
      </ESADout_CU:ESADout_CUCustomsPayment>
    </ESADout_CU:ESADout_CUPayments>
    <ESADout_CU:Guarantee>
      <catESAD_cu:PaymentWayCode>02</catESAD_cu:PaymentWayCode>
      <catESAD_cu:Amount>500000</catESAD_cu:Amount>
      <catESAD_cu:DocumentNumber>G-77</catESAD_cu:DocumentNumber>
    </ESADout_CU:Guarantee>
  </ESADout_CU:ESADout_CUGoodsShipment>
</ESADout_CU:ESADout_CU>"""


def an_eaeu_declaration(
    items: int = 2,
    *,
    id: str = "5CC73D96-1F95-4073-BBD5-C12C23538175",  # noqa: A002 -- reads as the document's
    procedure: str = "ИМ",
    mode: str = "40",
    album: str = "5.24.0",
    invoice: str | None = None,
    prolog: str = "",
) -> str:
    """Return a document whose totals are those of its items, unless ``invoice`` says another."""
    return prolog + DOCUMENT.format(
        namespaces=NAMESPACES.format(album=album), id=id, procedure=procedure, mode=mode, total=items,
        packages=5 * items, customs=f"{1000000.50 * items:.2f}", duty=f"{100000.05 * items:.2f}",
        invoice=invoice or f"{2000.10 * items:.2f}",
        items="".join(ITEM.format(number=n) for n in range(1, items + 1)),
    )  # fmt: skip


def in_an_envelope(*documents: str, notice: str = "") -> str:
    """Return an ``ED_Container`` with signed documents, and a notice of registration."""
    held = "".join(
        "<ContainerDoc><DocBody><Signature>"
        f"<Object Id='o'>{document}</Object></Signature></DocBody></ContainerDoc>"
        for document in (*documents, *([notice] if notice else []))
    )
    return f'<ED_Container xmlns="urn:customs.ru:Envelope:ED_Container:5.24.0">{held}</ED_Container>'


def a_notice(of: str, *, office: str = "55302", day: str = "2025-03-02", serial: str = "0004567") -> str:
    """Return the notice of a declaration's registration."""
    return (
        "<NotifGTDRegistration xmlns='urn:customs.ru:Information:NotifGTDRegistration:5.24.0'>"
        f"<RefDocumentID>{of}</RefDocumentID><GTDNumber><CustomsCode>{office}</CustomsCode>"
        f"<RegistrationDate>{day}</RegistrationDate><GTDNumber>{serial}</GTDNumber></GTDNumber>"
        "</NotifGTDRegistration>"
    )
