"""Reads the policy: capacity, random share, risk levels, priors."""

from collections.abc import Collection, Mapping

from daliz.engine.pack.border import NamedList
from daliz.engine.pack.control import Measure
from daliz.engine.pack.document import Listing, Scalar
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.policy import (
    Band,
    Decider,
    EffectPolicy,
    HarmPoints,
    Level,
    Levels,
    Policy,
    PriorRate,
    RandomPolicy,
    Stratum,
    Tolerance,
    UnknownRule,
)
from daliz.engine.pack.reader import Entry
from daliz.language import N_


def read_capacity(policy: Entry) -> dict[str, float]:
    """Return the share of a day's declarations that each form of control can take; its keys are the forms."""
    entry = policy.entry("default_capacity")
    capacity = {form: entry.number(form, 0, 1) for form in entry.node.entries}
    if not capacity and policy.has("default_capacity"):
        policy.problems.add("pack-empty", entry.node.place, N_("at least one form of control has capacity"))
    return capacity


def read_policy(
    policy: Entry,
    *,
    capacity: Mapping[str, float],
    measures: Mapping[str, Measure],
    directions: Collection[str],
    violation_types: Collection[str],
    lists: Mapping[str, NamedList],
    expressions: Expressions,
) -> Policy:
    """Return the policy; what it names must be declared in the pack."""
    prior = policy.entry("prior")
    rates = {code: _rate(prior.entry(code)) for code in sorted(directions)}
    prior.close()
    result = Policy(
        default_capacity=capacity,
        random=_random(policy.entry("random"), measures, expressions),
        levels=_levels(policy.entry("levels")),
        prior=rates,
        base_rate=_rate(policy.entry("base_rate")),
        reserved_floor=policy.number("reserved_floor", 0, 1),
        unknown_in_mandatory=policy.member("unknown_in_mandatory", UnknownRule),
        money_per_harm=policy.number("money_per_harm", 0, 1e12),
        money_per_hit=policy.number("money_per_hit", 0, 1e12, default=0.0),
        expected_a_day=policy.whole("expected_a_day") if policy.has("expected_a_day") else 0,
        officer_minute=policy.number("officer_minute", 0, 1e9, default=0.0),
        delay_hour=policy.number("delay_hour", 0, 1e9, default=0.0),
        deferred_as=_deferred_as(policy, measures),
        decides=policy.member("decides", Decider, default=Decider.SYSTEM),
        effect=_effect(policy.entry("effect", optional=True), violation_types, lists),
    )
    policy.asked.add("expected_a_day")
    policy.close()
    return result


def _deferred_as(policy: Entry, measures: Mapping[str, Measure]) -> str | None:
    """Return the measure by which a document check is done after release; None where nothing waits."""
    code = policy.reference("deferred_as", N_("measure"), measures, optional=True)
    if code in measures and measures[code].form != "post_release":
        template = N_("what waits is done after release; {measure} is not of the form post_release")
        policy.problems.add("pack-deferral", policy.place("deferred_as"), template, measure=code)
    return code or None


def _rate(entry: Entry) -> PriorRate:
    rate = PriorRate(
        hit_rate=entry.number("hit_rate", 0, 1),
        weight=entry.number("weight", 0, 1e6, above=True),
        loss_share=entry.number("loss_share", 0, 10),
        harm=entry.number("harm", 0, 1e6),
    )
    entry.close()
    return rate


def _effect(entry: Entry, violation_types: Collection[str], lists: Mapping[str, NamedList]) -> EffectPolicy:
    tolerance = None
    if entry.has("tolerance"):
        inner = entry.entry("tolerance")
        tolerance = Tolerance(inner.number("low", 0, 1), inner.number("high", 0, 1))
        if tolerance.high < tolerance.low:
            template = N_("the tolerance ends where it begins or above, not below")
            entry.problems.add("pack-tolerance", inner.place("high"), template)
        inner.close()
    sensitivity = entry.number("sensitivity", 0, 1, above=True) if entry.has("sensitivity") else None
    entry.asked |= {"tolerance", "sensitivity"}
    points = entry.entry("harm", optional=True)
    types = "pack-unknown-violation-type", N_("violation type"), violation_types
    by_type = {code: points.number(code, 0, 1e6) for code in _known(points, *types)}
    on_goods = {}
    goods = entry.entry("harm_on_goods", optional=True)
    for kind in _known(goods, *types):
        inner = goods.entry(kind)
        on_goods[kind] = {
            str(member): inner.number(code, 0, 1e6)
            for code in _known(inner, "pack-unknown-list", N_("list"), lists)
            for member in (lists[code].members if code in lists else ())
        }
        inner.close()
    goods.close()
    entry.close()
    return EffectPolicy(tolerance, sensitivity, HarmPoints(by_type, on_goods))


