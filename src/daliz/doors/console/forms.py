"""What officers type: findings, requests, ends, reassignment."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from daliz.customs.control.concluding import Ending
from daliz.customs.control.states import AFTER_RELEASE, Outcome
from daliz.doors.console.seen import ControlSeen
from daliz.doors.pages.handing_in import FilesField, ManyFiles
from daliz.doors.pages.language import later, said, spoken
from daliz.engine.pack import Pack
from daliz.engine.pack.control import EXTENT_NAMES
from daliz.language import N_, DalizError

_FOUND: Final = ("customs_value", "hs_code", "origin_country", "net_mass_kg", "quantity", "duty_rate")
_KEPT_BACK: Final = (Outcome.REFUSED, Outcome.SEIZED)
_LONG: Final = 10_000
_ABOUT: Final[Mapping[str, str]] = {
    "control-security": "security",
    "control-terms": "terms",
    "control-until": "until",
    "control-shallower": "shallower_because",
}
"""What of an end an error is about."""
_FOUND_ABOUT: Final[Mapping[str, str]] = {
    "file": "photographs",
    "photograph": "photographs",
    "finding-unknown": "assessed",
}
"""What of a finding an error is about, by its code or how that begins."""


class FindingForm(forms.Form):
    """What was found against what was declared."""

    item_no = forms.TypedChoiceField(
        label=later(N_("Goods item")), required=False, coerce=int, empty_value=None
    )
    violation = forms.TypedChoiceField(
        label=later(N_("Was the law broken?")),
        choices=[("no", later(N_("no violation"))), ("yes", later(N_("violation")))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    violation_type = forms.ChoiceField(label=later(N_("Type of violation")), required=False)
    found_customs_value = forms.DecimalField(
        label=later(N_("Customs value found")), required=False, min_value=0, max_digits=20, decimal_places=2
    )
    found_hs_code = forms.RegexField(
        r"^\d{2,12}$", label=later(N_("HS code found")), required=False, max_length=12
    )
    found_origin_country = forms.RegexField(
        r"^[A-Za-z]{2}$", label=later(N_("Origin found, two letters")), required=False, max_length=2
    )
    found_net_mass_kg = forms.DecimalField(
        label=later(N_("Net mass found, kg")), required=False, min_value=0, max_digits=16, decimal_places=3
    )
    found_quantity = forms.DecimalField(
        label=later(N_("Quantity found")), required=False, min_value=0, max_digits=16, decimal_places=3
    )
    found_duty_rate = forms.DecimalField(
        label=later(N_("Rate of duty found, %")),
        required=False,
        min_value=0,
        max_value=1000,
        decimal_places=4,
        help_text=later(N_("Where a new code or origin has another rate.")),
    )
    assessed = forms.DecimalField(
        label=later(N_("Payments assessed in addition")),
        help_text=later(N_("Left empty, it is computed from what was found, where payments are declared.")),
        required=False,
        min_value=0,
        max_digits=20,
        decimal_places=2,
    )
    extent = forms.ChoiceField(label=later(N_("Depth of the control")), required=False)
    minutes = forms.FloatField(label=later(N_("Time spent, minutes")), min_value=0, max_value=100_000)
    remark = forms.CharField(
        label=later(N_("Remark")),
        required=False,
        max_length=_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    photographs = FilesField(
        label=later(N_("Photographs")),
        help_text=later(N_("JPEG, PNG or TIFF, several at once; the declarant does not see them.")),
        required=False,
        widget=ManyFiles(attrs={"accept": "image/jpeg,image/png,image/tiff"}),
    )

    def __init__(
        self, data: Any, files: Any, *, seen: ControlSeen, pack: Pack, initial: dict[str, Any]
    ) -> None:
        super().__init__(data, files, initial=initial)
        fields: dict[str, Any] = self.fields
        fields["item_no"].choices = [
            ("", said(N_("the declaration as a whole"))),
            *(
                (one.item_no, f"{one.item_no}. {one.values.get('description') or ''}"[:90])
                for one in seen.items
            ),
        ]
        types = pack.code_lists.get("violation_types")
        known = types.members if types else {}
        fields["violation_type"].choices = [
            ("", "–"),
            *((code, spoken(name)) for code, name in known.items()),
        ]
        fields["extent"].choices = [("", "–"), *((code, said(name)) for code, name in EXTENT_NAMES.items())]

    def clean(self) -> dict[str, Any]:
        """Ask for a type with a violation, and for none without."""
        told: dict[str, Any] = super().clean() or self.cleaned_data
        if told.get("violation") and not told.get("violation_type"):
            self.add_error("violation_type", said(N_("Name the type of the violation.")))
        if "violation" in told and not told["violation"]:
            told["violation_type"] = ""
            if told.get("assessed"):
                self.add_error("assessed", said(N_("Payments are assessed of a violation only.")))
        if "item_no" in told and told["item_no"] is None and self.found:
            self.add_error("item_no", said(N_("Name the goods item of which this was found.")))
        return told

    def wrong(self, error: DalizError) -> None:
        """Say what was refused beside the field that it is about."""
        code = error.code
        self.add_error(_FOUND_ABOUT.get(code, _FOUND_ABOUT.get(code.partition("-")[0])), spoken(error))

    @property
    def found(self) -> dict[str, str]:
        """What was found, as it is kept beside the finding; only what was typed."""
        told = {name: self.cleaned_data.get(f"found_{name}") for name in _FOUND}
        if told["duty_rate"] is not None:
            told["duty_rate"] /= 100
        return {name: str(value).upper() for name, value in told.items() if value not in (None, "")}


class AskForm(forms.Form):
    """A document of the pack's catalogue."""

    code = forms.ChoiceField(label=later(N_("Document")))
    text = forms.CharField(
        label=later(N_("What exactly, in your words")),
        required=False,
        max_length=_LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any, *, pack: Pack) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["code"].choices = [(code, spoken(name)) for code, name in pack.clearance.requests.items()]


