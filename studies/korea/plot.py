"""Draws the figures of grouped cross-validation with their intervals, for the handbook.

    .venv/bin/python -m studies.korea.plot

The same figures give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
RESULT: Final = ROOT / "studies" / "results" / "korea.json"
PLOT: Final = ROOT / "docs" / "handbook" / "korea.svg"
WAYS: Final = (
    "daliz", "lightgbm", "lightgbm, goods only", "lightgbm, small trees", "lightgbm with encodings", "rates",
    "rates of parties", "random",
)  # fmt: skip
_PANELS: Final = (
    ("auc", "AUC", 0.48, 0.68),
    ("precision_at_10", "Precision among the first 10 %", 0.18, 0.40),
)
_NAMES_WIDE, _PANEL_WIDE, _GAP, _LINE, _TOP = 190, 250, 40, 26, 34


def drawn(figures: Mapping[str, Any], ways: Sequence[str] = WAYS) -> str:
    """Return an SVG: a line a way, a dot and its 90 % interval in each panel, the first way stressed."""
    below = _TOP + _LINE * len(ways)
    width, height = _NAMES_WIDE + len(_PANELS) * (_PANEL_WIDE + _GAP), below + 30
    style = 'font-family="sans-serif" font-size="12" fill="#222"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {style}>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    middle = [_TOP + _LINE * number + _LINE // 2 for number in range(len(ways))]
    lines += [
        f'<text x="{_NAMES_WIDE - 12}" y="{y + 4}" text-anchor="end">{way}</text>'
        for way, y in zip(ways, middle, strict=True)
    ]
    for number, (measure, title, low, high) in enumerate(_PANELS):
        left = _NAMES_WIDE + number * (_PANEL_WIDE + _GAP)
        lines.append(f'<text x="{left}" y="18" font-weight="bold">{title}</text>')
        for step in range(round(low * 100), round(high * 100) + 1, 4):
            x = _across(step / 100, left, low, high)
            lines.append(f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{below}" stroke="#ddd"/>')
            lines.append(f'<text x="{x}" y="{below + 16}" text-anchor="middle">0.{step}</text>')
        for way, y in zip(ways, middle, strict=True):
            told = figures[way][measure]
            first, dot, last = (_across(told[end], left, low, high) for end in ("low", "value", "high"))
            colour = "#0b5cad" if way == ways[0] else "#777"
            lines.append(
                f'<line x1="{first}" x2="{last}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
            )
            lines.append(f'<circle cx="{dot}" cy="{y}" r="4" fill="{colour}"/>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _across(value: float, left: int, low: float, high: float) -> float:
    return round(left + (value - low) / (high - low) * _PANEL_WIDE, 1)


def main() -> None:
    """Draw what the study kept."""
    kept = json.loads(RESULT.read_text(encoding="utf-8"))
    PLOT.write_text(drawn(kept["grouped_cross_validation"]["all_rows"]), encoding="utf-8")


if __name__ == "__main__":
    main()
