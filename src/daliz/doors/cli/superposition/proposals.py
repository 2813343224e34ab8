"""What an analyst may take into an overlay after approval: profiles as they would read, what to retire."""

from collections.abc import Mapping
from pathlib import Path

import yaml

from daliz.engine.indicators.printer import print_text
from daliz.engine.pack import Pack
from daliz.engine.pack.document import plain
from daliz.engine.pack.gather import gather, identity
from daliz.engine.pack.problems import Problems
from daliz.engine.superposition import Proposal, Sort, Superposition, Verdict

_HEAD = """\
# Proposals of `daliz superpose`. Nothing here is in force, and Daliz never reads this file by itself.
# Whoever approves takes what stands under `overlay` into the directory of an overlay: each profile in a file
# of its own below `profiles`, its status set by the approval (it is a draft here), and the names under
# `retires` into the section `pack`. Cases of a changed threshold are the old ones: check them.
"""


def proposals_text(answer: Superposition, pack: Pack, sources: tuple[Path, ...]) -> str:
    """Return the YAML.

    Args:
        answer: of the superposition.
        pack: whose profiles they are.
        sources: directories in which the profiles are written, pack, overlay and candidates; the last counts.
    """
    written: dict[str, Mapping[str, object]] = {}
    for source in sources:
        for node in gather(source, Problems()).profiles:
            content = plain(node)
            if isinstance(content, dict):
                written[identity(node)] = content
    asked = [v for v in answer.verdicts if v.proposal in (Proposal.CHANGE, Proposal.ADD, Proposal.RETIRE)]
    content = {
        "proposals": [_told(verdict, pack) for verdict in asked],
        "overlay": {
            "pack": {"retires": sorted(v.group for v in asked if v.proposal is Proposal.RETIRE)},
            "profiles": [
                _profile(verdict, written[verdict.group])
                for verdict in asked
                if verdict.proposed is not None and verdict.group in written
            ],
        },
    }
    return _HEAD + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _told(verdict: Verdict, pack: Pack) -> dict[str, object]:
    found: dict[str, object] = {"id": verdict.group, "proposal": verdict.proposal.value}
    if verdict.proposed is not None and verdict.proposed.number is not None:
        found |= {
            "threshold": verdict.proposed.number,
            "from": verdict.proposed.before,
            "to": verdict.proposed.value,
        }
    elif verdict.proposed is not None and verdict.proposed.by_model:
        found["from"], found["to"] = verdict.proposed.before, verdict.proposed.value
    found["redundant"] = verdict.redundant
    for name, one in (("would_be_missed", verdict.missed), ("change_brings", verdict.changes)):
        if one is not None:
            ends = {"value": one.value, "low": one.low, "high": one.high}
            found[name] = {"currency": pack.currency} | {end: f"{of:.0f}" for end, of in ends.items()}
    found["covered_by"] = {cover.key: round(cover.share, 3) for cover in verdict.covers}
    return found


def _profile(verdict: Verdict, written: Mapping[str, object]) -> dict[str, object]:
    """Return a profile as it would read: the next version, a draft."""
    proposed = verdict.proposed
    assert proposed is not None  # noqa: S101 -- only what would be active is written
    profile = dict(written) | {
        "version": proposed.profile.version + (0 if proposed.sort is Sort.NEW else 1),
        "status": "draft",
        "indicator": print_text(proposed.profile.indicator.root),
    }
    exclusions = proposed.profile.exclusions
    if proposed.sort is Sort.WITHOUT_LIST and exclusions is not None:
        profile["exclusions"] = print_text(exclusions.root)
    if proposed.sort is Sort.WITHOUT_EXCLUSIONS:
        profile.pop("exclusions", None)
    if proposed.by_model:
        profile["threshold"] = proposed.value
    return profile
