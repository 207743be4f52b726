"""Charts: Apache ECharts draws option documents to SVG, inside an engine that has no file, network or clock."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import quickjs

from makegood.cli.report.assets import CHARTS, asset
from makegood.cli.report.content import typeset
from makegood.cli.report.palette import TOKENS

Option = dict[str, Any]

FONT: Final = "Source Sans 3"

_SVG = "http://www.w3.org/2000/svg"
_STACK_BYTES = 8 * 1024 * 1024
_OWN_ID = re.compile(r"zr\d+-")
_KEPT = {
    "clip-path", "d", "dominant-baseline", "fill", "fill-opacity", "height", "id", "opacity", "paint-order", "stroke",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width",
    "style", "text-anchor", "transform", "viewBox", "width", "x", "y",
}  # fmt: skip
_DRAW = """
globalThis.setTimeout = globalThis.clearTimeout = function () {};
globalThis.draw = function (option, width, height) {
    const chart = echarts.init(null, null, {renderer: "svg", ssr: true, width: width, height: height});
    chart.setOption(JSON.parse(option));
    const svg = chart.renderToSVGString();
    chart.dispose();
    return JSON.stringify(svg);  // the string itself may be a rope, which does not cross to Python
};
"""


def svg(option: Mapping[str, Any], *, width: int, height: int, name: str) -> str:
    """Return the chart as SVG in the colours of paper; ``name`` keeps its ids apart from those of other charts.

    The same option gives the same text on every machine: nothing of ECharts' own numbering, interaction or style
    sheet is kept.

    :raises Refusal: if the chart library is not installed
    """
    drawn = json.loads(_engine()(json.dumps(typeset({"animation": False, **option})), width, height))
    root = ET.fromstring(drawn)  # noqa: S314 - what our own chart library drew
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{_SVG}}}style":
                parent.remove(child)
    for element in root.iter():
        kept = {key: _OWN_ID.sub(f"{name}-", value) for key, value in element.attrib.items() if key in _KEPT}
        element.attrib.clear()
        element.attrib.update(kept)
    return _text(root)


def for_screen(drawing: str, *, label: str, kind: str) -> str:
    """Return a chart for the page: colours become CSS variables, so that one drawing serves light and dark."""
    root = ET.fromstring(drawing)  # noqa: S314 - what our own chart library drew
    variable = {token.light: f"var(--{token.name})" for token in TOKENS}
    for element in root.iter():
        for key in ("fill", "stroke"):
            if element.get(key) in variable:
                element.set(key, variable[element.attrib[key]])
        if "style" in element.attrib:
            element.set("style", element.attrib["style"].replace(f"font-family:{FONT};", ""))
    del root.attrib["width"], root.attrib["height"]
    root.attrib.update({"role": "img", "aria-label": label, "class": kind})
    return _text(root)


def _text(root: ET.Element) -> str:
    """Return a drawing as text without prefixes, whatever others have registered in this process."""
    ET.register_namespace("", _SVG)
    return ET.tostring(root, encoding="unicode")


@cache
def _engine() -> Any:
    context = quickjs.Context()
    context.set_max_stack_size(_STACK_BYTES)
    context.eval(asset(CHARTS).read_text(encoding="utf-8"))
    context.eval(_DRAW)
    return context.get("draw")
