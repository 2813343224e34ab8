"""What is backtested: a profile or an expression as one condition that holds or not for an item."""

import difflib
from dataclasses import dataclass, replace
from typing import ClassVar

from daliz.engine.features.vocabulary import Grain, Kind
from daliz.engine.indicators import Expression
from daliz.engine.indicators.nodes import And, Compare, IsTruth, Name, Node, Not, Number
from daliz.engine.pack import (
    CapacityRule,
    Pack,
    Point,
    Profile,
    ProfileKind,
    ProfileStatus,
    UnknownRule,
)
from daliz.language import N_, DalizError

_VERSION = Name("declaration.version", Kind.NUMBER, Grain.DECLARATION)


class ProfileError(DalizError):
    """The profile asked for cannot be backtested."""

    code: ClassVar[str] = "backtest-profile"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that fires.

    Attributes:
        key: ``KZ-UV-01``, or ``expression``.
        holds: the whole condition, in three-valued logic: where it applies, its indicator, its exclusions.
        fires_unknown: it fires as well where the condition is unknown (mandatory, where policy says so).
        minutes: officer time that its measures ask for one declaration, minutes; None where it has none.
        version: of the profile; None for an expression.
    """

    key: str
    holds: Node
    fires_unknown: bool = False
    minutes: float | None = None
    version: int | None = None

    @property
    def fires(self) -> Node:
        """The condition that is true of an item exactly where the subject fires for it."""
        return Not(IsTruth(self.holds, False)) if self.fires_unknown else self.holds

    def with_condition(self, holds: Node) -> "Subject":
        """Return the same subject with another condition."""
        return replace(self, holds=holds)


def of_expression(expression: Expression) -> Subject:
    """Return an expression as something that fires wherever it is true, in every stream and office."""
    return Subject("expression", expression.root)


def of_profile(profile: Profile, pack: Pack) -> Subject:
    """Return a profile as it would fire whenever and whatever its status: validity and share do not count.

    Its stream, offices, points of assessment, exclusions and the policy on unknown all do.
    """
    parts = [profile.applies.root, profile.indicator.root]
    registration, amendment = Point.REGISTRATION in profile.points, Point.AMENDMENT in profile.points
    if registration is not amendment:
        parts.insert(0, Compare("=" if registration else ">", _VERSION, Number(1.0)))
    if profile.exclusions is not None:
        parts.append(Not(IsTruth(profile.exclusions.root, True)))
    mandatory = profile.capacity is CapacityRule.MANDATORY
    asked = [pack.measures[code] for code in profile.measures]
    return Subject(
        key=profile.id,
        holds=_all_of(parts),
        fires_unknown=mandatory and pack.policy.unknown_in_mandatory is UnknownRule.FIRES,
        minutes=sum(measure.minutes for measure in asked if measure.form is not None) or None,
        version=profile.version,
    )


def named_profile(name: str, pack: Pack) -> Profile:
    """Return the profile called ``ID`` (its latest version) or ``ID@VERSION``.

    Raises:
        ProfileError: there is none, or it is the random share, which has no indicator to test.
    """
    number, _, version = name.partition("@")
    found = [p for p in pack.profiles if p.id == number and (not version or str(p.version) == version)]
    if not found:
        known = sorted({f"{p.id}@{p.version}" if version else p.id for p in pack.profiles})
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)
        raise ProfileError(
            N_("the pack {pack} has no profile {name}; the nearest is {nearest}"),
            pack=pack.code, name=name, nearest=near[0] if near else "–",
        )  # fmt: skip
    profile = max(found, key=lambda p: p.version)
    if profile.kind is ProfileKind.RANDOM:
        raise ProfileError(N_("{name} is drawn by chance; there is nothing in it to backtest"), name=name)
    return profile


def peers_of(pack: Pack, *, but: str | None = None) -> tuple[Subject, ...]:
    """Return the pack's active expert profiles, each in its latest version, but not ``but``."""
    latest: dict[str, Profile] = {}
    for profile in sorted(pack.profiles, key=lambda p: (p.id, p.version)):
        if profile.kind is ProfileKind.EXPERT and profile.status is ProfileStatus.ACTIVE:
            latest[profile.id] = profile
    return tuple(of_profile(profile, pack) for number, profile in latest.items() if number != but)


def _all_of(parts: list[Node]) -> Node:
    """Join conditions, none of which is itself a conjunction afterwards."""
    flat = [one for part in parts for one in (part.operands if isinstance(part, And) else (part,))]
    return And(tuple(flat)) if len(flat) > 1 else flat[0]
