"""``declaration.*``: what is said of the declaration as a whole, with all of its items."""

from typing import Final

from daliz.engine.features.names.declaring import NEVER, NO_TABLE, NOT_STATED, flag, number, text
from daliz.engine.features.vocabulary import Feature, Grain
from daliz.language import Text

_WHOLE: Final = Grain.DECLARATION
_AN_ITEM_LACKS_IT: Final = Text(
    "not stated for one of the items",
    "не указано хотя бы для одного товара",
    "тауарлардың кем дегенде біреуі үшін көрсетілмеген",
)

_TEXTS: Final = (
    ("kind", Text("kind of declaration", "вид декларирования", "декларациялау түрі")),
    (
        "direction",
        Text("direction of movement", "направление перемещения", "тауар қозғалысының бағыты"),
    ),
    ("procedure", Text("customs procedure", "таможенная процедура", "кедендік рәсім")),
    (
        "office",
        Text(
            "customs authority of the declaration",
            "таможенный орган декларирования",
            "декларация берілген кеден органы",
        ),
    ),
    (
        "border_office",
        Text(
            "customs authority at the border",
            "таможенный орган на границе",
            "шекарадағы кеден органы",
        ),
    ),
    (
        "goods_location",
        Text("where the goods lie", "местонахождение товаров", "тауарлардың тұрған жері"),
    ),
    ("declarant_id", Text("declarant's number", "номер декларанта", "декларанттың нөмірі")),
    ("trader_id", Text("trader's number", "номер участника ВЭД", "СЭҚҚ-ның нөмірі")),
    ("trader_name", Text("trader's name", "наименование участника ВЭД", "СЭҚҚ-ның атауы")),
    (
        "counterparty_id",
        Text("foreign party's number", "номер иностранного контрагента", "шетелдік контрагенттің нөмірі"),
    ),
    (
        "counterparty_name",
        Text(
            "foreign party's name",
            "наименование иностранного контрагента",
            "шетелдік контрагенттің атауы",
        ),
    ),
    (
        "financial_party_id",
        Text(
            "number of the party that settles",
            "номер лица, ответственного за расчёты",
            "есеп айырысуға жауапты тұлғаның нөмірі",
        ),
    ),
    ("carrier_id", Text("carrier's number", "номер перевозчика", "тасымалдаушының нөмірі")),
    ("transport_mode", Text("mode of transport", "вид транспорта", "көлік түрі")),
    ("departure_country", Text("country of departure", "страна отправления", "жөнелту елі")),
    ("delivery_terms", Text("delivery terms", "условия поставки", "жеткізу шарттары")),
    (
        "currency",
        Text("currency of the customs value", "валюта таможенной стоимости", "кедендік құн валютасы"),
    ),
    ("invoice_currency", Text("currency of the invoice", "валюта счёта-фактуры", "шот-фактура валютасы")),
)

FEATURES: Final[tuple[Feature, ...]] = (
    *(
        text(f"declaration.{name}", label, NEVER if name == "direction" else NOT_STATED, _WHOLE)
        for name, label in _TEXTS
    ),
    number(
        "declaration.version",
        Text("version of the declaration", "версия декларации", "декларацияның нұсқасы"),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "declaration.item_count",
        Text("number of items", "количество товаров", "тауарлар саны"),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "declaration.distinct_codes",
        Text(
            "number of different HS codes", "количество разных кодов ТН ВЭД", "әртүрлі СЭҚ ТН кодтарының саны"
        ),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "declaration.distinct_origins",
        Text(
            "number of different countries of origin",
            "количество разных стран происхождения",
            "әртүрлі шығарылған елдер саны",
        ),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "declaration.customs_value",
        Text(
            "customs value of the declaration",
            "таможенная стоимость по декларации",
            "декларация бойынша кедендік құн",
        ),
        _AN_ITEM_LACKS_IT,
        "money",
        _WHOLE,
    ),
    number(
        "declaration.net_mass_kg",
        Text(
            "net mass of the declaration",
            "масса нетто по декларации",
            "декларация бойынша нетто масса",
        ),
        _AN_ITEM_LACKS_IT,
        "kg",
        _WHOLE,
    ),
    number(
        "declaration.gross_mass_kg",
        Text(
            "gross mass of the declaration",
            "масса брутто по декларации",
            "декларация бойынша брутто масса",
        ),
        _AN_ITEM_LACKS_IT,
        "kg",
        _WHOLE,
    ),
    number(
        "declaration.taxes",
        Text(
            "duty, VAT and excise of the declaration",
            "пошлина, НДС и акциз по декларации",
            "декларация бойынша баж, ҚҚС және акциз",
        ),
        _AN_ITEM_LACKS_IT,
        "money",
        _WHOLE,
    ),
    flag(
        "declaration.trader_is_declarant",
        Text(
            "the trader declares himself",
            "участник ВЭД декларирует сам",
            "СЭҚҚ өзі декларациялайды",
        ),
        grain=_WHOLE,
    ),
    number(
        "declaration.document_count",
        Text("number of documents", "количество документов", "құжаттар саны"),
        NO_TABLE,
        grain=_WHOLE,
    ),
    number(
        "declaration.container_count",
        Text("number of containers", "количество контейнеров", "контейнерлер саны"),
        NO_TABLE,
        grain=_WHOLE,
    ),
    number(
        "declaration.exchange_rate",
        Text(
            "official rate of the currency of the invoice on the day of registration",
            "официальный курс валюты счёта-фактуры на день регистрации",
            "тіркелген күнгі шот-фактура валютасының ресми бағамы",
        ),
        Text(
            "currency not stated, or no official rate for that day loaded",
            "валюта не указана или официальный курс на этот день не загружен",
            "валюта көрсетілмеген немесе сол күнгі ресми бағам жүктелмеген",
        ),
        "money/invoice_money",
        _WHOLE,
    ),
    flag(
        "declaration.carriage_in_price",
        Text(
            "by the delivery terms the seller pays the main carriage",
            "по условиям поставки основную перевозку оплачивает продавец",
            "жеткізу шарттары бойынша негізгі тасымалды сатушы төлейді",
        ),
        Text(
            "delivery terms not stated, or none of the Incoterms",
            "условия поставки не указаны или не относятся к Инкотермс",
            "жеткізу шарттары көрсетілмеген немесе Инкотермске жатпайды",
        ),
        grain=_WHOLE,
    ),
)
