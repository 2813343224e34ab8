"""Every column of the models is called something in three languages, and says what it means to be unknown."""

from daliz.engine.estimators.learner import NAMES
from daliz.engine.estimators.learner.labels import label_of, unknown_of


def test_every_column_has_a_label_of_its_own() -> None:
    for lang in ("en", "ru", "kk"):
        labels = [label_of(name).in_(lang) for name in NAMES]
        assert all(labels)
        assert len(set(labels)) == len(NAMES)
        assert not set(labels) & set(NAMES)
    assert label_of("ring.vehicle_rate").ru == "нарушения других с тем же транспортным средством"


def test_every_column_says_what_unknown_means() -> None:
    assert all(unknown_of(name).in_(lang) for name in NAMES for lang in ("en", "ru", "kk"))
    assert unknown_of("ratio.value_to_invoice").en == "one of the two is unknown or 0"
