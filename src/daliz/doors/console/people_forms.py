"""What administrators type: people, roles, passwords, tokens."""

from typing import Any, Final

from django import forms

from daliz.doors.pages.codes import SCOPES as NAMES
from daliz.doors.pages.language import later, said, spoken
from daliz.engine.pack import Pack
from daliz.ground.staff.actions import SCOPES
from daliz.ground.staff.actor import Role
from daliz.language import N_

_LONG: Final = 10_000


class AdmitForm(forms.Form):
    """A person to be admitted."""

    login = forms.RegexField(r"^[a-z0-9._-]{2,64}$", label=later(N_("Login")), max_length=64)
    name = forms.CharField(label=later(N_("Name")), max_length=200)
    email = forms.EmailField(label=later(N_("E-mail")), required=False)
    organisation = forms.CharField(label=later(N_("Organisation")), required=False, max_length=32)
    password = forms.CharField(
        label=later(N_("First password")),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=later(N_("Twelve characters at least. The person changes it after logging in.")),
    )


class GrantForm(forms.Form):
    """A role, everywhere or at one office."""

    role = forms.ChoiceField(label=later(N_("Role")))
    office = forms.ChoiceField(label=later(N_("Office")), required=False)

    def __init__(self, data: Any, *, pack: Pack) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["role"].choices = [(role.value, spoken(role.label)) for role in Role]
        fields["office"].choices = [
            ("", said(N_("every office"))),
            *((code, f"{spoken(office.name)} ({code})") for code, office in pack.offices.items()),
        ]


class PasswordForm(forms.Form):
    """A new password for somebody who lost his."""

    password = forms.CharField(
        label=later(N_("New password")), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=later(N_("Reason")), max_length=_LONG)


class TokenForm(forms.Form):
    """A token for a program."""

    name = forms.CharField(label=later(N_("For which program")), max_length=100)
    days = forms.IntegerField(label=later(N_("For how many days")), min_value=1, max_value=730, initial=365)
    scopes = forms.MultipleChoiceField(
        label=later(N_("For what")),
        choices=[(scope, later(NAMES[scope])) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        initial=list(SCOPES),
    )
