"""Simple charts, drawn by the server: bars, and rates with their intervals, with words and figures in them.

Each is a picture with a title; whoever cannot see it reads the table that the page has beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDE: Final = 640
_NAMES: Final = 170
_VALUES: Final = 150
_STEP: Final = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Attributes:
        name: what it is of.
        value: its length, 0 or more.
        part: how much of it stands out, at most ``value``.
        said: the value in words.
    """

    name: str
    value: float
    part: float
    said: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its interval, shares between 0 and 1."""

    name: str
    rate: float
    low: float
    high: float
    said: str


def bars(title: str, rows: Sequence[Bar]) -> SafeString:
    """Draw a bar for each row, the longest as long as there is room.

    Example:
        >>> "<title>Load</title>" in bars("Load", [Bar("Aigul", 30.0, 0.0, "30 min")])
        True
    """
    most = max((row.value for row in rows), default=0.0) or 1.0
    room = _WIDE - _NAMES - _VALUES
    drawn = format_html_join(
        "",
        '<text class="plot-name" x="{}" y="{}">{}</text>'
        '<rect class="plot-bar" x="{}" y="{}" width="{}" height="16"></rect>'
        '<rect class="plot-part" x="{}" y="{}" width="{}" height="16"></rect>'
        '<text x="{}" y="{}">{}</text>',
        (
            (
                _NAMES - 8, _STEP * n + 19, row.name,
                _NAMES, _STEP * n + 7, _length(row.value / most * room),
                _NAMES, _STEP * n + 7, _length(row.part / most * room),
                _length(_NAMES + row.value / most * room + 8), _STEP * n + 19, row.said,
            )
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip
    return _drawing(title, drawn, len(rows))


def rates(title: str, rows: Sequence[Rate]) -> SafeString:
    """Draw a point with its interval for each row, on one scale from 0."""
    most = max((row.high for row in rows), default=0.0) or 1.0
    room = _WIDE - _NAMES - _VALUES
    drawn = format_html_join(
        "",
        '<text class="plot-name" x="{}" y="{}">{}</text>'
        '<line class="plot-line" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
        '<line class="plot-span" x1="{}" y1="{}" x2="{}" y2="{}"></line>'
        '<circle class="plot-point" cx="{}" cy="{}" r="5"></circle><text x="{}" y="{}">{}</text>',
        (
            (
                _NAMES - 8, _STEP * n + 19, row.name,
                _NAMES, _STEP * n + 15, _NAMES + room, _STEP * n + 15,
                _length(_NAMES + row.low / most * room), _STEP * n + 15,
                _length(_NAMES + row.high / most * room), _STEP * n + 15,
                _length(_NAMES + row.rate / most * room), _STEP * n + 15,
                _NAMES + room + 8, _STEP * n + 19, row.said,
            )
            for n, row in enumerate(rows)
        ),
    )  # fmt: skip
    return _drawing(title, drawn, len(rows))


def _drawing(title: str, drawn: SafeString, rows: int) -> SafeString:
    return format_html(
        '<svg class="plot" role="img" viewBox="0 0 {} {}"><title>{}</title>{}</svg>',
        _WIDE, _STEP * rows + 4, title, drawn,
    )  # fmt: skip


def _length(value: float) -> str:
    return f"{value:.1f}"
