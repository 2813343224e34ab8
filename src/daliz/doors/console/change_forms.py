"""What officers type to change the course of control, and superiors to decide on it."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms

from daliz.customs.control.models import Appeal, Control, Rerouting
from daliz.doors.pages.codes import FORMS, name_said
from daliz.doors.pages.language import later, said, spoken
from daliz.engine.pack import Decider, Pack
from daliz.language import N_

_LONG: Final = 10_000


def _words(label: str, *, required: bool = True, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=later(label), required=required, max_length=_LONG, widget=forms.Textarea(attrs={"rows": rows})
    )


class StopForm(forms.Form):
    """Why a clock stands still."""

    ground = forms.ChoiceField(label=later(N_("Ground, which the declarant reads")))
    text = _words(N_("Remark for officers only"), required=False)

    def __init__(self, data: Any, *, pack: Pack) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["ground"].choices = [
            (code, spoken(name)) for code, name in pack.clearance.stop_reasons.items()
        ]


class MeasuresForm(forms.Form):
    """By which measures goods are to be controlled again, and why."""

    measures = forms.MultipleChoiceField(
        label=later(N_("Measures, of one form of control")), widget=forms.CheckboxSelectMultiple
    )
    reason = _words(N_("Reason"))

    def __init__(self, data: Any, *, pack: Pack) -> None:
        super().__init__(data)
        _offer_measures(self, pack)


class ReroutingForm(forms.Form):
    """Another control: of one and lighter where it is named, stricter where none is."""

    kind = forms.ChoiceField(label=later(N_("How")), widget=forms.RadioSelect)
    control = forms.TypedChoiceField(
        label=later(N_("Which control")), required=False, coerce=int, empty_value=None
    )
    measures = forms.MultipleChoiceField(
        label=later(N_("Measures, of one form of control")),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ground = forms.ChoiceField(
        label=later(N_("Ground")),
        required=False,
        help_text=later(N_("A proposal to a second person needs none.")),
    )
    reason = _words(N_("Reason"))

    def __init__(self, data: Any, *, pack: Pack, controls: Iterable[Control], control: int | None) -> None:
        super().__init__(data, initial={"kind": Rerouting.PROPOSED, "control": control})
        _offer_measures(self, pack)
        fields: dict[str, Any] = self.fields
        kinds = [(Rerouting.PROPOSED, said(N_("propose it to a second person")))]
        grounds = dict(pack.clearance.rerouting.at_once)
        if grounds:
            kinds.append((Rerouting.AT_ONCE, said(N_("at once, for life, health or weapons"))))
        if pack.policy.decides is Decider.OFFICER:
            kinds.append((Rerouting.DEVIATION, said(N_("depart from advice; it is reviewed later"))))
            grounds |= pack.deviations
        fields["kind"].choices = kinds
        fields["ground"].choices = [("", "–"), *((code, spoken(name)) for code, name in grounds.items())]
        fields["control"].choices = [
            ("", said(N_("none falls away: the measures come besides"))),
            *(
                (one.pk, said(N_("“{form}” falls away or is replaced"), form=name_said(FORMS, one.form)))
                for one in controls
            ),
        ]


class DecisionForm(forms.Form):
    """What the second person says."""

    agreed = forms.TypedChoiceField(
        label=later(N_("Do you agree?")),
        choices=[("yes", later(N_("I agree"))), ("no", later(N_("I do not agree")))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    comment = _words(N_("Reason"))


class VerdictForm(forms.Form):
    """How an appeal ends."""

    verdict = forms.ChoiceField(
        label=later(N_("The finding")),
        choices=[
            (Appeal.UPHELD, later(N_("stands"))),
            (Appeal.CORRECTED, later(N_("is corrected"))),
            (Appeal.ANNULLED, later(N_("is annulled"))),
        ],
        widget=forms.RadioSelect,
    )
    assessed = forms.DecimalField(
        label=later(N_("Payments assessed in addition")),
        help_text=later(N_("Of a corrected finding only.")),
        required=False,
        min_value=0,
        max_digits=20,
        decimal_places=2,
    )
    comment = _words(N_("Reason"))


def _offer_measures(form: forms.Form, pack: Pack) -> None:
    """Offer the measures of control before release, and what ensures them, by the pack's names."""
    fields: dict[str, Any] = form.fields
    fields["measures"].choices = [
        (code, spoken(one.name)) for code, one in pack.measures.items() if one.form != "post_release"
    ]
