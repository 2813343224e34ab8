"""Tags of templates: words through our catalogues, numbers and dates of the language, marks, fields."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from daliz.customs.control.models import Obligation
from daliz.customs.control.states import ControlState
from daliz.customs.intake.life import State
from daliz.customs.intake.models import TimelineEntry
from daliz.customs.reference.queries import pack
from daliz.doors.pages.access import instant
from daliz.doors.pages.acts import act_said
from daliz.doors.pages.codes import (
    FORMS,
    FOUND,
    REQUESTS,
    SCOPES,
    document_name,
    line_said,
    name_said,
    outcome_said,
    violation_name,
)
from daliz.doors.pages.language import language, said, spoken
from daliz.doors.pages.marks import CONTROL_MARKS, STATE_MARKS, Mark, corridor_mark
from daliz.doors.pages.owing import OWED
from daliz.engine.indicators.names import DIRECTIONS
from daliz.engine.pack.control import EXTENT_NAMES
from daliz.ground.staff.actor import Role
from daliz.language import N_, ntranslate, translate
from daliz.language.numbers import (
    format_date,
    format_datetime,
    format_duration_minutes,
    format_money,
    format_month,
    format_number,
    format_percent,
)
from daliz.language.places import country_name

register = template.Library()

_NOTHING: Final = "–"


@register.simple_tag
def say(message: str, **values: object) -> str:
    """Say a message: ``{% say "{n} of {m}" n=1 m=2 %}``."""
    return translate(message, language(), **{name: spoken(value) for name, value in values.items()})


@register.simple_tag
def nsay(singular: str, plural: str, number: int, **values: object) -> str:
    """Say a counted message: ``{% nsay "{n} item" "{n} items" count %}``."""
    lang = language()
    text = ntranslate(singular, plural, number, lang, **{k: spoken(v) for k, v in values.items()})
    return text.replace(str(number), format_number(number, lang), 1) if number > 999 else text


@register.filter
def words(value: object) -> str:
    """Return a text of data, a message or an error in the language of the page."""
    return spoken(value)


@register.filter
def number(value: float | Decimal | str | None, decimals: int | None = None) -> str:
    """Write a number; a dash for what is unknown, or what a template did not find."""
    if value is None or isinstance(value, str):
        return _NOTHING
    return format_number(value, language(), decimals=decimals)


@register.filter
def money(value: float | Decimal | str | None, currency: str = "") -> str:
    """Write an amount in the pack's currency, or in the one named, without small change."""
    if value is None or isinstance(value, str):
        return _NOTHING
    return format_money(Decimal(value), currency or pack().currency, language(), decimals=0)


@register.filter
def percent(value: float | str | None, decimals: int = 1) -> str:
    """Write a share in percent."""
    return (
        _NOTHING
        if value is None or isinstance(value, str)
        else format_percent(value, language(), decimals=decimals)
    )


@register.filter
def day(value: date | str | None) -> str:
    """Write a day."""
    return _NOTHING if value is None or isinstance(value, str) else format_date(value, language())


@register.filter
def month(value: date) -> str:
    """Write a month."""
    return format_month(value, language())


@register.filter
def moment(value: datetime | str | None) -> str:
    """Write an instant as the clock of the administration shows it."""
    if not value:
        return _NOTHING
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return format_datetime(at, language(), zone=pack().zone)


@register.filter
def when(value: datetime | str | None) -> SafeString | str:
    """Write an instant in a table: day and time each stay whole."""
    day_, comma, time_ = moment(value).rpartition(", ")
    if not comma:
        return time_
    return format_html(
        '<span class="text-nowrap">{},</span> <span class="text-nowrap">{}</span>', day_, time_
    )


@register.filter
def found_value(value: object, name: str) -> str:
    """Write what was found in the place of what was declared."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    if name == "customs_value":
        return money(amount)
    if name == "duty_rate":
        return percent(float(amount))
    return number(float(amount)) if name in ("net_mass_kg", "gross_mass_kg", "quantity") else str(value)


@register.filter
def span(minutes: float | str | None) -> str:
    """Write officer time."""
    return (
        _NOTHING
        if minutes is None or isinstance(minutes, str)
        else format_duration_minutes(minutes, language())
    )


@register.filter
def left(due: datetime | str | None) -> SafeString | str:
    """Write how much time is left until a deadline, or by how much it is over; never by colour alone."""
    if due is None or isinstance(due, str):
        return ""
    minutes = (due - instant()).total_seconds() / 60
    lang = language()
    written = _long(abs(minutes), lang)
    if minutes < 0:
        return marked("danger", "alert-triangle", translate("{span} overdue", lang, span=written))
    kind = "warning" if minutes < 60 else "secondary"
    return marked(kind, "clock", translate("{span} left", lang, span=written))


def _long(minutes: float, lang: str) -> str:
    days = int(minutes // (24 * 60))
    if days >= 2:
        return ntranslate("{n} day", "{n} days", days, lang)
    return format_duration_minutes(minutes, lang)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon; with a label it speaks, without one it only adorns."""
    spoken_as = (
        format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"></use></svg>',
        spoken_as,
        static("daliz/vendor/icons.svg"),
        name,
    )


