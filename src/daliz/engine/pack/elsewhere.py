"""Reads profiles from a directory beside a pack, held to all that the pack's own are held to."""

from dataclasses import replace
from pathlib import Path

from daliz.engine.pack.cases import check_cases
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.gather import gather, identity
from daliz.engine.pack.pack import Pack
from daliz.engine.pack.problems import PackError, PackNotFoundError, Place, Problems
from daliz.engine.pack.profile import Profile
from daliz.engine.pack.read_profile import Border, read_profile
from daliz.engine.pack.reader import Entry
from daliz.language import N_


def profiles_elsewhere(directory: Path, pack: Pack) -> tuple[Profile, ...]:
    """Return the profiles below ``profiles`` of a directory, laid out as an overlay is.

    Args:
        directory: of candidate profiles, whatever their status.
        pack: whose offices, measures, lists, names and laws they may use.

    Raises:
        PackNotFoundError: there is no such directory, or no profile in it.
        PackError: a profile is not right; the error lists everything.
    """
    problems = Problems()
    nodes = gather(directory.parent if directory.name == "profiles" else directory, problems).profiles
    if not nodes and not problems.found:
        raise PackNotFoundError(N_("{place} holds no profiles"), place=str(directory))
    border = Border(
        offices=pack.offices,
        directions=pack.directions,
        corridors={c.code: c for c in pack.corridors},
        measures=pack.measures,
        laws=pack.laws,
        policy=pack.policy,
        expressions=Expressions(
            pack.vocabulary, {code: named.kind for code, named in pack.lists.items()}, pack.currency
        ),
        risk_areas=pack.register.areas,
        simplified=pack.simplified,
    )
    read = [read_profile(Entry(node, problems), border) for node in nodes]
    profiles = tuple(profile for profile in read if profile is not None)
    places: dict[str, Place] = {"": Place(str(directory))} | {identity(node): node.place for node in nodes}
    if not problems.found:
        check_cases(replace(pack, profiles=profiles), places, problems)
    if problems.found:
        raise PackError(str(directory), problems.sorted())
    return profiles
