"""The report says what happened, in three languages, and cannot be turned against its reader."""

import re
import time
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from daliz.doors.cli.report import FolderError, write_report
from daliz.engine.records.columns import column_of
from daliz.engine.records.decisions import DECISIONS, MEASURES
from daliz.engine.records.files import read_table, write_table
from daliz.engine.records.schema import DECLARATIONS
from tests.doors.cli.report.builder import (
    COMMITMENT,
    DECLARED,
    HOSTILE,
    an_assessment,
)
from tests.doors.cli.report.small_pack import a_pack


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = an_assessment(tmp_path_factory.mktemp("decided"))
    return write_report(folder, a_pack()).read_text(encoding="utf-8")


def part(page: str, name: str, lang: str = "en") -> str:
    """Return one section's words, marks removed and spaces joined."""
    found = re.search(rf'<section id="{lang}-{name}">(.*?)</section>', page, re.DOTALL)
    assert found, name
    return words(found[1])


def words(html: str) -> str:
    return " ".join(re.sub(r"<title>.*?</title>|<[^>]+>", " ", html, flags=re.DOTALL).split())


def test_each_corridor_stands_beside_its_published_share(page: str) -> None:
    said = part(page, "corridors")
    assert "✓ green corridor 2 28.6% 77.0% -48.4" in said
    assert "↺ blue corridor 1 14.3% 3.0% +11.3" in said
    assert "▤ yellow corridor 1 14.3% 16.0% -1.7 41.2% 410,000 KZT" in said
    assert "■ red corridor 3 42.9% 4.0% +38.9" in said


def test_an_amended_declaration_counts_once_by_its_last_version(page: str) -> None:
    assert "Each declaration counts once, by its last version; earlier versions decided too: 1." in words(
        page
    )
    assert "3 Mar 2026 3 1 1 0 1" in part(page, "corridors")


def test_what_was_ordered_is_told_by_its_strongest_reason(page: str) -> None:
    said = part(page, "ordered")
    assert "document check 0 0 1 0 1 14.3%" in said
    assert "physical control 1 1 0 1 3 42.9%" in said
    assert "control after release 0 0 1 0 1 14.3%" in said
    assert "targeted 2 23.1%" in said  # KZ-1 with 41.2 % and KZ-7 with 5 %
    assert "Take a sample ensures control 1 1" in said


def test_past_controls_are_named(page: str) -> None:
    assert "Learned from past controls: 200, of them drawn at random: 50." in part(page, "ordered")


def test_load_stands_against_capacity(page: str) -> None:
    said = part(page, "load")
    assert "document check all offices 2 0 0 1 50% 2 4 500,000 KZT 250,000 KZT" in said
    assert "Khorgos 4.5 6.0 10.5" in said  # 30 + 120 + 120 minutes, then 120 + 240


def test_where_an_office_has_officers_of_its_own_the_rest_are_others(tmp_path: Path) -> None:
    folder = an_assessment(tmp_path, pools={"*": 250000.0, "east": 120000.0, "50601": 90000.0})
    page = write_report(folder, a_pack()).read_text(encoding="utf-8")
    said = part(page, "load")
    assert "document check other offices" in said
    assert "document check East" in said
    assert "document check Khorgos (50601)" in said
    assert "305,000 KZT 90,000 KZT" in part(page, "uncontrolled")  # the price at the office's own officers


def test_what_fired_and_was_not_controlled_is_never_silently_green(page: str) -> None:
    said = part(page, "uncontrolled")
    assert "no officer had time for any control: 1." in said
    assert "expected damage of 300,000 KZT. They went to: ✓ green corridor 1." in said
    assert "CHEAP undervaluation 2 1 305,000 KZT 250,000 KZT" in said
    assert "KZ-4 2 Mar 2026 Khorgos (50601) CHEAP 41.2% 300,000 KZT" in said


