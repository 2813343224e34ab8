"""``route.*``, ``goods.*``, ``reference.*``: the history of ways and goods, and usual prices."""

from typing import Final

from daliz.engine.features.names.declaring import number, text
from daliz.engine.features.vocabulary import Feature, Grain
from daliz.language import Text

_WHOLE: Final = Grain.DECLARATION
_NO_ROUTE: Final = Text(
    "country of departure, transport or border authority not stated",
    "страна отправления, транспорт или орган на границе не указаны",
    "жөнелту елі, көлік немесе шекарадағы орган көрсетілмеген",
)
_NO_GOODS: Final = Text(
    "the HS subheading or the origin is not stated",
    "субпозиция ТН ВЭД или страна происхождения не указаны",
    "СЭҚ ТН субпозициясы немесе шығарылған ел көрсетілмеген",
)
_FEW: Final = Text(
    "too few accepted values of such goods in 365 days",
    "слишком мало принятых значений по таким товарам за 365 дней",
    "365 күнде мұндай тауарлар бойынша қабылданған мәндер тым аз",
)


def _or_not_seen(key: Text) -> Text:
    return Text(
        f"{key.en}, or not seen before this day",
        f"{key.ru} либо до этого дня не встречалось",
        f"{key.kk} не осы күнге дейін кездеспеген",
    )


def _or_no_control(key: Text) -> Text:
    return Text(
        f"{key.en}, or no control in 365 days",
        f"{key.ru} либо за 365 дней не было контроля",
        f"{key.kk} не 365 күнде бақылау болмаған",
    )


FEATURES: Final[tuple[Feature, ...]] = (
    number(
        "route.declarations_365d",
        Text(
            "declarations on this route in 365 days",
            "число деклараций по этому маршруту за 365 дней",
            "осы маршрут бойынша 365 күндегі декларациялар саны",
        ),
        _NO_ROUTE,
        grain=_WHOLE,
    ),
    number(
        "route.days_since_first",
        Text(
            "days since the first declaration on this route",
            "число дней с первой декларации по этому маршруту",
            "осы маршрут бойынша алғашқы декларациядан бергі күндер саны",
        ),
        _or_not_seen(_NO_ROUTE),
        "day",
        _WHOLE,
    ),
    number(
        "route.controls_365d",
        Text(
            "controls on this route in 365 days",
            "число случаев таможенного контроля на этом маршруте за 365 дней",
            "осы маршрутта 365 күндегі кедендік бақылау саны",
        ),
        _NO_ROUTE,
        grain=_WHOLE,
    ),
    number(
        "route.violations_365d",
        Text(
            "violations on this route in 365 days",
            "число нарушений на этом маршруте за 365 дней",
            "осы маршрутта 365 күнде анықталған бұзулар саны",
        ),
        _NO_ROUTE,
        grain=_WHOLE,
    ),
    number(
        "route.violation_rate_365d",
        Text(
            "share of controls on this route in 365 days that found a violation",
            "доля случаев контроля с выявленным нарушением на этом маршруте за 365 дней",
            "осы маршрутта 365 күндегі бақылаудың бұзу анықталған үлесі",
        ),
        _or_no_control(_NO_ROUTE),
        grain=_WHOLE,
    ),
    number(
        "goods.items_365d",
        Text(
            "items of these goods and origin in 365 days",
            "число товарных позиций с таким товаром и происхождением за 365 дней",
            "тауары мен шығарылған елі осындай позициялардың 365 күндегі саны",
        ),
        _NO_GOODS,
    ),
    number(
        "goods.days_since_first",
        Text(
            "days since these goods of this origin were first declared",
            "число дней с первого декларирования такого товара этого происхождения",
            "шығарылған елі осындай тауар алғаш декларацияланғаннан бергі күндер саны",
        ),
        _or_not_seen(_NO_GOODS),
        "day",
    ),
    number(
        "goods.controls_365d",
        Text(
            "controls of these goods and origin in 365 days",
            "число случаев контроля такого товара и происхождения за 365 дней",
            "шығарылған елі осындай тауарды 365 күндегі бақылау саны",
        ),
        _NO_GOODS,
    ),
    number(
        "goods.violations_365d",
        Text(
            "violations with these goods and origin in 365 days",
            "число нарушений по такому товару и происхождению за 365 дней",
            "шығарылған елі осындай тауар бойынша 365 күндегі бұзулар саны",
        ),
        _NO_GOODS,
    ),
    number(
        "goods.violation_rate_365d",
        Text(
            "share of controls of these goods and origin in 365 days that found a violation",
            "доля случаев контроля с выявленным нарушением по такому товару и происхождению за 365 дней",
            "шығарылған елі осындай тауарды 365 күндегі бақылаудың бұзу анықталған үлесі",
        ),
        _or_no_control(_NO_GOODS),
    ),
    number(
        "reference.unit_value_p10",
        Text(
            "low usual value per kg (10% of accepted values lie below)",
            "нижняя обычная стоимость за кг (ниже неё 10\u00a0% принятых значений)",
            "1 кг үшін төменгі әдеттегі құн (қабылданған мәндердің 10%-ы одан төмен)",
        ),
        _FEW,
        "money/kg",
    ),
    number(
        "reference.unit_value_p50",
        Text(
            "usual value per kg (median)",
            "обычная стоимость за кг (медиана)",
            "1 кг үшін әдеттегі құн (медиана)",
        ),
        _FEW,
        "money/kg",
    ),
    number(
        "reference.unit_value_p90",
        Text(
            "high usual value per kg (90% of accepted values lie below)",
            "верхняя обычная стоимость за кг (ниже неё 90\u00a0% принятых значений)",
            "1 кг үшін жоғарғы әдеттегі құн (қабылданған мәндердің 90%-ы одан төмен)",
        ),
        _FEW,
        "money/kg",
    ),
    number(
        "reference.value_per_unit_p50",
        Text(
            "usual value per supplementary unit (median)",
            "обычная стоимость за дополнительную единицу (медиана)",
            "қосымша өлшем бірлігі үшін әдеттегі құн (медиана)",
        ),
        _FEW,
        "money/quantity",
    ),
    number(
        "reference.mass_per_unit_p50",
        Text(
            "usual mass of a supplementary unit (median)",
            "обычная масса дополнительной единицы (медиана)",
            "қосымша өлшем бірлігінің әдеттегі массасы (медиана)",
        ),
        _FEW,
        "kg/quantity",
    ),
    number(
        "reference.observations",
        Text(
            "number of values behind the usual value per kg",
            "количество значений, по которым определена обычная стоимость за кг",
            "1 кг үшін әдеттегі құн анықталған мәндер саны",
        ),
        _FEW,
    ),
    text(
        "reference.level",
        Text(
            "level of goods at which usual values were found",
            "уровень товара, на котором найдены обычные значения",
            "әдеттегі мәндер табылған тауар деңгейі",
        ),
        _FEW,
    ),
)
