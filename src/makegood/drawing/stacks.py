"""Amounts by period, stacked by what they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from makegood.drawing import palette
from makegood.drawing.charts import Option
from makegood.drawing.frame import TEXT, categories, reach, scale


@dataclass(frozen=True, slots=True)
class Layer:
    """One sort of amounts in every period, in its colour; what is not booked yet is drawn ``pale``."""

    name: str
    amounts: tuple[float, ...]
    colour: palette.Token
    pale: bool = False


def stacked_chart(
    periods: Sequence[str], layers: Sequence[Layer], sums: Sequence[tuple[float, str]], *, narrow: bool
) -> Option:
    """Return amounts by period, one on the other, with their sum in words on top; what is below nothing hangs down."""
    down = [sum(min(each.amounts[at], 0) for each in layers) for at in range(len(periods))]
    low, high, step = reach([*(value for value, _ in sums), *down], from_zero=True)
    bars = [
        {
            "type": "bar",
            "name": each.name,
            "stack": "amounts",
            "barMaxWidth": 34,
            "itemStyle": {
                "color": each.colour.light,
                "borderColor": palette.PAPER.light,
                "borderWidth": 0.5,
                **({"opacity": 0.45} if each.pale else {}),
            },
            "data": [amount or None for amount in each.amounts],
        }
        for each in layers
    ]
    total = {
        "type": "line",
        "symbol": "circle",
        "symbolSize": 0.01,
        "lineStyle": {"color": palette.PAPER.light, "opacity": 0},
        "itemStyle": {"color": palette.PAPER.light},  # a mark that cannot be seen hides its writing as well
        "label": {"position": "top", **TEXT, "fontSize": 11},
        "labelLayout": {"hideOverlap": True},
        "data": [{"value": value, "label": {"show": bool(words), "formatter": words}} for value, words in sums],
    }
    return {
        "textStyle": TEXT,
        "grid": {"left": 8, "right": 14, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": categories(periods, narrow=narrow),
        "yAxis": scale(low, high, step, None),
        "series": [*bars, total],
    }
