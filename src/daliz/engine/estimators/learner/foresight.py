"""``foresee``: lives through the past day by day, learns from its controls, and foretells the days asked."""

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.estimators.calibration import Calibration
from daliz.engine.estimators.intervals import LARGEST_WEIGHT
from daliz.engine.estimators.learner.columns import FACTS, NAMES
from daliz.engine.estimators.learner.grown import MINIMUM_FOUND, Grown
from daliz.engine.estimators.learner.learner import Learner
from daliz.engine.estimators.learner.outlook import FORMS, Outlook
from daliz.engine.estimators.rates import Floats
from daliz.engine.features import VOCABULARY
from daliz.engine.features.clock import day_number
from daliz.engine.features.compute import facts_reader
from daliz.engine.pack import Pack
from daliz.engine.records.columns import answer
from daliz.engine.records.duck import connect
from daliz.engine.records.files import Source, parquet_files, register
from daliz.engine.records.schema import FINDINGS, TRANSPORT_MEANS
from daliz.language import N_

Progress = Callable[[str, float], None]

_REHEARSED: Final = 0.6
"""Part of the past after which models are grown a first time, to be compared with what was found later."""
_SEED: Final = 1
_THREADS: Final = 1


@dataclass(frozen=True, eq=False)
class Foresight:
    """What models expect of the declarations of the days asked, in the order of the facts.

    Attributes:
        chance: that each form of control finds something, by ``FORMS``, shape (declarations, forms).
        recovery: payments that each is expected to bring, money of the administration.
        harm: harm points that each is expected to avert.
        known: forms of which models know anything, shape (forms,).
        item_chance: of a violation in each item, shape (items,).
        values: the models' columns of each item, shape (items, columns).
        models: the trees.
        calibrations: by form.
        digest: a short name that changes with the models.
    """

    chance: Floats
    recovery: Floats
    harm: Floats
    known: NDArray[np.bool_]
    item_chance: Floats
    values: NDArray[np.float32]
    models: Grown
    calibrations: Mapping[str, Calibration]
    digest: str

    @property
    def positives(self) -> int:
        """Items found in violation that the models rest on."""
        return self.models.positives


def foresee(
    declarations: Source,
    findings: Source,
    *,
    transport_means: Source | None,
    pack: Pack,
    since: date,
    first_day: date,
    last_day: date,
    progress: Progress,
) -> Foresight | None:
    """Learn from the days before ``first_day`` and foretell each day from then on, as of the night before.

    Each day of the past is met as it was met then: its columns rest on what was declared and known before it.
    Models are grown once from what was known before ``first_day``; rates, rings and wordings go on with each
    day foretold. Chances are corrected by the last part of the past, foretold from the first, in which a
    control drawn at random stands for all that were not chosen.

    Args:
        declarations: canonical, with the past.
        findings: canonical.
        transport_means: canonical, or None.
        pack: for zone, lists and weights.
        since: first day of the past to learn from.
        first_day: first day to foretell.
        last_day: the last one.
        progress: told what is under way.

    Returns:
        None where fewer than ``MINIMUM_FOUND`` declarations, or items of one kind, were known to be in
        violation before ``first_day``: profiles judge alone.
    """
    known = _Known.of(findings, pack, first_day)
    if len(known.hits) < MINIMUM_FOUND:
        return None
    learner = Learner(harm=pack.policy.effect.harm, seed=_SEED, threads=_THREADS)
    vehicles = _vehicles(transport_means)
    rehearsal = day_number(since) + int(_REHEARSED * (first_day - since).days)
    begun, first, last = (day_number(day) for day in (since, first_day, last_day))
    everyone = Everyone(known.drawn)
    told: list[Outlook] = []
    values: list[NDArray[np.float32]] = []
    grown_once = False
    with facts_reader(
        declarations, findings, zone=pack.zone, holidays=pack.holidays, first_day=since, last_day=last_day,
        names=FACTS, transport_means=transport_means, official=pack.feature_tables,
        extra=[f for name, f in pack.vocabulary.items() if name not in VOCABULARY],
    ) as reader:  # fmt: skip
        for day, facts in _by_day(reader):
            progress(N_("learning from past controls"), (day - begun) / max(1, last - begun))
            learner.learn(known.before(day), day)
            if day >= first and not grown_once:
                grown_once = True
                learner.weigh(everyone.weights())
                if learner.fit() is None:
                    return None
            if day < first and learner.models is None and day >= rehearsal:
                learner.fit()
            morning = learner.morning(facts, day, vehicles)
            if day >= first:
                keys = _versions(facts)
                outlook = learner.outlook(morning, keys=keys)
                if outlook is None:
                    return None
                told.append(outlook)
                values.append(morning.values.astype(np.float32))
            else:
                versions = known.versions(facts)
                everyone.count(facts, versions)
                outlook = learner.outlook(morning, keys=_versions(facts))
                learner.keep(morning, versions, foretold=_foretold(outlook, versions), versions=versions)
            learner.evening(morning, vehicles)
    if not told or learner.models is None:
        return None
    return _gathered(told, values, learner)


