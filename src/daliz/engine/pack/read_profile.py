"""Reads one profile and holds it to what may be approved."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from daliz.engine.indicators import Expression
from daliz.engine.pack.control import Corridor, Direction, Measure
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.policy import Policy
from daliz.engine.pack.profile import (
    Area,
    CapacityRule,
    Point,
    Profile,
    ProfileKind,
    ProfileStatus,
    Scope,
    Stream,
)
from daliz.engine.pack.read_border import COUNTRY, read_source
from daliz.engine.pack.read_cases import read_cases
from daliz.engine.pack.reader import CODE, Entry
from daliz.engine.pack.simplified import SimplifiedProcedure, eased
from daliz.language import N_, Text


@dataclass(frozen=True, slots=True)
class Border:
    """What a profile may name."""

    offices: Collection[str]
    directions: Mapping[str, Direction]
    corridors: Mapping[str, Corridor]
    measures: Mapping[str, Measure]
    laws: Mapping[str, Text]
    policy: Policy
    expressions: Expressions
    risk_areas: Collection[str]
    simplified: Mapping[str, SimplifiedProcedure]


def read_profile(entry: Entry, border: Border) -> Profile | None:
    """Return the profile, or None when an expression of it cannot be read; what is wrong is noted."""
    kind = entry.member("kind", ProfileKind)
    stream = entry.member("stream", Stream)
    scope = entry.member("scope", Scope)
    offices = entry.references("offices", N_("office"), border.offices, optional=True)
    if bool(offices) != (scope is Scope.REGIONAL):
        template = N_("a regional profile names its offices, a republican one none")
        entry.problems.add("pack-scope", entry.place("offices"), template)
    direction = entry.reference("direction", N_("direction"), border.directions)
    capacity = entry.member("capacity", CapacityRule)
    exclusions = border.expressions.read(entry, "exclusions", optional=True)
    if capacity is CapacityRule.WAIVABLE:
        exclusions = eased(exclusions, direction, border.simplified, border.expressions)
    stratum, indicator, share = _recognises(entry, kind, border)
    profile = Profile(
        id=entry.text("id", pattern=CODE),
        version=entry.whole("version", 1),
        kind=kind,
        status=entry.member("status", ProfileStatus),
        direction=direction,
        stream=stream,
        points=_points(entry),
        scope=scope,
        offices=offices,
        area=_area(entry.entry("area")),
        applies=_applies(stream, offices, border.expressions),
        indicator=indicator or _applies(stream, (), border.expressions),
        exclusions=exclusions,
        threshold=entry.number("threshold", 0, 1, above=True) if kind is ProfileKind.MODEL else None,
        stratum=stratum,
        capacity=capacity,
        share=share,
        measures=entry.references("measures", N_("measure"), border.measures),
        hint=entry.words("hint"),
        look_at=entry.words("look_at"),
        valid_from=entry.day("valid_from"),
        valid_until=entry.day("valid_until"),
        review_by=entry.day("review_by"),
        owner=entry.text("owner"),
        source=read_source(entry, border.laws),
        cases=read_cases(entry, border.expressions.vocabulary, needed=kind is ProfileKind.EXPERT),
        risk_area=_risk_area(entry, kind, border),
        deferrable=entry.flag("deferrable", default=False),
    )
    entry.close()
    _check_days(entry, profile)
    _check_measures(entry, profile, border)
    _check_capacity(entry, profile)
    if profile.deferrable:
        _check_deferral(entry, profile, border)
    return profile if indicator is not None else None


def _check_deferral(entry: Entry, profile: Profile, border: Border) -> None:
    """Only document checks wait, of waivable profiles, and never where more than revenue is guarded."""
    at = entry.place("deferrable")
    direction = border.directions.get(profile.direction)
    if profile.capacity is not CapacityRule.WAIVABLE or profile.kind is ProfileKind.RANDOM:
        entry.problems.add("pack-deferral", at, N_("only control by a waivable profile may wait"))
    if direction is not None and (direction.non_fiscal or not direction.deferrable):
        template = N_("control of {direction} never waits")
        entry.problems.add("pack-deferral", at, template, direction=profile.direction)
    papers = [m for code in profile.measures if (m := border.measures.get(code)) and m.form == "documents"]
    if not papers or not all(measure.deferrable for measure in papers):
        template = N_("only document checks wait, and each of them must be deferrable")
        entry.problems.add("pack-deferral", at, template)
    if border.policy.deferred_as is None:
        template = N_("policy: deferred_as names no measure by which it would be done after release")
        entry.problems.add("pack-deferral", at, template)


def _recognises(
    entry: Entry, kind: ProfileKind, border: Border
) -> tuple[str | None, Expression | None, float]:
    """Return stratum, indicator and share; a random profile takes the last two from its stratum."""
    if kind is not ProfileKind.RANDOM:
        return (
            None,
            border.expressions.read(entry, "indicator"),
            entry.number("share", 0, 1, above=True, default=1),
        )
    strata = {stratum.code: stratum for stratum in border.policy.random.strata}
    code = entry.reference("stratum", N_("stratum"), strata)
    for key in ("indicator", "share"):
        if entry.has(key):
            template = N_("a random profile takes its {key} from its stratum; leave it out here")
            entry.problems.add("pack-random-profile", entry.place(key), template, key=key)
        entry.asked.add(key)
    found = strata.get(code)
    return code, found.when if found else None, found.share if found else 0.0


def _risk_area(entry: Entry, kind: ProfileKind, border: Border) -> str | None:
    """Return the area of the register; every profile but the random ones has one if there is a register."""
    needed = bool(border.risk_areas) and kind is not ProfileKind.RANDOM
    return entry.reference("risk_area", N_("risk area"), border.risk_areas, optional=not needed) or None


def _points(entry: Entry) -> tuple[Point, ...]:
    points = []
    for found in entry.scalars("points"):
        if found.text in [point.value for point in Point]:
            points.append(Point(found.text))
        else:
            entry.problems.unknown(
                "pack-unknown-point",
                found.place,
                N_("assessment point"),
                found.text,
                [p.value for p in Point],
            )
    return tuple(points)


def _area(entry: Entry) -> Area:
    countries = entry.texts("countries", optional=True)
    for found in entry.scalars("countries", optional=True):
        if not COUNTRY.fullmatch(found.text):
            template = N_("{found!r} is not a country; write two capital letters, ISO 3166-1")
            entry.problems.add("pack-country", found.place, template, found=found.text)
    area = Area(
        name=entry.words("name"),
        risk=entry.words("risk"),
        risk_goods=entry.words("risk_goods"),
        cover_goods=entry.words_or_none("cover_goods"),
        countries=countries,
        routes=entry.words_or_none("routes"),
    )
    entry.close()
    return area


def _applies(stream: Stream, offices: tuple[str, ...], expressions: Expressions) -> Expression:
    text = f"declaration.direction = '{stream.value}'"
    if offices:
        text += " AND declaration.office IN (" + ", ".join(f"'{office}'" for office in offices) + ")"
    return expressions.parse(text)


def _check_days(entry: Entry, profile: Profile) -> None:
    if profile.valid_until < profile.valid_from:
        template = N_("valid until {until}, but from {start} only")
        entry.problems.add(
            "pack-validity",
            entry.place("valid_until"),
            template,
            until=profile.valid_until,
            start=profile.valid_from,
        )
    elif not profile.valid_from <= profile.review_by <= profile.valid_until:
        template = N_("the review on {review} lies outside the validity, {start} to {until}")
        entry.problems.add(
            "pack-validity", entry.place("review_by"), template,
            review=profile.review_by, start=profile.valid_from, until=profile.valid_until,
        )  # fmt: skip


def _check_measures(entry: Entry, profile: Profile, border: Border) -> None:
    measures = [border.measures[code] for code in profile.measures if code in border.measures]
    at = entry.place("measures")
    if measures and not any(measure.form for measure in measures):
        entry.problems.add(
            "pack-measures", at, N_("at least one measure is a form of control; these only ensure it")
        )
    direction = border.directions.get(profile.direction)
    for measure in measures:
        corridor = border.corridors.get(measure.corridor)
        if direction and not direction.deferrable and corridor and corridor.releases_automatically:
            template = N_("{measure} comes after release, but control of {direction} never waits until then")
            entry.problems.add("pack-deferred", at, template, measure=measure.code, direction=direction.code)
    if profile.kind is ProfileKind.RANDOM and profile.measures != (border.policy.random.measure,):
        template = N_("a random profile has the one measure of the random share, {measure}")
        entry.problems.add("pack-random-profile", at, template, measure=border.policy.random.measure)


def _check_capacity(entry: Entry, profile: Profile) -> None:
    if entry.has("exclusions") and (
        profile.capacity is CapacityRule.MANDATORY or profile.kind is ProfileKind.RANDOM
    ):
        template = N_("nothing is excluded from a mandatory profile or from the random share")
        entry.problems.add("pack-exclusions", entry.place("exclusions"), template)
    if profile.kind is ProfileKind.RANDOM and profile.capacity is not CapacityRule.MANDATORY:
        template = N_("the random share is drawn first and not waived; its capacity is mandatory")
        entry.problems.add("pack-random-profile", entry.place("capacity"), template)
    if (
        profile.capacity is CapacityRule.MANDATORY
        and profile.kind is ProfileKind.EXPERT
        and profile.share < 1
    ):
        template = N_("a mandatory profile fires whenever it recognises; its share is 1")
        entry.problems.add("pack-share", entry.place("share"), template)
