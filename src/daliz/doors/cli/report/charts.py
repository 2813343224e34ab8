"""Where the marks of a chart stand: stacked columns over days with a line, and estimates with their ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Final

_LEFT: Final = 52.0
_TOP: Final = 8.0
_BOTTOM: Final = 22.0
_GAP: Final = 0.18


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the vertical axis: where it stands and the value it stands for."""

    y: float
    value: float


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one column: left edge, width, and whether its day is written below it."""

    x: float
    width: float
    labelled: bool

    @property
    def middle(self) -> float:
        """The middle of the column."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart, ready to draw.

    Attributes:
        width: of the drawing, in its own units.
        height: of the drawing.
        left: where the columns begin.
        bottom: where they stand.
        series: one path for each part of the stack, in order.
        line: a path over all slots, empty without a line.
        ticks: of the vertical axis, from 0.
        slots: one for each day.
    """

    width: float
    height: float
    left: float
    bottom: float
    series: tuple[str, ...]
    line: str
    ticks: tuple[Tick, ...]
    slots: tuple[Slot, ...]


def columns(
    stacks: Sequence[Sequence[float]],
    *,
    line: Sequence[float] = (),
    width: float = 620,
    height: float = 150,
    labels: int = 16,
) -> Columns:
    """Lay out stacked columns.

    Args:
        stacks: for each day, the parts of its column, each 0 or more.
        line: for each day, the height of a line across it.
        width: of the drawing.
        height: of the drawing.
        labels: how many days are written at most.

    Example:
        >>> chart = columns([[1.0, 1.0], [2.0, 2.0]], width=152, height=130)
        >>> chart.series[0], [tick.value for tick in chart.ticks]
        ('M56.5 108V83h41v25zM106.5 108V58h41v50z', [0.0, 1.0, 2.0, 3.0, 4.0])
    """
    bottom, right = height - _BOTTOM, width - 0.0
    top = max([*(sum(stack) for stack in stacks), *line, 0.0])
    step = _step(top)
    whole = max(step * -(-top // step), step)
    scale = (bottom - _TOP) / whole
    pitch = (right - _LEFT) / max(len(stacks), 1)
    every = -(-len(stacks) // labels)
    slots = tuple(
        Slot(round(_LEFT + pitch * (k + _GAP / 2), 1), round(pitch * (1 - _GAP), 1), k % every == 0)
        for k in range(len(stacks))
    )
    parts = max((len(stack) for stack in stacks), default=0)
    return Columns(
        width=width,
        height=height,
        left=_LEFT,
        bottom=bottom,
        series=tuple(
            "".join(
                _column(slot, bottom - sum(stack[:part]) * scale, stack[part] * scale)
                for slot, stack in zip(slots, stacks, strict=True)
                if stack[part] > 0
            )
            for part in range(parts)
        ),
        line="".join(
            f"M{_short(_LEFT + pitch * k)} {_short(bottom - value * scale)}h{_short(pitch)}"
            for k, value in enumerate(line)
        ),
        ticks=tuple(
            Tick(round(bottom - k * step * scale, 1), round(k * step, 6))
            for k in range(round(whole / step) + 1)
        ),
        slots=slots,
    )


@dataclass(frozen=True, slots=True)
class Whisker:
    """One estimate: where its mark stands, and a path from its lower to its upper end."""

    x: float
    y: float
    path: str


@dataclass(frozen=True, slots=True)
class Whiskers:
    """A chart of estimates, ready to draw; ``series`` has for each slot a mark, or None where none is."""

    width: float
    height: float
    left: float
    bottom: float
    series: tuple[tuple[Whisker | None, ...], ...]
    ticks: tuple[Tick, ...]
    slots: tuple[Slot, ...]


def whiskers(
    groups: Sequence[Sequence[tuple[float, float, float] | None]],
    *,
    width: float = 1000,
    height: float = 200,
    labels: int = 24,
) -> Whiskers:
    """Lay out estimates with their ends, several side by side in each slot.

    Args:
        groups: for each slot, for each series, the estimate and its lower and upper end, each 0 or more.
        width: of the drawing.
        height: of the drawing.
        labels: how many slots are written at most.

    Example:
        >>> chart = whiskers([[(0.1, 0.05, 0.2)]], width=152, height=130)
        >>> chart.series[0][0]
        Whisker(x=102.0, y=58.0, path='M102 83V8')
    """
    bottom = height - _BOTTOM
    top = max([one[2] for group in groups for one in group if one] + [0.0])
    step = _step(top)
    whole = max(step * -(-round(top, 9) // step), step)
    scale = (bottom - _TOP) / whole
    pitch = (width - _LEFT) / max(len(groups), 1)
    every = -(-len(groups) // labels)
    count = max((len(group) for group in groups), default=0)

    def mark(at: int, part: int) -> Whisker | None:
        one = groups[at][part]
        if one is None:
            return None
        x = round(_LEFT + pitch * (at + (part + 1) / (count + 1)), 1)
        value, low, high = (round(bottom - end * scale, 1) for end in one)
        return Whisker(x, value, f"M{_short(x)} {_short(low)}V{_short(high)}")

    return Whiskers(
        width=width,
        height=height,
        left=_LEFT,
        bottom=bottom,
        series=tuple(tuple(mark(at, part) for at in range(len(groups))) for part in range(count)),
        ticks=tuple(
            Tick(round(bottom - k * step * scale, 1), round(k * step, 6))
            for k in range(round(whole / step) + 1)
        ),
        slots=tuple(
            Slot(round(_LEFT + pitch * k, 1), round(pitch, 1), k % every == 0) for k in range(len(groups))
        ),
    )


def _column(slot: Slot, foot: float, height: float) -> str:
    """Return one part of one column as a path."""
    up, down = _short(foot - height), _short(foot)
    return f"M{_short(slot.x)} {down}V{up}h{_short(slot.width)}v{_short(float(down) - float(up))}z"


def _step(top: float) -> float:
    """Return a round step that divides the axis into two to five parts."""
    if top <= 0:
        return 1.0
    size = 10.0 ** floor(log10(top))
    return next(size * part for part in (0.2, 0.25, 0.5, 1, 2) if top / (size * part) <= 5)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
