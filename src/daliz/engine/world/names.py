"""Names of firms as people write them: Cyrillic, Latin and Kazakh, with the slips of a keyboard.

All names are pretended; a likeness to a real firm is chance.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

SPELLINGS: Final = 4
"""Spellings kept of every name: the usual one, two in other scripts or forms, one with a slip."""

_FIRST: Final = (
    ("Алтын", "Алтын", "Altyn"), ("Жібек", "Жибек", "Zhibek"), ("Ұлы", "Улы", "Uly"),
    ("Көк", "Кок", "Kok"), ("Қазына", "Казына", "Kazyna"), ("Бәйтерек", "Байтерек", "Baiterek"),
    ("Сарыарқа", "Сарыарка", "Saryarka"), ("Тұлпар", "Тулпар", "Tulpar"), ("Ақ", "Ак", "Ak"),
    ("Береке", "Береке", "Bereke"), ("Жетісу", "Жетысу", "Zhetisu"), ("Нұр", "Нур", "Nur"),
    ("Азия", "Азия", "Aziya"), ("Еуразия", "Евразия", "Evraziya"), ("Болашақ", "Болашак", "Bolashak"),
    ("Шығыс", "Шыгыс", "Shygys"), ("Дәуір", "Дауир", "Dauir"), ("Отау", "Отау", "Otau"),
    ("Мереке", "Мереке", "Mereke"), ("Самұрық", "Самрук", "Samuryk"), ("Құлан", "Кулан", "Kulan"),
    ("Есіл", "Есиль", "Esil"), ("Ертіс", "Иртыш", "Ertis"),
)  # fmt: skip
_SECOND: Final = (
    ("Дала", "Дала", "Dala"), ("Жол", "Жол", "Zhol"), ("Сауда", "Сауда", "Sauda"),
    ("Трейд", "Трейд", "Trade"), ("Импорт", "Импорт", "Import"), ("Логистик", "Логистик", "Logistic"),
    ("Құрылыс", "Курылыс", "Kurylys"), ("Групп", "Групп", "Group"), ("Текстиль", "Текстиль", "Tekstil"),
    ("Агро", "Агро", "Agro"), ("Тас", "Тас", "Tas"), ("Су", "Су", "Su"),
    ("Жұлдыз", "Жулдыз", "Zhuldyz"), ("Маркет", "Маркет", "Market"), ("Техно", "Техно", "Tekhno"),
    ("Фарм", "Фарм", "Farm"), ("Авто", "Авто", "Avto"), ("Сервис", "Сервис", "Servis"),
    ("Өрлеу", "Орлеу", "Orleu"),
)  # fmt: skip
_FOREIGN: Final = (
    "Huada", "Jinlong", "Yifeng", "Tianshan", "Xinjiang", "Hongtai", "Ruixin",
    "Baoli", "Golden", "Sunrise", "Ocean", "Silk", "Star", "Global",
    "Eastern", "Anadolu", "Bosfor", "Yildiz", "Marmara", "Kervan", "Nordik",
    "Alpen", "Rhein", "Delta", "Prima", "Orient", "Samarkand", "Registon",
    "Afrosiyob", "Pamir", "Caspian", "Emirates", "Falcon", "Hankang", "Daehan",
    "Sakura", "Mekong", "Everest", "Victoria", "Atlas", "Vector", "Zenith",
    "Polar", "Riviera",
)  # fmt: skip
_TRADE: Final = [
    "Trading",
    "Import-Export",
    "Industry",
    "Textile",
    "Foods",
    "Machinery",
    "Electronics",
    "Supply",
    "Logistics",
    "Commerce",
]
_FORM: Final = {
    "CN": "Co., Ltd.",
    "TR": "San. ve Tic. A.S.",
    "DE": "GmbH",
    "IT": "S.r.l.",
    "PL": "Sp. z o.o.",
    "UZ": "MChJ",
    "AE": "FZE",
    "KR": "Co., Ltd.",
    "JP": "K.K.",
}
_CYRILLIC: Final = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyz",
        [
            "а",
            "б",
            "к",
            "д",
            "е",
            "ф",
            "г",
            "х",
            "и",
            "дж",
            "к",
            "л",
            "м",
            "н",
            "о",
            "п",
            "к",
            "р",
            "с",
            "т",
            "у",
            "в",
            "в",
            "кс",
            "й",
            "з",
        ],
        strict=True,
    )
)
_PAIRS: Final = (("sh", "ш"), ("ch", "ч"), ("zh", "ж"), ("kh", "х"), ("ya", "я"), ("yu", "ю"), ("ts", "ц"))


def slip(text: str, chance: np.random.Generator) -> str:
    """Return ``text`` with one slip: a letter lost, doubled or swapped with the next."""
    if len(text) < 5:
        return text
    at = int(chance.integers(1, len(text) - 2))
    kind = int(chance.integers(3))
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def in_cyrillic(text: str) -> str:
    """Write a Latin name by ear in Cyrillic.

    Example:
        >>> in_cyrillic("Golden Trading")
        'Голден Традинг'
    """
    words = []
    for word in text.split():
        low = word.lower()
        for latin, letter in _PAIRS:
            low = low.replace(latin, letter)
        low = "".join(_CYRILLIC.get(letter, letter) for letter in low)
        words.append(low.capitalize() if word[0].isupper() else low)
    return " ".join(words)


def home_firm(chance: np.random.Generator) -> tuple[str, ...]:
    """Return the spellings of a firm of the country."""
    first, second = _FIRST[chance.integers(len(_FIRST))], _SECOND[chance.integers(len(_SECOND))]
    number = f"-{chance.integers(2, 100)}" if chance.random() < 0.35 else ""
    kazakh, russian, latin = (f"{first[i]} {second[i]}{number}" for i in range(3))
    usual = f'ТОО "{russian}"'
    return usual, f'"{kazakh}" ЖШС', f"LLP {latin}", slip(usual, chance)


def foreign_firm(country: str, chance: np.random.Generator) -> tuple[str, ...]:
    """Return the spellings of a firm of another country."""
    first, second = _pick(_FOREIGN, chance), _pick(_FOREIGN, chance)
    return spelled(f"{first} {second} {_pick(_TRADE, chance)}", country, chance)


def renamed(name: str, country: str, chance: np.random.Generator) -> tuple[str, ...]:
    """Return the spellings under which a supplier goes on when found out: one word of three is new."""
    words = name.split()[:3]
    words[int(chance.integers(2))] = _pick(_FOREIGN, chance)
    return spelled(" ".join(words), country, chance)


def spelled(name: str, country: str, chance: np.random.Generator) -> tuple[str, ...]:
    """Return the ways in which the name of a foreign firm is written in declarations."""
    usual = f"{name} {_FORM.get(country, 'Ltd.')}"
    return usual, usual.upper().replace(".", ""), in_cyrillic(name), slip(usual, chance)


def _pick(words: Sequence[str], chance: np.random.Generator) -> str:
    return words[int(chance.integers(len(words)))]
