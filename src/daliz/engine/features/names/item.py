"""``item.*``: what the declaration says of one goods item."""

from typing import Final

from daliz.engine.features.names.declaring import NEVER, NOT_COMPUTABLE, NOT_STATED, flag, number, text
from daliz.engine.features.vocabulary import Feature
from daliz.language import Text

_SHORT_CODE: Final = Text(
    "the code is not stated or has fewer digits",
    "код не указан или в нём меньше знаков",
    "код көрсетілмеген немесе таңбасы аз",
)
_ALL_UNKNOWN: Final = Text(
    "none of the payments is stated", "ни один платёж не указан", "бірде-бір төлем көрсетілмеген"
)
_SPECIFIC: Final = Text(
    "not stated, or the duty is specific",
    "не указано или пошлина специфическая",
    "көрсетілмеген немесе баж арнайы мөлшерлемемен есептеледі",
)
_NO_RATE: Final = Text(
    "price or currency not stated, no official rate for that day loaded, or the price is zero",
    "цена или валюта не указана, официальный курс на этот день не загружен или цена равна нулю",
    "баға немесе валюта көрсетілмеген, сол күнгі ресми бағам жүктелмеген немесе баға нөлге тең",
)
_NO_EDITION: Final = Text(
    "no edition for that day loaded, or the code is not stated",
    "редакция на этот день не загружена или код не указан",
    "сол күнге редакция жүктелмеген немесе код көрсетілмеген",
)
_NO_UNIT: Final = Text(
    "no edition for that day loaded, or it has no supplementary unit for the code",
    "редакция на этот день не загружена или для кода в ней нет дополнительной единицы",
    "сол күнге редакция жүктелмеген немесе онда код үшін қосымша өлшем бірлігі жоқ",
)
_NO_DUTY: Final = Text(
    "not an import, no line of the tariff loaded for the goods, or what the line needs is not stated",
    "не импорт, ставка для товара не загружена или не указано то, что нужно для расчёта",
    "импорт емес, тауар үшін мөлшерлеме жүктелмеген немесе есептеуге қажеттісі көрсетілмеген",
)

