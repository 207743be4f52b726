"""What the charts show: option documents for ECharts, made from a review. Positions are rounded, texts are exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from makegood.cli.report import shown
from makegood.drawing import palette
from makegood.drawing.charts import Option
from makegood.drawing.frame import TEXT
from makegood.drawing.stacks import Layer, stacked_chart
from makegood.drawing.values import Mark, values_chart
from makegood.engine.agreement.shapes import Unit
from makegood.engine.review.review import Review
from makegood.engine.review.series import Point, Series
from makegood.engine.review.wording import short_name
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio

MOST_PARTS: Final = 12


def value_chart(series: Series, *, narrow: bool) -> Option:
    """Return the values of an outcome by period against its target; what was missed carries its value."""
    targets = {point.target.level.value: f"target\n{shown.target(point.target)}" for point in series.points}
    marks = [_mark(point, name) for point, name in zip(series.points, _names(series.points), strict=True)]
    return values_chart(
        marks,
        {_position(level, series.unit): label for level, label in targets.items()},
        shares=series.unit is Unit.SHARE,
        absence="no value",
        narrow=narrow,
    )


def credits_chart(review: Review, *, narrow: bool) -> Option:
    """Return the credits by period, stacked by outcome, with their sum on top."""
    layers = [
        Layer(
            each.outcome,
            tuple(_money(figures.credit_of(each.outcome)) for figures in review.periods),
            palette.stack(review.outcomes.index(each)),
        )
        for each in review.outcomes
        if each.credited
    ]
    sums = [(_money(each.credited), _short(each.credited) if each.credited else "") for each in review.periods]
    return stacked_chart(_names(review.periods), layers, sums, narrow=narrow)


def parts_chart(series: Series, *, narrow: bool) -> Option:
    """Return what went wrong by part, the worst on top."""
    worst = series.parts[:MOST_PARTS]
    wrong = [part.total - part.good for part in worst]
    labels = [_cut(part.label, 14 if narrow else 28) for part in worst]
    slack = 4 + max(map(len, labels), default=0)  # a reader's typeface may be wider than the one that was measured
    return {
        "textStyle": TEXT,
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
            "axisLabel": {**TEXT, "interval": 0},
        },
        "series": [
            {
                "type": "bar",
                "barMaxWidth": 16,
                "itemStyle": {"color": palette.ACCENT.light},
                "label": {"show": True, "position": "right", **TEXT},
                "data": [
                    {"value": number, "label": {"formatter": shown.wrong(series, part)}}
                    for number, part in zip(wrong, worst, strict=True)
                ],
            }
        ],
    }


def _mark(point: Point, period: str) -> Mark:
    unit = point.verdict.measurement.unit
    return Mark(
        period=period,
        value=None if point.value is None else _position(point.value, unit),
        written=shown.value(point.value, unit).removesuffix(" %"),  # the axis names the unit
        ruling=point.ruling.value,
        below=point.target.higher_is_better,
    )


def _names(each_one: Sequence[Any]) -> list[str]:
    """Return the names of periods; what is said below the first is said again only when it changes."""
    names = [short_name(each.period).split("\n") for each in each_one]
    return [
        "\n".join(name if number == 0 or name[1:] != names[number - 1][1:] else name[:1])
        for number, name in enumerate(names)
    ]


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
