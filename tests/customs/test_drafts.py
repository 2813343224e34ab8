"""Drafts: kept right or wrong, changed by one at a time, registered once, nobody else's business."""

import pytest

from daliz.customs import flow
from daliz.customs.intake.actions import IntakeError
from daliz.customs.intake.drafts import change, content_of, discard, drafts_of, keep, problems_of
from daliz.customs.intake.models import Declaration, Draft
from daliz.customs.reference.queries import pack
from daliz.engine.reading.single import SubmissionError
from daliz.ground.journal.models import Entry
from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from tests.customs.cast import TRADER, a_declaration
from tests.ground.cast import NOON, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Actor:
    return acting("broker", Role.DECLARANT, organisation=TRADER)


def test_a_half_empty_draft_is_kept_and_says_what_it_lacks(broker: Actor) -> None:
    draft = keep(content={"direction": "import", "items": [{}]}, reference="INV-1", actor=broker, now=NOON)
    found = {problem.path: problem.code for problem in problems_of(content_of(draft), pack())}
    assert found["items[0].item_no"] == "field-missing"
    assert Declaration.objects.count() == 0
    assert list(Entry.objects.values_list("act", flat=True))[-1] == "draft.kept"


def test_two_people_do_not_overwrite_each_other_unseen(broker: Actor) -> None:
    draft = keep(content={}, reference="", actor=broker, now=NOON)
    change(draft=draft, content={"direction": "import"}, reference="A", edition=1, actor=broker, now=NOON)
    with pytest.raises(IntakeError, match="broker has changed this draft meanwhile"):
        change(draft=draft, content={}, reference="B", edition=1, actor=broker, now=NOON)
    assert Draft.objects.get().reference == "A"


def test_a_draft_is_nobody_elses_business(broker: Actor) -> None:
    draft = keep(content={}, reference="", actor=broker, now=NOON)
    stranger = acting("stranger", Role.DECLARANT, organisation="other")
    officer = acting("aigul", Role.OFFICER)
    assert list(drafts_of(stranger)) == []
    assert list(drafts_of(officer)) == []
    with pytest.raises(IntakeError, match="no longer there"):
        discard(draft=draft, actor=stranger, now=NOON)
    with pytest.raises(NotAllowedError):
        keep(content={}, reference="", actor=officer, now=NOON)


@pytest.mark.usefixtures("published")
def test_a_draft_is_registered_once_and_gone(broker: Actor) -> None:
    draft = keep(content=a_declaration().content, reference="INV-2", actor=broker, now=NOON)
    registered = flow.register_draft(draft=draft, actor=broker, now=NOON)
    assert (registered.reference, registered.state) == ("INV-2", "cleared")
    assert Draft.objects.count() == 0
    with pytest.raises(IntakeError, match="no longer there"):
        flow.register_draft(draft=draft, actor=broker, now=NOON)
    assert Declaration.objects.count() == 1


@pytest.mark.usefixtures("published")
def test_a_draft_with_problems_stays(broker: Actor) -> None:
    draft = keep(content={"direction": "import", "items": [{}]}, reference="", actor=broker, now=NOON)
    with pytest.raises(SubmissionError):
        flow.register_draft(draft=draft, actor=broker, now=NOON)
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("value", ["\x00", "a\ud800", float("nan"), float("inf")])
def test_what_no_text_may_have_is_not_kept(broker: Actor, value: object) -> None:
    with pytest.raises(IntakeError, match="a sign or number that no text may have"):
        keep(content={"items": [{"hs_code": value}]}, reference="", actor=broker, now=NOON)
    assert not Draft.objects.exists()
