"""Text against code, with goods described in Russian, Kazakh, Latin letters and mixtures."""

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import SkipTestWarning
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import check_estimator

from daliz.engine.estimators import Burdens, TypicalWordings, WordingModel, fold, reason_of

TYRES, RUBBER, TEA, SHOES = "4011100003", "4016999708", "0902300001", "6403993600"
DECLARED = [
    ("Шины легковые новые", TYRES), ("автошины для легковых автомобилей, в мешках", TYRES),
    ("жеңіл автокөлік шиналары жаңа", TYRES), ("new car tyres, арт. 4711", TYRES),
    ("Изделия из резины прочие", RUBBER), ("резеңкеден жасалған бұйымдар", RUBBER),
    ("other articles of rubber, in cartons", RUBBER), ("чай чёрный байховый в картонных коробках", TEA),
    ("қара шай, жаңа", TEA), ("black tea in packets", TEA), ("обувь кожаная женская новая", SHOES),
    ("әйелдер былғары аяқ киімі", SHOES), ("women's leather shoes", SHOES),
]  # fmt: skip


@pytest.fixture
def model() -> WordingModel:
    texts, codes = zip(*DECLARED, strict=True)
    return WordingModel().fit(texts, codes, traders=[f"trader {row}" for row in range(len(texts))])


@pytest.mark.parametrize(
    "description",
    [
        "ШИНЫ ЛЕГКОВЫЕ 205/55 R16", "shiny legkovye novye", "Шины лeгкoвыe", "жеңіл көлік шинасы",
        "zhenil avtokolik shinalary", "tyres for cars", "шнны легковые", "ұзын шиналар",
    ],
)  # fmt: skip
def test_tyres_are_tyres_in_every_spelling(model: WordingModel, description: str) -> None:
    assert model.predict([description]).tolist() == [TYRES]


def test_described_as_tyres_declared_as_articles_of_rubber(model: WordingModel) -> None:
    found = model.disagreement(
        ["шины легковые Nordman", "shiny legkovye", "изделия из резины"],
        [RUBBER, RUBBER, RUBBER],
        {TYRES: 0.25, RUBBER: 0.17, TEA: 0.12, SHOES: 0.27},
    )
    assert found.suggested.tolist() == [TYRES, TYRES, RUBBER]
    assert (found.log_odds[:2] > 1).all()
    assert found.log_odds[2] == 0
    assert found.extra_share[0] > 4 * found.extra_share[2]
    assert found.extra_share.max() < 0.10


def test_a_wrong_code_that_costs_more_is_no_gain(model: WordingModel) -> None:
    found = model.disagreement(["шины легковые"], [RUBBER], {TYRES: 0.1, RUBBER: 0.3, TEA: 0.1, SHOES: 0.1})
    assert found.suggested.tolist() == [TYRES]
    assert found.extra_share.tolist() == [0.0]


def test_a_missing_or_meaningless_description_is_unknown_not_zero(model: WordingModel) -> None:
    descriptions = [None, "", "12/7", "集装箱"]
    found = model.disagreement(descriptions, [RUBBER] * 4, {TYRES: 0.2, RUBBER: 0.1})
    assert np.isnan(found.log_odds).all()
    assert np.isnan(found.extra_share).all()
    assert found.suggested.tolist() == [None] * 4
    assert model.suggest(descriptions, top=1).codes.tolist() == [[None]] * 4
    assert np.isnan(model.predict_log_proba(descriptions)).all()


def test_the_extra_payments_are_unknown_where_the_declared_codes_burden_is(model: WordingModel) -> None:
    found = model.disagreement(["шины легковые"], [RUBBER], {TYRES: 0.25})
    assert found.log_odds[0] > 1
    assert np.isnan(found.extra_share[0])


def test_a_code_never_declared_before_is_judged_all_the_same(model: WordingModel) -> None:
    found = model.disagreement(["шины легковые"], ["8708709909"], {TYRES: 0.25, "8708709909": 0.12})
    assert found.suggested.tolist() == [TYRES]
    assert found.log_odds[0] > 1
    assert 0 < found.extra_share[0] < 0.13


def test_one_trader_who_always_misdeclares_does_not_teach_his_code(model: WordingModel) -> None:
    model.partial_fit(["шины легковые новые"] * 300, [RUBBER] * 300, traders=["a cheat"] * 300)
    assert model.predict(["шины легковые"]).tolist() == [TYRES]
    assert model.disagreement(["шины легковые"], [RUBBER], {}).log_odds[0] > 0.2


