"""``train``: grows models as of a day, judges them on days they had not seen, holds them against bounds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from daliz.engine.estimators.checks import Bounds, Check, HeldOut, check_model, future_leakage
from daliz.engine.estimators.learner.columns import STATED, versions_of
from daliz.engine.estimators.learner.evidence import Shown
from daliz.engine.estimators.learner.foresight import Progress, past_to_learn_from
from daliz.engine.estimators.learner.grown import MINIMUM_FOUND, Lessons
from daliz.engine.estimators.learner.learner import Learner
from daliz.engine.estimators.learner.outlook import FORMS, REVEALS
from daliz.engine.estimators.learner.past import (
    Everyone,
    Known,
    by_day,
    facts_of_days,
    foretold_of,
    vehicles_of,
)
from daliz.engine.estimators.learner.scorer import Scorer
from daliz.engine.estimators.rates import Floats
from daliz.engine.features.clock import day_number
from daliz.engine.pack import Pack, PublicationBounds
from daliz.engine.records.files import Source
from daliz.language import N_, DalizError

_REHEARSED: Final = 0.6
"""Part of the days before those held out after which models are grown a first time, for calibration."""
_SAMPLED: Final = 5
"""Of so many items one is kept to compare what is declared now with what was."""
_DECLARED: Final = [
    at
    for at, name in enumerate(STATED)
    if name.partition(".")[0] in ("item", "declaration", "today") and name != "declaration.exchange_rate"
]
"""Columns that are held against drift: what is declared. Calendar, exchange rates and what is counted over a
year move by themselves, and say nothing of whether declarations have changed."""
_STRICTEST_FIRST: Final = ("post_release", "physical", "documents")


class TrainingError(DalizError):
    """Nothing can be trained on what was given."""

    code: ClassVar[str] = "training"


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What models are to learn from.

    Attributes:
        declarations: canonical.
        findings: canonical; those that became known as of the day or later only serve the leakage check.
        transport_means: canonical, or None.
        pack: for zone, lists and weights.
        as_of: models know what was known before this day.
        seed: of everything that is drawn.
        bounds: what models must pass.
        propensities: probability with which each declaration was to be controlled, by form; empty where
            nobody wrote it down, and then what was drawn at random stands for all that nothing chose.
        in_force: the models in force, None if there are none.
        in_force_knows: outcomes known before this day taught them.
    """

    declarations: Source
    findings: Source
    transport_means: Source | None
    pack: Pack
    as_of: date
    seed: int
    bounds: PublicationBounds
    propensities: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    in_force: Scorer | None = None
    in_force_knows: date | None = None

    @property
    def since(self) -> date:
        """First day of the past that is learned from."""
        return past_to_learn_from(self.as_of)

    @property
    def held_from(self) -> int:
        """Number of the first day held out."""
        return day_number(self.as_of) - self.bounds.held_out_days


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """Models, and how they did.

    Attributes:
        scorer: ready to score; its version is empty.
        lessons: what they were grown from.
        held_out: by form, what was foretold on the days held out and what was found.
        checks: every check with value, bound and verdict.
        first_day: of the declarations learned from.
        left_out: kinds of finding that were grown and could not be judged, so they are not published.
        controls: controlled declarations learned from.
        violations: of these, with a violation.
        weighted: of these, with a known propensity.
        drawn: of these, drawn at random and standing for all that nothing chose; 0 where propensities are
            known.
    """

    scorer: Scorer
    lessons: Lessons
    held_out: Mapping[str, HeldOut]
    checks: tuple[Check, ...]
    first_day: date
    left_out: tuple[str, ...]
    controls: int
    violations: int
    weighted: int
    drawn: int


@dataclass(slots=True, eq=False)
class _Weights:
    """How many declarations each controlled one stands for."""

    stated: Mapping[str, float]
    everyone: Everyone | None
    most: float

    @classmethod
    def of(cls, known: Known, course: Course) -> "_Weights":
        """Take stated propensities; where there are none, what was drawn is to stand for everyone."""
        drawn = None if course.propensities else Everyone(known.drawn)
        return cls(_stated(known, course), drawn, course.bounds.largest_weight)

    def count(self, facts: pa.Table, controlled: Collection[str]) -> None:
        """Take a day's declarations and which of them were controlled."""
        if self.everyone is not None:
            self.everyone.count(facts, controlled)

    def now(self) -> dict[str, float]:
        """Return them as of the days taken so far; what is not named stands for itself."""
        if self.everyone is None:
            return dict(self.stated)
        return {number: min(weight, self.most) for number, weight in self.everyone.weights().items()}


