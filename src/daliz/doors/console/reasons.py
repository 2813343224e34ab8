"""Why a decision is what it is, for analysts: what fired on which values, what each added, what time did."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from daliz.customs.assessment.models import Decision
from daliz.doors.pages.codes import FORMS, name_said
from daliz.engine.indicators.sentence import sentence
from daliz.engine.pack import Pack, Profile
from daliz.language import N_, translate
from daliz.language.numbers import format_number

_CLAIMS = {
    "mandatory": N_("mandatory"),
    "random": N_("random share"),
    "waivable": N_("targeted"),
    "inherited": N_("taken over from an earlier version"),
}


@dataclass(frozen=True, slots=True)
class Fired:
    """A profile that fired.

    Attributes:
        profile: its name and version.
        area: the risk area's name.
        sentence: its indicator in words.
        indicator: its indicator as text.
        added: log odds that it added; None if it adds none.
        values: by goods item (None: the whole), label → value.
    """

    profile: str
    area: str
    sentence: str
    indicator: str
    added: float | None
    values: tuple[tuple[int | None, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True, slots=True)
class OrderTold:
    """A row of the decision: a measure asked for, ordered or waived; by an exception list if one is named."""

    item_no: int | None
    profile: str
    area: str
    measure: str
    form: str
    extent: str
    claim: str
    ordered: bool
    spared_by: str
    deferred: bool


@dataclass(frozen=True, slots=True)
class FormTold:
    """A form of control: whether it is carried out and why, with which probability it was to be chosen."""

    name: str
    claim: str
    propensity: float | None
    price: float | None
    by_models: float | None


@dataclass(frozen=True, slots=True)
class Explained:
    """Every reason of a decision.

    Attributes:
        model: published version that scored it; empty if none did.
        belief: how far models count against profiles, 0 to 1.
        by_profiles: the probability by profiles alone; None where it was not told yet.
        lists: exception lists on which it stands.
    """

    fired: tuple[Fired, ...]
    orders: tuple[OrderTold, ...]
    forms: tuple[FormTold, ...]
    unknown: tuple[str, ...]
    beyond: tuple[Mapping[str, str], ...]
    stratum: str
    model: str
    belief: float
    by_profiles: float | None
    lists: tuple[str, ...]

    @classmethod
    def of(cls, row: Decision, pack: Pack, lang: str) -> Self:
        """Read a decision as it is kept; what its pack no longer has keeps its code."""
        content: dict[str, Any] = json.loads(row.content)
        orders = list(row.orders.order_by("id"))
        profiles = {(one.id, one.version): one for one in pack.profiles}
        newest = {one.id: one for one in sorted(pack.profiles, key=lambda one: one.version)}
        added = {name: float(value) for name, value in content["contributions"]}
        seen: dict[tuple[str, int], dict[int | None, tuple[tuple[str, str], ...]]] = {}
        for order in orders:
            values = _values(order.reasons, pack, lang)
            seen.setdefault((order.profile_id, order.profile_version), {})[order.item_no] = values
        fired = [
            _fired(
                name,
                version,
                profile=profiles.get((name, version)),
                added=added.get(name),
                values=values,
                pack=pack,
                lang=lang,
            )
            for (name, version), values in seen.items()
        ]
        only_scored = [name for name in added if name not in {key for key, _ in seen}]
        fired += [
            _fired(name, None, profile=newest.get(name), added=added[name], values={}, pack=pack, lang=lang)
            for name in only_scored
        ]
        fired.sort(key=lambda one: -(one.added or 0.0))
        claims: Mapping[str, str] = content["controls"]
        propensity, prices = content["propensity"], content.get("prices", {})
        foretold = {form: chance for form, chance in content.get("models", {}).items() if chance is not None}
        return cls(
            fired=tuple(fired),
            orders=tuple(
                OrderTold(
                    order.item_no,
                    f"{order.profile_id} v{order.profile_version}",
                    _area(profiles.get((order.profile_id, order.profile_version)), lang),
                    order.measure,
                    order.control_form,
                    order.extent,
                    _claim(order.capacity, lang),
                    order.status == "ordered",
                    _list_name(order.spared_by, pack, lang) if order.spared_by else "",
                    order.deferred,
                )
                for order in orders
            ),
            forms=tuple(
                FormTold(
                    name_said(FORMS, form),
                    _claim(claims[form], lang) if form in claims else "",
                    propensity.get(form),
                    prices.get(form),
                    foretold.get(form),
                )
                for form in sorted({*claims, *propensity, *prices, *foretold})
            ),
            unknown=tuple(_named(name, newest, lang) for name in content.get("unknown_profiles", ())),
            beyond=tuple(content.get("codes_beyond", ())),
            stratum=str(content.get("stratum") or ""),
            model=str(content.get("model") or ""),
            belief=float(content.get("model_belief", 0.0)),
            by_profiles=content.get("probability_profiles"),
            lists=tuple(_list_name(one["list"], pack, lang) for one in content.get("exceptions", ())),
        )


def _fired(
    name: str,
    version: int | None,
    *,
    profile: Profile | None,
    added: float | None,
    values: Mapping[int | None, tuple[tuple[str, str], ...]],
    pack: Pack,
    lang: str,
) -> Fired:
    ordered = sorted(values.items(), key=lambda pair: pair[0] or 0)
    return Fired(
        profile=name if version is None else f"{name} v{version}",
        area=_area(profile, lang),
        sentence=sentence(profile.indicator, pack.vocabulary, lang, pack.names) if profile else "",
        indicator=profile.indicator.text if profile else "",
        added=added,
        values=tuple(ordered),
    )


def _area(profile: Profile | None, lang: str) -> str:
    return profile.area.name.in_(lang) if profile else ""


def _named(code: str, newest: Mapping[str, Profile], lang: str) -> str:
    """Return what a profile is about with its code; the code alone where the pack no longer has it."""
    return f"{_area(newest[code], lang)} ({code})" if code in newest else code


def _values(reasons: str, pack: Pack, lang: str) -> tuple[tuple[str, str], ...]:
    told: Mapping[str, object] = json.loads(reasons) if reasons else {}
    return tuple((_label(name, pack, lang), _value(name, value, pack, lang)) for name, value in told.items())


def _label(name: str, pack: Pack, lang: str) -> str:
    known = pack.vocabulary.get(name)
    return known.label.in_(lang) if known else name


def _value(name: str, value: object, pack: Pack, lang: str) -> str:
    if value is None:
        return translate("unknown", lang)
    if isinstance(value, bool):
        return translate("yes", lang) if value else translate("no", lang)
    if isinstance(value, int | float):
        return format_number(value, lang)
    if isinstance(value, list):
        return "; ".join(_value(name, one, pack, lang) for one in value[:5]) + (
            " …" if len(value) > 5 else ""
        )
    return pack.names.of_code(name, str(value), lang) or str(value)


def _list_name(code: str, pack: Pack, lang: str) -> str:
    known = pack.exception_lists.get(code)
    return known.name.in_(lang) if known else code


def _claim(code: str, lang: str) -> str:
    return translate(_CLAIMS[code], lang) if code in _CLAIMS else code
