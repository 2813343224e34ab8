"""Files of official lists as offices hand them round, and loads of them."""

from datetime import date
from pathlib import Path

from daliz.engine.loads import Request, commit, plan_load
from daliz.engine.official import Load, OfficialLists, Shelf

HS_2017 = """\
section,hscode,description,parent,level
I,01,Animals; live,TOTAL,2
I,0101,Horses,01,4
I,010121,Horses; pure-bred,0101,6
I,010129,Horses; other,0101,6
TOTAL,TOTAL,Total of all HS2017 commodities,TOTAL,5
"""
HS_2022 = """\
section,hscode,description,parent,level
I,01,Animals; live,TOTAL,2
I,0101,Horses,01,4
I,010121,"Horses; live, pure-bred",0101,6
I,010130,Asses,0101,6
"""
TNVED = """\
Код ТН ВЭД;Наименование позиции;Доп. ед. изм.
87;СРЕДСТВА НАЗЕМНОГО ТРАНСПОРТА;-
8703;Автомобили легковые;
8703 23 198 1;прочие;шт
8703 23 198 2;с двигателем;шт
"""
DUTY = """\
Код ТН ВЭД;Страна происхождения;Преференция;Ставка
8703;;;15
8703231981;;;15, но не менее 0,5 евро за 1 кг
0207;;;30, плюс 0.2 EUR/kg
8703;CN;;20
8703;;free_trade;0
2204;;;0,04 евро за 1 л
"""
RATES = """\
date,currency,nominal,rate
2025-03-03,USD,1,500
2025-03-03,EUR,1,550.5
2025-03-04,USD,1,501.25
2025-03-03,RUB,100,610
"""


def a_file(folder: Path, text: str, name: str = "list.csv") -> Path:
    """The text as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def a_request(
    folder: Path, kind: str, text: str, since: str | None = "2025-01-01", **said: object
) -> Request:
    """A request to load ``text`` into ``folder/own``."""
    request = Request(
        kind=kind, file=a_file(folder, text), directory=folder / "own",
        valid_from=date.fromisoformat(since) if since else None, today=date(2026, 1, 15),
    )  # fmt: skip
    for name, value in said.items():
        object.__setattr__(request, name, value)
    return request


def load(folder: Path, kind: str, text: str, since: str | None = "2025-01-01", **said: object) -> Load:
    """Load ``text`` into ``folder/own``."""
    return commit(plan_load(a_request(folder, kind, text, since, **said)))


def lists_of(folder: Path) -> OfficialLists:
    """What was loaded into ``folder/own``."""
    return OfficialLists.of([Shelf.of(folder / "own")])