def _known(entry: Entry, problem: str, kind: str, known: Collection[str]) -> list[str]:
    """Return the codes that an entry names; those that are not known are noted."""
    for code in entry.node.entries:
        if code not in known:
            entry.problems.unknown(problem, entry.node.keys[code], kind, code, known)
    return list(entry.node.entries)


def _random(entry: Entry, measures: Mapping[str, Measure], expressions: Expressions) -> RandomPolicy:
    code = entry.reference("measure", N_("measure"), measures)
    measure = measures.get(code)
    if measure is not None and (measure.form is None or measure.extent != "full"):
        template = N_(
            "a random control reveals everything, so its measure is a form of control of full extent"
        )
        entry.problems.add("pack-random-measure", entry.place("measure"), template)
    strata = []
    for stratum, inner in entry.coded("strata"):
        when = expressions.read(inner, "when", whole=True)
        name, share = inner.words("name"), inner.number("share", 0, 1)
        cap = inner.number("cap", share, 1, default=share)
        inner.close()
        if when is not None:
            strata.append(Stratum(stratum, name, when, share, cap))
    most = entry.number("most_of_capacity", 0, 1, above=True, default=1.0)
    entry.close()
    return RandomPolicy(measure.form or "" if measure else "", code, tuple(strata), most)


def _levels(entry: Entry) -> Levels:
    names = entry.entry("names")
    levels = {code: Level(code, names.words(code), rank) for rank, code in enumerate(names.node.entries)}
    likelihood, consequence = _bands(entry, "likelihood", 1), _bands(entry, "consequence", 1e15)
    rows = []
    for node in entry.items("matrix"):
        cells = node.items if isinstance(node, Listing) else ()
        if len(cells) != len(consequence):
            template = N_("a row of the matrix has one level for each consequence band: {number}")
            entry.problems.add("pack-matrix", node.place, template, number=len(consequence))
        row = []
        for cell in cells:
            found = cell.text if isinstance(cell, Scalar) else ""
            if found not in levels:
                entry.problems.unknown("pack-unknown-level", cell.place, N_("level"), found, levels)
            row.append(found)
        rows.append(tuple(row))
    if len(rows) != len(likelihood):
        template = N_("the matrix has one row for each likelihood band: {number}")
        entry.problems.add("pack-matrix", entry.place("matrix"), template, number=len(likelihood))
    _never_falls(entry, rows, {code: level.rank for code, level in levels.items()})
    entry.close()
    return Levels(likelihood, consequence, tuple(rows), levels)


def _bands(entry: Entry, key: str, high: float) -> tuple[Band, ...]:
    bands: list[Band] = []
    for code, inner in entry.coded(key):
        band = Band(code, inner.words("name"), inner.number("from", 0, high))
        inner.close()
        if not bands and band.from_value != 0:
            entry.problems.add("pack-bands", inner.place("from"), N_("the first band begins at 0"))
        if bands and not band.from_value > bands[-1].from_value:
            entry.problems.add("pack-bands", inner.place("from"), N_("bands ascend; this one does not"))
        bands.append(band)
    return tuple(bands)


def _never_falls(entry: Entry, rows: list[tuple[str, ...]], ranks: Mapping[str, int]) -> None:
    """Note where a greater likelihood or consequence would give a lower level."""
    for i, row in enumerate(rows):
        for j, cell in enumerate(row):
            before = [rows[i - 1][j]] if i and j < len(rows[i - 1]) else []
            before += [row[j - 1]] if j else []
            if any(ranks.get(cell, 0) < ranks.get(other, 0) for other in before):
                template = N_("row {row}, column {column}: the level falls where the risk rises")
                entry.problems.add("pack-matrix", entry.place("matrix"), template, row=i + 1, column=j + 1)
