"""Descriptions of goods as declarants write them: languages, brands, article numbers, slips."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.world.goods import Catalogue, Flags, Whole
from daliz.engine.world.names import slip
from daliz.engine.world.randomness import stream

LANGS: Final = ("ru", "kk", "en")
_FORMS: Final = 4
"""Forms of a wording: as it is, with one slip, with another, with Latin letters that look Cyrillic."""
_LOOK_ALIKE: Final = str.maketrans("аеорсху", "aeopcxy")
_PACKED: Final = (
    "", "", "", "", "новые", "в картонных коробках", "в мешках", "на паллетах", "для розничной продажи",
    "б/н",
    "не бывшие в употреблении", "жаңа", "картон қораптарда", "бөлшек саудаға арналған", "new", "in cartons",
    "on pallets", "состав: см. приложение",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """Every piece of text a description can be made of.

    Attributes:
        names: (good, language, variant, form) flattened.
        brands: every trade mark; first is empty.
        brand_first, brand_count: where each good's trade marks begin, how many they are.
        tails: article numbers, packings.
    """

    names: pa.StringArray
    brands: pa.StringArray
    brand_first: Whole
    brand_count: Whole
    tails: pa.StringArray

    @classmethod
    def of(cls, seed: int, cat: Catalogue) -> "Wording":
        """Prepare the texts of a world."""
        chance = stream(seed, "wording")
        names: list[str] = []
        brands = [""]
        first, count = [], []
        for good in cat.goods:
            for lang in LANGS:
                for variant in good.words[lang]:
                    names += [
                        variant,
                        slip(variant, chance),
                        slip(variant, chance),
                        variant.translate(_LOOK_ALIKE),
                    ]
            first.append(len(brands))
            count.append(len(good.brands))
            brands += [f"{brand}" for brand in good.brands]
        tails = []
        for _ in range(600):
            packed = _PACKED[int(chance.integers(len(_PACKED)))]
            mark = chance.random()
            article = f"арт. {chance.integers(100, 99_999)}" if mark < 0.35 else ""
            article = (
                f"мод. {'ABCDKLMX'[int(chance.integers(8))]}{chance.integers(10, 999)}"
                if mark > 0.8
                else article
            )
            tails.append(", ".join(part for part in (packed, article) if part))
        return cls(
            names=pa.array(names, pa.string()),
            brands=pa.array(brands, pa.string()),
            brand_first=np.array(first, dtype=np.int64),
            brand_count=np.array(count, dtype=np.int64),
            tails=pa.array(tails, pa.string()),
        )

    def describe(
        self, *, words: Whole, branded_as: Whole, shows_brand: Flags, language: Whole, missing: Flags,
        chance: np.random.Generator,
    ) -> pa.StringArray:  # fmt: skip
        """Write descriptions.

        Args:
            words: good whose name is written.
            branded_as: good whose trade mark may be written.
            shows_brand: whether it is.
            language: the line's language; one in ten is written in another.
            missing: no description at all.
            chance: where the variety comes from.
        """
        count = len(words)
        spoken = np.where(chance.random(count) < 0.1, chance.integers(0, 3, count), language)
        variant = (chance.random(count) < 0.35).astype(np.int64)
        form = np.searchsorted((0.90, 0.93, 0.96), chance.random(count))
        name = ((words * len(LANGS) + spoken) * 2 + variant) * _FORMS + form
        marked = shows_brand & (self.brand_count[branded_as] > 0)
        at = self.brand_first[branded_as] + (chance.random(count) * self.brand_count[branded_as]).astype(
            np.int64
        )
        brand = np.where(marked, at, 0)
        tail = chance.integers(0, len(self.tails), count)
        text = pc.binary_join_element_wise(
            self.names.take(name),
            self.brands.take(brand),
            self.tails.take(tail),
            pa.repeat(" ", count),
        )
        text = pc.utf8_trim_whitespace(pc.replace_substring(text, "  ", " "))
        written: pa.StringArray = pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), text)
        return written
