"""What official lists call a code."""

from datetime import date
from pathlib import Path

from daliz.engine.official import name_of
from tests.engine.loads.builders import lists_of, load

OFFICES = "код;наименование;name\n77001;Пост Тест;Test post\n77002;Пост Два;\n"
COUNTRIES = "code,alpha3,en\nXA,XXA,Atlantis\n"


def test_a_code_is_named_in_the_language_asked_or_the_one_there_is(tmp_path: Path) -> None:
    load(tmp_path, "offices", OFFICES)
    load(tmp_path, "countries", COUNTRIES)
    lists, day = lists_of(tmp_path), date(2025, 3, 3)
    assert name_of(lists, "offices", "77001", day, "en") == "Test post"
    assert name_of(lists, "offices", "77001", day, "kk") == "Test post"
    assert name_of(lists, "offices", "77002", day, "en") == "Пост Два"
    assert name_of(lists, "countries", "XA", day) == "Atlantis"
    assert name_of(lists, "offices", "77001", date(2024, 12, 31)) is None
    assert name_of(lists, "units", "796", day) is None
