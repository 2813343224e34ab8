"""The facts computed by SQL are, row by row, those that a reader of the whole past would tell."""

from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daliz.engine.features import VOCABULARY
from daliz.engine.features.compute import build_facts
from tests.engine.features import official
from tests.engine.features.histories import FIRST, History
from tests.engine.features.oracle import Oracle, Row

LAST = FIRST + timedelta(days=400)
HOLIDAYS = frozenset({date(2024, 3, 8), date(2023, 3, 21)})
ZONES = ("Asia/Almaty", "Europe/Berlin", "America/Sao_Paulo", "Asia/Beirut")


def differences(
    history: History, *, first: date = FIRST, last: date = LAST, minimum: int = 2
) -> list[object]:
    """Where the facts differ from what the oracle tells, over all features and items."""
    tables = history.tables()
    facts = build_facts(
        tables["declarations"], tables["findings"], zone=history.zone, holidays=HOLIDAYS, first_day=first,
        last_day=last, transport_means=tables["transport_means"], documents=tables["documents"],
        containers=tables["containers"], minimum_observations=minimum, official=official.tables(),
    ).to_pylist()  # fmt: skip
    rows = {name: cast("list[Row]", found.to_pylist()) for name, found in tables.items()}
    oracle = Oracle(
        rows["declarations"], rows["findings"], rows["transport_means"], zone=history.zone,
        holidays=HOLIDAYS, minimum=minimum, documents=rows["documents"], containers=rows["containers"],
    )  # fmt: skip
    asked = sorted(
        (row for row in rows["declarations"] if first <= oracle.day(row["registered_at"]) <= last),
        key=lambda r: (r["registered_at"], r["declaration_id"], r["version"], r["item_no"]),
    )
    assert [(f["declaration_id"], f["version"], f["item_no"]) for f in facts] == [
        (r["declaration_id"], r["version"], r["item_no"]) for r in asked
    ]
    found: list[object] = []
    for fact, row in zip(facts, asked, strict=True):
        told = oracle.tell(row)
        where = (row["declaration_id"], row["version"], row["item_no"])
        for name in set(told) & set(VOCABULARY):
            same = fact[name] == told[name] and (fact[name] is None) == (told[name] is None)
            if not same:
                found.append((*where, name, fact[name], told[name]))
    return sorted(found, key=str)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), zone=st.sampled_from(ZONES), size=st.sampled_from((3, 12, 40)))
def test_facts_are_what_a_reader_of_the_whole_past_tells(seed: int, zone: str, size: int) -> None:
    assert differences(History(seed, zone, size=size)) == []


@pytest.mark.parametrize("zone", ZONES[1:3])
def test_a_span_of_days_gives_what_the_whole_gives(zone: str) -> None:
    history = History(7, zone, size=60)
    assert differences(history, first=FIRST + timedelta(days=364), last=FIRST + timedelta(days=367)) == []


@pytest.mark.parametrize("days", [31, 365, 367, 385])
@pytest.mark.parametrize("seed", [7, 8])
def test_a_day_alone_gives_what_the_whole_gives(days: int, seed: int) -> None:
    day = FIRST + timedelta(days=days)
    assert differences(History(seed, "Asia/Almaty", size=60), first=day, last=day) == []


def test_the_oracle_tells_every_name_that_is_not_simply_stated() -> None:
    history = History(1, "Asia/Almaty", size=5)
    tables = {name: cast("list[Row]", t.to_pylist()) for name, t in history.tables().items()}
    oracle = Oracle(
        tables["declarations"], tables["findings"], tables["transport_means"], zone="Asia/Almaty",
        holidays=HOLIDAYS, minimum=2, documents=tables["documents"], containers=tables["containers"],
    )  # fmt: skip
    told = set(oracle.tell(tables["declarations"][0]))
    silent = {name for name, f in VOCABULARY.items() if f.group not in ("item", "declaration")} - told
    assert silent == set()