@register.filter
def corridor(code: str) -> SafeString:
    """Mark a corridor: colour, icon and word."""
    mark = corridor_mark(code, pack())
    return marked(mark.kind, mark.icon, spoken(mark.name))


@register.filter
def state(code: str) -> SafeString:
    """Mark where a declaration stands."""
    return _mark(STATE_MARKS[State(code)])


@register.filter
def control_state(code: str) -> SafeString:
    """Mark where a control stands."""
    return _mark(CONTROL_MARKS[ControlState(code)])


@register.filter
def act(code: str) -> str:
    """Return an act of the journal in words."""
    return act_said(code)


@register.filter
def office(code: str) -> str:
    """Name an office with its code."""
    known = pack().offices.get(code)
    return f"{known.name.in_(language())} ({code})" if known else code or _NOTHING


@register.filter
def form_name(code: str) -> str:
    """Name a form of control."""
    return name_said(FORMS, code)


@register.filter
def extent_name(code: str) -> str:
    """Name the depth of a control."""
    return name_said(EXTENT_NAMES, code)


@register.filter
def violation(code: str) -> str:
    """Name a type of violation."""
    return violation_name(code)


@register.filter
def document(code: str) -> str:
    """Name a document that can be asked for."""
    return document_name(code)


@register.filter
def country(code: str | None) -> str:
    """Name a country with its code."""
    return f"{country_name(code, language())} ({code})" if code else _NOTHING


@register.filter
def outcome(code: str, before_release: bool = True) -> str:
    """Name the end of a control before release, or after it."""
    return outcome_said(code, before_release=before_release)


@register.filter
def direction(code: str) -> str:
    """Name a direction."""
    return name_said(DIRECTIONS, code)


@register.filter
def request_state(code: str) -> str:
    """Name where a request for a document stands."""
    return name_said(REQUESTS, code)


@register.filter
def scope_name(code: str) -> str:
    """Name what a token is for."""
    return name_said(SCOPES, code)


@register.filter
def found_name(code: str) -> str:
    """Name what a found value stands against."""
    return name_said(FOUND, code)


@register.filter
def procedure(code: str | None) -> str:
    """Name a customs procedure with its code."""
    known = pack().procedures.get(code or "")
    return f"{known.name.in_(language())} ({code})" if known else code or _NOTHING


@register.filter
def level(code: str) -> str:
    """Name a risk level."""
    known = pack().policy.levels.levels.get(code)
    return spoken(known.name) if known else code


@register.filter
def role(code: str) -> str:
    """Name a role."""
    return spoken(Role(code).label) if code in set(Role) else code


@register.filter
def plain(value: float | None) -> str:
    """Write a number for a machine: ``progress`` and the like."""
    return "0" if value is None else f"{float(value):.4f}"


@register.filter
def line(entry: TimelineEntry) -> str:
    """Say a line of a timeline."""
    return line_said(entry.what, entry.values)


@register.filter
def obligation(code: str) -> str:
    """Name what a release is bound to."""
    return name_said(OWED, code)


@register.filter
def settlement(row: Obligation) -> SafeString:
    """Mark whether what is owed is settled."""
    if row.settled_at is None:
        return marked("warning", "hourglass", said(N_("not settled yet")))
    if row.kept:
        return marked("success", "circle-check", said(N_("settled")))
    return marked("danger", "circle-x", said(N_("not kept")))


@register.filter
def measure(code: str) -> str:
    """Name a measure."""
    known = pack().measures.get(code)
    return spoken(known.name) if known else code


def _mark(mark: Mark) -> SafeString:
    return marked(mark.kind, mark.icon, spoken(mark.name))


def marked(kind: str, name: str, text: str) -> SafeString:
    """Return a mark: colour, icon and word."""
    return format_html('<span class="badge mark mark-{}">{} {}</span>', kind, icon(name), text)


@register.inclusion_tag("pages/_field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Draw a field of a form: label, what was typed, what is wrong with it beside it."""
    widget = bound.field.widget
    kind, css = "input", "form-control"
    if isinstance(widget, CheckboxInput):
        kind, css = "check", "form-check-input"
    elif isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        kind, css = "many", ""
    elif isinstance(widget, Select):
        css = "form-select"
    described = [f"{bound.auto_id}-help"] if bound.help_text else []
    attrs: dict[str, Any] = {"class": f"{css} {'is-invalid' if bound.errors else ''}".strip()}
    if bound.errors:
        attrs["aria-invalid"] = "true"
        described.append(f"{bound.auto_id}-error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {"field": bound, "kind": kind, "drawn": bound.as_widget(attrs=attrs)}
