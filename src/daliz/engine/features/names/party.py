"""``trader.*``, ``declarant.*``, ``counterparty.*``, ``carrier.*``: the history of those who take part."""

from dataclasses import dataclass
from typing import Final

from daliz.engine.features.names.declaring import flag, number
from daliz.engine.features.vocabulary import Feature, Grain
from daliz.language import Text

_WHOLE: Final = Grain.DECLARATION


@dataclass(frozen=True, slots=True)
class _Party:
    """How a party is called where something is said of it (genitive in Russian and Kazakh)."""

    prefix: str
    plain: str
    en: str
    ru: str
    kk: str

    def of(self, what: Text) -> Text:
        """Say ``what``, which names the party as ``{party}``, of this one."""
        return Text(
            what.en.format(party=self.en), what.ru.format(party=self.ru), what.kk.format(party=self.kk)
        )

    @property
    def missing(self) -> Text:
        """What null means when the party itself is not known."""
        return Text(
            f"the {self.plain} is not stated",
            f"номер {self.ru} не указан",
            f"{self.kk} нөмірі көрсетілмеген",
        )

    def no_key_or(self, reason: Text) -> Text:
        """What null means when it may also be for want of history."""
        mine = self.missing
        return Text(
            f"{mine.en}, or {reason.en}", f"{mine.ru} или {reason.ru}", f"{mine.kk} немесе {reason.kk}"
        )


_TRADER: Final = _Party("trader", "trader", "trader's", "участника ВЭД", "СЭҚҚ-ның")
_PARTIES: Final = {
    p.prefix: p
    for p in (
        _TRADER,
        _Party("declarant", "declarant", "declarant's", "декларанта", "декларанттың"),
        _Party(
            "counterparty",
            "foreign party",
            "foreign party's",
            "иностранного контрагента",
            "шетелдік контрагенттің",
        ),
        _Party("carrier", "carrier", "carrier's", "перевозчика", "тасымалдаушының"),
    )
}

_NO_CONTROL: Final = Text(
    "no control in 365 days", "за 365 дней не было контроля", "365 күнде бақылау болмаған"
)
_NOT_SEEN: Final = Text(
    "no declaration before this day", "до этого дня деклараций не было", "осы күнге дейін декларация болмаған"
)
_NO_VALUE: Final = Text(
    "the currency of the value is not stated",
    "валюта стоимости не указана",
    "құнның валютасы көрсетілмеген",
)

_DECLARATIONS_30D: Final = Text(
    "{party} declarations in 30 days",
    "число деклараций {party} за 30 дней",
    "{party} 30 күндегі декларацияларының саны",
)
_DECLARATIONS: Final = Text(
    "{party} declarations in 365 days",
    "число деклараций {party} за 365 дней",
    "{party} 365 күндегі декларацияларының саны",
)
_TRADERS: Final = Text(
    "different traders among the {party} declarations in 365 days",
    "число разных участников ВЭД в декларациях {party} за 365 дней",
    "{party} 365 күндегі декларацияларындағы әртүрлі СЭҚҚ саны",
)
_FIRST: Final = Text(
    "days since the {party} first declaration",
    "число дней с первой декларации {party}",
    "{party} алғашқы декларациясынан бергі күндер саны",
)
_LAST: Final = Text(
    "days since the {party} last declaration",
    "число дней с последней декларации {party}",
    "{party} соңғы декларациясынан бергі күндер саны",
)
_CONTROLS: Final = Text(
    "{party} declarations controlled in 365 days",
    "число деклараций {party}, прошедших контроль за 365 дней",
    "{party} 365 күнде бақылаудан өткен декларацияларының саны",
)
_VIOLATIONS: Final = Text(
    "{party} declarations with violations in 365 days",
    "число деклараций {party} с нарушениями за 365 дней",
    "{party} 365 күнде бұзу анықталған декларацияларының саны",
)
_RATE: Final = Text(
    "share of the {party} controlled declarations in 365 days that had a violation",
    "доля деклараций {party} с нарушениями среди прошедших контроль за 365 дней",
    "{party} 365 күнде бақылаудан өткен декларациялары ішіндегі бұзу анықталғандарының үлесі",
)


def _count(prefix: str, name: str, what: Text) -> Feature:
    party = _PARTIES[prefix]
    return number(f"{prefix}.{name}", party.of(what), party.missing, grain=_WHOLE)


def _days(prefix: str, name: str, what: Text) -> Feature:
    party = _PARTIES[prefix]
    return number(f"{prefix}.{name}", party.of(what), party.no_key_or(_NOT_SEEN), "day", _WHOLE)


def _money(prefix: str, name: str, what: Text) -> Feature:
    party = _PARTIES[prefix]
    return number(f"{prefix}.{name}", party.of(what), party.no_key_or(_NO_VALUE), "money", _WHOLE)


def _controls(prefix: str) -> tuple[Feature, ...]:
    party = _PARTIES[prefix]
    return (
        _count(prefix, "controls_365d", _CONTROLS),
        _count(prefix, "violations_365d", _VIOLATIONS),
        number(f"{prefix}.violation_rate_365d", party.of(_RATE), party.no_key_or(_NO_CONTROL), grain=_WHOLE),
    )


