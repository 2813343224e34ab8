"""The page of an effect: one HTML file for analysts and managers, in three languages, without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from daliz import __version__
from daliz.doors.cli.report import charts
from daliz.doors.cli.report.render import paged
from daliz.doors.cli.voice import Voice
from daliz.engine.effect import By, Effect, Figures, Gap, ProfileEffect
from daliz.engine.estimators.intervals import LARGEST_WEIGHT, Interval
from daliz.engine.pack import Pack, Profile
from daliz.engine.records.files import replacing
from daliz.language import N_

MOST_OFFICES: Final = 30
MOST_PROFILES: Final = 60
_TITLE: Final = N_("Daliz: effect of control")


@dataclass(frozen=True, slots=True)
class EffectPage:
    """Everything the page shows.

    Attributes:
        effect: what was measured.
        pack: that names the codes.
        until: the last day that was asked for, None for all there is.
        inputs: the files that it was made from: name, bytes, SHA-256.
    """

    effect: Effect
    pack: Pack
    until: str | None
    inputs: tuple[Mapping[str, object], ...]

    @property
    def engine(self) -> str:
        """The version that measured."""
        return __version__

    @property
    def largest_weight(self) -> int:
        """How many declarations one control stands for at most."""
        return LARGEST_WEIGHT

    @property
    def months(self) -> charts.Whiskers:
        """Hit rate and the random share's rate of violations by month."""
        return charts.whiskers(
            [(_ends(one.hits.interval), _ends(one.random.interval)) for one in self.effect.parts["month"]]
        )

    @property
    def parts(self) -> tuple[tuple[By, tuple[Figures, ...]], ...]:
        """The parts, offices by size."""
        return tuple((by, self._shown(by, parts)) for by, parts in self.effect.parts.items())

    @property
    def profiles(self) -> tuple[ProfileEffect, ...]:
        """The profiles that brought most."""
        return self.effect.profiles[:MOST_PROFILES]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The revenue gap of each stratum."""
        return self.effect.gaps

    @property
    def base(self) -> float:
        """Where the scale of levels of compliance begins: below the lowest end, down to a tenth."""
        ends = [one.level.low for one in self.effect.compliance.strata if one.estimable]
        return int(min(ends, default=0.0) * 10) / 10 if min(ends, default=0.0) < 1 else 0.9

    @staticmethod
    def first_of(month: str) -> date:
        """Return the first day of a month, written 2026-03."""
        return date.fromisoformat(f"{month}-01")

    def more(self, by: By) -> int:
        """Return how many parts are not shown."""
        return max(len(self.effect.parts[by]) - MOST_OFFICES, 0) if by == "office" else 0

    def profile(self, name: str) -> Profile | None:
        """Return the latest version of a profile; None if the pack at hand has it no longer."""
        versions = [profile for profile in self.pack.profiles if profile.id == name]
        return max(versions, key=lambda profile: profile.version, default=None)

    @staticmethod
    def top(intervals: Sequence[Interval]) -> float:
        """Return the scale of a column of intervals: the greatest upper end of an estimate, up to a tenth."""
        ends = [one.high for one in intervals if one.rate is not None]
        return min(1.0, int(max(ends, default=0.0) * 10 + 0.999999) / 10) or 1.0

    @staticmethod
    def _shown(by: By, parts: tuple[Figures, ...]) -> tuple[Figures, ...]:
        if by != "office":
            return parts
        return tuple(sorted(parts, key=lambda one: (-one.declarations, one.key or ""))[:MOST_OFFICES])


def write_effect_page(page: EffectPage, path: Path, *, lang: str = "en") -> Path:
    """Write the page; the same view gives the same bytes.

    Args:
        page: everything it shows.
        path: of the file.
        lang: the language that is open first.
    """
    title = f"{Voice(lang, page.pack).say(_TITLE)}, {page.pack.name.in_(lang)}"
    text = paged("effect.html", page, page.pack, title=title, lang=lang)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path


def _ends(one: Interval) -> tuple[float, float, float] | None:
    return None if one.rate is None else (one.rate, one.low, one.high)
