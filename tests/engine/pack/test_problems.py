"""Everything that can be wrong with a pack is told, with its place and what would be right."""

from pathlib import Path

import pytest
import yaml

from daliz.engine.pack import PackError, check_pack, load_pack
from tests.engine.pack.builders import PACK, a_pack, line_of, problems_of

WRONG: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "wrong.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, case: dict[str, str]) -> None:
    found = problems_of(tmp_path, (case["instead_of"], case["write"]))
    assert case["code"] in [problem.code for problem in found]
    assert case.get("says", found[0].message.text()) in [problem.message.text() for problem in found]


def test_the_small_pack_is_right(tmp_path: Path) -> None:
    assert problems_of(tmp_path) == []


def test_every_problem_is_told_and_not_the_first_only(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        ("zone: Asia/Almaty", "zone: Mars/North"),
        ("    minutes: 200", "    minutes: soon"),
        ("measures: [open_goods, seal]", "measures: [open_goods, seel]"),
        ("review_by: 2026-06-30\n    owner: value", "review_by: 2027-06-30\n    owner: value"),
    )
    assert [problem.code for problem in found] == [
        "pack-zone", "pack-number", "pack-unknown-measure", "pack-validity",
    ]  # fmt: skip


def test_a_problem_says_file_line_and_column(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ("    minutes: 200", "    minutes: soon"))
    path = tmp_path / "pack.yaml"
    line = line_of("    minutes: 200")
    assert (found.file, found.line, found.column) == (str(path), line, 14)
    assert str(found) == f"{path}:{line}:14: minutes 'soon' is not a number [pack-number]"


def test_an_error_in_a_multi_line_indicator_points_into_it(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ("        AND item.net_mass_kg > 10", "        AND item.net_mass > 10"))
    assert (found.line, found.column) == (line_of("        AND item.net_mass_kg > 10"), 13)
    assert found.code == "expression-unknown-name"


def test_an_error_in_a_one_line_indicator_points_into_it(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ("in_list(item.hs_heading, 'arms')", "in_list(item.hs_heading, 'armz')"))
    assert (found.line, found.column) == (line_of("    indicator: in_list"), 41)


def test_a_broken_case_points_to_the_case(tmp_path: Path) -> None:
    (found,) = problems_of(tmp_path, ('[{item.hs_heading: "9303"}]', '[{item.hs_heading: "9503"}]'))
    assert found.line == line_of("a rifle")


def test_the_order_of_validity_is_held(tmp_path: Path) -> None:
    (found,) = problems_of(
        tmp_path,
        ("valid_until: 2026-12-31\n    review_by: 2026-06-30\n    owner: value",
         "valid_until: 2025-12-31\n    review_by: 2025-06-30\n    owner: value"),
    )  # fmt: skip
    assert found.message.text() == "valid until 2025-12-31, but from 2026-01-01 only"


def test_loading_a_wrong_pack_lists_what_is_wrong(tmp_path: Path) -> None:
    path = a_pack(tmp_path, ("    minutes: 200", "    minutes: soon"))
    with pytest.raises(PackError) as caught:
        load_pack(path)
    assert [problem.code for problem in caught.value.problems] == ["pack-number"]
    assert str(caught.value).splitlines()[0] == f"pack {path} is not right; problems: 1"


def test_problems_come_in_the_order_of_their_places(tmp_path: Path) -> None:
    path = tmp_path / "pack.yaml"
    path.write_text(PACK.replace("kk: ", "kz: "), encoding="utf-8")
    found = check_pack(path)
    assert len(found) > 50
    assert [p.place for p in found] == sorted(p.place for p in found)
