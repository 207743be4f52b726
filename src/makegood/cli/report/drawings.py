"""The charts of a report, each drawn twice: wide for paper and desk, narrow for a telephone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from makegood.cli.report.content import Chart
from makegood.cli.report.options import MOST_PARTS, credits_chart, parts_chart, value_chart
from makegood.drawing.charts import Option, svg
from makegood.engine.review.review import Review
from makegood.engine.review.series import Series

WIDE: Final = 720
NARROW: Final = 340
VALUES_HEIGHT: Final = 250
ROW_HEIGHT: Final = 26

CREDITS: Final = "credits"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart as SVG in the colours of paper."""

    wide: str
    narrow: str


def values_name(position: int) -> str:
    """Return the name of the chart of an outcome; outcomes are numbered, since their names may hold anything."""
    return f"values-{position}"


def parts_name(position: int) -> str:
    """Return the name of the chart of an outcome's parts."""
    return f"parts-{position}"


def parts_height(series: Series) -> int:
    """Return how high the chart of the parts is: a row for each that is shown."""
    return ROW_HEIGHT * min(len(series.parts), MOST_PARTS) + 8


def drawings(review: Review, charts: list[Chart]) -> dict[str, Drawing]:
    """Return a drawing for each chart of the report."""
    heights = {chart.name: chart.height for chart in charts}
    return {name: _drawn(name, option, heights[name]) for name, option in _options(review) if name in heights}


def _options(review: Review) -> Iterator[tuple[str, Callable[[bool], Option]]]:
    yield CREDITS, lambda narrow: credits_chart(review, narrow=narrow)
    for position, series in enumerate(review.outcomes):
        yield values_name(position), _values(series)
        yield parts_name(position), _parts(series)


def _values(series: Series) -> Callable[[bool], Option]:
    return lambda narrow: value_chart(series, narrow=narrow)


def _parts(series: Series) -> Callable[[bool], Option]:
    return lambda narrow: parts_chart(series, narrow=narrow)


def _drawn(name: str, option: Callable[[bool], Option], height: int) -> Drawing:
    return Drawing(
        wide=svg(option(False), width=WIDE, height=height, name=f"{name}-wide"),
        narrow=svg(option(True), width=NARROW, height=height, name=f"{name}-narrow"),
    )
