"""What the charts show: option documents for ECharts, made from a review. Positions are rounded, texts are exact."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from makegood.cli.report import palette, shown
from makegood.cli.report.charts import FONT, Option
from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Ruling
from makegood.engine.review.review import Review
from makegood.engine.review.series import Point, Series
from makegood.engine.review.wording import short_name
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

MOST_PARTS: Final = 12

_TEXT: Final = {"fontFamily": FONT, "fontSize": 12, "color": palette.INK.light}
_QUIET: Final = {"fontFamily": FONT, "fontSize": 12, "color": palette.MUTED.light, "hideOverlap": True}
_MARKS: Final = {
    Ruling.MET: ("circle", 8, palette.MET),
    Ruling.MISSED: ("diamond", 13, palette.MISSED),
    Ruling.UNDECIDED: ("circle", 8, palette.UNDECIDED),
}


def value_chart(series: Series, *, narrow: bool) -> Option:
    """Return the values of an outcome by period against its target; what was missed carries its value."""
    shares = series.unit is Unit.SHARE
    targets = {point.target.level.value: f"target\n{shown.target(point.target)}" for point in series.points}
    at = [_position(level, series.unit) for level in targets]
    values = [_position(point.value, series.unit) for point in series.points if point.value is not None]
    low, high, step = _axis(values + at, from_zero=not shares)
    if shares:
        low, high = max(low, 0), min(high, 100)
    return {
        "textStyle": _TEXT,
        "grid": {"left": 8, "right": 62, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": _periods(series.points, narrow=narrow),
        "yAxis": _scale(low, high, step, "{value} %" if shares else None),
        "series": [
            {
                "type": "line" if shares else "bar",
                "data": [_mark(point, bars=not shares) for point in series.points],
                "connectNulls": False,
                "showAllSymbol": True,
                "barMaxWidth": 28,
                "lineStyle": {"color": palette.MUTED.light, "width": 1.5},
                "labelLayout": {"hideOverlap": True},
                "markLine": {
                    "symbol": "none",
                    "lineStyle": {"color": palette.INK.light, "type": [5, 4], "width": 1.2},
                    "label": {"position": "end", "distance": 6, "lineHeight": 14, **_TEXT},
                    "data": [
                        {"yAxis": level, "label": {"formatter": label}}
                        for level, label in zip(at, targets.values(), strict=True)
                    ],
                },
            },
            {
                "type": "scatter",
                "data": [None if point.value is not None else _absence(low) for point in series.points],
                "labelLayout": {"hideOverlap": True},
            },
        ],
    }


def credits_chart(review: Review, *, narrow: bool) -> Option:
    """Return the credits by period, stacked by outcome, with their sum on top."""
    paying = [each for each in review.outcomes if each.credited]
    _, high, step = _axis([_money(each.credited) for each in review.periods], from_zero=True)
    sums = [
        {"value": _money(each.credited), "label": {"show": bool(each.credited), "formatter": _short(each.credited)}}
        for each in review.periods
    ]
    bars = [
        {
            "type": "bar",
            "name": each.outcome,
            "stack": "credits",
            "barMaxWidth": 34,
            "itemStyle": {
                "color": palette.stack(review.outcomes.index(each)).light,
                "borderColor": palette.PAPER.light,
                "borderWidth": 1,
            },
            "data": [_money(figures.credit_of(each.outcome)) or None for figures in review.periods],
        }
        for each in paying
    ]
    total = {
        "type": "line",
        "symbol": "circle",
        "symbolSize": 0.01,
        "lineStyle": {"color": palette.PAPER.light, "opacity": 0},
        "itemStyle": {"color": palette.PAPER.light, "opacity": 0},
        "label": {"position": "top", **_TEXT, "fontSize": 11},
        "labelLayout": {"hideOverlap": True},
        "data": sums,
    }
    return {
        "textStyle": _TEXT,
        "grid": {"left": 8, "right": 14, "top": 22, "bottom": 4, "containLabel": True},
        "xAxis": _periods(review.periods, narrow=narrow),
        "yAxis": _scale(0, high, step, None),
        "series": [*bars, total],
    }


def parts_chart(series: Series, *, narrow: bool) -> Option:
    """Return what went wrong by part, the worst on top."""
    worst = series.parts[:MOST_PARTS]
    wrong = [part.total - part.good for part in worst]
    labels = [_cut(part.label, 14 if narrow else 28) for part in worst]
    slack = 4 + max(map(len, labels), default=0)  # a reader's typeface may be wider than the one that was measured
    return {
        "textStyle": _TEXT,
        "grid": {"left": slack, "right": 110 if narrow else 140, "top": 4, "bottom": 4, "containLabel": True},
        "xAxis": {
            "type": "value",
            "show": False,
            "axisLabel": {"show": False},
            "min": 0,
            "max": max(wrong, default=0) or 1,
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "data": labels,
            "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.LINE.light}},
            "axisLabel": {**_TEXT, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 16,
                "itemStyle": {"color": palette.ACCENT.light},
                "label": {"show": True, "position": "right", **_TEXT},
                "data": [
                    {"value": number, "label": {"formatter": shown.wrong(series, part)}}
                    for number, part in zip(wrong, worst, strict=True)
                ],
            }
        ],
    }


def _mark(point: Point, *, bars: bool) -> dict[str, Any]:
    below = point.target.higher_is_better and not bars
    unit = point.verdict.measurement.unit
    return {
        **_symbol(point.ruling, bars=bars),
        "value": None if point.value is None else _position(point.value, unit),
        "label": {
            "show": point.ruling is not Ruling.MET,
            "position": "bottom" if below else "top",
            "formatter": shown.value(point.value, unit).removesuffix(" %"),  # the axis names the unit
            **_halo(_MARKS[point.ruling][2].light),
        },
    }


def _absence(low: float) -> dict[str, Any]:
    """Return the mark of a period without a value: it stands on the axis and says so."""
    label = {"show": True, "position": "top", "formatter": "no value", **_halo(palette.UNDECIDED.light)}
    return {**_symbol(Ruling.UNDECIDED), "value": low, "label": label}


def _symbol(ruling: Ruling, *, bars: bool = False) -> dict[str, Any]:
    """Return the shape of a ruling, the same as in legends: a disc, a diamond, and a ring for what is open."""
    symbol, size, token = _MARKS[ruling]
    ring = ruling is Ruling.UNDECIDED and not bars
    fill, edge = (palette.PAPER, token) if ring else (token, palette.PAPER)
    style = {"color": fill.light, "borderColor": edge.light, "borderWidth": 2 if ring else 1}
    return {"symbol": symbol, "symbolSize": size, "itemStyle": style}


def _halo(colour: str) -> dict[str, Any]:
    return {**_TEXT, "fontSize": 11, "color": colour, "textBorderColor": palette.PAPER.light, "textBorderWidth": 2}


def _periods(each_one: Sequence[Any], *, narrow: bool) -> dict[str, Any]:
    names = [short_name(each.period).split("\n") for each in each_one]
    marks = [
        "\n".join(name if number == 0 or name[1:] != names[number - 1][1:] else name[:1])
        for number, name in enumerate(names)
    ]
    every = -(-len(marks) // (7 if narrow else 24))
    return {
        "type": "category",
        "data": marks,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": palette.MUTED.light}},
        "axisLabel": {**_QUIET, "interval": every - 1, "hideOverlap": False, "lineHeight": 15},
    }


def _scale(low: float, high: float, step: float, form: str | None) -> dict[str, Any]:
    label = _QUIET if form is None else {**_QUIET, "formatter": form}
    return {
        "type": "value",
        "min": low,
        "max": high,
        "interval": step,
        "axisLabel": label,
        "splitLine": {"lineStyle": {"color": palette.LINE.light, "width": 1}},
    }


def _axis(values: Sequence[float], *, from_zero: bool) -> tuple[float, float, float]:
    """Return lowest and highest mark of an axis and the step between, so that values stand clear of both ends."""
    low, high = (0.0 if from_zero else min(values)), max([*values, 0.0] if from_zero else values)
    spread = (high - low) or max(abs(high), 1) / 10
    top, bottom = high + spread * 0.12, low if from_zero else low - spread * 0.2
    exact = Fraction(repr((top - bottom) / 4))
    scale = Fraction(10) ** (len(str(int(exact))) - 1 if exact >= 1 else -len(str(int(1 / exact))))
    step = next(scale * factor for factor in (1, 2, 5, 10, 20) if scale * factor >= exact)
    lowest, highest = Fraction(repr(bottom)) // step * step, -(-Fraction(repr(top)) // step) * step
    return float(lowest), float(highest), float(step)


def _position(value: Ratio, unit: Unit) -> float:
    return round(float(value.fraction * (100 if unit is Unit.SHARE else 1)), 4)


def _money(amount: Amount) -> float:
    return float(amount.value.fraction)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _short(amount: Amount) -> str:
    """Return an amount without its currency, which the caption names; whole sums without decimals."""
    number = str(amount).removesuffix(f" {amount.currency}")
    whole, _, decimals = number.partition(".")
    return number if decimals.strip("0") else whole
