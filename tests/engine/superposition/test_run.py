"""A superposition over a small border whose truth is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from daliz.engine.allocation import Capacity
from daliz.engine.backtest import FactsStore, Labels, write_store
from daliz.engine.features.compute import facts_reader
from daliz.engine.pack import CapacityRule, Pack, ProfileKind, load_pack
from daliz.engine.records.decisions import DECISIONS
from daliz.engine.records.files import read_table, write_table
from daliz.engine.records.schema import DECLARATIONS, TRUTH
from daliz.engine.superposition import (
    Model,
    Proposal,
    Question,
    Sort,
    Superposition,
    SuperpositionError,
    features_needed,
    superpose,
)
from daliz.engine.world import write_world
from tests.engine.backtest.cast import decisions

FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    write_world(
        folder, pack=load_pack("kz"), seed=11, months=3, per_day=60, first_month=date(2026, 1, 1),
        past_controls={"documents": 0.16, "physical": 0.04},
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("kz")


@pytest.fixture(scope="module")
def question(pack: Pack) -> Question:
    return Question(
        pack=pack,
        capacity=Capacity.of("documents=16%,physical=4%", forms=pack.forms),
        days=(FIRST, LAST),
        profiles_of=LAST,
        steps=0,
    )


@pytest.fixture(scope="module")
def store(
    world: Path, pack: Pack, question: Question, tmp_path_factory: pytest.TempPathFactory
) -> FactsStore:
    with facts_reader(
        world / "declarations.parquet", world / "findings.parquet", zone=pack.zone, holidays=pack.holidays,
        first_day=FIRST, last_day=LAST, names=features_needed(question),
        transport_means=world / "transport_means.parquet", official=pack.feature_tables,
    ) as reader:  # fmt: skip
        return write_store(reader, tmp_path_factory.mktemp("facts") / "facts.parquet")


@pytest.fixture(scope="module")
def labels(world: Path, pack: Pack) -> Labels:
    return Labels.of(pack, world / "findings.parquet")


@pytest.fixture(scope="module")
def answer(store: FactsStore, labels: Labels, question: Question) -> Superposition:
    return superpose(store, labels, replace(question, steps=1))


def test_the_proposed_set_is_no_worse_on_the_days_it_was_chosen_from(answer: Superposition) -> None:
    active = sum(v.proposed is not None and v.proposal is not Proposal.STAYS for v in answer.verdicts)
    assert answer.proposed >= answer.today - answer.upkeep * 2 * active
    assert answer.bound.relaxed
    assert answer.worth <= answer.bound.money
    assert 0 <= answer.lost < 0.05


def test_the_last_fifth_of_the_days_takes_no_part(answer: Superposition) -> None:
    assert answer.chosen_days == (FIRST, date(2026, 3, 13))
    assert answer.kept_days == (date(2026, 3, 14), LAST)
    assert all(count > 500 for count in answer.declarations)


def test_what_is_mandatory_stays_and_what_never_fired_is_not_judged(answer: Superposition) -> None:
    for verdict in answer.verdicts:
        assert verdict.present is not None
        mandatory = verdict.present.profile.capacity is CapacityRule.MANDATORY
        assert (verdict.proposal is Proposal.STAYS) == mandatory
        assert (verdict.missed is None) == (not verdict.judged)
        if not mandatory and not verdict.fires:
            by_model = verdict.present.profile.kind is ProfileKind.MODEL
            nothing_known = {Proposal.UNTOLD} if by_model else {Proposal.SILENT, Proposal.FORMLESS}
            assert verdict.proposal in nothing_known


def test_what_guards_more_than_revenue_goes_only_where_others_ask_for_all_of_it(
    answer: Superposition, pack: Pack
) -> None:
    guards = [
        verdict
        for verdict in answer.verdicts
        if verdict.present and pack.directions[verdict.present.profile.direction].non_fiscal
    ]
    assert len(guards) > 10
    assert all(v.proposal is not Proposal.RETIRE or v.covered == 1.0 for v in guards)


def test_a_change_is_proposed_for_what_it_brings_beside_the_rest(answer: Superposition) -> None:
    changed = [verdict for verdict in answer.verdicts if verdict.proposal is Proposal.CHANGE]
    assert changed
    for verdict in changed:
        assert verdict.changes is not None
        assert verdict.changes.value >= answer.upkeep - 1e-3


def test_the_redundant_are_named_with_what_covers_them(answer: Superposition) -> None:
    retired = [verdict for verdict in answer.verdicts if verdict.proposal is Proposal.RETIRE]
    redundant = [verdict for verdict in retired if verdict.redundant]
    assert redundant
    for verdict in retired:
        assert verdict.missed is not None
        assert verdict.missed.value <= answer.upkeep + 1e-6
        assert all(0 < cover.share <= 1 for cover in verdict.covers)
    assert all(verdict.covered >= 0.5 and verdict.covers for verdict in redundant)
    assert answer.retired is not None
    assert answer.retired.value < len(retired) * answer.upkeep


def test_without_decisions_the_answer_says_that_it_is_biased(answer: Superposition) -> None:
    assert not answer.weighted
    assert answer.controls_known > 300


def test_the_same_question_gets_the_same_answer(
    store: FactsStore, labels: Labels, question: Question
) -> None:
    assert superpose(store, labels, question) == superpose(store, labels, question)


def test_with_decisions_controls_weigh_by_their_propensity(
    store: FactsStore, world: Path, pack: Pack, question: Question, tmp_path: Path
) -> None:
    numbers = read_table(world / "declarations.parquet", DECLARATIONS)["declaration_id"].unique().to_pylist()
    chances = decisions({str(number): 0.25 for number in numbers})
    write_table(chances, tmp_path / "decisions.parquet", DECISIONS)
    told = superpose(store, Labels.of(pack, world / "findings.parquet", [tmp_path]), question)
    assert told.weighted
    assert told.weighted_share == 1.0


def test_a_copy_of_a_profile_is_not_needed(
    store: FactsStore, labels: Labels, question: Question, answer: Superposition
) -> None:
    strongest = next(v.present for v in answer.verdicts if v.proposal in {Proposal.KEEP, Proposal.CHANGE})
    assert strongest is not None
    copy = replace(strongest.profile, id="KZ-COPY")
    told = superpose(store, labels, replace(question, profiles=(copy,)))
    by_group = {verdict.group: verdict for verdict in told.verdicts}
    pair = by_group["KZ-COPY"], by_group[strongest.group]
    assert sum(verdict.proposed is not None for verdict in pair) == 1
    spare = next(verdict for verdict in pair if verdict.proposed is None)
    assert spare.covered == 1.0


def test_a_model_that_knows_the_truth_is_added_and_recovers_more(
    store: FactsStore, labels: Labels, world: Path, question: Question
) -> None:
    truth = read_table(world / "truth.parquet", TRUTH)
    lying = set(truth.filter(truth["violation"])["declaration_id"].to_pylist())
    numbers = {str(number) for number in truth["declaration_id"].to_pylist()}
    oracle = Model("oracle", {number: 0.9 if number in lying else 0.01 for number in numbers})
    told = superpose(store, labels, replace(question, models=(oracle,), days=(FIRST, date(2026, 2, 28))))
    verdict = next(v for v in told.verdicts if v.group == "oracle")
    assert verdict.proposal is Proposal.ADD
    assert verdict.proposed is not None
    assert verdict.proposed.sort is Sort.MODEL
    assert told.kept_more["hits"].value > 0


def test_profiles_of_models_are_judged_by_what_decisions_tell_of_models(
    store: FactsStore, world: Path, pack: Pack, question: Question, tmp_path: Path
) -> None:
    truth = read_table(world / "truth.parquet", TRUTH)
    lying = set(truth.filter(truth["violation"])["declaration_id"].to_pylist())
    numbers = sorted({str(number) for number in truth["declaration_id"].to_pylist()})
    told = decisions(dict.fromkeys(numbers, 0.25))
    chance = pa.array([0.9 if number in lying else 0.01 for number in told["declaration_id"].to_pylist()])
    place = told.schema.get_field_index("model_documents")
    write_table(
        told.set_column(place, told.schema.field(place), chance), tmp_path / "decisions.parquet", DECISIONS
    )
    answer = superpose(store, Labels.of(pack, world / "findings.parquet", [tmp_path]), question)
    by_group = {verdict.group: verdict for verdict in answer.verdicts}
    documents, goods = by_group["KZ-MD-01"], by_group["KZ-MD-02"]
    assert documents.proposal is Proposal.KEEP
    assert documents.missed is not None
    assert documents.missed.value == max(v.missed.value for v in answer.verdicts if v.missed)
    assert goods.proposal is Proposal.UNTOLD, "no model spoke of opening the goods"


def test_a_form_without_time_leaves_unjudged_who_asks_for_nothing_else(
    store: FactsStore, labels: Labels, question: Question, pack: Pack
) -> None:
    minutes = Capacity({}, {("*", "documents", None): 300.0})
    told = superpose(store, labels, replace(question, capacity=minutes))
    by_group = {verdict.group: verdict for verdict in told.verdicts}
    assert by_group["KZ-DC-01"].proposal is Proposal.FORMLESS
    assert by_group["KZ-UV-01"].proposal is not Proposal.FORMLESS


def test_few_may_be_asked_for(store: FactsStore, labels: Labels, question: Question) -> None:
    told = superpose(store, labels, replace(question, most=3))
    active = [v for v in told.verdicts if v.proposed is not None and v.proposal is not Proposal.STAYS]
    assert len(active) == 3
    assert told.proposed < told.today


def test_a_list_may_be_missed(store: FactsStore, labels: Labels, question: Question, pack: Pack) -> None:
    told = superpose(store, labels, replace(question, lists=("consumer_headings",)))
    assert [one.name for one in told.lists] == ["consumer_headings"]
    asking = {verdict.group for verdict in told.verdicts if verdict.proposed and verdict.group == "KZ-UD-02"}
    assert asking <= set(told.lists[0].used)
    assert told.lists[0].missed.value != 0.0
    with pytest.raises(SuperpositionError, match="has no list nowhere"):
        superpose(store, labels, replace(question, lists=("nowhere",)))


def test_mandatory_candidates_and_too_few_days_are_refused(
    store: FactsStore, labels: Labels, question: Question, pack: Pack
) -> None:
    must = next(p for p in pack.profiles if p.capacity is CapacityRule.MANDATORY and p.cases)
    with pytest.raises(SuperpositionError, match="is mandatory"):
        superpose(store, labels, replace(question, profiles=(must,)))
    with pytest.raises(SuperpositionError, match="takes 8 at least"):
        superpose(store, labels, replace(question, days=(FIRST, date(2026, 1, 5))))


def test_minutes_of_officers_are_understood_too(
    store: FactsStore, labels: Labels, question: Question
) -> None:
    minutes = Capacity({}, {("*", "documents", None): 300.0, ("*", "physical", None): 240.0})
    told = superpose(store, labels, replace(question, capacity=minutes))
    mornings = (told.kept_days[1] - told.kept_days[0]).days + 1
    assert told.kept_proposed.totals["minutes"].value > 0
    assert told.kept_proposed.controls < mornings * 20, "540 minutes a day hold no more"
    assert 0 <= told.lost < 0.05
