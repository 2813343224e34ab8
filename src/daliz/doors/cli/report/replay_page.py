"""The page of a replay: one HTML file for analysts and managers, in three languages, without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daliz import __version__
from daliz.doors.cli.report import charts
from daliz.doors.cli.report.render import paged
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Pack
from daliz.engine.records.files import replacing
from daliz.engine.replay import ORACLE, Figures, Gap, Replay
from daliz.language import N_

_TITLE: Final = N_("Daliz: replay of strategies")


@dataclass(frozen=True, slots=True)
class ReplayPage:
    """Everything the page shows.

    Attributes:
        replay: what became of each strategy.
        pack: that names the codes.
        capacity: as it was stated.
        inputs: the files that it was made from: name, bytes, SHA-256.
    """

    replay: Replay
    pack: Pack
    capacity: str
    inputs: tuple[Mapping[str, object], ...]

    @property
    def engine(self) -> str:
        """The version that replayed."""
        return __version__

    @property
    def names(self) -> tuple[str, ...]:
        """The strategies that came through."""
        return tuple(self.replay.figures)

    @property
    def charted(self) -> tuple[str, ...]:
        """The strategies that are drawn beside the oracle."""
        return tuple(name for name in self.names if name != ORACLE)

    @property
    def quarters(self) -> tuple[str, ...]:
        """The quarters, in order."""
        return tuple(one.quarter for one in next(iter(self.replay.figures.values()), ())[:-1])

    def whole(self, name: str) -> Figures:
        """Return a strategy's figures over all quarters."""
        return self.replay.figures[name][-1]

    def gap(self, name: str, number: int = -1) -> Gap | None:
        """Return how much of the gap a strategy closed."""
        return self.replay.gap(name, number)

    def shares(self, name: str, of: str) -> Sequence[float]:
        """Return a strategy's shares by quarter, percent; 0 where unknown.

        Args:
            name: of the strategy.
            of: ``money_share``, ``harm_share`` or ``hit_rate``.
        """
        return [100 * (getattr(one, of) or 0.0) for one in self.replay.figures[name][:-1]]

    def chart(self, name: str, of: str) -> charts.Columns:
        """Return a strategy's shares by quarter as columns, the oracle's as a line across them."""
        line = self.shares(ORACLE, of) if ORACLE in self.replay.figures else ()
        return charts.columns([[share] for share in self.shares(name, of)], line=line, height=130)

    def calibration(self, name: str) -> charts.Columns:
        """Return the shares found as columns, by tenths of controls; the probabilities stated as a line."""
        bins = self.whole(name).bins
        return charts.columns(
            [[100 * one.found] for one in bins], line=[100 * one.stated for one in bins], height=130
        )


def write_replay_page(page: ReplayPage, path: Path, *, lang: str = "en") -> Path:
    """Write the page.

    Args:
        page: everything it shows.
        path: of the file.
        lang: the language that is open first.
    """
    title = f"{Voice(lang, page.pack).say(_TITLE)}, {page.pack.name.in_(lang)}"
    text = paged("replay.html", page, page.pack, title=title, lang=lang)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path
