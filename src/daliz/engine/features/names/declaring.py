"""Short ways to declare a name, and what null means where many names share it."""

from typing import Final

from daliz.engine.features.vocabulary import PLAIN, Feature, Grain, Kind, Unit
from daliz.language import Text

NOT_STATED: Final = Text(
    "not stated in the declaration", "не указано в декларации", "декларацияда көрсетілмеген"
)
NOT_COMPUTABLE: Final = Text(
    "a part of the calculation is not stated, or the divisor is zero",
    "часть расчёта не указана или делитель равен нулю",
    "есептің бір бөлігі көрсетілмеген немесе бөлгіш нөлге тең",
)
NEVER: Final = Text("never null", "всегда известно", "әрқашан белгілі")
NO_TABLE: Final = Text(
    "the source has no such table", "в источнике нет такой таблицы", "дереккөзде мұндай кесте жоқ"
)


def text(name: str, label: Text, unknown: Text = NOT_STATED, grain: Grain = Grain.ITEM) -> Feature:
    """Declare a text."""
    return Feature(name, label, Kind.TEXT, grain, unknown, _group(name))


def number(
    name: str, label: Text, unknown: Text = NOT_STATED, unit: str = "", grain: Grain = Grain.ITEM
) -> Feature:
    """Declare a number with its unit (``money/kg``; empty for a count or a share)."""
    return Feature(name, label, Kind.NUMBER, grain, unknown, _group(name), Unit.of(unit) if unit else PLAIN)


def flag(name: str, label: Text, unknown: Text = NOT_STATED, grain: Grain = Grain.ITEM) -> Feature:
    """Declare a flag; its label is a clause."""
    return Feature(name, label, Kind.FLAG, grain, unknown, _group(name))


def _group(name: str) -> str:
    return name.partition(".")[0]