@dataclass(slots=True, eq=False)
class _Rehearsal:
    """A past that was lived through, with models grown and asked on the way."""

    learner: Learner
    weights: _Weights
    first: int | None = None
    opening: Floats = field(default_factory=lambda: np.zeros((0, len(FORMS))))
    foretold: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    before: list[NDArray[np.float32]] = field(default_factory=list)
    recent: list[NDArray[np.float32]] = field(default_factory=list)


def train(course: Course, *, progress: Progress) -> Trained:
    """Grow models on all that was known before the day, and check the way they were grown.

    Models grown the same way from what was known before the days held out foretell these days; that is what
    is judged, weighted by propensities. What is published was grown from the days held out too. The same
    course gives the same models to the last byte.

    Raises:
        TrainingError: too little is known before the day.

    Sources:
        [kaufman2012] for learning nothing from the future; [mitchell2019] for saying on what it was judged.
    """
    known = Known.of(course.findings, course.pack, course.as_of)
    if len(known.hits) < MINIMUM_FOUND:
        raise TrainingError(
            N_("before {day} only {n} declarations were known to be in violation; {least} are needed"),
            day=course.as_of.isoformat(), n=len(known.hits), least=MINIMUM_FOUND,
        )  # fmt: skip
    lived = _live(course, known, progress, until=day_number(course.as_of))
    leakage = _leakage(course, known, lived.opening, progress=progress)
    learner, weights = lived.learner, lived.weights.now()
    learner.learn(known.before(day_number(course.as_of)), day_number(course.as_of))
    learner.weigh(weights)
    shown = learner.everything_shown()
    progress(N_("growing models"), 0.0)
    grown, lessons = learner.fit(), learner.lessons()
    if grown is None or lessons is None or lived.first is None:
        raise _too_little(course)
    held_out = _held_out(course, lived, shown, weights)
    left_out = tuple(
        kind
        for kind in grown.kinds()
        if not any(kind in REVEALS[form] and len(held_out[form].y) for form in held_out)
    )
    kept = grown.without(left_out)
    scorer = Scorer("", kept, dict(learner.calibrations), learner.thoroughness)
    judged = {form: held_out[form] for form, knows in zip(FORMS, scorer.known, strict=True) if knows}
    hits = np.array([bool(shown[number].hit) for number in sorted(shown)], np.float64)
    checks = check_model(
        held_out=judged,
        names=[STATED[at] for at in _DECLARED],
        trained=_sample(lived.before),
        recent=_sample(lived.recent),
        training_y=hits,
        training_weight=np.array([weights.get(number, 1.0) for number in sorted(shown)], np.float64),
        leakage=leakage,
        bounds=_bounds(course.bounds),
    )
    return Trained(
        scorer=scorer,
        lessons=lessons,
        held_out=judged,
        checks=checks,
        first_day=date.fromordinal(date(1970, 1, 1).toordinal() + lived.first),
        left_out=left_out,
        controls=len(shown),
        violations=int(hits.sum()),
        weighted=sum(number in course.propensities for number in shown),
        drawn=0 if course.propensities else sum(number in weights for number in shown),
    )


def _live(course: Course, known: Known, progress: Progress, *, until: int) -> _Rehearsal:
    """Live through the days before ``until``, as they were met; grow models twice on the way."""
    learner = Learner(harm=course.pack.policy.effect.harm, seed=course.seed)
    lived = _Rehearsal(learner, _Weights.of(known, course))
    vehicles = vehicles_of(course.transport_means)
    held_from, begun = course.held_from, day_number(course.since)
    last = date.fromordinal(date(1970, 1, 1).toordinal() + until - 1)
    fitted = False
    with facts_of_days(
        course.declarations, known.table, transport_means=course.transport_means, pack=course.pack,
        first_day=course.since, last_day=last,
    ) as reader:  # fmt: skip
        for day, facts in by_day(reader):
            progress(N_("learning from past controls"), (day - begun) / max(1, until - begun))
            lived.first = day if lived.first is None else lived.first
            learner.learn(known.before(day), day)
            rehearses = learner.models is None and day >= lived.first + _REHEARSED * (held_from - lived.first)
            opens = day >= held_from and not fitted
            if rehearses or opens:
                learner.weigh(lived.weights.now())
            if rehearses:
                learner.fit()
            if opens:
                fitted = True
                if learner.fit() is None:
                    raise _too_little(course)
            morning, keys = learner.morning(facts, day, vehicles), versions_of(facts)
            versions = known.versions(facts)
            lived.weights.count(facts, versions)
            outlook = learner.outlook(morning, keys=keys)
            learner.keep(morning, versions, foretold=foretold_of(outlook, versions), versions=versions)
            if day >= held_from and outlook is not None:
                lived.opening = lived.opening if len(lived.opening) else outlook.chance
                rival = course.in_force
                if rival is None or day < day_number(course.in_force_knows or course.as_of):
                    other = np.full(outlook.chance.shape, np.nan)
                else:
                    other = rival.outlook(keys, morning.values).chance
                place = {key: at for at, key in enumerate(outlook.number)}
                for number, version in versions.items():
                    at = place[f"{number}\n{version}"]
                    lived.foretold[number] = outlook.chance[at], other[at]
            (lived.recent if day >= held_from else lived.before).append(
                morning.values[::_SAMPLED,][:, _DECLARED].astype(np.float32)
            )
            learner.evening(morning, vehicles)
    if not fitted:
        raise _too_little(course)
    return lived


