"""Acts of the journal in words; their codes stay what programs and files read."""

from collections.abc import Mapping
from typing import Final

from daliz.doors.pages.language import said
from daliz.language import N_

ACTS: Final[Mapping[str, str]] = {
    "appeal.annulled": N_("appeal decided: the finding is annulled"),
    "appeal.corrected": N_("appeal decided: the finding is corrected"),
    "appeal.filed": N_("appeal handed in"),
    "appeal.upheld": N_("appeal decided: the finding stands"),
    "assessment.decided": N_("declaration decided by the system"),
    "assessment.published": N_("policy put in force"),
    "company.administers": N_("colleague may administer the company"),
    "company.admitted": N_("colleague admitted by the company"),
    "company.let-go": N_("colleague's access ended"),
    "company.no-longer-administers": N_("colleague no longer administers the company"),
    "company.taken-back": N_("colleague's access given back"),
    "control.cancelled": N_("control cancelled"),
    "control.concluded": N_("control concluded"),
    "control.distributed": N_("control given to an officer by the system"),
    "control.leave": N_("absence entered"),
    "control.noticed": N_("notice of a control given"),
    "control.opened": N_("control opened"),
    "control.presence": N_("presence of an officer changed"),
    "control.proposed": N_("end of a control proposed"),
    "control.reassigned": N_("control given to another officer"),
    "control.sent-back": N_("end of a control sent back"),
    "control.shift": N_("shift planned"),
    "control.taken": N_("control begun"),
    "declaration.amend": N_("declaration changed its state: amended"),
    "declaration.amended": N_("declaration amended by the declarant"),
    "declaration.arrive": N_("goods of a declaration have arrived"),
    "declaration.await": N_("declaration waits for its goods"),
    "declaration.conclude": N_("declaration's controls concluded"),
    "declaration.correct": N_("declaration changed its state: corrected"),
    "declaration.corrected": N_("declaration corrected by control"),
    "declaration.free": N_("declaration needs no control before release"),
    "declaration.order_control": N_("control of a declaration ordered"),
    "declaration.refuse": N_("release refused"),
    "declaration.register": N_("declaration registered and assessed"),
    "declaration.registered": N_("declaration given its number"),
    "declaration.release": N_("goods released"),
    "declaration.reopen": N_("declaration re-opened"),
    "declaration.reopening.agreed": N_("re-opening agreed to"),
    "declaration.reopening.asked": N_("re-opening asked for"),
    "declaration.reopening.declined": N_("re-opening declined"),
    "declaration.seize": N_("goods seized"),
    "declaration.stored": N_("declaration stored"),
    "declaration.withdraw": N_("declaration withdrawn"),
    "draft.changed": N_("draft changed"),
    "draft.discarded": N_("draft discarded"),
    "draft.forgotten": N_("draft deleted after its term"),
    "draft.kept": N_("draft kept"),
    "finding.annulled": N_("finding annulled"),
    "finding.corrected": N_("finding corrected"),
    "finding.recorded": N_("finding recorded"),
    "hold.lifted": N_("legal hold lifted"),
    "hold.put": N_("put on legal hold"),
    "journal.erased": N_("content of entries erased after their term"),
    "journal.exported": N_("journal taken as a file"),
    "journal.verified": N_("journal verified"),
    "mail.chosen": N_("choice of e-mails changed"),
    "release.condition": N_("condition of release told"),
    "release.condition-settled": N_("conditions of a release settled"),
    "release.examination-settled": N_("expert examination settled"),
    "release.security-settled": N_("security settled"),
    "release.stop-lifted": N_("stop of a release lifted"),
    "release.stopped": N_("release stopped"),
    "request.accepted": N_("answer to a request accepted"),
    "request.answered": N_("request answered"),
    "request.asked": N_("document asked for"),
    "request.asked-again": N_("document asked for again"),
    "request.dropped": N_("document no longer asked for"),
    "request.expired": N_("request expired unanswered"),
    "request.reminded": N_("declarant reminded of a request"),
    "rerouting.agreed": N_("other control agreed to"),
    "rerouting.at_once": N_("control changed at once"),
    "rerouting.declined": N_("other control declined"),
    "rerouting.deviation": N_("officer departed from advice"),
    "rerouting.proposed": N_("other control proposed"),
    "rerouting.unratified": N_("change at once not ratified in time"),
    "retention.let-go": N_("what was kept for its years let go of"),
    "staff.admitted": N_("person admitted"),
    "staff.disabled": N_("account closed"),
    "staff.enabled": N_("account opened again"),
    "staff.granted": N_("role given"),
    "staff.logged-in": N_("logged in"),
    "staff.outer-connected": N_("outer login connected"),
    "staff.password-reset": N_("new password given"),
    "staff.token-issued": N_("token given"),
    "staff.token-revoked": N_("token ended"),
    "staff.token-rotated": N_("token changed for a new one"),
    "staff.withdrawn": N_("role taken back"),
    "subscription.ended": N_("webhook ended"),
    "subscription.made": N_("webhook added"),
    "subscription.retried": N_("messages to a webhook sent again"),
    "subscription.tested": N_("webhook tested"),
    "term.extended": N_("term extended"),
    "term.extension.agreed": N_("longer term agreed to"),
    "term.extension.asked": N_("longer term asked for"),
    "term.extension.declined": N_("longer term declined"),
    "term.overdue": N_("term passed"),
    "term.resumed": N_("clock runs on"),
    "term.stopped": N_("clock stands still"),
}
"""What each act is called, by its code."""

SUBJECTS: Final[Mapping[str, str]] = {
    "control": N_("control"),
    "declaration": N_("declaration"),
    "draft": N_("draft"),
    "entries": N_("entries of the journal"),
    "entry": N_("entry of the journal"),
    "journal": N_("journal"),
    "publication": N_("policy"),
    "retention": N_("what is kept"),
    "subscription": N_("webhook"),
    "term": N_("term of the law"),
    "token": N_("token"),
    "user": N_("person"),
}
"""What an entry can be about, by its code."""


def subject_said(code: str) -> str:
    """Return what an entry is about, in the language of the request; its code where it has no words."""
    return said(SUBJECTS[code]) if code in SUBJECTS else code


def act_said(code: str) -> str:
    """Return an act in words, in the language of the request; its code where it has none.

    Example:
        >>> act_said("control.taken"), act_said("of.yesterday")
        ('control begun', 'of.yesterday')
    """
    return said(ACTS[code]) if code in ACTS else code


def acts_called(words: str) -> list[str]:
    """Return the codes of the acts whose words have these among them, however letters are written.

    Example:
        >>> acts_called("Clock")
        ['term.resumed', 'term.stopped']
    """
    sought = words.casefold()
    return [code for code, name in ACTS.items() if sought in said(name).casefold()]
