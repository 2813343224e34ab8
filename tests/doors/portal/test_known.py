"""What control found and asks, as the declarant sees it: findings, appeals, clocks, debts, filing anew."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from daliz.customs import discretion, flow, redress
from daliz.customs.assessment.models import Decision
from daliz.customs.control.concluding import Ending
from daliz.customs.control.models import Appeal, Control, Finding, Obligation, Term
from daliz.customs.control.states import Outcome
from daliz.customs.intake.models import Declaration, Draft
from daliz.doors.pages.access import instant
from daliz.ground.staff.actor import Role
from daliz.ground.staff.models import User
from tests.customs.cast import a_declaration
from tests.doors.portal.cast import a_broker, acting, an_officer, logged_in, registered
from tests.ground.cast import a_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("published")]


def text(client: Client, path: str, status: int = 200) -> str:
    reply = client.get(path)
    assert reply.status_code == status, reply.content[:2000]
    return reply.content.decode()


def begun(broker: User, officer: User) -> tuple[Declaration, Control]:
    """A weapon whose control an officer has begun."""
    mine = registered(broker, weapon=True)
    control = Control.objects.get(declaration=mine, before_release=True)
    flow.take(ours=control, actor=acting(officer), now=instant())
    return mine, control


def found(control: Control, officer: User, **stated: object) -> Finding:
    return flow.find(
        ours=control, item_no=1, violation=bool(stated), violation_type="undervaluation" if stated else "",
        assessed=Decimal("150000.00") if stated else None, minutes=30, extent="full", found=stated,
        remark="", actor=acting(officer), now=instant(),
    )  # fmt: skip


def ended(control: Control, officer: User, outcome: Outcome, ending: Ending | None = None) -> None:
    """End a control with the agreement of a second officer."""
    flow.conclude(ours=control, outcome=outcome, actor=acting(officer), now=instant(), ending=ending)
    if Control.objects.get(pk=control.pk).state == "proposed":
        second = acting(a_person("second", Role.OFFICER, office="53901"))
        flow.confirm(ours=control, agreed=True, reason="", actor=second, now=instant())


def test_a_correction_is_shown_with_its_payments_the_version_and_the_act() -> None:
    broker, officer = a_broker(), an_officer()
    mine, control = begun(broker, officer)
    found(control, officer, customs_value="2600000")
    page = logged_in(broker)
    assert "What control found" not in text(page, f"/portal/declarations/{mine.pk}")
    assert page.get(f"/portal/acts/{control.pk}").status_code == 404
    ended(control, officer, Outcome.CORRECTED)
    told = text(page, f"/portal/declarations/{mine.pk}")
    for words in (
        "understated value", "2,600,000", "To be paid besides", "corrected after control",
        "Payments after correction", "As corrected after control", "Corrected after control; version 2",
    ):  # fmt: skip
        assert words in told, words
    act = page.get(f"/portal/acts/{control.pk}")
    assert (act["Content-Type"], act.content[:5]) == ("application/pdf", b"%PDF-")
    assert act["Content-Disposition"] == f'attachment; filename="act-{control.pk}.pdf"'


@pytest.mark.parametrize(
    ("lang", "contested", "verdict"),
    [
        ("en", "not decided yet", "the finding is annulled"),
        ("ru", "решение ещё не принято", "результат отменён"),
        ("kk", "әлі шешілген жоқ", "нәтиженің күші жойылды"),
    ],
)
def test_a_finding_is_contested_with_a_reason_and_the_verdict_is_shown(
    lang: str, contested: str, verdict: str
) -> None:
    broker, officer = a_broker(lang=lang), an_officer()
    mine, control = begun(broker, officer)
    finding = found(control, officer, customs_value="2600000")
    page, path = logged_in(broker), f"/portal/findings/{finding.pk}/contest"
    assert page.post(path, {"reason": "too early"}).status_code == 404
    ended(control, officer, Outcome.CORRECTED)
    assert path in text(page, f"/portal/declarations/{mine.pk}")
    assert 'name="reason"' in text(page, path)
    assert page.post(path, {"reason": " "}).status_code == 422
    assert page.post(path, {"reason": "the invoice proves it"}).status_code == 302
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "the invoice proves it" in told
    assert contested in told
    assert path not in told
    assert page.post(path, {"reason": "again"}).status_code == 409
    superior = acting(a_person("superior", Role.SUPERVISOR, office="53901"))
    redress.decide_appeal(
        appeal=Appeal.objects.get(), verdict="annulled", comment="it does", assessed=None, actor=superior,
        now=instant(),
    )  # fmt: skip
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert verdict in told
    assert "it does" in told


def test_what_a_release_is_bound_to_is_shown_until_it_is_settled() -> None:
    broker, officer = a_broker(), an_officer()
    mine, control = begun(broker, officer)
    found(control, officer)
    ended(control, officer, Outcome.SECURED, Ending(security=Decimal("500000.00")))
    page = logged_in(broker)
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "Security for payments" in told
    assert "500,000" in told
    assert "not settled yet" in told
    assert "security given" in text(page, "/portal/")
    treasury = acting(a_person("treasury", Role.ADAPTER))
    flow.tell_condition(declaration=mine, code="security", holds=True, actor=treasury, now=instant())
    assert "not settled yet" not in text(page, f"/portal/declarations/{mine.pk}")
    assert "security given" not in text(page, "/portal/")


def test_a_clock_is_seen_running_standing_still_with_the_reason_and_never_the_officers_words() -> None:
    broker, officer = a_broker(), an_officer()
    mine, _ = begun(broker, officer)
    page = logged_in(broker)
    assert "Statutory terms" in text(page, f"/portal/declarations/{mine.pk}")
    seen = page.get(f"/portal/declarations/{mine.pk}").context["seen"]
    discretion.stop_clock(
        term=Term.objects.get(code="release"), ground="goods_not_at_hand", text="SUSPICION",
        actor=acting(officer), now=instant(),
    )  # fmt: skip
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "stands still" in told
    assert "the goods cannot be presented for control" in told
    assert "A statutory term has changed" in told
    assert "SUSPICION" not in told
    assert "stands still" in text(page, f"/portal/declarations/{mine.pk}/news?seen={seen}")


def test_an_audit_is_invisible_until_its_notice_with_its_findings_act_and_debts() -> None:
    broker, officer = a_broker(), an_officer()
    mine = registered(broker)
    decision = Decision.objects.get(version__declaration=mine)
    auditor = a_person("auditor", Role.AUDITOR)
    control = Control.objects.create(
        declaration=mine, decision=decision, form="post_release", measures=[], minutes=120,
        before_release=False, opened_at=decision.at, state="concluded", outcome="conditional",
        officer=auditor, concluded_by=officer, concluded_at=instant(),
    )  # fmt: skip
    page = logged_in(broker)
    before = page.get(f"/portal/declarations/{mine.pk}")
    finding = Finding.objects.create(
        control=control, item_no=1, violation=True, violation_type="undervaluation", minutes=5,
        finality="final", officer=auditor, at=instant(),
    )  # fmt: skip
    Obligation.objects.create(
        declaration=mine, control=control, kind="condition", text="SECRET", since=instant()
    )
    control.item_outcomes.create(item_no=1, outcome="refused")
    control.terms.create(
        declaration=mine, code="expert_examination", clock="expert_examination", begun_at=instant(),
        due_at=instant() + timedelta(days=9),
    )  # fmt: skip
    hidden = page.get(f"/portal/declarations/{mine.pk}")
    seen = [[(one.name, one.term.due_at) for one in shown.context["clocks"]] for shown in (hidden, before)]
    assert seen[0] == seen[1]
    for name in ("controls", "owed", "item_ends", "lines", "conditions"):
        assert hidden.context[name] == before.context[name], name
    assert "SECRET" not in hidden.content.decode()
    assert page.get(f"/portal/acts/{control.pk}").status_code == 404
    assert page.get(f"/portal/findings/{finding.pk}/contest").status_code == 404
    Control.objects.update(noticed_at=instant())
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "SECRET" in told
    assert "understated value" in told
    assert page.get(f"/portal/acts/{control.pk}").status_code == 200


def test_findings_and_acts_of_another_company_are_out_of_reach() -> None:
    broker, officer = a_broker(), an_officer()
    _, control = begun(broker, officer)
    finding = found(control, officer, customs_value="2600000")
    ended(control, officer, Outcome.CORRECTED)
    stranger = logged_in(a_broker("stranger", organisation="990101300123"))
    assert stranger.get(f"/portal/acts/{control.pk}").status_code == 404
    assert stranger.get(f"/portal/findings/{finding.pk}/contest").status_code == 404
    assert stranger.post(f"/portal/findings/{finding.pk}/contest", {"reason": "x"}).status_code == 404
    assert Appeal.objects.count() == 0


def test_a_preliminary_declaration_says_what_it_waits_for() -> None:
    broker = a_broker()
    mine = flow.submit(
        declared=a_declaration(kind="preliminary"), reference="", actor=acting(broker), now=instant()
    )
    page = logged_in(broker)
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "registered before its goods arrive" in told
    assert "goods presented" in text(page, "/portal/")
    treasury = acting(a_person("treasury", Role.ADAPTER))
    flow.tell_condition(declaration=mine, code="presentation", holds=True, actor=treasury, now=instant())
    told = text(page, f"/portal/declarations/{mine.pk}")
    assert "registered before its goods arrive" not in told
    assert "Goods have arrived" in told


def test_a_withdrawn_declaration_is_filed_anew_from_a_draft_and_both_say_so() -> None:
    broker = a_broker()
    first = registered(broker)
    page = logged_in(broker)
    refile = f"/portal/declarations/{first.pk}/refile"
    assert page.post(refile).status_code == 404
    page.post(f"/portal/declarations/{first.pk}/withdraw", {"reason": "wrong trader"})
    assert refile in text(page, f"/portal/declarations/{first.pk}")
    stranger = logged_in(a_broker("stranger", organisation="990101300123"))
    assert stranger.post(refile).status_code == 404
    reply = page.post(refile)
    draft = Draft.objects.get()
    assert reply.headers["Location"] == f"/portal/drafts/{draft.pk}"
    assert str(first.number) in text(page, f"/portal/drafts/{draft.pk}")
    flow.register_draft(draft=draft, actor=acting(broker), now=instant())
    second = Declaration.objects.get(refiles=first)
    assert f"/portal/declarations/{first.pk}" in text(page, f"/portal/declarations/{second.pk}")
    assert f"/portal/declarations/{second.pk}" in text(page, f"/portal/declarations/{first.pk}")


def test_the_bar_counts_what_a_person_has_not_read() -> None:
    broker = a_broker()
    registered(broker)
    page = logged_in(broker)
    assert "1 is new" in text(page, "/portal/drafts")
    page.post("/portal/notices/read", {"up_to": "99999999"})
    assert "is new" not in text(page, "/portal/drafts")
    assert "1 is new" in text(logged_in(a_broker("colleague")), "/portal/drafts")
