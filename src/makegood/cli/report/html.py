"""The report as one page of HTML: no script, nothing from outside, light and dark, for desk, telephone and print."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from makegood.cli.report.content import Chart, Report, plain
from makegood.cli.report.drawings import Drawing
from makegood.drawing import palette
from makegood.drawing.charts import for_screen

_FOLDER: Final = Path(__file__).parent


def html(report: Report, drawn: Mapping[str, Drawing]) -> str:
    """Return the page; every text is escaped, and only our own style sheet and drawings are not."""
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

    def chart(shown: Mapping[str, str]) -> Markup:
        drawing = drawn[shown["name"]]
        pair = ((drawing.wide, "wide"), (drawing.narrow, "narrow"))
        return Markup("\n").join(Markup(for_screen(svg, label=shown["label"], kind=kind)) for svg, kind in pair)  # noqa: S704 - a drawing, made of nothing but escaped text

    return environment.get_template("page.html").render(report=plain(report), chart=chart, style=_style())


def charts_of(report: Report) -> list[Chart]:
    """Return all charts of a report, in order."""
    found = [chart for outcome in report.outcomes for chart in (outcome.chart, outcome.parts_chart)]
    return [chart for chart in (report.credits_chart, *found) if chart is not None]


def _style() -> Markup:
    light, dark = palette.variables(dark=False), palette.variables(dark=True)
    colours = (
        f":root {{ color-scheme: light dark; {light} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
    )
    paper = f"@media print {{ :root {{ color-scheme: light; {light} }} }}\n"
    sheet = (_FOLDER / "page.css").read_text(encoding="utf-8")
    return Markup(colours + paper + sheet)  # noqa: S704 - our own style sheet