def test_a_profile_shows_what_past_controls_found_with_an_interval(page: str) -> None:
    said = part(page, "profiles")
    assert "within capacity 3 1 2 1 31.0% 24.0% – 39.0% 30 / 90 1.50" in said
    assert "All imports RANDOM-IMPORT" in said
    assert "is less than 0.3 ×" in said


def test_an_example_gives_the_sentence_and_the_values(page: str) -> None:
    said = part(page, "examples")
    assert "women&#39;s leather boots" in said
    assert "Ordered: Check documents; Take a sample." in said
    assert "Set aside for want of time: Check documents; Take a sample." in said
    assert "0.173 KZT/kg" in said
    assert "1,234 KZT/kg" in said


def test_the_matrix_counts_likelihood_by_consequence(page: str) -> None:
    said = part(page, "risk")
    assert "likely from 20.0% 3 medium 1 high" in said
    assert "rare from 0.0% 2 low 1 medium" in said


def test_the_random_share_stands_beside_its_expectation(page: str) -> None:
    said = part(page, "random")
    assert "Imports 7 25.0% 1.8 ± 1.1 2 2 as a fair draw would be" in said
    assert "All else 0 0.0% 0.0 ± 0.0 0 0 not drawn: not estimable" in said
    assert COMMITMENT in said


def test_a_practice_key_is_said_loudly(page: str, tmp_path: Path) -> None:
    own = write_report(an_assessment(tmp_path, practice=False), a_pack()).read_text(encoding="utf-8")
    assert words(page).count("The random share was drawn with the practice key.") == 2
    assert page.count('<p class="notice alarm"') == 2 * 3  # at the top and beside the draw, in each language
    assert '<p class="notice alarm"' not in own


def test_what_was_unknown_is_told(page: str) -> None:
    said = part(page, "unknown")
    assert "item.description 12.5%" in said
    assert "CHEAP 1" in said


def test_quarantined_records_are_told_by_reason_with_examples(page: str) -> None:
    said = part(page, "quarantine")
    assert "declarations: 2, entries: 4" in said
    assert "a mass is 0 or more mass-negative net_mass_kg 4 2 march.csv , 2, KZ-90 : -0" in said


def test_it_says_what_it_was_made_from(page: str) -> None:
    said = part(page, "made")
    for fact in ("march.csv", "1,024", "c" * 64, "policy-77", "2026.1", "f" * 64, "document check 16.0%"):
        assert fact in said


def test_all_of_it_is_there_in_each_language(page: str) -> None:
    for lang, corridor, notice in (
        ("en", "green corridor", "Synthetic pack."),
        ("ru", "зелёный коридор", "Синтетический пакет."),
        ("kk", "жасыл дәліз", "Жасанды пакет."),
    ):
        body = page.split(f'<div class="page page-{lang}" lang="{lang}">', 1)[1].partition(
            '<div class="page'
        )[0]
        assert corridor in part(page, "corridors", lang)
        assert notice in body
        assert body.count("<section") == 11


def test_numbers_are_written_as_each_language_writes_them(page: str) -> None:
    assert "28.6%" in page
    assert "28,6\u00a0%" in page
    assert "410,000\u00a0KZT" in page
    assert "410\u00a0000\u00a0KZT" in page


