"""Runs the examples of profiles: what must fire, fires; what must not, does not."""

from collections.abc import Mapping, Sequence

from daliz.engine.indicators import compile_python
from daliz.engine.pack.pack import Pack
from daliz.engine.pack.policy import UnknownRule
from daliz.engine.pack.problems import Place, Problems
from daliz.engine.pack.profile import CapacityRule, Case, Profile
from daliz.language import N_


def check_cases(pack: Pack, places: Mapping[str, Place], problems: Problems) -> None:
    """Note every case of the pack's profiles that does not come out as it says."""
    members = {code: named.members for code, named in pack.lists.items()}
    for profile in pack.profiles:
        if not profile.cases:
            continue
        recogniser = Recogniser(profile, members, pack.policy.unknown_in_mandatory)
        for case in profile.cases:
            items = recogniser.items(case.items)
            if bool(items) != case.fires:
                template = (
                    N_("case {case!r} of {id} must fire, but does not")
                    if case.fires
                    else N_("case {case!r} of {id} must not fire, but does")
                )
                at = places.get(f"{profile.id}/{case.name}", places[""])
                problems.add("pack-case", at, template, case=case.name, id=profile.id)


class Recogniser:
    """Tells for which items of a declaration a profile fires, by the live back end of the indicators."""

    def __init__(self, profile: Profile, lists: Mapping[str, Sequence[str]], unknown: UnknownRule) -> None:
        """Compile the profile's expressions.

        Args:
            profile: the profile.
            lists: members of the pack's named lists.
            unknown: what an unknown indicator of a mandatory profile means.
        """
        parts = {"applies": profile.applies, "indicator": profile.indicator}
        if profile.exclusions is not None:
            parts["exclusions"] = profile.exclusions
        self._program = compile_python(parts, lists=lists)
        self._unknown_fires = profile.capacity is CapacityRule.MANDATORY and unknown is UnknownRule.FIRES

    def items(self, declaration: Sequence[Mapping[str, object]]) -> list[int]:
        """Return the positions, from 0, of the items for which the profile fires; empty if for none.

        Args:
            declaration: facts by vocabulary name for each item; a name left out is unknown.
        """
        rows = [[item.get(name) for name in self._program.names] for item in declaration]
        answers = self._program.evaluate(rows)
        applies, holds = answers["applies"], answers["indicator"]
        excluded = answers.get("exclusions", [None] * len(rows))
        return [
            i
            for i in range(len(rows))
            if applies[i] is True
            and (holds[i] is True or (holds[i] is None and self._unknown_fires))
            and excluded[i] is not True
        ]


def fires(pack: Pack, profile: Profile, case: Case) -> bool:
    """Tell whether ``profile`` fires for the declaration of ``case``."""
    members = {code: named.members for code, named in pack.lists.items()}
    return bool(Recogniser(profile, members, pack.policy.unknown_in_mandatory).items(case.items))