@dataclass(slots=True, eq=False)
class _Known:
    """Findings in the order in which they became known.

    Attributes:
        table, days: all of them, and the day on which each became known.
        at: how many were told.
        closed: when the last control of each declaration ended, as known before the first day foretold.
        hits: declarations then known to be in violation.
        drawn: declarations of which a control was drawn at random.
        met: declarations of which a version was registered already.
    """

    table: pa.Table
    days: NDArray[np.int64]
    at: int
    closed: Mapping[str, datetime]
    hits: frozenset[str]
    drawn: frozenset[str]
    met: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, findings: Source, pack: Pack, first_day: date) -> "_Known":
        folders = [] if isinstance(findings, pa.Table) else [file.parent for file in parquet_files(findings)]
        with connect(folders=folders) as connection:
            register(connection, "findings", findings, FINDINGS)
            table = answer(connection, "SELECT * FROM findings ORDER BY known_at, finding_id")
        instants = table["known_at"].cast(pa.timestamp("us", pack.zone))
        local = pc.local_timestamp(instants)  # type: ignore[arg-type]  # stubs want no zone where it is needed
        days = local.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
        past = table.slice(0, int(np.searchsorted(days, day_number(first_day), side="left")))
        closed: dict[str, datetime] = {}
        hits, drawn = set(), set()
        names = ("declaration_id", "closed_at", "source", "violation", "in_random")
        columns = (past[name].to_pylist() for name in names)
        for number, at, source, found, by_draw in zip(*columns, strict=True):
            if number is None or source not in ("control", "audit"):
                continue
            closed[str(number)] = max(cast("datetime", at), closed.get(str(number), cast("datetime", at)))
            if found:
                hits.add(str(number))
            if by_draw:
                drawn.add(str(number))
        return cls(table=table, days=days, at=0, closed=closed, hits=frozenset(hits), drawn=frozenset(drawn))

    def versions(self, facts: pa.Table) -> dict[str, int]:
        """Return, of each declaration of a day that was controlled, the version to learn from.

        The last registered before its control was closed, else the first, as in ``controlled_versions``: what
        a control led the declarant to correct is no sign that could have led to the control.
        """
        chosen: dict[str, int] = {}
        columns = (facts[name].to_pylist() for name in ("declaration_id", "version", "registered_at"))
        for number, version, at in zip(*columns, strict=True):
            if number in self.closed and (number not in self.met or at <= self.closed[number]):
                self.met.add(number)
                chosen[number] = version
        return chosen

    def before(self, day: int) -> pa.Table:
        """Return what became known before ``day`` and was not returned yet."""
        end = int(np.searchsorted(self.days, day, side="left"))
        part = self.table.slice(self.at, max(0, end - self.at))
        self.at = max(self.at, end)
        return part


@dataclass(slots=True, eq=False)
class Everyone:
    """All that was declared in the past, so that what was drawn at random can stand for it.

    Attributes:
        drawn: declarations of which a control was drawn at random.
        direction: of each of these that was controlled.
        unchosen: declarations that were not controlled for a reason, by direction.
    """

    drawn: frozenset[str]
    direction: dict[str, str] = field(default_factory=dict)
    unchosen: Counter[str] = field(default_factory=Counter)

    def count(self, facts: pa.Table, controlled: Collection[str]) -> None:
        """Take a day's facts and which of its declarations were controlled."""
        numbers = cast("list[str]", facts["declaration_id"].to_pylist())
        directions = cast("list[str]", facts["declaration.direction"].to_pylist())
        for number, direction in dict(zip(numbers, directions, strict=True)).items():
            if number not in controlled or number in self.drawn:
                self.unchosen[direction] += 1
            if number in controlled and number in self.drawn:
                self.direction[number] = direction

    def weights(self) -> dict[str, float]:
        """Return for how many declarations each one drawn stands: those of its direction not chosen.

        Weighing by the groups as they are instead of by the shares that were planned needs no record of
        what was planned, and varies less [holt1979].
        """
        of_direction = Counter(self.direction.values())
        return {
            number: min(self.unchosen[direction] / of_direction[direction], LARGEST_WEIGHT)
            for number, direction in self.direction.items()
        }


