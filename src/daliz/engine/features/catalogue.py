"""Every built-in name in one vocabulary, in the order of the reference page."""

from typing import Final

from daliz.engine.features.names import declaration, goods, item, moment, party
from daliz.engine.features.vocabulary import Vocabulary

VOCABULARY: Final = Vocabulary(
    (*item.FEATURES, *declaration.FEATURES, *party.FEATURES, *goods.FEATURES, *moment.FEATURES)
)
"""The built-in names; a pack adds its own with ``VOCABULARY.extended``."""