class ConclusionForm(forms.Form):
    """How a control ends, and what goes with the end."""

    outcome = forms.ChoiceField(label=later(N_("How the control ends")), widget=forms.RadioSelect)
    security = forms.DecimalField(
        label=later(N_("Security, where release is under security")),
        help_text=later(N_("Left empty, it is the sum assessed.")),
        required=False,
        min_value=0,
        max_digits=20,
        decimal_places=2,
    )
    terms = forms.CharField(
        label=later(N_("Conditions of the release, or the question to the expert")),
        required=False,
        max_length=_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateField(
        label=later(N_("Last day to meet the conditions")),
        help_text=later(N_("Of a conditional release; left empty, no day is stated.")),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    shallower_because = forms.CharField(
        label=later(N_("Why less deep than ordered, if so")),
        required=False,
        max_length=_LONG,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, data: Any, *, seen: ControlSeen, proposed: Outcome | None = None, before_release: bool = True
    ) -> None:
        super().__init__(data, initial={"outcome": proposed.value} if proposed else None)
        fields: dict[str, Any] = self.fields
        ways = Outcome if before_release else AFTER_RELEASE
        fields["outcome"].choices = [
            (one.value, spoken(one.told(before_release=before_release))) for one in ways
        ]
        if not before_release:
            for name in ("security", "terms", "until"):
                del fields[name]
            return
        ends = [("", said(N_("as the others"))), *((one.value, spoken(one.label)) for one in _KEPT_BACK)]
        for one in seen.items:
            label = f"{one.item_no}. {one.values.get('description') or ''}"[:60]
            fields[f"item_{one.item_no}"] = forms.ChoiceField(label=label, required=False, choices=ends)

    @property
    def by_item(self) -> list[forms.BoundField]:
        """The fields of the goods items."""
        return [self[name] for name in self.fields if name.startswith("item_")]

    @property
    def ending(self) -> Ending:
        """What goes with the end, as it was typed."""
        told = self.cleaned_data
        named = {
            int(n.removeprefix("item_")): end for n, end in told.items() if n.startswith("item_") and end
        }
        return Ending(
            items={number: Outcome(end) for number, end in named.items()},
            security=told.get("security"),
            terms=told.get("terms", ""),
            until=told.get("until"),
            shallower_because=told["shallower_because"],
        )

    def wrong(self, error: DalizError) -> None:
        """Say what was refused beside the field that it is about."""
        self.add_error(_ABOUT.get(error.code), spoken(error))


class SettlementForm(forms.Form):
    """How conditions of a release, or an expert examination, ended."""

    kept = forms.TypedChoiceField(
        label=later(N_("How did it end?")),
        choices=[
            ("yes", later(N_("as the declaration says, or as was asked"))),
            ("no", later(N_("otherwise: the declaration is wrong, or the conditions were not met"))),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    result = forms.CharField(
        label=later(N_("Result, which the declarant reads")),
        max_length=_LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConfirmationForm(forms.Form):
    """What the second officer says."""

    agreed = forms.ChoiceField(
        label=later(N_("Do you agree?")),
        choices=[("yes", later(N_("I agree"))), ("no", later(N_("back to the officer, with a reason")))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=later(N_("Reason")), required=False, max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class LongReasonForm(forms.Form):
    """Why, in as many words as it takes."""

    reason = forms.CharField(
        label=later(N_("Reason")), max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReassignForm(forms.Form):
    """To whom a control goes, and why."""

    officer = forms.TypedChoiceField(label=later(N_("To whom")), coerce=int)
    reason = forms.CharField(
        label=later(N_("Reason")), max_length=_LONG, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any, *, officers: list[tuple[int, str]]) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        fields["officer"].choices = officers
