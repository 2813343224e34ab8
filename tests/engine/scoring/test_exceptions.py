"""Exception lists: raised chances, levels lowered and raised, days of membership, whom nothing spares."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from daliz.engine.pack import ExceptionList, Listed, ListKind, Pack, load_pack
from daliz.engine.scoring.exceptions import ExceptionRegister, raised, raised_expected
from daliz.engine.scoring.mixing import Expected
from daliz.language import Text

NAME = Text(en="a list", ru="перечень", kk="тізбе")
TRADER, SUPPLIER = "declaration.trader_id", "declaration.counterparty_id"


def a_list(
    kind: ListKind,
    *members: Listed,
    level: str,
    by: str = TRADER,
    spares: frozenset[str] = frozenset(),
    log_odds: float = 0.0,
) -> ExceptionList:
    return ExceptionList(
        code=f"{kind}-list", kind=kind, name=NAME, by=by, members=members, level=level, spares=spares,
        log_odds=log_odds, source=NAME,
    )  # fmt: skip


def listed(who: str, first: date = date(2026, 1, 1), last: date = date(2026, 12, 31)) -> Listed:
    return Listed(who, first, last)


def with_lists(*lists: ExceptionList) -> Pack:
    return replace(load_pack("kz"), exception_lists={one.code: one for one in lists})


MINIMAL = a_list(ListKind.MINIMAL_RISK, listed("T1"), level="medium", spares=frozenset({"undervaluation"}))
WATCH = a_list(ListKind.WATCH, listed("S1"), by=SUPPLIER, level="high", log_odds=1.0)


def test_log_odds_are_added_and_nothing_else_moves() -> None:
    found = raised(np.array([0.5, 0.2, 0.0, 1.0]), np.array([1.0, 0.0, 1.0, 1.0]))
    assert found.tolist() == pytest.approx([0.7310585786300049, 0.2, 0.0, 1.0])
    assert found[1] == 0.2


def test_money_and_harm_follow_the_chance() -> None:
    pack = load_pack("kz")
    before = Expected(
        np.array([[0.5, 0.0]]), np.array([[100.0, 0.0]]), np.array([[10.0, 0.0]]), np.array([[10110.0, 0.0]])
    )
    after = raised_expected(before, np.array([np.log(3.0)]), pack)
    assert after.chance.tolist() == [[0.75, 0.0]]
    assert after.recovery.tolist() == [[150.0, 0.0]]
    assert after.harm.tolist() == [[15.0, 0.0]]
    assert after.gain.tolist() == [[165.0 + 0.75 * 20000, 0.0]]
    same = raised_expected(before, np.zeros(1), pack)
    assert same.gain.tolist() == before.gain.tolist()


def test_one_stands_on_a_list_on_its_days_only() -> None:
    spans = (listed("T1", date(2026, 3, 2), date(2026, 3, 3)), listed("T1", date(2026, 5, 1)))
    pack = with_lists(replace(MINIMAL, members=spans))
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4), date(2026, 5, 1)]
    found = ExceptionRegister(pack).of({TRADER: ["T1"] * 5}, days)
    assert [len(of) for of in found.of] == [0, 1, 1, 0, 1]
    assert ExceptionRegister(pack).of({TRADER: [None, "T2"]}, days[1:3]).of == [[], []]


def test_minimal_risk_lowers_watch_raises_and_watch_has_the_last_word() -> None:
    pack = with_lists(WATCH, MINIMAL)
    day = [date(2026, 3, 1)] * 3
    found = ExceptionRegister(pack).of({TRADER: ["T1", "T2", "T1"], SUPPLIER: [None, "S1", "S1"]}, day)
    assert found.log_odds.tolist() == [0.0, 1.0, 1.0]
    levels = [[found.level(row, own, pack, must=False) for own in ("low", "critical")] for row in range(3)]
    assert levels == [["low", "medium"], ["high", "critical"], ["high", "high"]]
    assert found.level(0, "critical", pack, must=True) == "critical"
    assert found.level(1, "low", pack, must=True) == "high"


def test_only_waivable_profiles_of_the_directions_named_are_spared() -> None:
    pack = with_lists(MINIMAL)
    found = ExceptionRegister(pack).of({TRADER: ["T1", "T2"]}, [date(2026, 3, 1)] * 2)
    spared = {p.id for p in pack.profiles if found.sparing(0, p) is not None}
    assert spared == {p.id for p in pack.profiles if p.id.startswith("KZ-UV-") and p.capacity == "waivable"}
    assert len(spared) > 5
    assert all(found.sparing(1, profile) is None for profile in pack.profiles)