def test_suggestions_are_summed_up_to_headings(model: WordingModel) -> None:
    model.partial_fit(["шины грузовые новые"], ["4011201000"])
    found = model.suggest(["шины"], top=2, digits=4)
    assert found.codes[0, 0] == "4011"
    assert np.exp(found.log_probability[0]).sum() < 1
    full = np.exp(model.predict_log_proba(["шины"])[0])
    of_4011 = sum(p for p, code in zip(full, model.classes_, strict=True) if code.startswith("4011"))
    assert np.exp(found.log_probability[0, 0]) == pytest.approx(of_4011)


def test_learning_by_days_is_learning_at_once(model: WordingModel) -> None:
    by_days = WordingModel()
    for row, (text, code) in enumerate(DECLARED):
        by_days.partial_fit([text], [code], traders=[f"trader {row}"])
    by_days.sharpness_ = model.sharpness_
    texts = ["шины", "чай", "обувь женская"]
    assert by_days.classes_.tolist() == model.classes_.tolist()
    np.testing.assert_allclose(by_days.predict_log_proba(texts), model.predict_log_proba(texts), atol=1e-6)


def test_a_sample_of_no_weight_teaches_nothing() -> None:
    model = WordingModel().fit(["шины", "чай", "шины"], [TYRES, TEA, TEA], [1, 1, 0])
    assert model.predict(["шины"]).tolist() == [TYRES]


def test_kazakh_letters_are_kept_apart_from_nothing() -> None:
    assert fold("Қазақстан әйелдер үшін ңғөұһі") == ("kazakstan", "aielder", "ushin", "ngouhi")


def test_words_all_of_look_alikes_follow_their_text() -> None:
    assert fold("cyxap белый") == ("suhar", "beli")
    assert fold("cop tyres") == ("cop", "tires")


def test_the_burden_of_a_code_is_not_moved_by_a_few_false_values() -> None:
    burdens = Burdens()
    burdens.learn([TYRES] * 5 + [None, RUBBER], np.array([0.25, 0.25, 0.25, 9.0, 0.0, 0.3, np.nan]))
    assert burdens.by_code() == {TYRES: 0.25}


def test_the_reason_names_both_codes_by_their_official_names_or_usual_wording() -> None:
    wordings = TypicalWordings()
    wordings.learn(["Шины легковые, арт. 1", "ШИНЫ ЛЕГКОВЫЕ", "диски", None], [TYRES, TYRES, TYRES, TEA])
    said = [
        reason_of(TYRES, RUBBER, {"4016": name}, wordings, lang)
        for lang, name in (
            ("en", "articles of rubber"), ("ru", "изделия из резины"), ("kk", "резеңке бұйымдар"),
        )
    ]  # fmt: skip
    assert said == [
        "described as 4011100003 (шины легковые), declared as 4016999708 (articles of rubber)",
        "описан как 4011100003 (шины легковые), заявлен как 4016999708 (изделия из резины)",
        "4011100003 (шины легковые) деп сипатталған, 4016999708 (резеңке бұйымдар) деп мәлімделген",
    ]
    assert reason_of(TEA, RUBBER, {}, wordings) == "described as 0902300001, declared as 4016999708"


def test_wordings_of_a_code_are_bounded_and_the_usual_one_stays() -> None:
    wordings = TypicalWordings()
    wordings.learn(
        ["чай"] * 5 + [f"слово{chr(1072 + n % 32)}{chr(1072 + n // 32)}" for n in range(200)], [TEA] * 205
    )
    assert wordings.of(TEA) == "чай"


def test_it_works_as_a_scikit_learn_classifier() -> None:
    with pytest.warns(SkipTestWarning):  # nearly all of these checks feed tables of numbers
        check_estimator(WordingModel())
    texts, codes = (np.array(column, dtype=object) for column in zip(*DECLARED * 5, strict=True))
    assert cross_val_score(WordingModel(smoothing=50.0), texts, codes, cv=5).tolist() == [1.0] * 5
    assert clone(WordingModel(smoothing=50.0)).get_params() == {"buckets": 32768, "smoothing": 50.0}
    with pytest.raises(ValueError, match="no argument 'depth'"):
        WordingModel().set_params(depth=3)


def test_scoring_imports_numpy_alone() -> None:
    code = (
        "import sys, daliz.engine.estimators.wording; print('sklearn' in sys.modules, 'scipy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False"]


@given(st.text(alphabet="шинылегковеқңәіұөabcdexyhorpm -,/0123", max_size=40))
def test_folded_words_are_plain(text: str) -> None:
    words = fold(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)
    assert not any(a == b for word in words for a, b in pairwise(word))


@given(st.text(alphabet="АВЕКМНОРСТХ", min_size=1, max_size=8))
def test_letters_that_look_alike_fold_alike(word: str) -> None:
    latin = word.translate(str.maketrans("АВЕКМНОРСТХ", "ABEKMHOPCTX"))
    assert fold(f"Ш{latin}Ы") == fold(f"Ш{word}Ы")
