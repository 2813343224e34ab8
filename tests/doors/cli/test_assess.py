"""``daliz assess`` and ``daliz draw`` as a person runs them."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import Result

from daliz.engine.pack import load_pack
from daliz.engine.records.decisions import DECISIONS, LOAD, MEASURES
from daliz.engine.records.files import read_table, write_table
from daliz.engine.records.schema import DECLARATIONS
from daliz.engine.world import write_world
from daliz.language import DalizError
from tests.doors.cli.calling import daliz
from tests.engine.reading.xml.documents import an_eaeu_declaration

SHARES = ("--capacity", "documents=16%,physical=8%")


def refused(result: Result) -> DalizError:
    assert isinstance(result.exception, DalizError), result.output
    return result.exception


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder,
        pack=load_pack("kz"),
        seed=5,
        months=2,
        per_day=30,
        first_month=date(2026, 2, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )
    return folder


@pytest.fixture(scope="module")
def decided(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("decided")
    result = assess(world, out)
    assert result.exit_code == 0, result.output
    return out


def assess(world: Path, out: Path, *more: object) -> Result:
    return daliz(
        "assess", world / "declarations.parquet", "--findings", world / "findings.parquet",
        "--from", "2026-03-16", *SHARES, "--out", out, *more,
    )  # fmt: skip


def contents(folder: Path) -> dict[str, str]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(f.relative_to(folder)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def test_everything_that_is_promised_is_written(decided: Path) -> None:
    assert {"decisions.parquet", "measures.parquet", "load.parquet", "quarantine.parquet", "manifest.json",
            "report.html", "declarations.parquet"} <= {file.name for file in decided.iterdir()}  # fmt: skip
    assert read_table(decided / "decisions.parquet", DECISIONS).num_rows > 300
    assert read_table(decided / "measures.parquet", MEASURES).num_rows > 100
    assert read_table(decided / "load.parquet", LOAD).num_rows > 16


def test_assessing_twice_gives_identical_bytes(world: Path, decided: Path, tmp_path: Path) -> None:
    assert assess(world, tmp_path).exit_code == 0
    assert contents(tmp_path) == contents(decided)


def test_the_answer_as_json_counts_what_was_decided(world: Path, tmp_path: Path) -> None:
    result = assess(world, tmp_path, "--json")
    told = json.loads(result.stdout)
    assert told["days"] == {"first": "2026-03-16", "last": "2026-03-31"}
    assert sum(told["corridors"].values()) == told["counts"]["declarations"]
    assert told["counts"]["quarantined_declarations"] == 0
    assert told["capacity"]["shares"] == {"documents": 0.16, "physical": 0.08, "post_release": 0.027}
    assert Path(told["files"]["report.html"]).exists()


def test_what_is_printed_is_in_the_readers_language(world: Path, tmp_path: Path) -> None:
    printed = assess(world, tmp_path, "--lang", "kk").stdout
    assert "жасыл дәліз" in printed
    assert "қызыл дәліз" in printed


def test_no_path_and_no_clock_enters_what_is_written(decided: Path) -> None:
    manifest = (decided / "manifest.json").read_text(encoding="utf-8")
    assert str(decided) not in manifest
    assert str(decided.parent) not in (decided / "report.html").read_text(encoding="utf-8")


def test_officers_minutes_by_pool_and_day_come_from_a_file(world: Path, tmp_path: Path) -> None:
    capacity = tmp_path / "minutes.csv"
    capacity.write_text("pool,form,day,minutes\n*,documents,,240\n*,physical,,600\n*,physical,2026-03-17,0\n")
    result = daliz("assess", world / "declarations.parquet", "--month", "last", "--capacity", capacity,
                   "--out", tmp_path / "out", "--json")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["capacity"] == {"unit": "minutes", "stated": "minutes.csv", "shares": {}}
    load = read_table(tmp_path / "out" / "load.parquet", LOAD).to_pylist()
    physical = {row["day"]: row for row in load if row["control_form"] == "physical"}
    assert physical[date(2026, 3, 17)]["available"] == 0
    assert physical[date(2026, 3, 18)]["available"] == 600
    assert physical[date(2026, 3, 17)]["waivable"] == physical[date(2026, 3, 17)]["random"] == 0


def test_a_broken_declaration_is_kept_out_whole_and_the_rest_goes_on(world: Path, tmp_path: Path) -> None:
    table = read_table(world / "declarations.parquet", DECLARATIONS)
    number = table["declaration_id"][0].as_py()
    mass = [
        -5.0 if row["declaration_id"] == number and row["item_no"] == 1 else row["net_mass_kg"]
        for row in table.select(["declaration_id", "item_no", "net_mass_kg"]).to_pylist()
    ]
    place = table.column_names.index("net_mass_kg")
    broken = table.set_column(place, table.schema.field(place), pa.array(mass, pa.float64()))
    write_table(broken, tmp_path / "declarations.parquet", DECLARATIONS)
    result = daliz("assess", tmp_path / "declarations.parquet", *SHARES, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["counts"]["quarantined_declarations"] == 1
    assert number not in pq.read_table(tmp_path / "out" / "decisions.parquet")["declaration_id"].to_pylist()
    reasons = pq.read_table(tmp_path / "out" / "quarantine.parquet").to_pylist()
    assert {(row["declaration_id"], row["field"]) for row in reasons} == {(number, "net_mass_kg")}


def test_files_left_out_are_told_and_a_folder_is_named_by_what_was_read_of_it(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "a.xml").write_text(an_eaeu_declaration(1, id="A"), encoding="utf-8")
    (inputs / "cut.xml").write_text(an_eaeu_declaration(1, id="B")[:-40], encoding="utf-8")
    (inputs / "notes.doc").write_text("not read")
    result = daliz("assess", inputs, "--out", tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert "files left out: 1; see quarantine.parquet and the report" in result.stderr
    assert "files left aside, being of no known kind: 1" in result.stderr
    [named] = json.loads((tmp_path / "out" / "manifest.json").read_text())["inputs"]
    listing = "".join(
        f"{hashlib.sha256((inputs / name).read_bytes()).hexdigest()}  {name}\n"
        for name in ("a.xml", "cut.xml")
    )
    assert named == {
        "name": "in",
        "files": 2,
        "bytes": sum((inputs / name).stat().st_size for name in ("a.xml", "cut.xml")),
        "sha256": hashlib.sha256(listing.encode()).hexdigest(),
    }
    assert named["sha256"] in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--month", "2026-13"], "--month 2026-13: write it as 2026-03"),
        (["--month", "last", "--from", "2026-03-01"], "leave out --from and --until"),
        (["--from", "2030-01-01"], "no declaration was registered from 2030-01-01"),
        (["--until", "yesterday"], "--until yesterday: write it as 2026-03-31"),
        (["--capacity", "xray=4%"], "xray is not a form of control"),
        (["--capacity", "nowhere.csv"], "nowhere.csv cannot be read (No such file or directory)"),
    ],
)
def test_what_cannot_be_is_told_with_what_would_be_right(
    world: Path, tmp_path: Path, options: list[str], says: str
) -> None:
    result = daliz("assess", world / "declarations.parquet", "--out", tmp_path, *options)
    assert says in str(refused(result))


def test_nothing_readable_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    result = daliz("assess", tmp_path / "empty.csv", "--out", tmp_path / "out")
    assert refused(result).code


def test_the_draw_is_verified_and_a_changed_one_is_not(decided: Path, tmp_path: Path) -> None:
    right = daliz("draw", "verify", decided, "--json")
    assert right.exit_code == 0, right.output
    assert json.loads(right.stdout)["holds"] is True
    changed = tmp_path / "changed"
    shutil.copytree(decided, changed)
    decisions = read_table(changed / "decisions.parquet", DECISIONS)
    place = decisions.column_names.index("key_id")
    other = decisions.set_column(
        place, decisions.schema.field(place), pa.array(["other"] * decisions.num_rows)
    )
    write_table(other, changed / "decisions.parquet", DECISIONS)
    wrong = daliz("draw", "verify", changed)
    assert wrong.exit_code == 1
    assert "NOT right" in wrong.stdout


def test_a_key_is_made_committed_to_used_and_verified(world: Path, tmp_path: Path) -> None:
    made = daliz("draw", "new-key", tmp_path / "key.json", "--id", "2026-3")
    assert made.exit_code == 0, made.output
    commitment = made.stdout.split()[-1]
    assert assess(world, tmp_path / "out", "--key", tmp_path / "key.json").exit_code == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["draw"] == {"key_id": "2026-3", "commitment": commitment, "practice": False}
    secret = json.loads((tmp_path / "key.json").read_text(encoding="utf-8"))["secret"]
    assert all(
        secret.encode() not in file.read_bytes() for file in (tmp_path / "out").rglob("*") if file.is_file()
    )
    told = daliz(
        "draw", "verify", tmp_path / "out", "--key", tmp_path / "key.json", "--commitment", commitment
    )
    assert told.exit_code == 0, told.output
    assert daliz("draw", "verify", tmp_path / "out").exit_code == 1


def test_korean_imports_are_read_learned_from_and_decided(shared_data: Path, tmp_path: Path) -> None:
    result = daliz(
        "assess", shared_data / "korea" / "train.csv", shared_data / "korea" / "valid.csv",
        "--mapping", "korea", "--from", "2021-03-01", *SHARES, "--out", tmp_path, "--json",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["counts"]["quarantined_declarations"] == 0
    assert told["counts"]["declarations"] > 1000
    assert told["policy"]["profiles_of"] == "2024-07-01"
    assert told["corridors"]["red"] > 50
    assert {row["name"] for row in told["unknown"] if row["share"] == 1} >= {"item.description"}
