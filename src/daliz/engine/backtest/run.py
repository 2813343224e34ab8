"""A backtest from end to end: one subject, the pack's profiles beside it, and its thresholds moved."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from daliz.engine.backtest.judgement import UNKNOWN, Judgement, Part, Precision, judge, precision_of
from daliz.engine.backtest.labels import Labels
from daliz.engine.backtest.store import FactsStore
from daliz.engine.backtest.subject import Subject, peers_of
from daliz.engine.backtest.sweep import Sweep, Threshold, sweeps
from daliz.engine.backtest.tally import Tally, tally
from daliz.engine.indicators.nodes import IsUnknown, Node, names_of
from daliz.engine.pack import Pack
from daliz.language import N_


@dataclass(frozen=True, slots=True)
class Tried:
    """A subject with one of its thresholds at another value.

    Attributes:
        value: of the threshold.
        present: it is the value that the expression has.
        whole: over the declarations on which it then fires.
        precision: the best estimate, as for the subject itself.
        recall: share of all known violations on which it then fires; None if none is known.
        needed_minutes: officers' time that controlling every firing would take, minutes; None if unknown.
    """

    value: float
    present: bool
    whole: Part
    precision: Precision
    recall: float | None
    needed_minutes: float | None


@dataclass(frozen=True, slots=True)
class Backtest:
    """The answer.

    Attributes:
        judgement: of the subject as it stands.
        moved: each threshold that was moved, and what came of it.
        first_day: first local day of the declarations read; None if there was none.
        last_day: the last.
    """

    judgement: Judgement
    moved: Sequence[tuple[Threshold, Sequence[Tried]]]
    first_day: date | None
    last_day: date | None


def names_needed(subject: Subject, pack: Pack) -> frozenset[str]:
    """Return the features that a store must have to backtest ``subject`` beside the pack's profiles."""
    roots = [subject.holds, *(peer.holds for peer in peers_of(pack, but=subject.key))]
    return frozenset({"declaration.office"}).union(*map(names_of, roots))


def backtest(
    store: FactsStore,
    subject: Subject,
    pack: Pack,
    labels: Labels,
    *,
    moved: Sequence[Threshold] = (),
    days: tuple[date, date] | None = None,
    level: float = 0.9,
    threads: int = 2,
    memory_gb: float = 3.0,
    progress: Callable[[str, float], None] | None = None,
) -> Backtest:
    """Say what ``subject`` would have done with the declarations of a store, and what is known of that.

    Args:
        store: facts of the declarations, with ``names_needed``.
        subject: a profile or an expression.
        pack: for its other profiles and its lists.
        labels: what is known of the declarations.
        moved: thresholds to try at other values.
        days: first and last local day, both included; all if None.
        level: confidence of intervals, between 0 and 1.
        threads: of DuckDB.
        memory_gb: bound on DuckDB's memory, GB.
        progress: told what is under way and how much of it is done, 0 to 1.
    """
    peers = peers_of(pack, but=subject.key)
    lists = {code: named.members for code, named in pack.lists.items()}
    if moved and progress:
        progress(N_("looking for thresholds to try"), 0.0)
    tried = sweeps(store, moved, lists=lists, threads=threads, memory_gb=memory_gb)
    conditions: dict[str, Node] = {
        subject.key: subject.fires,
        f"{UNKNOWN}{subject.key}": IsUnknown(subject.holds),
        **{peer.key: peer.fires for peer in peers},
    }
    for sweep in tried:
        conditions |= {key: subject.with_condition(node).fires for key, node in sweep.conditions().items()}
    counted = tally(
        store,
        conditions,
        labels,
        lists=lists,
        focus=subject.key,
        peers=[peer.key for peer in peers],
        days=days,
        threads=threads,
        memory_gb=memory_gb,
        progress=progress,
    )
    judgement = judge(counted, subject, peers=peers, forms=labels.forms, form=labels.form, level=level)
    return Backtest(
        judgement=judgement,
        moved=[(sweep.threshold, _tried(sweep, counted, judgement, level)) for sweep in tried],
        first_day=counted.first_day,
        last_day=counted.last_day,
    )


def _tried(sweep: Sweep, counted: Tally, judgement: Judgement, level: float) -> list[Tried]:
    """Return what came of each value."""
    known = judgement.everything.found
    minutes = judgement.subject.minutes
    if minutes is None and judgement.needed_minutes is not None and judgement.whole.fired:
        minutes = judgement.needed_minutes / judgement.whole.fired
    tried = []
    for value in sweep.values:
        sums = counted.of(sweep.key(value))
        whole = Part.of(sums)
        tried.append(
            Tried(
                value=value,
                present=value == sweep.threshold.value,
                whole=whole,
                precision=precision_of(sums, level=level),
                recall=whole.found / known if known else None,
                needed_minutes=None if minutes is None else round(whole.fired * minutes, 2),
            )
        )
    return tried
