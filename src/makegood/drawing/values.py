"""The values of an outcome, period by period, against its target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from makegood.drawing import palette
from makegood.drawing.charts import Option
from makegood.drawing.frame import MARKS, TEXT, categories, halo, reach, scale, symbol


@dataclass(frozen=True, slots=True)
class Mark:
    """A period on the chart: where its value stands, how that is written, and its ruling; without a value it says so.

    ``below`` tells that the writing stands under the mark, where a higher value is better.
    """

    period: str
    value: float | None
    written: str
    ruling: str
    below: bool = False


def values_chart(
    marks: Sequence[Mark], targets: Mapping[float, str], *, shares: bool, absence: str, narrow: bool
) -> Option:
    """Return values by period as a line of percents or as bars; what was not met carries its value.

    ``targets`` are written where they stand; ``absence`` stands where there is no value.
    """
    values = [each.value for each in marks if each.value is not None]
    low, high, step = reach([*values, *targets], from_zero=not shares)
    if shares:
        low, high = max(low, 0), min(high, 100)
    return {
        "textStyle": TEXT,
        "grid": {"left": 8, "right": 62, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": categories([each.period for each in marks], narrow=narrow),
        "yAxis": scale(low, high, step, "{value} %" if shares else None),
        "series": [
            {
                "type": "line" if shares else "bar",
                "data": [_drawn(each, bars=not shares) for each in marks],
                "connectNulls": False,
                "showAllSymbol": True,
                "barMaxWidth": 28,
                "lineStyle": {"color": palette.MUTED.light, "width": 1.5},
                "labelLayout": {"hideOverlap": True},
                "markLine": {
                    "symbol": "none",
                    "lineStyle": {"color": palette.INK.light, "type": [5, 4], "width": 1.2},
                    "label": {"position": "end", "distance": 6, "lineHeight": 14, **TEXT},
                    "data": [{"yAxis": level, "label": {"formatter": label}} for level, label in targets.items()],
                },
            },
            {
                "type": "scatter",
                "data": [None if each.value is not None else _absence(low, absence) for each in marks],
                "labelLayout": {"hideOverlap": True},
            },
        ],
    }


def _drawn(mark: Mark, *, bars: bool) -> dict[str, Any]:
    return {
        **symbol(mark.ruling, bars=bars),
        "value": mark.value,
        "label": {
            "show": mark.ruling != "MET",
            "position": "bottom" if mark.below and not bars else "top",
            "formatter": mark.written,
            **halo(MARKS[mark.ruling][2].light),
        },
    }


def _absence(low: float, words: str) -> dict[str, Any]:
    """Return the mark of a period without a value: it stands on the axis and says so."""
    label = {"show": True, "position": "top", "formatter": words, **halo(palette.UNDECIDED.light)}
    return {**symbol("UNDECIDED"), "value": low, "label": label}