def test_what_outsiders_wrote_cannot_become_markup(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(&#39;owned&#39;)&lt;/script&gt;" in page
    assert "<script" not in page


def test_marks_that_turn_text_around_are_shown(page: str) -> None:
    assert "\u202e" not in page
    assert "⟨202E⟩exe.eciovni" in page


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    assert "default-src 'none'" in page
    for sign in ("http://", "https://", " src=", "url(", "@import", "<link", "<iframe", "onclick"):
        assert sign not in page


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write_report(an_assessment(tmp_path / "a"), a_pack()).read_bytes()
    two = write_report(an_assessment(tmp_path / "b"), a_pack()).read_bytes()
    assert one == two
    assert str(tmp_path).encode() not in one


def test_another_pack_than_the_one_that_decided_is_told(tmp_path: Path) -> None:
    folder = an_assessment(tmp_path)
    other = write_report(folder, replace(a_pack(), fingerprint="0" * 64)).read_text(encoding="utf-8")
    assert "The pack at hand is not the one that decided." in other


def test_the_language_that_is_open_first_can_be_chosen(tmp_path: Path) -> None:
    page = write_report(an_assessment(tmp_path), a_pack(), lang="kk").read_text(encoding="utf-8")
    assert '<html lang="kk">' in page
    assert 'id="choose-kk" checked' in page


def test_a_profile_that_the_pack_has_no_longer_is_named_by_its_id(tmp_path: Path) -> None:
    pack = a_pack()
    fewer = replace(pack, profiles=tuple(p for p in pack.profiles if p.id != "CHEAP"))
    page = write_report(an_assessment(tmp_path), fewer).read_text(encoding="utf-8")
    assert "CHEAP" in part(page, "profiles")


def test_an_empty_assessment_says_that_nothing_is_there(tmp_path: Path) -> None:
    page = write_report(an_assessment(tmp_path, declared=()), a_pack()).read_text(encoding="utf-8")
    assert "No control was ordered." in part(page, "ordered")
    assert "Officers had time for every profile that fired." in part(page, "uncontrolled")
    assert "No declaration went this way." in part(page, "examples")


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"has no manifest\.json; name the folder that daliz assess wrote"):
        write_report(tmp_path, a_pack())


def test_a_manifest_that_is_not_one_is_refused(tmp_path: Path) -> None:
    folder = an_assessment(tmp_path)
    (folder / "manifest.json").write_text('{"policy_id": 7}', encoding="utf-8")
    with pytest.raises(FolderError, match="is not one of daliz assess: policy_id"):
        write_report(folder, a_pack())


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    folder = an_assessment(tmp_path)
    (folder / "load.parquet").unlink()
    with pytest.raises(FolderError, match=r"has no load\.parquet"):
        write_report(folder, a_pack())


def test_sixty_thousand_declarations_make_a_small_page_quickly(tmp_path: Path) -> None:
    folder = an_assessment(tmp_path, declared=tuple(one for one in DECLARED if one.version == 1))
    for schema in (DECLARATIONS, DECISIONS, MEASURES):
        path = folder / f"{schema.name}.parquet"
        write_table(_copied(read_table(path, schema), 8_572), path, schema)
    began = time.perf_counter()
    written = write_report(folder, a_pack())
    assert time.perf_counter() - began < 10
    assert written.stat().st_size < 2_000_000
    assert "60,004" in written.read_text(encoding="utf-8")


def _copied(table: pa.Table, times: int) -> pa.Table:
    """Repeat a table with other declaration numbers."""
    whole = pa.concat_tables([table] * times)
    copy = [k for k in range(times) for _ in range(table.num_rows)]
    numbers = [
        f"{number}-{of}" for number, of in zip(column_of(whole, "declaration_id", str), copy, strict=True)
    ]
    return whole.set_column(0, whole.schema.field(0), pa.array(numbers))


def test_declarations_of_another_administration_keep_their_codes_and_the_report_says_what_follows(
    tmp_path: Path,
) -> None:
    strange = (("declaration.currency", "GBP"), ("declaration.procedure", "4071"))
    declared = (
        *DECLARED,
        replace(DECLARED[4], number="GB-1", currency="GBP", beyond=strange),
        replace(DECLARED[4], number="GB-2", currency="GBP", beyond=strange[:1]),
    )
    page = write_report(an_assessment(tmp_path, declared=declared), a_pack()).read_text(encoding="utf-8")
    said = part(page, "unknown")
    assert "Codes that the pack does not know" in said
    assert "that the pack does not list: 2." in said
    assert "currency of the customs value 2 GBP 2 its amounts are not compared" in said
    assert "customs procedure 1 4071 1 profiles that name procedures" in said
    assert "Profiles that could not be answered for them: CHEAP 2" in said


def test_without_strange_codes_nothing_is_said_of_them(page: str) -> None:
    assert "Codes that the pack does not know" not in page
