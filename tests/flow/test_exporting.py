"""What live assessment saw goes out by month, once, and the batch reads of it what the nights learn from."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from daliz.customs import flow, redress
from daliz.customs.control.models import Finding
from daliz.customs.control.states import Outcome
from daliz.customs.intake.models import Declaration
from daliz.doors.cli.assessment_folder import Taken, take
from daliz.doors.cli.serving.exporting import Exported, export
from daliz.doors.cli.serving.past import known_before
from daliz.engine.allocation import PRACTICE_KEY, Capacity
from daliz.engine.assess import Assessment, Task, assess
from daliz.engine.pack import Pack
from daliz.engine.reading import Form
from daliz.engine.records.files import read_table, write_table
from daliz.engine.records.months import Months, MonthsError, keep
from daliz.engine.records.schema import TABLES
from daliz.ground.nights.actions import leading
from daliz.ground.staff.actor import Actor, Role
from tests.customs.cast import TRADER, a_declaration
from tests.flow.cast import (
    LATER,
    a_supervisor,
    an_officer,
    began,
    conditions_stand,
    finds,
    the_control,
    yellow,
)
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

DAY = timedelta(days=1)
MARCH_11, MARCH_13, APRIL_3 = date(2026, 3, 11), date(2026, 3, 13), date(2026, 4, 3)


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


@pytest.fixture
def past(border: Task, tmp_path: Path) -> Path:
    """A history of files, from before the system was live."""
    folder = tmp_path / "past"
    assert isinstance(border.declarations, pa.Table)
    assert isinstance(border.findings, pa.Table)
    write_table(border.declarations, folder / "declarations.parquet", TABLES["declarations"])
    write_table(border.findings, folder / "findings.parquet", TABLES["findings"])
    return folder


def declared(broker: Actor, *, now: datetime, value: int = 20_000_000) -> Declaration:
    goods = a_declaration(value=value)
    vehicle = {"stage": "border", "transport_id": "A 123 BC", "transport_mode": "31", "nationality": "KZ"}
    goods = replace(goods, below={"transport_means": (vehicle,)})
    return flow.submit(declared=goods, reference="", actor=broker, now=now)


def contested(broker: Actor) -> None:
    """A control whose finding is provisional for a day, then final, then annulled after an appeal."""
    officer, superior = an_officer("aigul"), a_supervisor()
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    control = the_control(declaration)
    began(control, officer)
    finds(control, officer, violation="origin", extent="", assessed=Decimal(900_000), origin_country="VN")
    flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER + DAY)
    found = Finding.objects.get()
    appeal = redress.contest(finding=found, reason="it is Chinese", actor=broker, now=LATER + 2 * DAY)
    redress.decide_appeal(
        appeal=appeal,
        verdict="annulled",
        comment="proved",
        assessed=None,
        actor=superior,
        now=LATER + 23 * DAY,
    )


def rows(table: pa.Table, name: str) -> list[str]:
    """The rows of a table, in the order of their text."""
    return sorted(repr(row) for row in table.select(TABLES[name].names).to_pylist())


def read(folder: Path, name: str) -> pa.Table:
    return read_table(folder / name, TABLES[name])


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_months_hold_what_the_nights_learn_from(
    pack: Pack, broker: Actor, past: Path, tmp_path: Path
) -> None:
    declared(broker, now=NOON)
    contested(broker)
    declared(broker, now=NOON + 22 * DAY, value=8_000_000)
    folder = tmp_path / "months"
    done = export(folder, until=APRIL_3, pack=pack, past=past)
    assert (done.until, done.versions, done.findings, done.late) == (APRIL_3, 4, 4, 0)
    known = known_before(APRIL_3, pack=pack, history=past)
    for name in ("declarations", "findings", "transport_means"):
        assert rows(read(folder, name), name) == rows(known[name], name)
    assert sorted(bytes_of(folder)) == [
        "declarations/2026-03.00001.parquet",
        "declarations/2026-04.00002.parquet",
        *sorted(name for name in bytes_of(folder) if name.startswith("declarations/past.")),
        "findings/2026-03.00001.parquet",
        "findings/2026-04.00002.parquet",
        *sorted(name for name in bytes_of(folder) if name.startswith("findings/past.")),
        "months.json",
        "transport_means/2026-03.00001.parquet",
        "transport_means/2026-04.00002.parquet",
    ]


def test_what_was_known_of_a_finding_is_told_by_day(pack: Pack, broker: Actor, tmp_path: Path) -> None:
    contested(broker)
    export(tmp_path, until=date(2026, 4, 10), pack=pack)
    told = read(tmp_path, "findings").sort_by("known_at").to_pylist()
    first = f"F{Finding.objects.order_by('id')[0].pk}"
    assert [
        (row["finality"], row["supersedes"], row["known_at"] - LATER, row["minutes"]) for row in told
    ] == [
        ("provisional", None, 0 * DAY, 45.0),
        ("final", first, DAY, 0.0),
        ("provisional", f"{first}/final", 2 * DAY, 0.0),
        ("annulled", told[2]["finding_id"], 23 * DAY, 0.0),
    ]
    day = known_before(MARCH_11, pack=pack, history=None)["findings"].to_pylist()
    assert [(row["finding_id"], row["finality"]) for row in day] == [(first, "provisional")]


def test_exporting_again_brings_out_what_is_new_and_changes_no_byte(
    pack: Pack, broker: Actor, tmp_path: Path
) -> None:
    declared(broker, now=NOON)
    assert export(tmp_path, until=MARCH_11, pack=pack) == Exported(MARCH_11, 1, 0, 0, 2)
    before = bytes_of(tmp_path)
    assert export(tmp_path, until=MARCH_11, pack=pack) == Exported(MARCH_11, 0, 0, 0, 0)
    assert bytes_of(tmp_path) == before
    declared(broker, now=NOON + DAY)
    assert export(tmp_path, until=MARCH_13, pack=pack) == Exported(MARCH_13, 1, 0, 0, 2)
    after = bytes_of(tmp_path)
    assert {name: after[name] for name in before if name != "months.json"} == {
        name: content for name, content in before.items() if name != "months.json"
    }
    assert read(tmp_path, "declarations").num_rows == 2


def test_what_was_committed_late_comes_out_with_the_next_export(
    pack: Pack, broker: Actor, tmp_path: Path
) -> None:
    declared(broker, now=NOON)
    export(tmp_path, until=MARCH_13, pack=pack)
    late = declared(broker, now=NOON + timedelta(hours=1))
    assert export(tmp_path, until=MARCH_13, pack=pack) == Exported(MARCH_13, 0, 0, 1, 2)
    assert export(tmp_path, until=MARCH_13, pack=pack) == Exported(MARCH_13, 0, 0, 0, 0)
    numbers = read(tmp_path, "declarations")["declaration_id"].to_pylist()
    assert set(numbers) == set(Declaration.objects.values_list("number", flat=True))
    assert (len(numbers), late.number in numbers) == (2, True)


def test_who_is_interrupted_leaves_nothing_half_and_goes_on(
    pack: Pack, broker: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared(broker, now=NOON)
    declared(broker, now=NOON + 22 * DAY)
    whole = tmp_path / "whole"
    export(whole, until=APRIL_3, pack=pack)
    folder = tmp_path / "months"

    def once(where: Path, months: Months) -> None:
        if months.number == 2:
            raise KeyboardInterrupt
        keep(where, months)

    with monkeypatch.context() as patched:
        patched.setattr("daliz.doors.cli.serving.exporting.keep", once)
        with pytest.raises(KeyboardInterrupt):
            export(folder, until=APRIL_3, pack=pack)
    assert (folder / "declarations" / "2026-04.00002.parquet").exists()
    with pytest.raises(MonthsError, match="was interrupted"):
        taken(folder, pack, tmp_path)
    assert export(folder, until=APRIL_3, pack=pack).versions == 1
    assert bytes_of(folder) == bytes_of(whole)


def test_two_exports_at_once_and_days_of_another_zone_are_refused(
    pack: Pack, broker: Actor, tmp_path: Path
) -> None:
    declared(broker, now=NOON)
    with leading("export", holder="another"), pytest.raises(MonthsError, match="another export"):
        export(tmp_path, until=MARCH_11, pack=pack)
    export(tmp_path, until=MARCH_11, pack=pack)
    with pytest.raises(MonthsError, match="Asia/Almaty"):
        export(tmp_path, until=MARCH_11, pack=replace(pack, zone="Asia/Bishkek"))


def taken(folder: Path, pack: Pack, out: Path) -> Taken:
    return take(
        [folder], form=Form.AUTO, mapping=None, pack=pack, findings=None, out=out, progress=lambda *_: None
    )


@pytest.mark.slow
def test_a_day_assessed_from_the_months_is_the_day_assessed_from_what_the_system_knew(
    pack: Pack, broker: Actor, past: Path, tmp_path: Path
) -> None:
    contested(broker)
    for n, value in enumerate((20_000_000, 900_000, 4_000_000)):
        declared(broker, now=NOON + DAY + timedelta(minutes=n), value=value)
    export(tmp_path / "months", until=MARCH_13, pack=pack, past=past)
    known = known_before(MARCH_13, pack=pack, history=past)
    task = Task(
        declarations=known["declarations"],
        findings=known["findings"],
        children={"transport_means": known["transport_means"]},
        pack=pack,
        capacity=Capacity(dict(pack.policy.default_capacity), {}),
        key=PRACTICE_KEY,
        first_day=MARCH_11,
        last_day=MARCH_11,
        by_models=False,
    )
    found = taken(tmp_path / "months", pack, tmp_path)
    again = assess(
        replace(task, declarations=found.declarations, findings=found.findings, children=found.children)
    )
    whole = assess(task)
    assert whole.decisions.num_rows == 57  # 53 of the world, and these
    assert list(decided(again)) == list(decided(whole))


def decided(assessment: Assessment) -> Iterator[str]:
    yield from sorted(repr(row) for row in assessment.decisions.to_pylist())
    yield from sorted(repr(row) for row in assessment.measures.to_pylist())
