"""Words that only the portal needs: documents asked for, their state, what became of a message."""

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.control.models import Appeal, DocumentRequest
from daliz.customs.intake.life import State
from daliz.customs.intake.notice_words import document_name
from daliz.customs.reference.queries import pack
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.templatetags.daliz import icon
from daliz.ground.outbox.models import Message
from daliz.language import N_

register = template.Library()

_REQUESTS: Final = {
    DocumentRequest.OPEN: ("warning", "message-question", N_("asked for")),
    DocumentRequest.ANSWERED: ("info", "send", N_("handed in, not yet looked at")),
    DocumentRequest.ACCEPTED: ("success", "circle-check", N_("accepted")),
    DocumentRequest.EXPIRED: ("danger", "clock-pause", N_("not handed in in time")),
    DocumentRequest.DROPPED: ("secondary", "circle-x", N_("no longer asked for")),
}
_MESSAGES: Final = {
    Message.WAITING: ("primary", "hourglass", N_("waits")),
    Message.DELIVERED: ("success", "circle-check", N_("delivered")),
    Message.DEAD: ("danger", "circle-x", N_("given up")),
}
_VERDICTS: Final = {
    "": ("info", "hourglass", N_("not decided yet")),
    Appeal.UPHELD: ("danger", "circle-x", N_("the finding is upheld")),
    Appeal.CORRECTED: ("info", "edit", N_("the finding is corrected")),
    Appeal.ANNULLED: ("success", "circle-check", N_("the finding is annulled")),
}


@register.filter
def document(code: str) -> str:
    """Name a document of the catalogue."""
    return document_name(code, pack(), language())


@register.filter
def request_state(code: str) -> SafeString:
    """Mark where a request stands."""
    return _mark(*_REQUESTS[code])


@register.filter
def message_state(code: str) -> SafeString:
    """Mark what became of a message."""
    return _mark(*_MESSAGES[code])


@register.filter
def verdict(code: str) -> SafeString:
    """Mark how an appeal was decided, or that it is not."""
    return _mark(*_VERDICTS[code])


@register.filter
def state_words(code: str) -> str:
    """Say where a declaration stands."""
    return spoken(State(code).label)


def _mark(kind: str, symbol: str, words: str) -> SafeString:
    return format_html('<span class="badge mark mark-{}">{} {}</span>', kind, icon(symbol), said(words))
