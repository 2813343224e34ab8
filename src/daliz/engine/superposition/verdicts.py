"""What is proposed of each candidate, what would be missed without it, and what covers the redundant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from daliz.engine.superposition.candidates import Candidate
from daliz.engine.superposition.problem import Floats
from daliz.engine.superposition.resampling import Estimate, estimate
from daliz.engine.superposition.standing import Standing

COVERS = 3
"""How many that cover a redundant candidate are named."""


class Proposal(StrEnum):
    """What is proposed of a profile or a model; of the last three nothing can be said.

    They never fired, ask for no form of control that has time, or no model spoke of their declarations.
    """

    STAYS = "stays"
    KEEP = "keep"
    CHANGE = "change"
    ADD = "add"
    RETIRE = "retire"
    LEAVE = "leave"
    SILENT = "silent"
    FORMLESS = "formless"
    UNTOLD = "untold"


_REDUNDANT = 0.5
"""Share of its controls that others ask for too from which one is redundant."""
_NOT_JUDGED = frozenset({Proposal.STAYS, Proposal.SILENT, Proposal.FORMLESS, Proposal.UNTOLD})


@dataclass(frozen=True, slots=True)
class Cover:
    """Another active candidate that asks for the same controls.

    Attributes:
        key: of it.
        group: the profile's id or the model's name.
        share: of the controls worth having that the redundant one asks for, 0 to 1.
    """

    key: str
    group: str
    share: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """One group: a profile with its alternatives, or a model with its thresholds.

    Attributes:
        group: its name.
        present: what is in force today; None for what is new.
        proposed: what would be active; None for nothing.
        proposal: what is proposed.
        missed: what the chosen days would bring less without it, net of overlap, money; of what is not to be
            active, what it would bring more. With its interval; None for what always stays or is not judged.
        changes: what the change brings beside all else that is proposed, as it would be less as it is, money;
            None for what is not to change.
        alone: what it would bring if nothing else waivable were active, money.
        fires: declarations on which it fires, as proposed, else as it is.
        asks: controls worth having that it asks for.
        covered: share of these that others ask for too, 0 to 1.
        covers: those that cover most of it, the greatest first.
        alternatives: how many were tried beside it.
    """

    group: str
    present: Candidate | None
    proposed: Candidate | None
    proposal: Proposal
    missed: Estimate | None
    changes: Estimate | None
    alone: float
    fires: int
    asks: int
    covered: float
    covers: tuple[Cover, ...]
    alternatives: int

    @property
    def redundant(self) -> bool:
        """Whether it is to be retired because others ask for half of its controls or more.

        Else it brings too little beside what else needs officers' time.
        """
        return self.proposal is Proposal.RETIRE and self.covered >= _REDUNDANT

    @property
    def judged(self) -> bool:
        """Whether anything can be said of it."""
        return self.proposal not in _NOT_JUDGED


@dataclass(frozen=True, slots=True)
class Judge:
    """What verdicts are passed on.

    Attributes:
        candidates: all of them.
        fires: on how many declarations each fires.
        standing: the proposed set.
        samples: of the days.
        set_aside: groups of which nothing can be said, and why.
        level: confidence of the intervals.
    """

    candidates: Sequence[Candidate]
    fires: Sequence[int]
    standing: Standing
    samples: Floats
    set_aside: Mapping[str, Proposal]
    level: float

    def over_days(self, by_day: Floats) -> Estimate:
        """Return the sum of what each day brings, with its interval."""
        return estimate(float(by_day.sum()), self.samples @ by_day, level=self.level)

    def verdicts(self) -> list[Verdict]:
        """Return the verdict on each group, those that would be missed most first."""
        groups: dict[str, list[int]] = {}
        for c, candidate in enumerate(self.candidates):
            groups.setdefault(candidate.group, []).append(c)
        nothing = Standing(self.standing.problem)
        found = [self._verdict(members, nothing) for members in groups.values()]
        return sorted(found, key=lambda v: (-(v.missed.value if v.missed else np.inf), v.group))

    def together(self, judged: Sequence[Verdict]) -> Estimate | None:
        """Say what all that are to be retired would bring together; None where none is.

        Each little may be much together.
        """
        gone = {verdict.group for verdict in judged if verdict.proposal is Proposal.RETIRE}
        back = [at for at, one in enumerate(self.candidates) if one.present and one.group in gone]
        return self.over_days(self.standing.change(on=back)) if back else None

    def _verdict(self, members: Sequence[int], nothing: Standing) -> Verdict:
        candidates, standing = self.candidates, self.standing
        present = next((c for c in members if candidates[c].present), None)
        proposed = next((c for c in members if c in standing.active), None)
        shown = next(c for c in (proposed, present, members[0]) if c is not None)
        stays, group = candidates[shown].mandatory, candidates[shown].group
        proposal = _proposal(
            present, proposed, stays=stays, silent=not self.fires[shown], aside=self.set_aside.get(group)
        )
        missed = changes = None
        if proposal not in _NOT_JUDGED:
            missed = self.over_days(self._missed(members, present, proposed))
        if proposal is Proposal.CHANGE and present is not None and proposed is not None:
            changes = self.over_days(-standing.change(on=[present], off=[proposed]))
        covered, covers = _covers(candidates, standing, shown)
        return Verdict(
            group=group,
            present=candidates[present] if present is not None else None,
            proposed=candidates[proposed] if proposed is not None else None,
            proposal=proposal,
            missed=missed,
            changes=changes,
            alone=0.0 if stays else float(nothing.change(on=[shown]).sum()),
            fires=self.fires[shown],
            asks=len(standing.problem.asks[shown]),
            covered=covered,
            covers=covers,
            alternatives=len(members) - 1,
        )

    def _missed(self, members: Sequence[int], present: int | None, proposed: int | None) -> Floats:
        """Return what each day would bring less without it; more with it if it is not to be active."""
        if proposed is not None:
            return -self.standing.change(off=[proposed])
        tried = [self.standing.change(on=[c]) for c in ([present] if present is not None else members)]
        return max(tried, key=lambda added: float(added.sum()))


def _proposal(
    present: int | None, proposed: int | None, *, stays: bool, silent: bool, aside: Proposal | None
) -> Proposal:
    """Return what is proposed; of what never fired nothing is known, so nothing is."""
    if stays:
        return Proposal.STAYS
    if aside is not None:
        return aside
    if silent:
        return Proposal.SILENT
    if present is None:
        return Proposal.LEAVE if proposed is None else Proposal.ADD
    if proposed is None:
        return Proposal.RETIRE
    return Proposal.KEEP if present == proposed else Proposal.CHANGE


def _covers(candidates: Sequence[Candidate], standing: Standing, c: int) -> tuple[float, tuple[Cover, ...]]:
    """Return what share of a candidate's controls others ask for, and which do."""
    problem, own = standing.problem, standing.problem.asks[c]
    if not len(own):
        return 0.0, ()
    others = [a for a in sorted(standing.active) if candidates[a].group != candidates[c].group]
    both = {a: int(np.isin(own, problem.asks[a], assume_unique=True).sum()) for a in others}
    by_others = standing.askers[own] - (1 if c in standing.active else 0)
    most = sorted(others, key=lambda a: (-both[a], candidates[a].key))[:COVERS]
    covers = tuple(Cover(candidates[a].key, candidates[a].group, both[a] / len(own)) for a in most if both[a])
    return float(np.mean(by_others > 0)), covers
