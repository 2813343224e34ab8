"""Photographs of a control: checked as any file, tied to a finding, shown small, in the act for officers."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pytest_django import Settings

from daliz.customs import flow
from daliz.customs.control.act import act_pdf
from daliz.customs.control.models import Control
from daliz.customs.control.photographs import photographs_of, told_to_declarants
from daliz.customs.control.states import ControlError, Outcome
from daliz.engine.pack import Pack
from daliz.engine.pack.control import DisclosableReason
from daliz.ground.files.actions import take_in
from daliz.ground.files.models import Upload
from daliz.ground.files.pictures import small
from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Actor, Role
from daliz.language import Text
from tests.customs.cast import TRADER
from tests.flow.cast import LATER, an_officer, began, the_control, yellow
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def officer() -> Actor:
    return an_officer("aigul")


@pytest.fixture
def control(officer: Actor) -> Control:
    broker = acting("broker", Role.DECLARANT, organisation=TRADER)
    flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    control = the_control(Control.objects.get().declaration)
    began(control, officer)
    return control


def a_picture(*, wide: int = 640, high: int = 480, kind: str = "JPEG") -> bytes:
    """A picture that a camera has signed with where it was taken."""
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at the warehouse"
    Image.new("RGB", (wide, high), (200, 40, 40)).save(held, kind, exif=exif)
    return held.getvalue()


def taken(content: bytes, by: Actor, name: str = "pallet.jpg") -> Upload:
    return take_in(parts=[content], name=name, organisation="", user_id=by.person, now=LATER)


def finds_with(control: Control, officer: Actor, *photographs: Upload) -> None:
    flow.find(
        ours=control, item_no=1, violation=False, violation_type="", assessed=None, minutes=5, extent="",
        found={}, remark="", actor=officer, now=LATER, photographs=photographs,
    )  # fmt: skip


def test_photographs_go_with_a_finding_and_the_journal_knows_them_by_their_digest(
    control: Control, officer: Actor
) -> None:
    first, second = taken(a_picture(), officer), taken(a_picture(wide=320, kind="PNG"), officer, "seal.png")
    finds_with(control, officer, first, second)
    assert [(one.upload.name, one.item_no) for one in photographs_of(control)] == [
        ("pallet.jpg", 1),
        ("seal.png", 1),
    ]
    assert Upload.objects.filter(attached_at=None).count() == 0
    payload = json.loads(Entry.objects.get(act="finding.recorded").payload or "")
    assert payload["photographs"] == [first.file_id, second.file_id]


def test_what_is_no_picture_of_ones_own_does_not_go_with_a_finding(control: Control, officer: Actor) -> None:
    other = an_officer("askar")
    for content, by, code in (
        (b"%PDF-1.7 contract", officer, "photograph-kind"),
        (a_picture(), other, "photograph-of-another"),
    ):
        with pytest.raises(ControlError) as refused:
            finds_with(control, officer, taken(content, by))
        assert refused.value.code == code
    with pytest.raises(ControlError) as many:
        finds_with(control, officer, *(taken(a_picture(wide=10 + n), officer) for n in range(21)))
    assert many.value.code == "photograph-many"
    assert control.findings.count() == 0


def test_a_small_picture_is_written_anew_without_what_the_camera_wrote(officer: Actor) -> None:
    made = small(taken(a_picture(wide=2000, high=1000), officer), side=360)
    assert made is not None
    assert b"warehouse" not in made
    with Image.open(io.BytesIO(made)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (360, 180))


@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0 broken", b"\x89PNG\r\n\x1a\n broken", b"II*\x00"])
def test_a_broken_picture_is_not_shown(officer: Actor, content: bytes) -> None:
    assert small(taken(content, officer), side=360) is None


def test_the_act_has_them_as_an_annex_for_officers_and_without_it_for_declarants(
    control: Control, officer: Actor, pack: Pack
) -> None:
    finds_with(control, officer, taken(a_picture(), officer), taken(b"\xff\xd8\xff broken", officer))
    flow.conclude(ours=control, outcome=Outcome.PASSED, actor=officer, now=LATER)
    over = Control.objects.get()
    ours = act_pdf(over, pack=pack, lang="en", photographs=True)
    assert ours.count(b"/Subtype /Image") == 1
    assert ours == act_pdf(over, pack=pack, lang="en", photographs=True)
    assert not told_to_declarants(pack)
    assert b"/Subtype /Image" not in act_pdf(over, pack=pack, lang="en", photographs=told_to_declarants(pack))
    row = DisclosableReason(
        "photographs", Text("photographs", "фотографии", "фотосуреттер"), Text("", "", "")
    )
    assert told_to_declarants(replace(pack, disclosure=(*pack.disclosure, row)))
