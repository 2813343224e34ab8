"""People, for administrators: admit, give and take roles, close and open accounts, passwords, tokens."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from daliz.customs.reference.queries import pack
from daliz.doors.console.people_forms import AdmitForm, GrantForm, PasswordForm, ReasonForm, TokenForm
from daliz.doors.pages.access import instant, page
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.paging import part_of
from daliz.ground.journal.models import Entry
from daliz.ground.staff.accounts import disable, enable, reset_password
from daliz.ground.staff.actions import admit, grant, issue_token, revoke_token, withdraw
from daliz.ground.staff.actor import Actor, Role
from daliz.ground.staff.models import RoleGrant, Token, User
from daliz.language import N_, DalizError


@page(Role.ADMINISTRATOR)
def listed(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Show people by name, with the roles that they hold."""
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    now = instant()
    holding = RoleGrant.objects.filter(Q(until=None) | Q(until__gt=now)).order_by("role", "office")
    rows = User.objects.order_by("name", "id").prefetch_related(
        Prefetch("grants", queryset=holding, to_attr="held")
    )
    if text:
        rows = rows.filter(
            Q(login__icontains=text) | Q(name__icontains=text) | Q(organisation__startswith=text)
        )
    if role in set(Role):
        rows = rows.filter(pk__in=holding.filter(role=role).values("user"))
    roles = [(one.value, one.label) for one in Role]
    told = {"part": part_of(rows, request), "q": text, "role": role, "roles": roles}
    return render(request, "console/people.html", told)


@page(Role.ADMINISTRATOR)
def admission(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Admit a person, with no role yet."""
    form = AdmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = admit(**form.cleaned_data, lang=language(), actor=actor, now=instant())
        except DalizError as error:
            field = {"staff-login-taken": "login", "staff-password": "password"}.get(error.code)
            form.add_error(field, spoken(error))
        else:
            messages.success(request, said(N_("{name} is admitted. Give a role now."), name=user.name))
            return redirect("console:person", user.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "console/person_new.html", {"form": form}, status=status)


@page(Role.ADMINISTRATOR)
def person(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Show a person: roles, tokens, what was done with the account."""
    return _shown(request, actor, get_object_or_404(User, pk=key))


@require_POST
@page(Role.ADMINISTRATOR)
def granting(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Give a role."""
    user = get_object_or_404(User, pk=key)
    form = GrantForm(request.POST, pack=pack())
    if not form.is_valid():
        return _shown(request, actor, user, grant_form=form)
    grant(
        user=user,
        role=Role(form.cleaned_data["role"]),
        office=form.cleaned_data["office"] or None,
        actor=actor,
        now=instant(),
    )
    messages.success(request, said(N_("The role is given.")))
    return redirect("console:person", key)


@require_POST
@page(Role.ADMINISTRATOR)
def withdrawal(request: HttpRequest, actor: Actor, key: int, grant_key: int) -> HttpResponseBase:
    """Take a role back."""
    withdraw(given=get_object_or_404(RoleGrant, pk=grant_key, user=key), actor=actor, now=instant())
    messages.success(request, said(N_("The role is taken back.")))
    return redirect("console:person", key)


@require_POST
@page(Role.ADMINISTRATOR)
def password(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Give a new password."""
    user = get_object_or_404(User, pk=key)
    form = PasswordForm(request.POST)
    if form.is_valid():
        try:
            reset_password(user=user, password=form.cleaned_data["password"], actor=actor, now=instant())
        except DalizError as error:
            form.add_error("password", spoken(error))
        else:
            messages.success(request, said(N_("The password is changed; old logins have ended.")))
            return redirect("console:person", key)
    return _shown(request, actor, user, password_form=form)


@require_POST
@page(Role.ADMINISTRATOR)
def disabling(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Close an account."""
    user = get_object_or_404(User, pk=key)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _shown(request, actor, user, reason_form=form)
    disable(user=user, reason=form.cleaned_data["reason"], actor=actor, now=instant())
    messages.success(request, said(N_("The account is closed.")))
    return redirect("console:person", key)


@require_POST
@page(Role.ADMINISTRATOR)
def enabling(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Open a closed account again."""
    enable(user=get_object_or_404(User, pk=key), actor=actor, now=instant())
    messages.success(request, said(N_("The account is open again.")))
    return redirect("console:person", key)


@require_POST
@page(Role.ADMINISTRATOR)
def issuing(request: HttpRequest, actor: Actor, key: int) -> HttpResponseBase:
    """Make a token and show it, this once."""
    user = get_object_or_404(User, pk=key)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _shown(request, actor, user, token_form=form)
    now = instant()
    secret = issue_token(
        user=user,
        name=form.cleaned_data["name"],
        scopes=form.cleaned_data["scopes"],
        expires_at=now + timedelta(days=form.cleaned_data["days"]),
        actor=actor,
        now=now,
    )
    return _shown(request, actor, user, secret=secret)


@require_POST
@page(Role.ADMINISTRATOR)
def revocation(request: HttpRequest, actor: Actor, key: int, token_key: int) -> HttpResponseBase:
    """End a token."""
    revoke_token(token=get_object_or_404(Token, pk=token_key, user=key), actor=actor, now=instant())
    messages.success(request, said(N_("The token is ended.")))
    return redirect("console:person", key)


def _shown(request: HttpRequest, actor: Actor, user: User, **forms: object) -> HttpResponseBase:
    """Render a person's page, with a form as it was sent where something is wrong with it."""
    wrong = any(getattr(form, "errors", None) for form in forms.values())
    entries = Entry.objects.filter(subject_kind="user", subject_id=str(user.pk)).order_by("-id")[:20]
    told: dict[str, object] = {
        "user": user,
        "oneself": actor.user_id == user.pk,
        "grants": user.grants.order_by("-until", "role", "office"),
        "tokens": user.tokens.order_by("-id"),
        "entries": entries,
        "now": instant(),
        "grant_form": GrantForm(None, pack=pack()),
        "password_form": PasswordForm(),
        "reason_form": ReasonForm(),
        "token_form": TokenForm(),
    }
    return render(request, "console/person.html", told | forms, status=422 if wrong else 200)
