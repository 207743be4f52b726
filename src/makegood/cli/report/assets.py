"""The files that the report needs and does not write itself: the chart library and the typefaces."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from makegood.cli.refusal import Refusal

FOLDER: Final = Path(__file__).parent / "assets"
CHARTS: Final = "echarts.min.js"
TYPEFACES: Final = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")


def asset(name: str, folder: Path = FOLDER) -> Path:
    """Return the path of an asset.

    :raises Refusal: if it is not there
    """
    path = folder / name
    if not path.is_file():
        raise Refusal(
            f"the report cannot be drawn: {name} is not in {folder}",
            "Run ./run setup in the source tree, or install makegood from its wheel.",
        )
    return path
