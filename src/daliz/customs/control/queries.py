"""Who may carry a control out, what an officer has to do, whether goods may be released."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from daliz.customs.control.models import Condition, Control, Presence, Stop
from daliz.customs.control.states import OPEN, Outcome, gravest
from daliz.customs.intake.models import Declaration
from daliz.engine.allocation.distribution import Eligible
from daliz.engine.pack import Pack, Reach
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


def eligible(
    *, office: str, form: str, pack: Pack, now: datetime, but: Sequence[int] = ()
) -> dict[int, Eligible]:
    """Return the officers who are at work, competent, and of the offices within reach, with their load."""
    within = offices_within(office, form, pack)
    grants = RoleGrant.objects.filter(
        Q(until=None) | Q(until__gt=now), role=Role.OFFICER.value, since__lte=now
    )
    if within is not None:
        grants = grants.filter(Q(office="") | Q(office__in=within))
    present = Presence.objects.filter(
        on_shift=True, user__is_active=True, user__in=grants.values("user")
    ).exclude(user__in=but)
    able = {p.user_id: p for p in present.select_related("user") if form in p.forms}
    load = dict(
        Control.objects.filter(officer__in=able, state__in=[s.value for s in OPEN])
        .values_list("officer")
        .annotate(Sum("minutes"))
    )
    return {pk: Eligible(p.user.login, float(load.get(pk) or 0.0)) for pk, p in able.items()}


def work_of(user: User) -> QuerySet[Control]:
    """Return what an officer has to do, the most urgent first."""
    states = [state.value for state in OPEN]
    return (
        Control.objects.filter(officer=user, state__in=states)
        .select_related("declaration", "decision")
        .order_by("due_at", "id")
    )


def controls_open_to(actor: Actor) -> QuerySet[Control]:
    """Return the controls that an officer may see: his own, and as a superior those of his offices."""
    seen = Q(officer_id=actor.user_id)
    if actor.has(Role.SUPERVISOR):
        offices = actor.offices(Role.SUPERVISOR)
        seen |= Q() if offices is None else Q(office__in=offices)
        if offices is None:
            return Control.objects.all()
    return Control.objects.filter(seen)


def open_before_release(declaration: Declaration) -> QuerySet[Control]:
    """Return the controls that release waits for."""
    return Control.objects.filter(
        declaration=declaration, before_release=True, state__in=[state.value for state in OPEN]
    )


def outcome_of(declaration: Declaration) -> Outcome:
    """Return the gravest outcome of the controls before release that are concluded."""
    outcomes = Control.objects.filter(
        declaration=declaration, before_release=True, state="concluded"
    ).values_list("outcome", flat=True)
    return gravest(outcomes)


def missing_conditions(declaration: Declaration, pack: Pack) -> tuple[str, ...]:
    """Return the conditions of release that do not stand yet; ``stop`` where somebody keeps the goods."""
    told = dict(Condition.objects.filter(declaration=declaration).values_list("code", "holds"))
    missing = [code for code in pack.clearance.conditions if not told.get(code, False)]
    if Stop.objects.filter(declaration=declaration, lifted_at=None).exists():
        missing.append("stop")
    return tuple(missing)


def to_confirm(actor: Actor) -> QuerySet[Control]:
    """Return the proposed ends that the actor may confirm as a second officer."""
    offices = actor.offices(Role.OFFICER, Role.SUPERVISOR)
    rows = Control.objects.filter(state="proposed").exclude(proposed_by_id=actor.user_id)
    if offices is not None:
        rows = rows.filter(office__in=offices)
    return rows.exclude(officer_id=actor.user_id).select_related("declaration").order_by("due_at", "id")
