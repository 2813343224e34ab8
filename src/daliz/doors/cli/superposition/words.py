"""Words for what is proposed, and for what a candidate is."""

from collections.abc import Mapping
from typing import Final

from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import Pack
from daliz.engine.superposition import Candidate, Proposal, Sort, Verdict
from daliz.language import N_, translate
from daliz.language.numbers import format_number

PROPOSALS: Final[Mapping[Proposal, str]] = {
    Proposal.STAYS: N_("mandatory, stays"),
    Proposal.KEEP: N_("keep"),
    Proposal.CHANGE: N_("change"),
    Proposal.ADD: N_("add"),
    Proposal.RETIRE: N_("brings too little, retire"),
    Proposal.LEAVE: N_("not needed"),
    Proposal.SILENT: N_("never fired, nothing known"),
    Proposal.FORMLESS: N_("asks for no form of control that has time"),
    Proposal.UNTOLD: N_("no decision tells what the models said"),
}
_REDUNDANT: Final = N_("redundant, retire")
MEASURES: Final[Mapping[str, str]] = {
    "recovery": N_("additional payments"),
    "hits": N_("violations found"),
    "harm": N_("other damage averted, as money"),
    "minutes": N_("officers’ time"),
}


def named(verdict: Verdict, pack: Pack, lang: str) -> str:
    """Return what people call a profile or model."""
    shown = verdict.proposed or verdict.present
    if shown is None or shown.nameless:
        return verdict.group
    return shown.profile.area.name.in_(lang)


def proposed(verdict: Verdict, lang: str) -> str:
    """Say what is proposed."""
    return translate(_REDUNDANT if verdict.redundant else PROPOSALS[verdict.proposal], lang)


def changed(candidate: Candidate | None, lang: str) -> str:  # noqa: PLR0911 -- one case a sort
    """Say how a candidate differs from what is in force; nothing if it does not."""
    if candidate is None:
        return ""
    match candidate.sort:
        case Sort.MODEL if candidate.before is not None:
            return translate(
                N_("probability from {before} → {value}"), lang,
                before=_number(candidate.before, lang), value=_number(candidate.value, lang),
            )  # fmt: skip
        case Sort.THRESHOLD:
            return translate(
                N_("threshold {number}: {before} → {value}"), lang, number=candidate.number,
                before=_number(candidate.before, lang), value=_number(candidate.value, lang),
            )  # fmt: skip
        case Sort.WITHOUT_LIST:
            return translate(N_("without the list {name}"), lang, name=candidate.without)
        case Sort.WITHOUT_EXCLUSIONS:
            return translate(N_("without its exclusions"), lang)
        case Sort.MODEL:
            return translate(N_("from a probability of {value}"), lang, value=_number(candidate.value, lang))
        case Sort.NEW:
            return translate(N_("new, version {n}"), lang, n=candidate.profile.version)
        case _:
            return ""


def _number(value: float | None, lang: str) -> str:
    """Write a threshold as in an indicator, large ones with separators."""
    known = value or 0.0
    large = abs(known) >= 1000 and known.is_integer()
    return format_number(known, lang, decimals=0) if large else print_number(known)
