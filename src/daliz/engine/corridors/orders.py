"""What is ordered for one declaration: a row for each profile, item and measure, with the reasons."""

import json
from dataclasses import dataclass, replace

from daliz.engine.corridors.reasons import Why
from daliz.engine.pack import CapacityRule, Pack, Profile

ORDERED = "ordered"
WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Order:
    """One row of ``measures``: see its schema for the meaning of each field."""

    item_no: int | None
    profile_id: str
    profile_version: int
    capacity: str
    measure: str
    control_form: str | None
    extent: str | None
    status: str
    reasons: str
    spared_by: str | None = None
    deferred: bool = False

    @property
    def key(self) -> tuple[int | None, str, str]:
        """What makes two orders of one declaration the same."""
        return self.item_no, self.profile_id, self.measure

    def spared(self, code: str) -> "Order":
        """Return the same order as set aside by an exception list."""
        return replace(self, status=WAIVED, spared_by=code)

    def inherited(self) -> "Order":
        """Return the same order as a later version of the declaration takes it over."""
        return replace(self, capacity="inherited", status=ORDERED)


def orders(
    pack: Pack,
    profile: Profile,
    *,
    why: Why,
    controls: frozenset[str],
    by_draw: bool,
    may_wait: bool = False,
) -> list[Order]:
    """Return what one fired profile orders, or would have ordered had there been officer time.

    Args:
        pack: for measures.
        profile: that fired.
        why: the items for which it holds and the values that made it fire.
        controls: forms of control that the declaration gets.
        by_draw: the profile is the random share's.
        may_wait: document checks of the declaration may be done after release instead.

    A measure that ensures control follows the profile's forms of control; a profile with no form of its own
    needs no officer time and is always ordered.
    """
    mandatory = profile.capacity is CapacityRule.MANDATORY and not by_draw
    forms = {pack.measures[code].form for code in profile.measures} - {None}
    any_given = mandatory or not forms or bool(forms & _covered(controls))
    reasons = [json.dumps(dict(v), ensure_ascii=False, sort_keys=True, default=str) for v in why.reasons]
    waits = may_wait and profile.deferrable and "post_release" in controls
    waits = waits and "documents" not in _covered(controls)
    measures = _in_place(pack, profile) if waits else profile.measures
    rows: list[Order] = []
    for code in measures:
        measure = pack.measures[code]
        given = any_given if measure.form is None else mandatory or measure.form in _covered(controls)
        rows.extend(
            Order(
                item_no=item,
                profile_id=profile.id,
                profile_version=profile.version,
                capacity="random" if by_draw else str(profile.capacity),
                measure=code,
                control_form=measure.form,
                extent=measure.extent,
                status=ORDERED if given else WAIVED,
                reasons=reason,
                deferred=waits and code == pack.policy.deferred_as and code not in profile.measures,
            )
            for item, reason in zip(why.items, reasons, strict=True)
        )
    return rows


def _in_place(pack: Pack, profile: Profile) -> tuple[str, ...]:
    """Return the measures of a profile with the one after release in place of its document checks."""
    later = pack.policy.deferred_as
    named = [later if pack.measures[code].form == "documents" else code for code in profile.measures]
    return tuple(dict.fromkeys(code for code in named if code is not None))


def _covered(controls: frozenset[str]) -> frozenset[str]:
    """Opening the goods includes checking the documents."""
    return controls | {"documents"} if "physical" in controls else controls
