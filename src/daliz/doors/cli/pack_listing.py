"""A pack as a page of Markdown: what it contains, without the indicators, which are confidential."""

from collections.abc import Iterable, Sequence
from typing import Final

from daliz.doors.cli.words import DIRECTIONS, FORMS
from daliz.engine.pack import Direction, Measure, Pack, Profile
from daliz.language import N_, Text, translate

_MEASURE: Final = (
    N_("code"),
    N_("measure"),
    N_("form of control"),
    N_("corridor"),
    N_("minutes"),
    N_("delay, hours"),
)
_DIRECTION: Final = (
    N_("code"),
    N_("direction"),
    N_("not chiefly revenue"),
    N_("may wait until after release"),
)
_PROFILE: Final = (
    N_("profile"),
    N_("direction"),
    N_("stream"),
    N_("area"),
    N_("capacity"),
    N_("measures"),
    N_("source"),
)
_DECIDES: Final = {
    False: N_("The system decides on control; the officer carries it out."),
    True: N_(
        "The system advises and the officer in charge decides; he gives a reason where he departs from it."
    ),
}
_CAPACITY: Final = {"mandatory": N_("mandatory"), "waivable": N_("waivable")}


def listing(pack: Pack, lang: str = "en") -> str:
    """Return the pack's notice, corridors, measures, directions, profile areas and sources in ``lang``.

    Areas and their public sources are listed; indicators, thresholds and cases are not, for any pack.
    """

    def say(message: str, **values: object) -> str:
        return translate(message, lang, **values)

    parts = [
        f"# {say(N_('Pack'))} {pack.code}: {pack.name.in_(lang)}",
        pack.notice.in_(lang),
        say(
            N_("Version {version}; zone {zone}; money {currency}; offices: {offices}; profiles: {profiles}."),
            version=pack.version, zone=pack.zone, currency=pack.currency,
            offices=len(pack.offices), profiles=len(pack.profiles),
        ),
        f"## {say(N_('Corridors'))}",
        say(_DECIDES[pack.policy.advises]),
        _corridors(pack, lang),
        *_deviations(pack, lang),
        f"## {say(N_('Measures'))}",
        table(_MEASURE, [_measure(pack, measure, lang) for measure in pack.measures.values()], lang),
        f"## {say(N_('Directions'))}",
        table(_DIRECTION, [_direction(direction, lang) for direction in pack.directions.values()], lang),
        *_simplified(pack, lang),
        f"## {say(N_('Profiles'))}",
        say(N_("Areas and sources only: indicators are shown to analysts.")),
        table(_PROFILE, [_profile(pack, profile, lang) for profile in pack.profiles], lang),
        f"## {say(N_('What a declarant may be told'))}",
        "\n".join(f"- {reason.name.in_(lang)} ({reason.source.in_(lang)})" for reason in pack.disclosure),
        f"## {say(N_('Law and documents'))}",
        "\n".join(f"- {law.in_(lang)}" for law in pack.laws.values()),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], lang: str) -> str:
    """Return a Markdown table; heads are marked messages and come out in ``lang``."""
    lines = [[translate(head, lang) for head in heads], ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def text(words: Text, lang: str) -> str:
    """Return the text in ``lang`` in one line."""
    return " ".join(words.in_(lang).split())


def _corridors(pack: Pack, lang: str) -> str:
    rows = []
    for corridor in pack.corridors:
        share = "" if corridor.published_share is None else f"{corridor.published_share * 100:.1f} %"
        rows.append(
            [
                f"{corridor.icon} {text(corridor.name, lang)}",
                _yes(corridor.releases_automatically, lang),
                share,
            ]
        )
    return table([N_("corridor"), N_("released automatically"), N_("published share")], rows, lang)


def _deviations(pack: Pack, lang: str) -> list[str]:
    """Return the reasons for departing from advice, with their heading; nothing where the system decides."""
    if not pack.deviations:
        return []
    rows = [[code, text(name, lang)] for code, name in pack.deviations.items()]
    heading = translate(N_("Reasons for departing from the advice"), lang)
    return [f"### {heading}", table([N_("code"), N_("reason")], rows, lang)]


def _simplified(pack: Pack, lang: str) -> list[str]:
    """Return the simplified procedures with their heading; nothing where the pack has none."""
    if not pack.simplified:
        return []
    rows = [
        [
            text(procedure.name, lang),
            text(procedure.terms, lang),
            ", ".join(text(pack.directions[code].name, lang) for code in procedure.eases),
            text(procedure.source, lang),
        ]
        for procedure in pack.simplified.values()
    ]
    heads = (N_("procedure"), N_("terms"), N_("eases targeted control of"), N_("source"))
    heading = translate(N_("Simplified procedures"), lang)
    return [f"## {heading}", table(heads, rows, lang)]


def _measure(pack: Pack, measure: Measure, lang: str) -> list[str]:
    form = translate(FORMS.get(measure.form, measure.form) if measure.form else N_("ensures control"), lang)
    corridor = text(pack.corridor(measure.corridor).name, lang)
    return [
        measure.code,
        text(measure.name, lang),
        form,
        corridor,
        f"{measure.minutes:g}",
        f"{measure.delay_hours:g}",
    ]


def _direction(direction: Direction, lang: str) -> list[str]:
    flags = (direction.non_fiscal, direction.deferrable)
    return [direction.code, text(direction.name, lang), *(_yes(flag, lang) for flag in flags)]


def _profile(pack: Pack, profile: Profile, lang: str) -> list[str]:
    return [
        profile.id,
        text(pack.directions[profile.direction].name, lang),
        translate(DIRECTIONS[profile.stream.value], lang),
        text(profile.area.name, lang),
        translate(_CAPACITY[profile.capacity.value], lang),
        ", ".join(text(pack.measures[code].name, lang) for code in profile.measures),
        text(profile.source, lang),
    ]


def _yes(value: bool, lang: str) -> str:
    return translate(N_("yes"), lang) if value else translate(N_("no"), lang)