def _new(name: str, label: Text, grain: Grain, what: Text) -> Feature:
    unknown = Text(
        f"the trader or the {what.en} is not stated",
        f"участник ВЭД или {what.ru} не указаны",
        f"СЭҚҚ немесе {what.kk} көрсетілмеген",
    )
    return flag(f"trader.{name}", label, unknown, grain)


_ROUTE: Final = Text(
    "route (country of departure, transport, border authority)",
    "маршрут (страна отправления, транспорт, орган на границе)",
    "маршрут (жөнелту елі, көлік, шекарадағы орган)",
)

FEATURES: Final[tuple[Feature, ...]] = (
    _count("trader", "declarations_30d", _DECLARATIONS_30D),
    _count("trader", "declarations_365d", _DECLARATIONS),
    _money(
        "trader",
        "customs_value_365d",
        Text(
            "customs value of the {party} declarations in 365 days",
            "таможенная стоимость деклараций {party} за 365 дней",
            "{party} декларацияларының 365 күндегі кедендік құны",
        ),
    ),
    _days("trader", "days_since_first", _FIRST),
    _days("trader", "days_since_last", _LAST),
    *_controls("trader"),
    _count(
        "trader",
        "violations_ever",
        Text(
            "{party} declarations ever found in violation",
            "число деклараций {party} с нарушениями за всё время",
            "{party} барлық уақытта бұзу анықталған декларацияларының саны",
        ),
    ),
    _money(
        "trader",
        "assessed_365d",
        Text(
            "payments assessed on the {party} declarations in 365 days",
            "сумма доначислений по декларациям {party} за 365 дней",
            "{party} декларациялары бойынша 365 күнде қосымша есептелген төлемдер сомасы",
        ),
    ),
    _count(
        "trader",
        "counterparties_365d",
        Text(
            "different foreign parties in the {party} declarations in 365 days",
            "число разных иностранных контрагентов в декларациях {party} за 365 дней",
            "{party} 365 күндегі декларацияларындағы әртүрлі шетелдік контрагенттер саны",
        ),
    ),
    _count(
        "trader",
        "declarants_365d",
        Text(
            "different declarants of the {party} declarations in 365 days",
            "число разных декларантов в декларациях {party} за 365 дней",
            "{party} 365 күндегі декларацияларындағы әртүрлі декларанттар саны",
        ),
    ),
    _new(
        "first_office",
        Text(
            "the trader is new to this customs authority",
            "участник ВЭД впервые в этом таможенном органе",
            "СЭҚҚ бұл кеден органында алғаш рет",
        ),
        _WHOLE,
        Text("customs authority", "таможенный орган", "кеден органы"),
    ),
    _new(
        "first_route",
        Text(
            "the trader is new to this route",
            "участник ВЭД впервые на этом маршруте",
            "СЭҚҚ бұл маршрутта алғаш рет",
        ),
        _WHOLE,
        _ROUTE,
    ),
    _new(
        "first_counterparty",
        Text(
            "the trader is new to this foreign party",
            "участник ВЭД впервые с этим контрагентом",
            "СЭҚҚ бұл контрагентпен алғаш рет",
        ),
        _WHOLE,
        Text("foreign party", "контрагент", "контрагент"),
    ),
    _new(
        "first_declarant",
        Text(
            "the trader is new to this declarant",
            "участник ВЭД впервые с этим декларантом",
            "СЭҚҚ бұл декларантпен алғаш рет",
        ),
        _WHOLE,
        Text("declarant", "декларант", "декларант"),
    ),
    _new(
        "first_code",
        Text(
            "the goods (6 digits) are new to the trader",
            "участник ВЭД впервые с этим товаром (6 знаков)",
            "СЭҚҚ бұл тауармен (6 таңба) алғаш рет",
        ),
        Grain.ITEM,
        Text("HS subheading", "субпозиция ТН ВЭД", "СЭҚ ТН субпозициясы"),
    ),
    _new(
        "first_origin",
        Text(
            "the country of origin is new to the trader",
            "участник ВЭД впервые с этой страной происхождения",
            "СЭҚҚ бұл шығарылған елден алғаш рет",
        ),
        Grain.ITEM,
        Text("country of origin", "страна происхождения", "шығарылған ел"),
    ),
    number(
        "trader.days_since_first_code",
        Text(
            "days since the trader first declared these goods (6 digits)",
            "число дней с первого декларирования этого товара (6 знаков) участником ВЭД",
            "СЭҚҚ бұл тауарды (6 таңба) алғаш декларациялағаннан бергі күндер саны",
        ),
        Text(
            "the trader or the code is not stated, or it is the first time",
            "участник ВЭД или код не указаны либо это впервые",
            "СЭҚҚ немесе код көрсетілмеген, не бұл алғаш рет",
        ),
        "day",
    ),
    _count("declarant", "declarations_30d", _DECLARATIONS_30D),
    _count("declarant", "declarations_365d", _DECLARATIONS),
    _count(
        "declarant",
        "traders_365d",
        _TRADERS,
    ),
    _days("declarant", "days_since_first", _FIRST),
    *_controls("declarant"),
    _count("counterparty", "declarations_365d", _DECLARATIONS),
    _count(
        "counterparty",
        "traders_365d",
        _TRADERS,
    ),
    _days("counterparty", "days_since_first", _FIRST),
    *_controls("counterparty"),
    _count("carrier", "declarations_365d", _DECLARATIONS),
    _days("carrier", "days_since_first", _FIRST),
    *_controls("carrier"),
)
