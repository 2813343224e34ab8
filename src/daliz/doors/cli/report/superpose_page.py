"""The page of a superposition: one HTML file for analysts, in three languages, without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from daliz import __version__
from daliz.doors.cli.report.render import paged
from daliz.doors.cli.superposition import screen, words
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Pack
from daliz.engine.records.files import replacing
from daliz.engine.superposition import Estimate, Proposal, Superposition, Verdict
from daliz.language import N_

_TITLE: Final = N_("Daliz: what to have active")


@dataclass(frozen=True, slots=True)
class SuperposePage:
    """Everything the page shows.

    Attributes:
        answer: of the superposition.
        pack: that names the codes.
        command: as it was given.
        inputs: the files that it was made from: name, bytes, SHA-256.
    """

    answer: Superposition
    pack: Pack
    command: str
    inputs: tuple[Mapping[str, object], ...]

    @property
    def engine(self) -> str:
        """The version that chose."""
        return __version__

    @property
    def measures(self) -> Mapping[str, str]:
        """What each measure is called."""
        return words.MEASURES

    def lines(self, lang: str) -> list[str]:
        """Return the answer in sentences."""
        return list(screen.told(self.answer, self.pack, lang))

    def sure(self, lang: str) -> str:
        """Say whether the days kept out bear the proposal out."""
        return screen.sure(self.answer, lang)

    def verdicts(self, *proposals: str) -> list[Verdict]:
        """Return those with one of these proposals, in order."""
        wanted = {Proposal(name) for name in proposals}
        return [verdict for verdict in self.answer.verdicts if verdict.proposal in wanted]

    def named(self, verdict: Verdict, lang: str) -> str:
        """Return what people call it."""
        return words.named(verdict, self.pack, lang)

    def proposed(self, verdict: Verdict, lang: str) -> str:
        """Say what is proposed of it."""
        return words.proposed(verdict, lang)

    def changed(self, verdict: Verdict, lang: str) -> str:
        """Say how it would differ."""
        return words.changed(verdict.proposed, lang)

    def amount(self, measure: str, value: float, lang: str) -> str:
        """Write a figure."""
        return screen.amount(measure, value, self.pack, lang)

    def interval(self, measure: str, estimate: Estimate, lang: str) -> str:
        """Write the ends of an interval."""
        return screen.interval(measure, estimate, self.pack, lang)


def write_superpose_page(page: SuperposePage, path: Path, *, lang: str = "en") -> Path:
    """Write the page; the same view gives the same bytes.

    Args:
        page: everything it shows.
        path: of the file.
        lang: the language that is open first.
    """
    first, last = page.answer.chosen_days[0], page.answer.kept_days[1]
    title = f"{Voice(lang, page.pack).say(_TITLE)}, {page.pack.name.in_(lang)}, {first} – {last}"
    text = paged("superpose.html", page, page.pack, title=title, lang=lang)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return path
