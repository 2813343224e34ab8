"""``calendar.*`` and ``today.*``: when the declaration came, and what came earlier the same day."""

from typing import Final

from daliz.engine.features.names.declaring import NEVER, flag, number
from daliz.engine.features.vocabulary import Feature, Grain
from daliz.language import Text

_WHOLE: Final = Grain.DECLARATION
_NO_TRADER: Final = Text(
    "trader not stated", "номер участника ВЭД не указан", "СЭҚҚ-ның нөмірі көрсетілмеген"
)

FEATURES: Final[tuple[Feature, ...]] = (
    number(
        "calendar.weekday",
        Text(
            "day of the week (1 Monday to 7)",
            "день недели (1 — понедельник, 7 — воскресенье)",
            "апта күні (1 – дүйсенбі, 7 – жексенбі)",
        ),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "calendar.hour",
        Text(
            "local hour of registration (0 to 23)",
            "местный час регистрации (0–23)",
            "тіркеудің жергілікті сағаты (0–23)",
        ),
        NEVER,
        grain=_WHOLE,
    ),
    number(
        "calendar.month",
        Text("month (1 to 12)", "месяц (1–12)", "ай (1–12)"),
        NEVER,
        grain=_WHOLE,
    ),
    flag(
        "calendar.is_working_day",
        Text("the day is a working day", "день рабочий", "күн жұмыс күні"),
        NEVER,
        _WHOLE,
    ),
    number(
        "calendar.days_to_rest",
        Text(
            "days until the next non-working day",
            "число дней до ближайшего нерабочего дня",
            "ең жақын жұмыс емес күнге дейінгі күндер саны",
        ),
        NEVER,
        "day",
        _WHOLE,
    ),
    number(
        "today.trader_declarations",
        Text(
            "trader's declarations earlier the same day",
            "число деклараций участника ВЭД ранее в тот же день",
            "СЭҚҚ-ның сол күні бұдан бұрынғы декларацияларының саны",
        ),
        _NO_TRADER,
        grain=_WHOLE,
    ),
    number(
        "today.declarant_declarations",
        Text(
            "declarant's declarations earlier the same day",
            "число деклараций декларанта ранее в тот же день",
            "декларанттың сол күні бұдан бұрынғы декларацияларының саны",
        ),
        Text("declarant not stated", "номер декларанта не указан", "декларанттың нөмірі көрсетілмеген"),
        grain=_WHOLE,
    ),
    number(
        "today.vehicle_declarations",
        Text(
            "declarations with the same vehicle earlier the same day",
            "число деклараций с тем же транспортным средством ранее в тот же день",
            "сол көлік құралымен сол күні бұдан бұрынғы декларациялар саны",
        ),
        Text(
            "no vehicle is stated, or the source has no table of vehicles",
            "транспортное средство не указано или в источнике нет такой таблицы",
            "көлік құралы көрсетілмеген немесе дереккөзде мұндай кесте жоқ",
        ),
        grain=_WHOLE,
    ),
    number(
        "today.trader_customs_value",
        Text(
            "trader's customs value earlier the same day",
            "таможенная стоимость товаров участника ВЭД ранее в тот же день",
            "СЭҚҚ тауарларының сол күні бұдан бұрынғы кедендік құны",
        ),
        Text(
            "trader or currency of the value not stated",
            "участник ВЭД или валюта стоимости не указаны",
            "СЭҚҚ немесе құнның валютасы көрсетілмеген",
        ),
        "money",
        _WHOLE,
    ),
    number(
        "today.same_code_declarations",
        Text(
            "trader's declarations with the same goods (6 digits) earlier the same day",
            "число деклараций участника ВЭД с тем же товаром (6 знаков) ранее в тот же день",
            "СЭҚҚ-ның сол тауармен (6 таңба) сол күні бұдан бұрынғы декларацияларының саны",
        ),
        Text(
            "the trader or the HS subheading is not stated",
            "участник ВЭД или субпозиция ТН ВЭД не указаны",
            "СЭҚҚ немесе СЭҚ ТН субпозициясы көрсетілмеген",
        ),
    ),
)
