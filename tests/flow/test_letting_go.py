"""What belongs to declarations goes when its years are over, kind by kind, never while anything is open."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db.models import ForeignKey, Model, OneToOneField
from PIL import Image
from pytest_django import Settings

from daliz.customs import flow, redress, retention
from daliz.customs.assessment.models import Decision, DecisionFigure, MeasureOrder
from daliz.customs.control import effect
from daliz.customs.control.models import (
    Control,
    ControlFigure,
    DocumentRequest,
    Finding,
    Obligation,
    RequestAnswer,
    Stop,
)
from daliz.customs.control.states import Outcome
from daliz.customs.intake.drafts import keep
from daliz.customs.intake.models import Declaration, Draft, TimelineEntry, Version
from daliz.customs.retention import due, retain
from daliz.engine.pack import Pack, Retention, Years
from daliz.ground.files.actions import path_of, take_in
from daliz.ground.files.models import StoredFile, Upload
from daliz.ground.journal.actions import seal
from daliz.ground.journal.models import Entry
from daliz.ground.journal.queries import verify
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import Approval
from tests.customs.cast import TRADER, a_declaration
from tests.flow.cast import (
    LATER,
    a_supervisor,
    an_officer,
    began,
    conditions_stand,
    the_control,
    yellow,
)
from tests.ground.cast import NOON, acting

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.usefixtures("published")]

CONTRACT = b"%PDF-1.7 contract"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


@pytest.fixture
def officer() -> Actor:
    return an_officer("aigul")


def after(years: int, *, days: int = 1) -> datetime:
    """So many years after the stories, and a little more."""
    return datetime(2026 + years, 3, 10, 8, tzinfo=UTC) + timedelta(days=days)


def keeping(pack: Pack, **years: int) -> Pack:
    """The pack with these terms and no others."""
    return replace(pack, clearance=replace(pack.clearance, retention=Retention(years=Years(**years))))


def gone(pack: Pack, now: datetime) -> dict[str, int]:
    """Let go of what is over; how much of each kind."""
    return {one.kind: one.count for one in retain(pack=pack, now=now)}


def files() -> list[Path]:
    return [path_of(row.digest) for row in StoredFile.objects.all()]


def a_picture() -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 40, 40)).save(held, "JPEG")
    return held.getvalue()


def with_all(broker: Actor, officer: Actor, *, contract: bytes = CONTRACT) -> Declaration:
    """A released declaration of which a document was asked, photographs taken, payments corrected."""
    declaration = flow.submit(declared=yellow(), reference="", actor=broker, now=NOON)
    conditions_stand(declaration)
    control = the_control(declaration, "documents")
    began(control, officer)
    asked = flow.ask_document(ours=control, code="contract", text="", actor=officer, now=LATER)
    upload = take_in(
        parts=[contract], name="contract.pdf", organisation=TRADER, user_id=broker.person, now=LATER
    )
    answered = flow.answer(request=asked, text="here it is", files=[upload], actor=broker, now=LATER)
    flow.accept_answer(request=answered, actor=officer, now=LATER)
    picture = take_in(
        parts=[a_picture()], name="pallet.jpg", organisation="", user_id=officer.person, now=LATER
    )
    flow.find(
        ours=control, item_no=1, violation=True, violation_type="undervaluation", assessed=None, minutes=45,
        extent="", found={"customs_value": "25000000"}, remark="cheap", actor=officer, now=LATER,
        photographs=[picture],
    )  # fmt: skip
    flow.conclude(ours=control, outcome=Outcome.CORRECTED, actor=officer, now=LATER)
    return conditions_stand(declaration, "payment")


def test_each_kind_goes_when_its_years_are_over_and_the_declaration_last(
    pack: Pack, broker: Actor, officer: Actor
) -> None:
    declaration = with_all(broker, officer)
    assert declaration.state == "released"
    kept = keeping(pack, photographs=1, answers=2, decisions=3, controls=4, declarations=5)
    picture, contract = (
        path_of(Upload.objects.get(name=name).file_id) for name in ("pallet.jpg", "contract.pdf")
    )
    none = dict.fromkeys(("photographs", "answers", "decisions", "controls", "declarations"), 0)
    assert gone(kept, after(1, days=-1)) == none

    assert gone(kept, after(1)) == none | {"photographs": 1}
    assert (picture.exists(), contract.exists()) == (False, True)
    assert Finding.objects.get().remark == "cheap"

    assert gone(kept, after(2)) == none | {"answers": 1}
    assert not contract.exists()
    assert (Upload.objects.count(), RequestAnswer.objects.count()) == (0, 0)
    assert (DocumentRequest.objects.get().state, DocumentRequest.objects.get().answer) == ("accepted", "")

    fired = Decision.objects.get()
    assert fired.seen
    assert gone(kept, after(3)) == none | {"decisions": 1}
    assert (Decision.objects.get().seen, Decision.objects.get().corridor) == ("", "yellow")
    assert set(MeasureOrder.objects.values_list("reasons", flat=True)) == {""}
    assert json.loads(Decision.objects.get().content) == json.loads(fired.content)

    assert gone(kept, after(4)) == none | {"controls": 1}
    assert (Control.objects.count(), Finding.objects.count(), Obligation.objects.count()) == (0, 0, 0)
    assert Version.objects.count() == 2

    assert gone(kept, after(5)) == none | {"declarations": 1}
    for model in (Declaration, Version, TimelineEntry, Decision, MeasureOrder):
        assert model.objects.count() == 0
    assert gone(kept, after(6)) == none


def test_where_only_the_declaration_has_a_term_everything_goes_with_it(
    pack: Pack, broker: Actor, officer: Actor
) -> None:
    with_all(broker, officer)
    bytes_of = files()
    assert len(bytes_of) == 2
    assert gone(keeping(pack, declarations=3), after(3)) == {"declarations": 1}
    assert (Declaration.objects.count(), Control.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert not any(path.exists() for path in bytes_of)


def test_the_journal_says_how_many_went_until_when_and_names_nobody(
    pack: Pack, broker: Actor, officer: Actor
) -> None:
    declaration = with_all(broker, officer)
    gone(keeping(pack, declarations=3), after(3))
    entry = Entry.objects.get(act="retention.let-go")
    assert (entry.actor, entry.subject_kind, entry.subject_id) == ("system", "retention", "declarations")
    told = json.loads(str(entry.payload))
    assert told.pop("rows") > 10
    assert told == {"declarations": 1, "files": 2, "until": "2026-03-11T08:00:00+00:00", "years": 3}
    assert str(declaration.number) not in str(entry.payload)
    seal()
    assert verify(now=after(3)).problems == ()


def test_what_would_go_is_told_and_nothing_goes(pack: Pack, broker: Actor, officer: Actor) -> None:
    with_all(broker, officer)
    told = {
        one.kind: (one.count, one.until)
        for one in due(pack=keeping(pack, answers=2, declarations=5), now=after(2))
    }
    assert told == {"answers": (1, after(0)), "declarations": (0, datetime(2023, 3, 11, 8, tzinfo=UTC))}
    assert RequestAnswer.objects.count() == 1
    assert not Entry.objects.filter(act="retention.let-go").exists()


def test_bytes_that_another_declaration_has_too_stay_until_it_goes(
    pack: Pack, broker: Actor, officer: Actor
) -> None:
    first = with_all(broker, officer)
    second = with_all(broker, officer)
    Declaration.objects.filter(pk=second.pk).update(ended_at=after(1))
    kept = keeping(pack, answers=2)
    contract = path_of(Upload.objects.filter(name="contract.pdf")[0].file_id)
    assert gone(kept, after(2)) == {"answers": 1}
    assert [answer.request.control.declaration_id for answer in RequestAnswer.objects.all()] == [second.pk]
    assert first.pk != second.pk
    assert contract.exists()
    assert gone(kept, after(3, days=2)) == {"answers": 1}
    assert not contract.exists()


def test_figures_stay_of_what_went(pack: Pack, broker: Actor, officer: Actor) -> None:
    with_all(broker, officer)
    flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    conditions_stand(Declaration.objects.latest("id"))
    before = list(effect.counted(Control.objects.all(), pack.zone).values())
    assert [(one.controls, one.hits, one.minutes, one.assessed) for one in before] == [
        (1, 1, 45.0, Decimal("1160000.00"))
    ]
    assert gone(keeping(pack, declarations=3), after(3)) == {"declarations": 2}
    assert effect.counted(Control.objects.all(), pack.zone) == {}
    assert effect.figures() == before
    figure = ControlFigure.objects.get()
    assert (figure.month, figure.office, figure.form) == (date(2026, 3, 1), "53901", "documents")
    corridors = dict(DecisionFigure.objects.values_list("corridor", "decisions"))
    assert corridors == {"green": 1, "yellow": 1}


def test_what_has_anything_open_or_newly_over_stays_whole(pack: Pack, broker: Actor, officer: Actor) -> None:
    superior = a_supervisor()
    late = after(2)
    kept = keeping(pack, photographs=3, answers=3, decisions=3, controls=3, declarations=3)
    nothing = dict.fromkeys(("photographs", "answers", "decisions", "controls", "declarations"), 0)

    asked = with_all(broker, officer)
    approval = redress.propose_reopening(
        declaration=asked, measures=["document_check"], reason="news", actor=officer, now=LATER
    )
    contested = with_all(broker, officer)
    found = Finding.objects.filter(control__declaration=contested).latest("id")
    appeal = redress.contest(finding=found, reason="wrong", actor=broker, now=LATER)
    owing = with_all(broker, officer)
    Obligation.objects.filter(declaration=owing).update(settled_at=None, settled_by="", kept=None)
    stopped = with_all(broker, officer)
    stop = Stop.objects.create(declaration=stopped, reason="look again", set_by="superior", set_at=LATER)
    audited = with_all(broker, officer)
    audit = Control.objects.filter(declaration=audited).latest("id")
    audit.pk, audit.form, audit.state, audit.concluded_at = None, "post_release", "waiting", None
    audit.before_release = False
    audit.save()
    assert gone(kept, after(4)) == nothing

    redress.decide_reopening(approval=approval, agreed=False, comment="no", actor=superior, now=late)
    redress.decide_appeal(
        appeal=appeal, verdict="upheld", comment="right", assessed=None, actor=superior, now=late
    )
    Obligation.objects.filter(declaration=owing).update(settled_at=late)
    Stop.objects.filter(pk=stop.pk).update(lifted_at=late)
    Control.objects.filter(pk=audit.pk).update(state="concluded", officer=officer.person, concluded_at=late)
    assert gone(kept, after(4)) == nothing  # two years after the last of it
    assert gone(kept, after(5, days=2)) == nothing | dict.fromkeys(
        ("photographs", "answers", "decisions", "controls", "declarations"), 5
    )
    assert (Declaration.objects.count(), Approval.objects.count(), Upload.objects.count()) == (0, 0, 0)


def test_a_declaration_stays_while_one_filed_in_its_place_or_a_draft_does(pack: Pack, broker: Actor) -> None:
    first = flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON)
    flow.withdraw(declaration=first, reason="wrong office", actor=broker, now=NOON)
    second = flow.submit(declared=a_declaration(), reference="", actor=broker, now=LATER, refiles=first)
    conditions_stand(second, now=after(1))
    third = flow.submit(declared=a_declaration(), reference="", actor=broker, now=LATER)
    third = flow.withdraw(declaration=third, reason="wrong office", actor=broker, now=LATER)
    draft = keep(content={}, reference="", actor=broker, now=LATER, refiles=third)
    kept = keeping(pack, declarations=3)
    assert gone(kept, after(3)) == {"declarations": 0}
    assert gone(kept, after(4, days=2)) == {
        "declarations": 2
    }  # the later one first, then the one it replaced
    Draft.objects.filter(pk=draft.pk).delete()
    assert gone(kept, after(4, days=2)) == {"declarations": 1}


def test_whoever_is_interrupted_goes_on_where_he_was(
    pack: Pack, broker: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        conditions_stand(flow.submit(declared=a_declaration(), reference="", actor=broker, now=NOON))
    monkeypatch.setattr(retention, "_AT_A_TIME", 1)
    seen: list[float] = []

    def interrupted(_: str, done: float) -> None:
        seen.append(done)
        if len(seen) == 2:
            raise KeyboardInterrupt

    kept = keeping(pack, declarations=3)
    with pytest.raises(KeyboardInterrupt):
        retain(pack=kept, now=after(3), progress=interrupted)
    assert seen == [0.0, 1 / 3]
    assert Declaration.objects.count() == 2
    assert gone(kept, after(3)) == {"declarations": 2}
    assert Entry.objects.filter(act="retention.let-go").count() == 3


def test_nothing_that_refers_to_a_declaration_is_forgotten() -> None:
    assert referring(Declaration) == {
        "intake.Declaration", "intake.Draft", "intake.Version", "intake.Vehicle", "intake.TimelineEntry",
        "assessment.Decision", "assessment.MeasureOrder",
        "control.Control", "control.Assignment", "control.Finding", "control.DocumentRequest",
        "control.RequestAnswer", "control.Condition", "control.Stop", "control.Term", "control.Rerouting",
        "control.ItemOutcome", "control.LegalHold", "control.Obligation", "control.Appeal",
        "control.Finding_photographs", "control.RequestAnswer_files",
    }  # fmt: skip


def referring(model: type[Model]) -> set[str]:
    """Name every model that refers to one, itself or through others."""
    found: set[str] = set()
    waiting = [model]
    while waiting:
        for relation in waiting.pop()._meta.get_fields(include_hidden=True):
            other = relation.related_model
            one = getattr(relation, "field", None)
            if not relation.auto_created or not isinstance(one, ForeignKey | OneToOneField):
                continue
            assert isinstance(other, type)
            if other._meta.label not in found:
                found.add(other._meta.label)
                waiting.append(other)
    return found
