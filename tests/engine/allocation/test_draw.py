"""The draw: fair, repeatable, committed, and kept in a file only its owner reads."""

import hashlib
import stat
from pathlib import Path

import pytest

from daliz.engine.allocation import PRACTICE_KEY, DrawKey, DrawKeyError, new_key

KEY = DrawKey("2026-1", bytes(range(32)))


def test_the_same_number_draws_the_same_result() -> None:
    assert KEY.draw("random", "KZ-1") == KEY.draw("random", "KZ-1")


def test_the_result_is_the_one_that_an_independent_hmac_gives() -> None:
    import hmac

    digest = hmac.new(bytes(range(32)), b"daliz/random/v1|KZ-1", hashlib.sha256).hexdigest()
    assert KEY.draw("random", "KZ-1") == (int(digest[:16], 16) >> 11) / 2**53


def test_another_key_another_domain_or_another_number_draws_anew() -> None:
    draws = {KEY.draw("random", "KZ-1"), KEY.draw("random", "KZ-2"), KEY.draw("share/a", "KZ-1")}
    assert len(draws | {PRACTICE_KEY.draw("random", "KZ-1")}) == 4


def test_one_in_a_hundred_is_drawn_at_one_percent() -> None:
    drawn = sum(KEY.draw("random", f"KZ-{n}") < 0.01 for n in range(100_000))
    assert 900 < drawn < 1100


def test_the_commitment_tells_keys_apart_and_not_the_secret() -> None:
    assert KEY.commitment != DrawKey("2026-2", KEY.secret).commitment
    assert KEY.secret.hex() not in KEY.commitment


def test_a_key_is_kept_and_read_back(tmp_path: Path) -> None:
    key = new_key("2026-7")
    key.write(tmp_path / "key.json")
    assert DrawKey.read(tmp_path / "key.json") == key
    assert stat.S_IMODE((tmp_path / "key.json").stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    KEY.write(tmp_path / "key.json")
    with pytest.raises(DrawKeyError, match="never overwritten"):
        new_key("2026-8").write(tmp_path / "key.json")
    assert DrawKey.read(tmp_path / "key.json") == KEY


@pytest.mark.parametrize("content", ["", "[]", '{"key_id": "a"}', '{"key_id": "a", "secret": "zz"}', "\x00"])
def test_what_is_not_a_key_is_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "key.json").write_text(content)
    with pytest.raises(DrawKeyError, match=r"key\.json is not a draw key"):
        DrawKey.read(tmp_path / "key.json")


def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text('{"key_id": "a", "secret": "00ff"}')
    with pytest.raises(DrawKeyError, match="shorter than 16 bytes"):
        DrawKey.read(tmp_path / "key.json")


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DrawKeyError, match=r"none\.json cannot be read"):
        DrawKey.read(tmp_path / "none.json")
