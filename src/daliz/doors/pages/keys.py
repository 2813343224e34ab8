"""Forms of security keys, whose field allauth leaves without a name that could be said."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from daliz.doors.pages.language import later
from daliz.language import N_


class AddKey(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key that is added."""

    name = forms.CharField(label=later(N_("Name of the key")), max_length=100, required=False)


class RenameKey(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A key that is given another name."""

    name = forms.CharField(label=later(N_("Name of the key")), max_length=100)
