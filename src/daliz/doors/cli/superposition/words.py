"""Words for what is proposed, and for what a candidate is."""

from collections.abc import Mapping
from typing import Final

from daliz.engine.indicators.printer import print_number
from daliz.engine.pack import Pack
from daliz.engine.superposition import Candidate, Proposal, Sort, Verdict
from daliz.language import N_, translate

PROPOSALS: Final[Mapping[Proposal, str]] = {
    Proposal.STAYS: N_("mandatory, stays"),
    Proposal.KEEP: N_("keep"),
    Proposal.CHANGE: N_("change"),
    Proposal.ADD: N_("add"),
    Proposal.RETIRE: N_("redundant, retire"),
    Proposal.LEAVE: N_("not needed"),
    Proposal.SILENT: N_("never fired, nothing known"),
}
MEASURES: Final[Mapping[str, str]] = {
    "recovery": N_("additional payments"),
    "hits": N_("violations found"),
    "harm": N_("other damage averted, as money"),
    "minutes": N_("officers’ time"),
}


def named(verdict: Verdict, pack: Pack, lang: str) -> str:
    """Return what people call a profile or model."""
    shown = verdict.proposed or verdict.present
    if shown is None or shown.sort is Sort.MODEL:
        return verdict.group
    return shown.profile.area.name.in_(lang)


def changed(candidate: Candidate | None, lang: str) -> str:  # noqa: PLR0911 -- one case a sort
    """Say how a candidate differs from what is in force; nothing if it does not."""
    if candidate is None:
        return ""
    match candidate.sort:
        case Sort.THRESHOLD:
            return translate(
                N_("threshold {number}: {before} → {value}"), lang, number=candidate.number,
                before=print_number(candidate.before or 0.0), value=print_number(candidate.value or 0.0),
            )  # fmt: skip
        case Sort.WITHOUT_LIST:
            return translate(N_("without the list {name}"), lang, name=candidate.without)
        case Sort.WITHOUT_EXCLUSIONS:
            return translate(N_("without its exclusions"), lang)
        case Sort.MODEL:
            return translate(
                N_("from a probability of {value}"), lang, value=print_number(candidate.value or 0.0)
            )
        case Sort.NEW:
            return translate(N_("new, version {n}"), lang, n=candidate.profile.version)
        case _:
            return ""
