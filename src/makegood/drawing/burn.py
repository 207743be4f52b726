"""How what may go wrong in a period is used up, and where it is heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from makegood.drawing import palette
from makegood.drawing.charts import Option
from makegood.drawing.frame import MARKS, QUIET, TEXT, halo, reach, scale

WHOLE = 100.0


def burn_chart(
    points: Sequence[tuple[float, float]], *, now: str, forecast: str, limit: str, ends: tuple[str, str], meets: bool
) -> Option:
    """Return the percent that is used at each percent of the period that is over, and the line on which it goes on.

    The last point is now, which is written beside it; ``forecast`` is written at the end of the dashed line, ``limit``
    at the line that it should not cross, and ``ends`` are the first and the last day.
    """
    over, used = points[-1]
    at_the_end = used * WHOLE / over if over else used
    _, high, step = reach([WHOLE, used, min(at_the_end, 3 * WHOLE)], from_zero=True)
    heading = MARKS["MET" if meets else "MISSED"][2].light
    return {
        "textStyle": TEXT,
        "grid": {"left": 8, "right": 62, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "value",
            "min": 0,
            "max": WHOLE,
            "interval": WHOLE,
            "splitLine": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.MUTED.light}},
            "axisTick": {"show": False},
            "axisLabel": {"show": False},
            "name": f"{ends[0]} – {ends[1]}",
            "nameLocation": "middle",
            "nameGap": 12,
            "nameTextStyle": QUIET,
        },
        "yAxis": scale(0, high, step, "{value} %"),
        "series": [
            _used([(0.0, 0.0), *points], now, limit),
            {
                "type": "line",
                "clip": True,
                "symbol": "none",
                "lineStyle": {"color": heading, "width": 1.5, "type": [4, 4]},
                "data": [[over, used], [WHOLE, at_the_end]],
                "endLabel": {"show": True, "formatter": forecast, **halo(heading)},
            },
        ],
    }


def _used(points: Sequence[tuple[float, float]], now: str, limit: str) -> dict[str, Any]:
    data: list[dict[str, Any]] = [{"value": list(each), "symbol": "none"} for each in points]
    data[-1] |= {
        "symbol": "circle",
        "symbolSize": 8,
        "label": {"show": True, "position": "top", "formatter": now, **halo(palette.INK.light)},
    }
    return {
        "type": "line",
        "step": "end",
        "data": data,
        "showAllSymbol": True,
        "lineStyle": {"color": palette.ACCENT.light, "width": 2},
        "itemStyle": {"color": palette.ACCENT.light},
        "areaStyle": {"color": palette.ACCENT.light, "opacity": 0.12},
        "markLine": {
            "symbol": "none",
            "lineStyle": {"color": palette.INK.light, "type": [5, 4], "width": 1.2},
            "label": {"position": "end", "distance": 6, "formatter": limit, **TEXT},
            "data": [{"yAxis": WHOLE}],
        },
    }
