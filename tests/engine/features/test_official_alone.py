"""What official lists say of one declaration is, bit for bit, what the tables of many say."""

from datetime import timedelta
from itertools import groupby

import pytest

from daliz.engine.features.alone import Moment
from daliz.engine.features.compute import build_facts
from daliz.engine.features.official_alone import FACTS, OfficialAlone
from daliz.engine.records.declaration import HEADER, Declaration
from daliz.engine.records.schema import DECLARATIONS
from tests.engine.features import official
from tests.engine.features.histories import FIRST, History

LAST = FIRST + timedelta(days=400)


@pytest.mark.parametrize("seed", [1, 2])
def test_official_lists_say_the_same_of_one_declaration_as_of_many(seed: int) -> None:
    history = History(seed, "Asia/Almaty", size=40)
    declarations = history.tables()["declarations"]
    facts = build_facts(
        declarations, None, zone=history.zone, holidays=(), first_day=FIRST, last_day=LAST, names=FACTS,
        official=official.tables(),
    )  # fmt: skip
    expected = {(r["declaration_id"], r["version"], r["item_no"]): r for r in facts.to_pylist()}
    alone = OfficialAlone(official.tables())
    columns = [c.name for c in DECLARATIONS.columns if not c.header]
    rows = sorted(declarations.to_pylist(), key=lambda r: (r["declaration_id"], r["version"], r["item_no"]))
    told = set()
    for (number, version), of in groupby(rows, lambda r: (r["declaration_id"], r["version"])):
        listed = list(of)
        declaration = Declaration(
            header={name: listed[0][name] for name in HEADER if listed[0][name] is not None},
            items=[{name: row[name] for name in columns if row[name] is not None} for row in listed],
            below={},
        )
        day = Moment(listed[0]["registered_at"], history.zone, frozenset()).day
        for row, said in zip(listed, alone.facts(declaration, day, FACTS), strict=True):
            want = expected[number, version, row["item_no"]]
            assert said == {name: want[name] for name in FACTS}
            told |= {name for name, value in said.items() if value is not None}
    assert told == set(FACTS)


def test_what_nobody_asks_for_is_not_told() -> None:
    one = Declaration({"currency": "KZT", "invoice_currency": "KZT"}, [{"item_no": 1}, {"item_no": 2}], {})
    alone = OfficialAlone(official.tables())
    assert alone.facts(one, FIRST, ["item.unit_value"]) == [{}, {}]
    assert alone.facts(one, FIRST, ["declaration.exchange_rate"]) == [{"declaration.exchange_rate": 1.0}] * 2