def _leakage(course: Course, known: Known, opening: Floats, *, progress: Progress) -> float:
    """Live through it again with the outcomes shuffled that became known on the days held out or later."""
    findings = known.table
    true = findings["violation"].cast(pa.float64()).to_numpy(zero_copy_only=False)

    def score(outcomes: Floats) -> Floats:
        if np.array_equal(outcomes, true):
            return opening
        told = findings.set_column(
            findings.schema.get_field_index("violation"), "violation", pa.array(outcomes > 0)
        )
        clean = pc.if_else(told["violation"], findings["violation_type"], pa.scalar(None, pa.string()))
        told = told.set_column(findings.schema.get_field_index("violation_type"), "violation_type", clean)
        otherwise = Known.of(told, course.pack, course.as_of)
        return _live(course, otherwise, progress, until=course.held_from + 1).opening

    return future_leakage(score, true, known.days, as_of_day=course.held_from, seed=course.seed)


def _stated(known: Known, course: Course) -> dict[str, float]:
    """Return how many declarations each controlled one stands for: 1 / propensity of its fullest form."""
    done: dict[str, set[str]] = {}
    columns = (known.table[name].to_pylist() for name in ("declaration_id", "control_form", "source"))
    for number, form, source in zip(*columns, strict=True):
        if number is not None and source in ("control", "audit"):
            done.setdefault(str(number), set()).add(
                str(form or ("post_release" if source == "audit" else "documents"))
            )
    weights = {}
    for number, chances in course.propensities.items():
        form = next((f for f in _STRICTEST_FIRST if f in done.get(number, ())), None)
        chance = chances.get(form, 0.0) if form else 0.0
        if chance > 0:
            weights[number] = min(1 / chance, course.bounds.largest_weight)
    return weights


def _held_out(
    course: Course, lived: _Rehearsal, shown: Mapping[str, Shown], weights: Mapping[str, float]
) -> dict[str, HeldOut]:
    """Return by form what was foretold on the days held out, beside what was found."""
    judged = {}
    for at, form in enumerate(FORMS):
        numbers = [n for n in sorted(lived.foretold) if n in shown and form in shown[n].forms]
        pairs = [lived.foretold[number] for number in numbers]
        judged[form] = HeldOut(
            p=np.array([own[at] for own, _ in pairs], np.float64),
            y=np.array([form in shown[number].hit for number in numbers], np.float64),
            weight=np.array([weights.get(number, 1.0) for number in numbers], np.float64),
            in_force=None
            if course.in_force is None
            else np.array([other[at] for _, other in pairs], np.float64),
        )
    return judged


def _sample(parts: list[NDArray[np.float32]]) -> Floats:
    return (np.concatenate(parts) if parts else np.zeros((0, len(_DECLARED)))).astype(np.float64)


def _bounds(stated: PublicationBounds) -> Bounds:
    return Bounds(
        calibration_error=stated.calibration_error,
        auc_loss=stated.auc_loss,
        auc=stated.auc,
        drift=stated.drift,
        leakage=stated.leakage,
        violations=stated.violations,
        level=stated.level,
    )


def _too_little(course: Course) -> TrainingError:
    return TrainingError(
        N_(
            "too little was found before the {n} days before {day} that are held out for judging; "
            "models need {least} items in violation of one kind, with declarations of the days before"
        ),
        n=course.bounds.held_out_days, day=course.as_of.isoformat(), least=MINIMUM_FOUND,
    )  # fmt: skip
