"""The answer of ``daliz superpose`` as one page in three languages, without scripts, that prints on A4."""

from dataclasses import dataclass

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from daliz.doors.cli.declared import visible
from daliz.doors.cli.report.render import NAMES_OF_LANGUAGES
from daliz.doors.cli.superposition import words
from daliz.doors.cli.superposition.screen import amount, interval, sure, told
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Pack
from daliz.engine.superposition import Estimate, Proposal, Superposition, Verdict
from daliz.language import LANGUAGES


@dataclass(frozen=True, slots=True)
class Made:
    """What the page was made from.

    Attributes:
        command: as it was given.
        inputs: files read, name and SHA-256.
    """

    command: str
    inputs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """Words of one language for the template."""

    answer: Superposition
    pack: Pack
    lang: str

    @property
    def lines(self) -> list[str]:
        """The answer in sentences."""
        return list(told(self.answer, self.pack, self.lang))

    @property
    def sure(self) -> str:
        """Whether the days kept out bear the proposal out."""
        return sure(self.answer, self.lang)

    def verdicts(self, *proposals: str) -> list[Verdict]:
        """Return those with one of these proposals, in order."""
        wanted = {Proposal(name) for name in proposals}
        return [verdict for verdict in self.answer.verdicts if verdict.proposal in wanted]

    def named(self, verdict: Verdict) -> str:
        """Return what people call it."""
        return words.named(verdict, self.pack, self.lang)

    def changed(self, verdict: Verdict) -> str:
        """Say how it would differ."""
        return words.changed(verdict.proposed, self.lang)

    def amount(self, measure: str, value: float) -> str:
        """Write a figure."""
        return amount(measure, value, self.pack, self.lang)

    def interval(self, measure: str, estimate: Estimate) -> str:
        """Write the ends of an interval."""
        return interval(measure, estimate, self.pack, self.lang)


def render(answer: Superposition, pack: Pack, made: Made, *, lang: str = "en") -> str:
    """Return the page; the same answer gives the same bytes."""
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("daliz.doors.cli.superposition"), PackageLoader("daliz.doors.cli.report")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    style, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]  # set above
    body = environment.get_template("superposition-body.html")
    spoken = {}
    for one in LANGUAGES:
        voice = Voice(one, pack)
        text = body.render(
            a=answer, made=made, t=Telling(answer, pack, one), voice=voice, lang=one, _=voice.say,
            measures=words.MEASURES, proposals=words.PROPOSALS,
        )  # fmt: skip
        spoken[one] = Markup(text)  # noqa: S704 -- escaped within
    page = environment.get_template("superposition.html").render(
        a=answer,
        first=lang,
        style=Markup(style),  # noqa: S704 -- our own file
        spoken=spoken,
        names=NAMES_OF_LANGUAGES,
        voice=Voice(lang, pack),
        pack=pack,
        _=Voice(lang, pack).say,
    )
    return page + "\n"
