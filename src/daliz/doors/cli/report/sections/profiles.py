"""The profiles: how often each fired, what came of it, what past controls say of it, what it added."""

from dataclasses import dataclass
from typing import Final, cast

from daliz.doors.cli.report.manifest import ProfileExperience
from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Profile

MOST_PROFILES: Final = 40

_PROFILES = """
WITH alone AS (
    SELECT declaration_id FROM fired WHERE ordered GROUP BY declaration_id HAVING count(*) = 1
)
SELECT profile_id, count(*) AS fired, count(*) FILTER (WHERE ordered) AS ordered,
    count(*) FILTER (WHERE waived) AS waived,
    count(*) FILTER (WHERE ordered AND declaration_id IN (SELECT declaration_id FROM alone)) AS alone,
    max(log_odds)
FROM fired GROUP BY profile_id ORDER BY ordered DESC, fired DESC, profile_id
"""


@dataclass(frozen=True, slots=True)
class ProfileFigures:
    """One profile that fired.

    Attributes:
        profile_id: its name.
        profile: the pack's, None if the pack at hand has it no longer.
        fired: declarations.
        ordered: of these, with a measure ordered for it.
        waived: of these, with no officer time for it.
        alone: declarations controlled for this profile and no other.
        log_odds: what it adds to the log odds of a violation; None where it adds nothing (random, model).
        experience: from past controls, None where there is none.
    """

    profile_id: str
    profile: Profile | None
    fired: int
    ordered: int
    waived: int
    alone: int
    log_odds: float | None
    experience: ProfileExperience | None


@dataclass(frozen=True, slots=True)
class Profiles:
    """All profiles: the first ``MOST_PROFILES`` that fired, how many more did, and those that never did."""

    shown: tuple[ProfileFigures, ...]
    more: int
    silent: tuple[Profile, ...]

    @property
    def highest_rate(self) -> float:
        """The scale of the intervals: the greatest upper end, rounded up to a tenth."""
        ends = [row.experience.high for row in self.shown if row.experience]
        return min(1.0, int(max(ends, default=0.0) * 10 + 0.999999) / 10) or 1.0


def profiles(tables: Tables) -> Profiles:
    """Return the figures of every profile, most ordered first."""
    past = {row.profile_id: row for row in tables.manifest.experience.profiles}
    found = [
        ProfileFigures(
            profile_id=cast("str", name),
            profile=profile_of(tables, cast("str", name)),
            fired=cast("int", fired),
            ordered=cast("int", ordered),
            waived=cast("int", waived),
            alone=cast("int", alone),
            log_odds=cast("float | None", log_odds),
            experience=past.get(cast("str", name)),
        )
        for name, fired, ordered, waived, alone, log_odds in tables.rows(_PROFILES)
    ]
    heard = {row.profile_id for row in found}
    in_policy = dict.fromkeys(name for name, _version in tables.manifest.policy.profiles)
    silent = [profile_of(tables, name) for name in in_policy if name not in heard]
    return Profiles(
        shown=tuple(found[:MOST_PROFILES]),
        more=max(0, len(found) - MOST_PROFILES),
        silent=tuple(profile for profile in silent if profile is not None),
    )


def profile_of(tables: Tables, name: str) -> Profile | None:
    """Return the version of a profile that the policy names, the latest of several."""
    versions = dict(tables.manifest.policy.profiles)
    return next((p for p in tables.pack.profiles if p.id == name and p.version == versions.get(name)), None)
