"""Holds the parts of a pack together: what no single section can know."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from daliz.engine.pack.pack import Pack
from daliz.engine.pack.problems import Place, Problems
from daliz.engine.pack.profile import CapacityRule, Profile, ProfileKind, ProfileStatus
from daliz.language import N_

_SHARES_SUM: Final = 0.005
"""How far published shares may be from 1 in sum; they are published rounded."""


def check_references(pack: Pack, places: Mapping[str, Place], problems: Problems, *, whole: bool) -> None:
    """Note what does not fit together in a pack.

    Args:
        pack: as read; what could not be read is missing or blank in it.
        places: where sections, their entries (``measures.desk_check``) and profiles (by id) stand.
        problems: takes what is wrong.
        whole: every profile could be read, so that a missing one is missing indeed.
    """
    _corridors(pack, places, problems)
    _versions(pack, places, problems)
    _advice(pack, places, problems)
    if whole:
        _forms(pack, places, problems)
        _random(pack, places, problems)
        _directions(pack, places, problems)


def _at(places: Mapping[str, Place], *names: str) -> Place:
    """Return the first place that is known of ``names``."""
    return next((places[name] for name in names if name in places), places[""])


def _corridors(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    at = _at(places, "corridors")
    if pack.corridors and not any(c.releases_automatically for c in pack.corridors):
        problems.add("pack-corridors", at, N_("at least one corridor releases automatically"))
    for freer, stricter in pairwise(pack.corridors):
        if stricter.releases_automatically and not freer.releases_automatically:
            template = N_("{stricter} is stricter than {freer} and yet releases automatically")
            place = _at(places, f"corridors.{stricter.code}")
            problems.add("pack-corridors", place, template, stricter=stricter.code, freer=freer.code)
    shares = [c.published_share for c in pack.corridors]
    known = [share for share in shares if share is not None]
    total = sum(known)
    if (len(known) == len(shares) and known and abs(total - 1) > _SHARES_SUM) or total > 1 + _SHARES_SUM:
        template = N_("the published shares make {total}, not 1")
        problems.add("pack-corridors", at, template, total=f"{total:.3f}")


def _forms(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    """Every form that has capacity has a measure, and a profile that orders it."""
    ordered = {code for profile in pack.profiles if _counts(profile) for code in profile.measures}
    for form in pack.forms:
        measures = [measure for measure in pack.measures.values() if measure.form == form]
        at = _at(places, "policy")
        if not measures:
            problems.add(
                "pack-form", at, N_("no measure has the form {form}, but it has capacity"), form=form
            )
        elif pack.profiles and not any(measure.code in ordered for measure in measures):
            problems.add("pack-form", at, N_("no profile orders a measure of the form {form}"), form=form)


def _random(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    """Each stratum with a share has exactly one random profile at a time, and none else has."""
    strata = {stratum.code: stratum for stratum in pack.policy.random.strata}
    by_stratum: dict[str, list[Profile]] = defaultdict(list)
    for profile in pack.profiles:
        if profile.kind is ProfileKind.RANDOM and profile.stratum in strata and _counts(profile):
            by_stratum[profile.stratum].append(profile)
    for code, stratum in strata.items():
        found = by_stratum[code]
        if stratum.share > 0 and not found:
            template = N_(
                "stratum {stratum} has a share but no random profile; nothing is controlled without one"
            )
            problems.add("pack-random", _at(places, "policy"), template, stratum=code)
        if stratum.share == 0 and found:
            template = N_("stratum {stratum} has no share, so it has no random profile either")
            problems.add("pack-random", _at(places, found[0].id), template, stratum=code)
        for first, second in _overlapping(found):
            template = N_("stratum {stratum} has the random profile {other} already in the same days")
            problems.add("pack-random", _at(places, second.id), template, stratum=code, other=first.id)


def _directions(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    used = {profile.direction for profile in pack.profiles}
    for code in pack.directions:
        if pack.profiles and code not in used:
            template = N_("no profile guards against {direction}")
            problems.add("pack-direction", _at(places, f"directions.{code}"), template, direction=code)
    if pack.profiles and not any(profile.capacity is CapacityRule.MANDATORY for profile in pack.profiles):
        problems.add("pack-profiles", places[""], N_("no profile is mandatory"))


def _advice(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    """Reasons for departing from advice are there exactly where there is advice."""
    if pack.policy.advises and not pack.deviations:
        template = N_("the officer decides on advice; list in deviations the reasons for departing from it")
        problems.add("pack-deviations", _at(places, "policy.decides", "policy"), template)
    if pack.deviations and not pack.policy.advises:
        template = N_("the system decides, so there is nothing to depart from; leave deviations out")
        problems.add("pack-deviations", _at(places, "deviations"), template)


def _versions(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    """Two versions of one profile never decide on the same day."""
    by_id: dict[str, list[Profile]] = defaultdict(list)
    for profile in pack.profiles:
        if profile.status is ProfileStatus.ACTIVE:
            by_id[profile.id].append(profile)
    for found in by_id.values():
        for first, second in _overlapping(found):
            template = N_("versions {first} and {second} of {id} are active on the same days")
            problems.add(
                "pack-profile-twice", _at(places, first.id), template,
                first=first.version, second=second.version, id=first.id,
            )  # fmt: skip


def _counts(profile: Profile) -> bool:
    return profile.status is ProfileStatus.ACTIVE


def _overlapping(profiles: list[Profile]) -> list[tuple[Profile, Profile]]:
    ordered = sorted(profiles, key=lambda profile: (profile.valid_from, profile.id, profile.version))
    return [(first, second) for first, second in pairwise(ordered) if second.valid_from <= first.valid_until]
