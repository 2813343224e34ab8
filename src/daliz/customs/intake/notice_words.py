"""What notices and lines of the timeline say to a declarant, in plain words; procedural consequences only."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from daliz.engine.pack import Pack
from daliz.language import N_, translate
from daliz.language.numbers import format_datetime

NOTICES: Final[Mapping[str, str]] = {
    "registered": N_("Declaration {number} is registered"),
    "await": N_("Declaration {number} is registered and waits for its goods"),
    "arrive": N_("Goods of declaration {number} have arrived"),
    "order_control": N_("Declaration {number} is under customs control"),
    "clock": N_("Declaration {number}: a statutory term has changed"),
    "correct": N_("Declaration {number} is corrected after control"),
    "reopen": N_("Declaration {number}: customs control is opened again"),
    "appeal": N_("Declaration {number}: your appeal is decided"),
    "audit": N_("Declaration {number}: notice of a control after release"),
    "settled": N_("Declaration {number}: what release was bound to is settled"),
    "request": N_("Declaration {number}: a document is asked for, “{document}”, until {deadline}"),
    "request_again": N_(
        "Declaration {number}: the answer does not suffice, “{document}” is asked for again until {deadline}"
    ),
    "request_reminder": N_("Declaration {number}: “{document}” is still asked for, until {deadline}"),
    "request_accepted": N_("Declaration {number}: “{document}” is accepted"),
    "request_dropped": N_("Declaration {number}: “{document}” is no longer asked for"),
    "request_expired": N_("Declaration {number}: the term to hand in “{document}” has ended"),
    "conclude": N_("Declaration {number}: control has ended"),
    "release": N_("Goods of declaration {number} are released"),
    "refuse": N_("Declaration {number}: release is refused"),
    "seize": N_("Goods of declaration {number} are seized"),
    "withdraw": N_("Declaration {number} is withdrawn"),
    "withheld": N_("Declaration {number}: customs withholds release"),
    "let_go": N_("Declaration {number}: customs no longer withholds release"),
    "ping": N_("A test of this connection"),
}
"""By topic."""

LINES: Final[Mapping[str, str]] = {
    "stored": N_("Stored"),
    "registered": N_("Registered under the number {number}"),
    "amended": N_("Amended; version {version} stands now"),
    "free": N_("Waits for what release asks"),
    "await": N_("Waits for its goods"),
    "arrive": N_("Goods have arrived"),
    "clock": N_("A statutory term has changed"),
    "corrected": N_("Corrected after control; version {version} stands now"),
    "appeal": N_("A finding is contested"),
    "audit": N_("Notice of a control after release is given"),
    "settled": N_("What release was bound to is settled"),
    "order_control": N_("Under customs control"),
    "request": N_("A document is asked for: {document}"),
    "request_again": N_("The answer does not suffice; asked for again: {document}"),
    "request_accepted": N_("Accepted: {document}"),
    "request_dropped": N_("No longer asked for: {document}"),
    "request_expired": N_("The term to hand in has ended: {document}"),
    "answer": N_("Answered: {document}"),
    "conclude": N_("Customs control has ended"),
    "release": N_("Goods are released"),
    "refuse": N_("Release is refused"),
    "seize": N_("Goods are seized"),
    "withdraw": N_("Withdrawn"),
    "withheld": N_("Customs withholds release"),
    "let_go": N_("Customs no longer withholds release"),
    "reopen": N_("Customs control is opened again"),
}
"""Of the timeline, by what happened."""

ASKING: Final = frozenset(
    {
        "order_control",
        "request",
        "request_again",
        "request_reminder",
        "request_expired",
        "refuse",
        "seize",
        "withheld",
    }
)
"""Topics of which a person is told by e-mail unless he chose otherwise: they ask something of him."""


def notice_said(topic: str, values: Mapping[str, object], pack: Pack, lang: str) -> str:
    """Return what a notice says.

    Example:
        >>> from daliz.engine.pack import load_pack
        >>> told = {"number": "53901/100326/0000001"}
        >>> notice_said("release", told, load_pack("kz"), "en")
        'Goods of declaration 53901/100326/0000001 are released'
    """
    return _filled(NOTICES.get(topic, N_("Declaration {number}: there is news")), values, pack, lang)


def line_said(what: str, values: Mapping[str, object], pack: Pack, lang: str) -> str:
    """Return what a line of the timeline says."""
    return _filled(LINES.get(what, N_("Noted")), values, pack, lang)


def document_name(code: str, pack: Pack, lang: str) -> str:
    """Return what a document of the catalogue is called; its code where the pack no longer has it."""
    named = pack.clearance.requests.get(code)
    return named.in_(lang) if named else code


def _filled(template: str, values: Mapping[str, object], pack: Pack, lang: str) -> str:
    told = {"number": str(values.get("number") or "–"), "version": str(values.get("version") or "")}
    told["document"] = document_name(str(values.get("code") or ""), pack, lang)
    stated = values.get("deadline")
    told["deadline"] = "–"
    if stated:
        told["deadline"] = format_datetime(datetime.fromisoformat(str(stated)), lang, zone=pack.zone)
    return translate(template, lang, **told)