def _by_day(reader: pa.RecordBatchReader) -> Iterator[tuple[int, pa.Table]]:
    """Yield the number and the facts of each day; rows arrive in the order of registration."""
    held: list[pa.Table] = []
    for batch in reader:
        table = pa.Table.from_batches([batch])
        days = table["day"].cast(pa.int32()).to_numpy(zero_copy_only=False)
        ends = [*(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
        start = 0
        for end in ends:
            piece = table.slice(start, end - start)
            if held and piece.num_rows and held[-1]["day"][0] != piece["day"][0]:
                whole = pa.concat_tables(held)
                yield _day(whole), whole
                held = []
            held.append(piece)
            start = end
    if held:
        whole = pa.concat_tables(held)
        yield _day(whole), whole


def _day(facts: pa.Table) -> int:
    return day_number(cast("date", facts["day"][0].as_py()))


def _versions(facts: pa.Table) -> list[str]:
    """Return a name for the version that each item belongs to."""
    pairs = zip(facts["declaration_id"].to_pylist(), facts["version"].to_pylist(), strict=True)
    return [f"{number}\n{version}" for number, version in pairs]


def _vehicles(transport_means: Source | None) -> Mapping[str, str]:
    """Return the first vehicle stated of each declaration."""
    if transport_means is None:
        return {}
    files = [] if isinstance(transport_means, pa.Table) else parquet_files(transport_means)

    with connect(folders=[file.parent for file in files]) as connection:
        register(connection, "transport_means", transport_means, TRANSPORT_MEANS)
        table = answer(
            connection,
            "SELECT declaration_id, min(transport_id) AS transport_id FROM transport_means "
            "WHERE transport_id IS NOT NULL GROUP BY declaration_id ORDER BY declaration_id",
        )
    return dict(
        zip(
            cast("list[str]", table["declaration_id"].to_pylist()),
            cast("list[str]", table["transport_id"].to_pylist()),
            strict=True,
        )
    )


def _foretold(outlook: Outlook | None, versions: Mapping[str, int]) -> dict[str, dict[str, float]] | None:
    """Return what was foretold of the versions that were controlled."""
    if outlook is None:
        return None
    place = {key: at for at, key in enumerate(outlook.number)}
    return {
        number: dict(zip(FORMS, outlook.foretold[place[f"{number}\n{version}"]].tolist(), strict=True))
        for number, version in versions.items()
    }


def _gathered(told: Sequence[Outlook], values: Sequence[NDArray[np.float32]], learner: Learner) -> Foresight:
    models = learner.models
    assert models is not None  # noqa: S101 -- the caller looked
    foretold = np.concatenate([outlook.foretold for outlook in told])
    named = hashlib.sha256("\n".join(NAMES).encode())
    for name, trees in sorted(models.trees.items()):
        named.update(name.encode())
        named.update(np.ascontiguousarray(trees.threshold).tobytes())
        named.update(np.ascontiguousarray(trees.leaf_value).tobytes())
    for form, calibration in sorted(learner.calibrations.items()):
        named.update(form.encode() + calibration.x.tobytes() + calibration.y.tobytes())
    return Foresight(
        chance=np.concatenate([outlook.chance for outlook in told]),
        recovery=np.concatenate([outlook.recovery for outlook in told]),
        harm=np.concatenate([outlook.harm for outlook in told]),
        known=np.any(foretold, axis=0),
        item_chance=np.concatenate([outlook.item_chance for outlook in told]),
        values=np.concatenate(values),
        models=models,
        calibrations=dict(learner.calibrations),
        digest=named.hexdigest()[:16],
    )


def past_to_learn_from(first_day: date, days: int = 365) -> date:
    """Return the first day of the past that is learned from: further back it speaks of another border."""
    return first_day - timedelta(days=days)
