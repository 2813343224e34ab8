"""Text against code: which codes a description suggests, learned day by day from what was declared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self, cast

import numpy as np
from numpy.typing import NDArray

from daliz.engine.estimators.grams import Described, Names, Texts
from daliz.engine.estimators.keeping import Tree
from daliz.engine.estimators.piece_counts import PieceCounts
from daliz.engine.estimators.rates import Floats

_FIRST_SHARPNESS: Final = 0.3
_TRIED: Final = np.array([0.70, 0.85, 1.0, 1.18, 1.43])
"""Factors on the sharpness that each batch is asked about."""
_STEP: Final = 0.1
"""How far one batch moves the sharpness, on the log scale."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What descriptions suggest, the likeliest code first.

    Attributes:
        codes: None where the description is missing or says nothing, shape (descriptions, top).
        log_probability: NaN there, shape (descriptions, top).
    """

    codes: Names
    log_probability: Floats


@dataclass(frozen=True, slots=True)
class Disagreement:
    """How far descriptions contradict the codes declared, shape (descriptions,) each.

    Attributes:
        suggested: likeliest code; None where unknown.
        log_odds: of the code suggested against the code declared, 0 or more; NaN where unknown.
        extra_share: payments expected beyond those of the declared code, as a share of customs value, 0 or
            more; NaN where the description or the burden of the declared code is unknown.
    """

    suggested: Names
    log_odds: Floats
    extra_share: Floats


class WordingModel:
    """Naive Bayes over pieces of words, smoothed to what all codes have in common.

    A piece speaks for a code as far as it is more usual there than elsewhere, so that packings, articles and
    legal forms say nothing by themselves. Where the trader is given, a word of his counts for a code once:
    whoever declares tyres as used rubber a hundred times does not teach the model that tyres are used rubber.

    Pieces overlap, so their sum is too sure of itself; how far it is believed is learned from each batch
    before the batch itself is. Follows the conventions of scikit-learn without importing it; scoring needs
    numpy alone. A code may be new on any day.

    Args:
        buckets: how many pieces are told apart.
        smoothing: pieces of usual wording that each code starts with, above 0.

    Attributes:
        classes_: codes seen, in the order of first sight, shape (codes,).
        sharpness_: factor on the sum of evidence, above 0.

    Sources:
        [zhai2004] (smoothing to the collection); [cavnar1994] (pieces of words).

    Example:
        >>> model = WordingModel().fit(["шины легковые новые", "чай чёрный"], ["4011100003", "0902300001"])
        >>> model.predict(["shiny novye", "ЧАЙ", None]).tolist()
        ['4011100003', '0902300001', None]
    """

    def __init__(self, buckets: int = 1 << 15, smoothing: float = 200.0) -> None:
        self.buckets = buckets
        self.smoothing = smoothing

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the arguments by name."""
        return {"buckets": self.buckets, "smoothing": self.smoothing}

    def set_params(self, **values: Any) -> Self:
        """Change arguments by name; unknown names are an error."""
        for name, value in values.items():
            if name not in self.get_params():
                raise ValueError(f"WordingModel has no argument {name!r}; it has buckets and smoothing")
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        """Say to scikit-learn, which alone asks, that this classifier takes texts."""
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags  # noqa: PLC0415 -- not at scoring

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True),
            classifier_tags=ClassifierTags(multi_label=False),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True, allow_nan=True),
        )

    def fit(
        self,
        descriptions: Described,
        codes: Described,
        sample_weight: Sequence[float] | Floats | None = None,
        *,
        traders: Described | None = None,
    ) -> Self:
        """Learn from descriptions and the codes declared with them, forgetting what was learned before."""
        self._counts = PieceCounts(self.buckets, self.smoothing)
        self.sharpness_ = _FIRST_SHARPNESS
        return self.partial_fit(descriptions, codes, sample_weight, traders=traders)

    def partial_fit(
        self,
        descriptions: Described,
        codes: Described,
        sample_weight: Sequence[float] | Floats | None = None,
        *,
        traders: Described | None = None,
    ) -> Self:
        """Learn one more day.

        Args:
            descriptions: texts; None teaches nothing.
            codes: declared with them; None teaches nothing.
            sample_weight: what each row counts, 0 or more; 1 unless given.
            traders: who declared each row, so that none counts twice.
        """
        if not hasattr(self, "_counts"):
            return self.fit(descriptions, codes, sample_weight, traders=traders)
        texts = Texts.of(descriptions)
        weight = np.ones(len(codes)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        if len(self._counts) > 1:
            self._sharpen(texts, codes)
        self._counts.add_codes(codes)
        self._counts.add(texts, codes, weight, [None] * len(codes) if traders is None else traders)
        self.classes_ = np.array(list(self._counts.index), dtype=object)
        return self

    def predict_log_proba(self, descriptions: Described) -> Floats:
        """Return log probabilities, shape (descriptions, codes); NaN where a description says nothing."""
        texts = Texts.of(descriptions)
        by_form, _, says = self._by_form(texts)
        by_form[~says] = np.nan
        answers = np.full((len(texts.form), len(self.classes_)), np.nan)
        answers[texts.form >= 0] = by_form[texts.form[texts.form >= 0]]
        return answers

    def predict_proba(self, descriptions: Described) -> Floats:
        """Return probabilities, shape (descriptions, codes); NaN where a description says nothing."""
        return np.exp(self.predict_log_proba(descriptions))

    def predict(self, descriptions: Described) -> Names:
        """Return the likeliest code of each description; None where it says nothing."""
        return self.suggest(descriptions, top=1).codes[:, 0]

    def score(self, descriptions: Described, codes: Described) -> float:
        """Return the share of descriptions whose likeliest code is the one given."""
        return float(np.mean(self.predict(descriptions) == np.asarray(codes, dtype=object)))

    def suggest(self, descriptions: Described, *, top: int = 3, digits: int = 10) -> Suggestions:
        """Return the likeliest codes of each description.

        Args:
            descriptions: texts.
            top: how many codes.
            digits: of the codes: 4 for headings, 6 for subheadings; longer codes are summed up.
        """
        texts = Texts.of(descriptions)
        by_form, _, says = self._by_form(texts)
        codes, by_form = _to_digits(self.classes_, by_form, digits)
        top = min(top, len(codes))
        best = np.argsort(-by_form, axis=1, kind="stable")[:, :top]
        known = _known(texts, says)
        names = np.full((len(known), top), None, dtype=object)
        log_probability = np.full((len(known), top), np.nan)
        form = texts.form[known]
        names[known] = codes[best[form]]
        log_probability[known] = np.take_along_axis(by_form, best, axis=1)[form]
        return Suggestions(names, log_probability)

    def disagreement(
        self, descriptions: Described | Texts, declared: Described, burdens: Mapping[str, float]
    ) -> Disagreement:
        """Compare descriptions with the codes declared, and weigh what differs by what it would cost.

        Args:
            descriptions: texts.
            declared: codes; one that was never seen is judged as a code without wording of its own.
            burdens: payments of each code as a share of customs value; codes it lacks count for nothing.
        """
        texts = Texts.of(descriptions)
        by_form, unseen, says = self._by_form(texts)
        known = _known(texts, says) & np.array([code is not None for code in declared], dtype=np.bool_)
        suggested = np.full(len(known), None, dtype=object)
        log_odds, extra = np.full(len(known), np.nan), np.full(len(known), np.nan)
        if not known.any():
            return Disagreement(suggested, log_odds, extra)
        form = texts.form[known]
        column = np.array([self._counts.index.get(code, -1) for code in np.asarray(declared)[known]])
        own = np.where(column >= 0, by_form[form, column], unseen[form])
        best = np.argmax(by_form, axis=1)
        ahead = by_form[form, best[form]] - own
        suggested[known] = np.where(ahead >= 0, self.classes_[best[form]], np.asarray(declared)[known])
        log_odds[known] = np.maximum(ahead, 0.0)
        burden = self._burden(burdens)
        mine = np.array([burdens.get(code, np.nan) for code in np.asarray(declared)[known]])
        more = np.maximum(burden - mine[:, None], 0.0)
        extra[known] = np.where(np.isnan(mine), np.nan, (np.exp(by_form[form]) * more).sum(axis=1))
        return Disagreement(suggested, log_odds, extra)

    def _burden(self, burdens: Mapping[str, float]) -> Floats:
        """Return the burden of each code seen, the least where unknown; what was asked last is remembered."""
        held = getattr(self, "_asked", None)  # other threads may ask meanwhile
        if held is None or held[0] is not burdens or held[1] is not self.classes_:
            burden = np.array([burdens.get(code, -np.inf) for code in self.classes_])
            self._asked = held = (burdens, self.classes_, burden)
        return cast("Floats", held[2])

    def kept(self) -> Tree | None:
        """Return what ``of_kept`` takes; None if nothing was learned."""
        if not hasattr(self, "_counts"):
            return None
        return {"sharpness": self.sharpness_, "counts": self._counts.kept()}

    def of_kept(self, tree: Tree | None) -> Self:
        """Take over what was kept of one with the same arguments."""
        if tree is not None:
            self._counts = PieceCounts.of_kept(tree["counts"], buckets=self.buckets, smoothing=self.smoothing)
            self.sharpness_ = float(tree["sharpness"])
            self.classes_ = np.array(list(self._counts.index), dtype=object)
        return self

    def _by_form(self, texts: Texts) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Return log probabilities of codes and of a code never seen, and which forms say anything."""
        evidence, says = self._counts.evidence(texts)
        prior, unseen = self._counts.prior()
        joint = self.sharpness_ * evidence + prior
        total = _log_sum(joint)
        return joint - total[:, None], unseen - total, says

    def _sharpen(self, texts: Texts, codes: Described) -> None:
        """Move the sharpness towards what would have foretold this batch best."""
        column = np.array([self._counts.index.get(code, -1) if code is not None else -1 for code in codes])
        evidence, says = self._counts.evidence(texts)
        rows = np.flatnonzero(_known(texts, says) & (column >= 0))
        if not len(rows):
            return
        evidence, column, prior = evidence[texts.form[rows]], column[rows], self._counts.prior()[0]
        losses = []
        for factor in _TRIED:
            joint = factor * self.sharpness_ * evidence + prior
            losses.append(float(np.mean(_log_sum(joint) - joint[np.arange(len(column)), column])))
        self.sharpness_ *= float(_TRIED[int(np.argmin(losses))]) ** _STEP


def _known(texts: Texts, says: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which descriptions have a form that says anything."""
    known = texts.form >= 0
    known[known] = says[texts.form[known]]
    return known


def _log_sum(joint: Floats) -> Floats:
    """Return the log of the sum of exponentials of each row."""
    top = joint.max(axis=1, initial=-np.inf)
    sums: Floats = top + np.log(np.exp(joint - top[:, None]).sum(axis=1))
    return sums


def _to_digits(codes: Names, by_form: Floats, digits: int) -> tuple[Names, Floats]:
    """Sum log probabilities of codes that agree in their first digits."""
    short = np.array([code[:digits] for code in codes], dtype=object)
    names, group = np.unique(short.astype(str), return_inverse=True)
    if len(names) == len(codes):
        return short, by_form
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    with np.errstate(divide="ignore"):
        summed = np.log(np.add.reduceat(np.exp(by_form[:, order]), first, axis=1))
    return names.astype(object), summed
