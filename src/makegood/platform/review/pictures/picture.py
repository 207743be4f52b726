"""A chart before it is drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_skeleton
from django.utils import translation

from makegood.drawing.charts import Option, svg

MOST: Final = 24
"""So many periods fit on a chart."""
WIDE, NARROW = 720, 340
_MONTH: Final = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart: what is drawn wide or narrow, its words, and the table behind it; numbers stand to the right."""

    name: str
    label: str
    option: Callable[[bool], Option]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int = 250

    def drawn(self, *, name: str) -> str:
        """Return the chart as SVG in the colours of paper; ``name`` keeps its ids apart from those of others."""
        return svg(self.option(False), width=WIDE, height=self.height, name=name)


def marks(labels: Sequence[str]) -> list[str]:
    """Return what is written below periods: months by name, with the year where it is another; others as they are."""
    found, year = [], ""
    for each in labels:
        month = _MONTH.fullmatch(each)
        if month is None:
            found.append(each)
            continue
        name = str(format_skeleton("MMM", date(int(month["year"]), int(month["month"]), 1), locale=locale()))
        found.append(name if month["year"] == year else f"{name}\n{month['year']}")
        year = month["year"]
    return found


def locale() -> str:
    """Return the locale in which days are written."""
    return (translation.get_language() or "en").replace("-", "_")