FEATURES: Final[tuple[Feature, ...]] = (
    number("item.item_no", Text("number of the goods item", "номер товара", "тауардың нөмірі"), NEVER),
    text("item.hs_code", Text("HS code of the item", "код ТН ВЭД товара", "тауардың СЭҚ ТН коды")),
    text(
        "item.hs_chapter",
        Text("HS chapter (2 digits)", "группа ТН ВЭД (2 знака)", "СЭҚ ТН тобы (2 таңба)"),
        _SHORT_CODE,
    ),
    text(
        "item.hs_heading",
        Text("HS heading (4 digits)", "позиция ТН ВЭД (4 знака)", "СЭҚ ТН позициясы (4 таңба)"),
        _SHORT_CODE,
    ),
    text(
        "item.hs_subheading",
        Text("HS subheading (6 digits)", "субпозиция ТН ВЭД (6 знаков)", "СЭҚ ТН субпозициясы (6 таңба)"),
        _SHORT_CODE,
    ),
    text("item.description", Text("description of the goods", "описание товара", "тауардың сипаттамасы")),
    number(
        "item.description_length",
        Text(
            "length of the description, characters",
            "длина описания товара, знаков",
            "тауар сипаттамасының ұзындығы, таңба",
        ),
    ),
    text("item.origin_country", Text("country of origin", "страна происхождения", "шығарылған елі")),
    number(
        "item.net_mass_kg",
        Text("net mass of the item", "масса нетто товара", "тауардың нетто массасы"),
        unit="kg",
    ),
    number(
        "item.gross_mass_kg",
        Text("gross mass of the item", "масса брутто товара", "тауардың брутто массасы"),
        unit="kg",
    ),
    number(
        "item.quantity",
        Text(
            "quantity in the supplementary unit",
            "количество в дополнительной единице",
            "қосымша өлшем бірлігіндегі саны",
        ),
        unit="quantity",
    ),
    text(
        "item.quantity_unit",
        Text("supplementary unit", "дополнительная единица измерения", "қосымша өлшем бірлігі"),
    ),
    number(
        "item.customs_value",
        Text("customs value of the item", "таможенная стоимость товара", "тауардың кедендік құны"),
        unit="money",
    ),
    number(
        "item.invoice_value",
        Text(
            "price of the item on the invoice",
            "стоимость товара по счёту-фактуре",
            "шот-фактура бойынша тауардың құны",
        ),
        unit="invoice_money",
    ),
    number(
        "item.unit_value",
        Text(
            "customs value per kg of net mass",
            "таможенная стоимость за кг нетто",
            "нетто массаның 1 кг-ына шаққандағы кедендік құн",
        ),
        NOT_COMPUTABLE,
        "money/kg",
    ),
    number(
        "item.value_per_unit",
        Text(
            "customs value per supplementary unit",
            "таможенная стоимость за дополнительную единицу",
            "қосымша өлшем бірлігі үшін кедендік құн",
        ),
        NOT_COMPUTABLE,
        "money/quantity",
    ),
    number(
        "item.mass_per_unit",
        Text(
            "net mass per supplementary unit",
            "масса нетто дополнительной единицы",
            "қосымша өлшем бірлігінің нетто массасы",
        ),
        NOT_COMPUTABLE,
        "kg/quantity",
    ),
    number(
        "item.duty_rate",
        Text(
            "ad valorem duty rate (fraction)",
            "адвалорная ставка пошлины (доля)",
            "баждың адвалорлық мөлшерлемесі (үлес)",
        ),
        _SPECIFIC,
    ),
    number("item.duty", Text("duty on the item", "пошлина по товару", "тауар бойынша баж"), unit="money"),
    number("item.vat", Text("VAT on the item", "НДС по товару", "тауар бойынша ҚҚС"), unit="money"),
    number("item.excise", Text("excise on the item", "акциз по товару", "тауар бойынша акциз"), unit="money"),
    number(
        "item.taxes",
        Text(
            "duty, VAT and excise on the item",
            "пошлина, НДС и акциз по товару",
            "тауар бойынша баж, ҚҚС және акциз",
        ),
        _ALL_UNKNOWN,
        "money",
    ),
    text(
        "item.preference",
        Text(
            "tariff preference claimed", "заявленная тарифная преференция", "мәлімделген тарифтік преференция"
        ),
    ),
    text(
        "item.valuation_method",
        Text(
            "method of customs valuation",
            "метод определения таможенной стоимости",
            "кедендік құнды айқындау әдісі",
        ),
    ),
    number(
        "item.packing_ratio",
        Text(
            "gross mass over net mass",
            "отношение массы брутто к массе нетто",
            "брутто массаның нетто массаға қатынасы",
        ),
        NOT_COMPUTABLE,
    ),
    number(
        "item.value_share",
        Text(
            "item's share of the declaration's value",
            "доля товара в стоимости декларации",
            "декларация құнындағы тауардың үлесі",
        ),
        NOT_COMPUTABLE,
    ),
    flag(
        "item.origin_is_departure",
        Text(
            "the country of origin is the country of departure",
            "страна происхождения совпадает со страной отправления",
            "шығарылған ел жөнелту елімен бірдей",
        ),
        NOT_STATED,
    ),
    number(
        "item.invoice_value_national",
        Text(
            "price on the invoice at the official rate of the day",
            "стоимость по счёту-фактуре по официальному курсу на день регистрации",
            "тіркелген күнгі ресми бағам бойынша шот-фактура құны",
        ),
        _NO_RATE,
        "money",
    ),
    number(
        "item.value_over_invoice",
        Text(
            "customs value over the price on the invoice",
            "отношение таможенной стоимости к стоимости по счёту-фактуре",
            "кедендік құнның шот-фактура құнына қатынасы",
        ),
        _NO_RATE,
    ),
    number(
        "item.additions_share",
        Text(
            "what the customs value adds to the price, as a share of the price",
            "превышение таможенной стоимости над ценой, доля цены",
            "кедендік құнның бағадан асуы, бағаның үлесі",
        ),
        _NO_RATE,
    ),
    flag(
        "item.code_in_force",
        Text(
            "the code stands in the edition of the nomenclature in force",
            "код есть в действующей редакции номенклатуры",
            "код номенклатураның қолданыстағы редакциясында бар",
        ),
        _NO_EDITION,
    ),
    text(
        "item.tariff_unit",
        Text(
            "supplementary unit that the nomenclature has for the code",
            "дополнительная единица, установленная номенклатурой для кода",
            "номенклатурада код үшін белгіленген қосымша өлшем бірлігі",
        ),
        _NO_UNIT,
    ),
    flag(
        "item.unit_is_tariff_unit",
        Text(
            "the supplementary unit is the one that the nomenclature has for the code",
            "дополнительная единица соответствует установленной для кода",
            "қосымша өлшем бірлігі код үшін белгіленгенге сәйкес",
        ),
        _NO_UNIT,
    ),
    number(
        "item.duty_expected",
        Text(
            "duty on the item by the lines of the tariff",
            "пошлина по товару по ставкам тарифа",
            "тариф мөлшерлемелері бойынша тауар бажы",
        ),
        _NO_DUTY,
        "money",
    ),
)
