"""From what fired and what officers have time for to measures and a corridor."""

import json

import pytest

from daliz.engine.corridors import choose_corridor, orders
from daliz.engine.corridors.reasons import Why
from daliz.engine.pack import Pack, Profile, load_pack

WHY = Why((2,), ({"item.unit_value": 4.0},))


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


def profile(pack: Pack, name: str) -> Profile:
    return next(p for p in pack.profiles if p.id == name)


@pytest.mark.parametrize(
    ("measures", "corridor"),
    [
        ([], "green"),
        (["desk_check"], "blue"),
        (["price_check"], "yellow"),
        (["full_examination"], "red"),
        (["desk_check", "price_check"], "yellow"),
        (["price_check", "desk_check", "visual_inspection"], "red"),
    ],
)
def test_the_strictest_measure_gives_the_corridor(pack: Pack, measures: list[str], corridor: str) -> None:
    assert choose_corridor(pack, measures) == corridor


def test_a_waivable_profile_without_officer_time_is_waived_and_says_why(pack: Pack) -> None:
    rows = orders(pack, profile(pack, "KZ-UV-01"), why=WHY, controls=frozenset(), by_draw=False)
    assert {(row.measure, row.status) for row in rows} == {
        ("price_check", "waived"),
        ("request_documents", "waived"),
    }
    assert rows[0].item_no == 2
    assert json.loads(rows[0].reasons) == {"item.unit_value": 4.0}


def test_opening_the_goods_includes_the_documents(pack: Pack) -> None:
    given = frozenset({"physical"})
    rows = orders(pack, profile(pack, "KZ-UV-01"), why=WHY, controls=given, by_draw=False)
    assert {row.status for row in rows} == {"ordered"}


def test_a_document_check_does_not_open_the_goods(pack: Pack) -> None:
    given = frozenset({"documents"})
    rows = orders(pack, profile(pack, "KZ-CO-01"), why=WHY, controls=given, by_draw=False)
    assert {row.status for row in rows} == {"waived"}


def test_a_mandatory_profile_is_ordered_whatever_there_is_time_for(pack: Pack) -> None:
    rows = orders(pack, profile(pack, "KZ-BN-01"), why=WHY, controls=frozenset(), by_draw=False)
    assert {row.status for row in rows} == {"ordered"}
    assert {row.capacity for row in rows} == {"mandatory"}


def test_what_ensures_control_goes_with_the_control_it_ensures(pack: Pack) -> None:
    transit = profile(pack, "KZ-DC-01")
    for given, status in [(frozenset[str](), "waived"), (frozenset({"physical"}), "ordered")]:
        rows = orders(pack, transit, why=WHY, controls=given, by_draw=False)
        assert {(row.measure, row.status) for row in rows} == {
            ("visual_inspection", status),
            ("identification", status),
            ("escort", status),
        }


def test_a_drawn_control_is_marked_as_random(pack: Pack) -> None:
    drawn = orders(
        pack,
        profile(pack, "KZ-RN-01"),
        why=Why((None,), ({},)),
        controls=frozenset({"physical"}),
        by_draw=True,
    )
    assert [(row.item_no, row.capacity, row.status, row.reasons) for row in drawn] == [
        (None, "random", "ordered", "{}")
    ]


def test_a_later_version_takes_an_order_over(pack: Pack) -> None:
    rows = orders(pack, profile(pack, "KZ-BN-01"), why=WHY, controls=frozenset(), by_draw=False)
    taken = rows[0].inherited()
    assert (taken.capacity, taken.status, taken.key) == ("inherited", "ordered", rows[0].key)


def test_a_document_check_that_waits_is_ordered_after_release_and_says_so(pack: Pack) -> None:
    given, waits = frozenset({"post_release"}), profile(pack, "KZ-UV-09")
    rows = orders(pack, waits, why=WHY, controls=given, by_draw=False, may_wait=True)
    assert [(r.measure, r.control_form, r.status, r.deferred) for r in rows] == [
        ("desk_check", "post_release", "ordered", True)
    ]
    assert choose_corridor(pack, [row.measure for row in rows]) == "blue"
    for controls, may_wait in ((given, False), (frozenset({"post_release", "documents"}), True)):
        rows = orders(pack, waits, why=WHY, controls=controls, by_draw=False, may_wait=may_wait)
        assert [(row.measure, row.deferred) for row in rows] == [("price_check", False)]
    stays = orders(pack, profile(pack, "KZ-UV-01"), why=WHY, controls=given, by_draw=False, may_wait=True)
    assert {(row.status, row.deferred) for row in stays} == {("waived", False)}
