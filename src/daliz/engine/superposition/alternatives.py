"""What candidates would be otherwise: at other thresholds, without a list, without their exclusions."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from daliz.engine.backtest.store import FactsStore
from daliz.engine.backtest.subject import of_profile
from daliz.engine.backtest.sweep import Sweep, replaced, sweeps, thresholds_of
from daliz.engine.indicators import Expression
from daliz.engine.indicators.nodes import InList, Node, Truth, children, lists_of
from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import Pack, Profile
from daliz.engine.superposition.candidates import Candidate, Sort, SuperpositionError
from daliz.language import N_

EACH_WAY: Final = 1
"""Values of a threshold that are tried below the present one, and above it."""


def with_thresholds(
    candidates: Sequence[Candidate], store: FactsStore, pack: Pack, *, each_way: int = EACH_WAY
) -> list[Candidate]:
    """Return what the waivable of experts would be with one threshold of the indicator at another value.

    The values are those of a backtest's sweep, quantiles of what the threshold meets: the nearest of them
    below the present value and above it.
    """
    lists = {code: named.members for code, named in pack.lists.items()}
    owners = [
        (candidate, threshold)
        for candidate in candidates
        if not candidate.mandatory and not candidate.by_model
        for threshold in thresholds_of(candidate.profile.indicator.root)
    ]
    found = sweeps(store, [threshold for _, threshold in owners], lists=lists)
    return [
        _moved(candidate, sweep, value, pack)
        for (candidate, _), sweep in zip(owners, found, strict=True)
        for value in _near(sweep, each_way)
    ]


def without_lists(candidates: Sequence[Candidate], lists: Collection[str], pack: Pack) -> list[Candidate]:
    """Return what the waivable among ``candidates`` would be if a list were empty, wherever they ask it.

    An exception list stands in exclusions: without it they fire on those whom it lets pass.

    Raises:
        SuperpositionError: the pack has no such list.
    """
    for name in sorted(lists):
        if name not in pack.lists:
            raise SuperpositionError(
                N_("the pack {pack} has no list {name}; it has {known}"),
                pack=pack.code, name=name, known=", ".join(sorted(pack.lists)),
            )  # fmt: skip
    return [
        _without(candidate, name, pack)
        for candidate in candidates
        if not candidate.mandatory
        for name in sorted(lists)
        if name in _lists_asked(candidate.profile)
    ]


def without_key(candidate: Candidate, name: str) -> str:
    """Return the key of what a candidate would be without a list."""
    return f"{candidate.key}-{name}"


def without_exclusions(candidates: Sequence[Candidate], pack: Pack) -> list[Candidate]:
    """Return what the waivable among ``candidates`` would be without their exclusions."""
    return [
        replace(
            _with(candidate, replace(candidate.profile, exclusions=None), pack),
            key=f"{candidate.key}-exclusions", sort=Sort.WITHOUT_EXCLUSIONS,
        )
        for candidate in candidates
        if not candidate.mandatory and candidate.profile.exclusions is not None
    ]  # fmt: skip


def _with(candidate: Candidate, profile: Profile, pack: Pack) -> Candidate:
    """Return a candidate that is the same but for what its profile says."""
    return replace(candidate, profile=profile, fires=of_profile(profile, pack).fires)


def _asking(expression: Expression, root: Node) -> Expression:
    return Expression(root, expression.kind, expression.unit)


def _lists_asked(profile: Profile) -> frozenset[str]:
    asked = frozenset(lists_of(profile.indicator.root))
    return asked | frozenset(lists_of(profile.exclusions.root)) if profile.exclusions else asked


def _without(candidate: Candidate, name: str, pack: Pack) -> Candidate:
    profile = candidate.profile
    other = replace(
        profile,
        indicator=_asking(profile.indicator, _emptied(profile.indicator.root, name)),
        exclusions=profile.exclusions
        and _asking(profile.exclusions, _emptied(profile.exclusions.root, name)),
    )
    return replace(
        _with(candidate, other, pack),
        key=without_key(candidate, name), sort=Sort.WITHOUT_LIST, without=name,
    )  # fmt: skip


def _moved(candidate: Candidate, sweep: Sweep, value: float, pack: Pack) -> Candidate:
    threshold, indicator = sweep.threshold, candidate.profile.indicator
    return replace(
        _with(
            candidate,
            replace(candidate.profile, indicator=_asking(indicator, threshold.at(value))),
            pack,
        ),
        key=f"{candidate.key}[{threshold.number}]={print_number(value)}", sort=Sort.THRESHOLD,
        number=threshold.number, before=threshold.value, value=value,
    )  # fmt: skip


def _near(sweep: Sweep, each_way: int) -> list[float]:
    below = [value for value in sweep.values if value < sweep.threshold.value]
    above = [value for value in sweep.values if value > sweep.threshold.value]
    return below[max(len(below) - each_way, 0) :] + above[:each_way]


def _emptied(node: Node, name: str) -> Node:
    """Return the condition with a list taken to have no member."""
    for path in _asked_at(node, name):
        node = replaced(node, path, Truth(False))
    return node


def _asked_at(node: Node, name: str) -> list[tuple[int, ...]]:
    """Return where the list is asked: the way down to each place."""
    if isinstance(node, InList) and node.list_name == name:
        return [()]
    return [(at, *rest) for at, below in enumerate(children(node)) for rest in _asked_at(below, name)]
