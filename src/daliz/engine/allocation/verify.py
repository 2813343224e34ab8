"""Was the random share the one that the committed key draws? Anybody with the revealed key can say."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from daliz.engine.allocation.draw import DrawKey
from daliz.engine.pack import Pack
from daliz.engine.records.columns import column_of, rows_where
from daliz.language import N_, Message


@dataclass(frozen=True, slots=True)
class DrawReport:
    """What a draw should have been against what was recorded.

    Attributes:
        key_id: name of the key.
        same_key: the key is the one that was committed to, and every decision names it.
        declarations: how many were in the draw.
        strata: stratum → declarations in it and those drawn.
        drawn: declarations that the key draws.
        missing: drawn by the key, but not recorded as drawn.
        extra: recorded as drawn, but not drawn by the key.
    """

    key_id: str
    same_key: bool
    declarations: int
    strata: Mapping[str, tuple[int, int]]
    drawn: int
    missing: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the recorded draw is the committed key's, to the last declaration."""
        return self.same_key and not self.missing and not self.extra

    def lines(self, lang: str) -> Iterator[str]:
        """Yield the report in sentences."""
        for message in self._messages():
            yield message.text(lang)

    def _messages(self) -> Iterator[Message]:
        yield Message(
            N_("{drawn} of {n} declarations are drawn by key {key_id}."),
            {"drawn": self.drawn, "n": self.declarations, "key_id": self.key_id},
        )
        for code, (inside, drawn) in sorted(self.strata.items()):
            yield Message(N_("Stratum {code}: {drawn} of {n}."), {"code": code, "drawn": drawn, "n": inside})
        if not self.same_key:
            yield Message(N_("The key is not the one that was committed to before the draw."), {})
        for template, numbers in (
            (N_("Drawn by the key but not recorded: {n}, such as {examples}."), self.missing),
            (N_("Recorded as drawn but not drawn by the key: {n}, such as {examples}."), self.extra),
        ):
            if numbers:
                yield Message(template, {"n": len(numbers), "examples": ", ".join(numbers[:5])})
        yield (
            Message(N_("The draw is right."), {}) if self.holds else Message(N_("The draw is NOT right."), {})
        )


def verify_draw(
    decisions: pa.Table, measures: pa.Table, pack: Pack, *, key: DrawKey, commitment: str
) -> DrawReport:
    """Draw every recorded decision again.

    A drawn declaration must have a row of the random share among its measures: ordered, or waived where
    there was no officer time at all. That covers both directions, so that nobody is added to the draw or
    taken from it unseen.

    Args:
        decisions: as recorded.
        measures: as recorded.
        pack: the pack that was in force, for the strata's shares.
        key: the revealed key.
        commitment: the hash published before the draw.
    """
    shares = {s.code: s.share for s in pack.policy.random.strata}
    numbers = column_of(decisions, "declaration_id", str)
    strata = decisions["stratum"].to_pylist()
    should = {
        number
        for number, stratum in zip(numbers, strata, strict=True)
        if stratum is not None and key.draw("random", number) < shares.get(stratum, 0.0)
    }
    did = set(column_of(rows_where(measures, "capacity", "random"), "declaration_id", str))
    of_stratum = dict(zip(numbers, strata, strict=True))
    inside, drawn = Counter(of_stratum.values()), Counter(of_stratum[number] for number in should)
    named = set(decisions["key_id"].to_pylist())
    return DrawReport(
        key_id=key.key_id,
        same_key=key.commitment == commitment and named <= {key.key_id},
        declarations=len(of_stratum),
        strata={code: (n, drawn[code]) for code, n in inside.items() if code is not None},
        drawn=len(should),
        missing=tuple(sorted(should - did)),
        extra=tuple(sorted(did - should)),
    )
