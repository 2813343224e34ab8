"""Who may carry a control out, what an officer has to do, whether goods may be released."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from daliz.customs.control.models import (
    Appeal,
    Condition,
    Control,
    Finding,
    ItemOutcome,
    Leave,
    LegalHold,
    Obligation,
    Presence,
    Rerouting,
    Shift,
    Stop,
    Term,
)
from daliz.customs.control.states import OPEN, Outcome, gravest
from daliz.customs.intake.models import Declaration, Version
from daliz.engine.allocation.distribution import Eligible
from daliz.engine.pack import Pack, Reach
from daliz.engine.pack import Term as Running
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import RoleGrant, User


def offices_within(office: str, form: str, pack: Pack) -> frozenset[str] | None:
    """Return the offices whose officers may carry a form of control out at ``office``; None for all."""
    reach = pack.clearance.reach.get(form, Reach.REGIONAL)
    known = pack.offices.get(office)
    if reach is Reach.NATIONAL or known is None:
        return None
    if reach is Reach.POST:
        return frozenset({office})
    return frozenset(code for code, other in pack.offices.items() if other.pool == known.pool)


def role_for(form: str) -> Role:
    """Return the role that carries a form of control out: after release it is the post-entry department's."""
    return Role.AUDITOR if form == "post_release" else Role.OFFICER


def eligible(
    *, office: str, form: str, pack: Pack, now: datetime, but: Sequence[int] = ()
) -> dict[int, Eligible]:
    """Return the officers who are at work, competent, and of the offices within reach, with their load."""
    within = offices_within(office, form, pack)
    grants = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now), role=role_for(form).value, since__lte=now
    )
    if within is not None:
        grants = grants.filter(Q(office="") | Q(office__in=within))
    present = Presence.objects.filter(
        on_shift=True, user__is_active=True, user__in=grants.values("user")
    ).exclude(user__in=[*but, *_away(now, pack)])
    able = {p.user_id: p for p in present.select_related("user") if form in p.forms}
    load = dict(
        Control.objects.filter(officer__in=able, state__in=[s.value for s in OPEN])
        .values_list("officer")
        .annotate(Sum("minutes"))
    )
    return {pk: Eligible(p.user.login, float(load.get(pk) or 0.0)) for pk, p in able.items()}


def _away(now: datetime, pack: Pack) -> set[int]:
    """Return who is on leave today, or works by shifts and has none now."""
    day = local_day(now, pack)
    leave = Leave.objects.filter(first_day__lte=day, last_day__gte=day).values_list("user_id", flat=True)
    by_shifts = set(Shift.objects.values_list("user_id", flat=True).distinct())
    working = set(Shift.objects.filter(begins_at__lte=now, ends_at__gt=now).values_list("user_id", flat=True))
    return set(leave) | (by_shifts - working)


def local_day(now: datetime, pack: Pack) -> date:
    """Return the day in the pack's time zone."""
    return now.astimezone(ZoneInfo(pack.zone)).date()


def work_of(user: User) -> QuerySet[Control]:
    """Return what an officer has to do, the most urgent first."""
    states = [state.value for state in OPEN]
    return (
        Control.objects.filter(officer=user, state__in=states)
        .select_related("declaration", "decision")
        .order_by("due_at", "id")
    )


def controls_open_to(actor: Actor) -> QuerySet[Control]:
    """Return the controls that an officer may see: his own, and as a superior those of his offices.

    The post-entry department is one: an auditor sees all controls after release of his offices.
    """
    seen = Q(officer_id=actor.user_id)
    if actor.has(Role.SUPERVISOR):
        offices = actor.offices(Role.SUPERVISOR)
        if offices is None:
            return Control.objects.all()
        seen |= Q(office__in=offices)
    if actor.has(Role.AUDITOR):
        offices = actor.offices(Role.AUDITOR)
        audits = Q(form="post_release")
        seen |= audits if offices is None else audits & Q(office__in=offices)
    return Control.objects.filter(seen)


def audits_open_to(actor: Actor) -> QuerySet[Control]:
    """Return the controls after release of the department: of the offices that one audits or heads."""
    rows = Control.objects.filter(form="post_release")
    offices = actor.offices(Role.AUDITOR, Role.SUPERVISOR)
    return rows if offices is None else rows.filter(office__in=offices)


def overdue_open_to(actor: Actor, *, now: datetime) -> QuerySet[Term]:
    """Return the clocks that have run out, of the offices that a superior heads, with who holds them.

    ``holder``: the officer of the control whose clock it is, of the release clock the one whose control was
    opened first and is not over; null where none is. ``office``: of that control, else of the declaration.
    """
    waiting = Control.objects.filter(
        declaration=OuterRef("declaration"), before_release=True, state__in=[s.value for s in OPEN]
    )
    rows = Term.objects.filter(ended_at=None, stopped_at=None, due_at__lt=now).annotate(
        office=Coalesce("control__office", "declaration__office"),
        holder=Coalesce(
            "control__officer__name", Subquery(waiting.order_by("id").values("officer__name")[:1])
        ),
    )
    offices = actor.offices(Role.SUPERVISOR)
    rows = rows if offices is None else rows.filter(office__in=offices)
    return rows.select_related("declaration", "control").order_by("due_at", "id")


