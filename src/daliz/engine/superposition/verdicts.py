"""What is proposed of each candidate, what would be missed without it, and what covers the redundant."""

from collections.abc import Sequence
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
    """What is proposed of a profile or a model."""

    STAYS = "stays"
    KEEP = "keep"
    CHANGE = "change"
    ADD = "add"
    RETIRE = "retire"
    LEAVE = "leave"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Cover:
    """Another active candidate that asks for the same controls.

    Attributes:
        key: of it.
        share: of the controls worth having that the redundant one asks for, 0 to 1.
    """

    key: str
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
            active, what it would bring more. With its interval; None for what always stays.
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
    fires: int
    asks: int
    covered: float
    covers: tuple[Cover, ...]
    alternatives: int

    @property
    def redundant(self) -> bool:
        """Whether it is in force and is proposed to be retired."""
        return self.proposal is Proposal.RETIRE


def verdicts(
    candidates: Sequence[Candidate],
    fires: Sequence[int],
    standing: Standing,
    samples: Floats,
    *,
    level: float,
) -> list[Verdict]:
    """Return the verdict on each group, those that would be missed most first.

    Args:
        candidates: all of them.
        fires: on how many declarations each fires.
        standing: the proposed set.
        samples: of the days.
        level: confidence of the intervals.
    """
    groups: dict[str, list[int]] = {}
    for c, candidate in enumerate(candidates):
        groups.setdefault(candidate.group, []).append(c)
    found = [
        _verdict(candidates, fires, members, standing, samples, level=level) for members in groups.values()
    ]
    return sorted(found, key=lambda v: (-(v.missed.value if v.missed else np.inf), v.group))


def _verdict(
    candidates: Sequence[Candidate],
    fires: Sequence[int],
    members: Sequence[int],
    standing: Standing,
    samples: Floats,
    *,
    level: float,
) -> Verdict:
    present = next((c for c in members if candidates[c].present), None)
    proposed = next((c for c in members if c in standing.active), None)
    shown = next(c for c in (proposed, present, members[0]) if c is not None)
    stays = candidates[shown].mandatory
    missed = None
    if not stays:
        if proposed is not None:
            by_day = -standing.change(off=[proposed])
        else:
            tried = [standing.change(on=[c]) for c in ([present] if present is not None else members)]
            by_day = max(tried, key=lambda added: float(added.sum()))
        missed = estimate(float(by_day.sum()), samples @ by_day, level=level)
    covered, covers = _covers(candidates, standing, shown)
    return Verdict(
        group=candidates[shown].group,
        present=candidates[present] if present is not None else None,
        proposed=candidates[proposed] if proposed is not None else None,
        proposal=_proposal(present, proposed, stays=stays, silent=not fires[shown]),
        missed=missed,
        fires=fires[shown],
        asks=len(standing.problem.asks[shown]),
        covered=covered,
        covers=covers,
        alternatives=len(members) - 1,
    )


def _proposal(present: int | None, proposed: int | None, *, stays: bool, silent: bool) -> Proposal:
    """Return what is proposed; of what never fired nothing is known, so nothing is."""
    if stays:
        return Proposal.STAYS
    if silent and present is not None:
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
    covers = tuple(Cover(candidates[a].key, both[a] / len(own)) for a in most if both[a])
    return float(np.mean(by_others > 0)), covers
