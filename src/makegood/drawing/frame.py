"""What all charts share: texts, axes and the shapes of rulings."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from makegood.drawing import palette
from makegood.drawing.charts import FONT

TEXT: Final = {"fontFamily": FONT, "fontSize": 12, "color": palette.INK.light}
QUIET: Final = {"fontFamily": FONT, "fontSize": 12, "color": palette.MUTED.light, "hideOverlap": True}
MARKS: Final = {
    "MET": ("circle", 8, palette.MET),
    "MISSED": ("diamond", 13, palette.MISSED),
    "UNDECIDED": ("circle", 8, palette.UNDECIDED),
}
"""Shape, size and colour of each ruling, the same as in legends: a disc, a diamond, and a ring for what is open."""


def symbol(ruling: str, *, bars: bool = False) -> dict[str, Any]:
    """Return the shape of a ruling."""
    form, size, token = MARKS[ruling]
    ring = ruling == "UNDECIDED" and not bars
    fill, edge = (palette.PAPER, token) if ring else (token, palette.PAPER)
    style = {"color": fill.light, "borderColor": edge.light, "borderWidth": 2 if ring else 1}
    return {"symbol": form, "symbolSize": size, "itemStyle": style}


def halo(colour: str) -> dict[str, Any]:
    """Return a text of a colour that stays readable over lines."""
    return {**TEXT, "fontSize": 11, "color": colour, "textBorderColor": palette.PAPER.light, "textBorderWidth": 2}


def categories(marks: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    """Return the axis of periods; where there is no room for all of them, every second or third is named."""
    every = -(-len(marks) // (7 if narrow else 24)) or 1
    return {
        "type": "category",
        "data": list(marks),
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": palette.MUTED.light}},
        "axisLabel": {**QUIET, "interval": every - 1, "hideOverlap": False, "lineHeight": 15},
    }


def scale(low: float, high: float, step: float, form: str | None) -> dict[str, Any]:
    """Return the axis of values; ``form`` says how its marks are written, as in ``{value} %``."""
    label = QUIET if form is None else {**QUIET, "formatter": form}
    return {
        "type": "value",
        "min": low,
        "max": high,
        "interval": step,
        "axisLabel": label,
        "splitLine": {"lineStyle": {"color": palette.LINE.light, "width": 1}},
    }


def reach(values: Sequence[float], *, from_zero: bool) -> tuple[float, float, float]:
    """Return lowest and highest mark of an axis and the step between, so that values stand clear of both ends."""
    low, high = (min([*values, 0.0]) if from_zero else min(values)), max([*values, 0.0]) if from_zero else max(values)
    spread = (high - low) or max(abs(high), 1) / 10
    top, bottom = high + spread * 0.12, low if from_zero and not low else low - spread * 0.2
    exact = Fraction(repr((top - bottom) / 4))
    size = Fraction(10) ** (len(str(int(exact))) - 1 if exact >= 1 else -len(str(int(1 / exact))))
    step = next(size * factor for factor in (1, 2, 5, 10, 20) if size * factor >= exact)
    lowest, highest = Fraction(repr(bottom)) // step * step, -(-Fraction(repr(top)) // step) * step
    return float(lowest), float(highest), float(step)
