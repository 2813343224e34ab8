"""Codes that a pack does not know are told of each declaration, once; all else is not."""

import pyarrow as pa

from daliz.engine.pack import CODED, codes_beyond, load_pack

OURS = {
    "declaration.currency": "KZT", "declaration.procedure": "IM40", "declaration.office": "57101",
    "declaration.border_office": "53311", "declaration.goods_location": "57101", "declaration.kind": "normal",
    "declaration.transport_mode": "31", "item.preference": "relief", "item.quantity_unit": "796",
    "item.valuation_method": "1",
}  # fmt: skip


def facts(*rows: dict[str, str | None]) -> pa.Table:
    return pa.table(
        {name: pa.array([{**OURS, **row}[name] for row in rows], pa.string()) for name in sorted(CODED)}
    )


def test_a_declaration_of_the_pack_s_own_says_nothing_beyond_it() -> None:
    assert codes_beyond(facts({}, {}), [0, 1], load_pack("kz")) == [[], []]


def test_what_is_not_stated_is_not_beyond() -> None:
    nothing = dict.fromkeys(OURS)
    assert codes_beyond(facts({**nothing}), [0], load_pack("kz")) == [[]]


def test_another_administration_s_codes_are_told_by_declaration_each_once() -> None:
    british = {"declaration.currency": "GBP", "declaration.procedure": "4071", "item.quantity_unit": "NAR"}
    found = codes_beyond(
        facts({}, british, {**british, "item.quantity_unit": "KGM"}, {"declaration.office": "GB000040"}),
        [0, 1, 3], load_pack("kz"),
    )  # fmt: skip
    assert found == [
        [],
        [
            {"fact": "declaration.currency", "code": "GBP"},
            {"fact": "declaration.procedure", "code": "4071"},
            {"fact": "item.quantity_unit", "code": "NAR"},
            {"fact": "item.quantity_unit", "code": "KGM"},
        ],
        [{"fact": "declaration.office", "code": "GB000040"}],
    ]


def test_no_declarations_give_none() -> None:
    assert codes_beyond(facts(), [], load_pack("kz")) == []
