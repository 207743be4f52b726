"""Charts: Apache ECharts draws option documents to SVG, inside an engine that has no file, network or clock."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from functools import cache
from threading import Lock
from typing import Any, Final

import quickjs

from makegood.drawing.assets import CHARTS, asset
from makegood.drawing.palette import TOKENS, variables
from makegood.drawing.typesetting import typeset

Option = dict[str, Any]

FONT: Final = "Source Sans 3"

_SVG = "http://www.w3.org/2000/svg"
_STACK_BYTES = 8 * 1024 * 1024
_ONE_AT_A_TIME = Lock()
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

    :raises AssetMissing: if the chart library is not installed
    """
    asked = json.dumps(typeset({"animation": False, **option}))
    with _ONE_AT_A_TIME:
        drawn = json.loads(_engine()(asked, width, height))
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


def for_image(drawing: str, *, label: str) -> str:
    """Return a chart as a file of its own: it has its ground and its colours with it, light and dark."""
    root = ET.fromstring(for_screen(drawing, label=label, kind="chart"))  # noqa: S314 - what our own chart library drew
    _, _, width, height = root.attrib["viewBox"].split()
    root.attrib.update({"width": width, "height": height})
    style = ET.Element(f"{{{_SVG}}}style")
    style.text = (
        f":root {{ color-scheme: light dark; {variables(dark=False)} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {variables(dark=True)} }} }} "
        f"text {{ font-family: '{FONT}', system-ui, sans-serif; }}"
    )
    ground = ET.Element(f"{{{_SVG}}}rect", {"width": width, "height": height, "rx": "6", "fill": "var(--paper)"})
    title = ET.Element(f"{{{_SVG}}}title")
    title.text = label
    for element in (ground, style, title):
        root.insert(0, element)
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