def obligations_open_to(actor: Actor) -> QuerySet[Obligation]:
    """Return what is owed by controls that the actor sees, the oldest first."""
    rows = Obligation.objects.filter(control__in=controls_open_to(actor))
    return rows.select_related("declaration", "control__officer").order_by("since", "id")


def due_of(owed: Obligation, pack: Pack) -> datetime | None:
    """Return by when something owed is to be settled; None where nothing says.

    Conditions by the end of their last day, an examination by its clock.
    """
    if owed.due_on is not None:
        end = datetime.combine(owed.due_on + timedelta(days=1), time(), ZoneInfo(pack.zone))
        return end.astimezone(UTC)
    running = owed.control.terms.filter(ended_at=None).order_by("id").first()
    return running.due_at if running is not None and owed.kind == Obligation.EXAMINATION else None


def stops_open_to(actor: Actor) -> QuerySet[Stop]:
    """Return the stops of release at the offices that one works at or heads, the newest first."""
    offices = actor.offices(Role.OFFICER, Role.SUPERVISOR)
    rows = Stop.objects.select_related("declaration").order_by("-id")
    return rows if offices is None else rows.filter(declaration__office__in=offices)


def holds_open_to(actor: Actor) -> QuerySet[LegalHold]:
    """Return the legal holds, newest first: for internal affairs alone, since cases may be of officers."""
    rows = LegalHold.objects.select_related("declaration", "put_by", "lifted_by").order_by("-id")
    return rows if actor.has(Role.INTERNAL_AFFAIRS) else rows.none()


def holds_reaching(holds: QuerySet[LegalHold], declaration: Declaration) -> QuerySet[LegalHold]:
    """Return those of some holds that reach a declaration: its own, and those of a trader whom it names."""
    traders = Version.objects.filter(declaration=declaration).exclude(trader_id="").values("trader_id")
    return holds.filter(Q(declaration=declaration) | Q(trader_id__in=traders))


def on_hold() -> Q:
    """Tell which declarations a legal hold keeps: their own, or that of a trader whom a version names."""
    standing = LegalHold.objects.filter(lifted_at=None)
    traders = standing.exclude(trader_id="").values("trader_id")
    return Q(Exists(standing.filter(declaration=OuterRef("pk")))) | Q(
        Exists(Version.objects.filter(declaration=OuterRef("pk"), trader_id__in=traders))
    )


def open_before_release(declaration: Declaration) -> QuerySet[Control]:
    """Return the controls that release waits for."""
    return Control.objects.filter(
        declaration=declaration, before_release=True, state__in=[state.value for state in OPEN]
    )


def outcome_of(declaration: Declaration) -> Outcome:
    """Return the gravest outcome of the controls before release that are concluded and count."""
    return gravest(concluded(declaration).values_list("outcome", flat=True))


def concluded(declaration: Declaration) -> QuerySet[Control]:
    """Return the controls before release that are concluded, since the declaration was opened last."""
    return Control.objects.filter(
        declaration=declaration, before_release=True, state="concluded", reopened=declaration.reopened
    )


def item_outcomes(declaration: Declaration) -> dict[int, Outcome]:
    """Return how goods items ended before release that ended otherwise than the whole.

    The gravest counts; what was found when a declaration was opened again counts over what was before.
    """
    found: dict[int, tuple[int, Outcome]] = {}
    rows = ItemOutcome.objects.filter(
        control__declaration=declaration, control__before_release=True, control__state="concluded"
    )
    told = rows.order_by("control__reopened", "id").values_list("item_no", "outcome", "control__reopened")
    for number, outcome, opening in told:
        before = found.get(number)
        same = before is not None and before[0] == opening
        found[number] = (opening, gravest([outcome, *([before[1].value] if before and same else [])]))
    return {number: outcome for number, (_, outcome) in sorted(found.items())}


def missing_conditions(declaration: Declaration, pack: Pack) -> tuple[str, ...]:
    """Return the conditions of release that do not stand yet.

    ``security`` where something is still to be secured, ``stop`` where somebody keeps the goods.
    """
    told = dict(Condition.objects.filter(declaration=declaration).values_list("code", "holds"))
    missing = [code for code in pack.clearance.conditions if not told.get(code, False)]
    if Obligation.objects.filter(declaration=declaration, kind=Obligation.SECURITY, settled_at=None).exists():
        missing.append("security")
    if Stop.objects.filter(declaration=declaration, lifted_at=None).exists():
        missing.append("stop")
    return tuple(missing)


