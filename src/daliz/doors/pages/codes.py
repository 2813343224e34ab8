"""Words for codes that people meet: forms and depths of control, lines of a timeline, scopes of tokens."""

from collections.abc import Mapping
from typing import Final

from daliz.customs.control.states import Outcome
from daliz.customs.intake import notice_words
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import language, said, spoken
from daliz.language import N_

FORMS: Final = {
    "documents": N_("document check"),
    "physical": N_("physical control"),
    "post_release": N_("control after release"),
}
REQUESTS: Final = {
    "open": N_("waits for an answer"),
    "answered": N_("answered"),
    "accepted": N_("accepted"),
    "expired": N_("not handed in in time"),
    "dropped": N_("no longer asked for"),
}
SCOPES: Final = {
    "declarations:read": N_("read declarations, requests and notifications"),
    "declarations:write": N_("register, amend, answer, withdraw"),
    "findings:write": N_("carry controls out"),
    "facts:write": N_("tell conditions of release"),
}
"""What a token is for."""
FOUND: Final = {
    "customs_value": N_("Customs value"),
    "hs_code": N_("HS code"),
    "origin_country": N_("Origin"),
    "net_mass_kg": N_("Net mass, kg"),
    "gross_mass_kg": N_("Gross mass, kg"),
    "quantity": N_("Quantity"),
    "duty_rate": N_("Rate of duty"),
    "description": N_("Description"),
    "preference": N_("Preference"),
}
TOPICS: Final = {
    "registered": N_("registration"),
    "order_control": N_("customs control begins"),
    "request": N_("a document is asked for"),
    "request_again": N_("a document is asked for again"),
    "request_reminder": N_("reminders of documents"),
    "request_accepted": N_("a document is accepted"),
    "request_dropped": N_("a document is no longer asked for"),
    "request_expired": N_("the term for a document has ended"),
    "conclude": N_("customs control ends"),
    "release": N_("release"),
    "refuse": N_("refusal"),
    "seize": N_("seizure"),
    "withdraw": N_("withdrawal"),
    "await": N_("goods are awaited"),
    "arrive": N_("goods have arrived"),
    "clock": N_("a statutory term changes"),
    "withheld": N_("release is withheld"),
    "let_go": N_("release is no longer withheld"),
    "correct": N_("correction after control"),
    "settled": N_("what release was bound to is settled"),
    "reopen": N_("control is opened again"),
    "audit": N_("notice of a control after release"),
    "appeal": N_("an appeal is decided"),
}
"""Of what a person may be told outside the portal, in the order in which it happens."""
CHANNELS: Final = {"email": N_("e-mail"), "webhook": N_("webhook")}
LINES: Final = {
    "stored": N_("stored"),
    "registered": N_("registered as {number}"),
    "amended": N_("amended: version {version}"),
    "order_control": N_("control was ordered"),
    "free": N_("free of control before release"),
    "request": N_("a document was asked for: {document}"),
    "answer": N_("a request was answered"),
    "conclude": N_("control is concluded: {outcome}"),
    "release": N_("goods were released: {outcome}"),
    "refuse": N_("release was refused"),
    "seize": N_("goods were seized"),
    "withdraw": N_("the declaration was withdrawn"),
    "reopen": N_("control was opened again"),
}
"""What a line of the timeline says; values that it does not have are left as a dash."""


def line_said(what: str, values: dict[str, object]) -> str:
    """Return a line of the timeline in words, the declarant's where officers have no others."""
    if what not in LINES:
        return notice_words.line_said(what, values, pack(), language())
    told = {"number": "–", "version": "–"} | {
        name: value for name, value in values.items() if value is not None
    }
    told["outcome"] = outcome_said(str(values.get("outcome") or ""))
    told["document"] = document_name(str(values.get("code") or ""))
    line = said(LINES[what], **told)
    return line[:1].upper() + line[1:]


def document_name(code: str) -> str:
    """Return what the pack calls a document that can be asked for."""
    known = pack().clearance.requests.get(code)
    return spoken(known) if known else code or "–"


def violation_name(code: str) -> str:
    """Return what the pack calls a type of violation."""
    known = pack().code_lists.get("violation_types")
    return spoken(known.members[code]) if known and code in known.members else code


def name_said(names: Mapping[str, str], code: str) -> str:
    """Return what people call a code; the code itself where it has no name."""
    return said(names[code]) if code in names else code


def outcome_said(code: str, *, before_release: bool = True) -> str:
    """Return what people call the end of a control before release, or after it."""
    known = code in set(Outcome)
    return spoken(Outcome(code).told(before_release=before_release)) if known else code or "–"