def standing_findings(control: Control) -> QuerySet[Finding]:
    """Return the findings of a control that nothing supersedes."""
    return control.findings.filter(superseded_by=None).order_by("id")


def violation_found(declaration: Declaration) -> bool:
    """Return whether control before release found a violation that stands: the declarant was told of it."""
    return Finding.objects.filter(
        control__declaration=declaration, control__before_release=True, superseded_by=None, violation=True
    ).exists()


def terms_of(declaration: Declaration) -> QuerySet[Term]:
    """Return the clocks of a declaration, oldest first."""
    return Term.objects.filter(declaration=declaration).select_related("control").order_by("id")


def registration_of(declaration: Declaration, pack: Pack) -> Term | None:
    """Return the clock of registration, which no row is kept of; None where the pack has none.

    It begins when a declaration is handed in and ends with its number; both instants are its own.
    """
    clock = pack.clearance.clocks.get("registration")
    if clock is None:
        return None
    begun = declaration.created_at
    due = Running(clock, begun).due(pack.working_time)
    return Term(
        declaration=declaration, code=clock.code, clock=clock.code, begun_at=begun, due_at=due,
        ended_at=declaration.registered_at,
    )  # fmt: skip


def clocks_of(declaration: Declaration, pack: Pack) -> list[Term]:
    """Return every clock of a declaration for officers, registration first."""
    first = registration_of(declaration, pack)
    return [*([] if first is None else [first]), *terms_of(declaration)]


def clocks_told(declaration: Declaration, pack: Pack) -> list[Term]:
    """Return the clocks of a declaration that its declarant may see, registration first."""
    first = registration_of(declaration, pack)
    return [*([] if first is None else [first]), *terms_told(declaration)]


def terms_told(declaration: Declaration) -> QuerySet[Term]:
    """Return the clocks that the declarant may see: none of a control that he does not know of."""
    hidden = Q(control__before_release=False, control__noticed_at=None)
    return terms_of(declaration).exclude(hidden)


def findings_told(declaration: Declaration) -> QuerySet[Finding]:
    """Return the findings that the declarant may see: of controls that are over and that he knows of."""
    return findings_told_to(declaration.organisation).filter(control__declaration=declaration)


def findings_told_to(organisation: str) -> QuerySet[Finding]:
    """Return the findings that an organisation may see, of all its declarations."""
    known = Q(control__before_release=True) | Q(control__noticed_at__isnull=False)
    of = Finding.objects.filter(
        known, control__declaration__organisation=organisation, control__state="concluded"
    )
    return of.select_related("control").order_by("id")


def obligations_told(declaration: Declaration) -> QuerySet[Obligation]:
    """Return what is owed that the declarant may see: of controls that he knows of."""
    known = Q(control__before_release=True) | Q(control__noticed_at__isnull=False)
    return Obligation.objects.filter(known, declaration=declaration).order_by("id")


def appeals_told_to(organisation: str) -> QuerySet[Appeal]:
    """Return the appeals against findings that an organisation may see."""
    return Appeal.objects.filter(finding__in=findings_told_to(organisation)).order_by("id")


def reroutings_open_to(actor: Actor) -> QuerySet[Rerouting]:
    """Return the changes of control that wait for somebody like the actor: of his offices, not his own."""
    offices = actor.offices(Role.SUPERVISOR)
    rows = Rerouting.objects.filter(decided_at=None).exclude(asked_by_id=actor.user_id)
    return rows if offices is None else rows.filter(office__in=offices)


def rerouting_counts(*, office: str | None, since: datetime, until: datetime) -> list[dict[str, object]]:
    """Return how often control was changed, by office, officer, kind, direction and what was said of it.

    Args:
        office: of one office; None for all.
        since: from then on.
        until: before then.
    """
    rows = Rerouting.objects.filter(asked_at__gte=since, asked_at__lt=until)
    if office is not None:
        rows = rows.filter(office=office)
    by = ("office", "asked_by__login", "kind", "lighter", "ground", "agreed")
    return [dict(row) for row in rows.values(*by).annotate(count=Count("id")).order_by(*by)]


def to_confirm(actor: Actor) -> QuerySet[Control]:
    """Return the proposed ends that the actor may confirm as a second officer."""
    rows = Control.objects.filter(state="proposed").exclude(proposed_by_id=actor.user_id)
    seen = Q()
    for form, audited in (("post_release", True), ("", False)):
        offices = actor.offices(role_for(form), Role.SUPERVISOR)
        of = Q(form="post_release") if audited else ~Q(form="post_release")
        seen |= of if offices is None else of & Q(office__in=offices)
    rows = rows.filter(seen)
    return rows.exclude(officer_id=actor.user_id).select_related("declaration").order_by("due_at", "id")
