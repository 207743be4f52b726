"""The files that drawings and prints need and that are not written here: the chart library and the typefaces."""

from __future__ import annotations

from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "assets"
CHARTS: Final = "echarts.min.js"
TYPEFACES: Final = ("SourceSans3_400Regular.ttf", "SourceSans3_600SemiBold.ttf")
REMEDY: Final = "Run ./run setup in the source tree, or install makegood from its wheel."


class AssetMissing(Exception):
    """Nothing can be drawn: a file that should have been installed is not there."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(f"this cannot be drawn: {name} is not in {folder}")
        self.name = name
        self.folder = folder


def asset(name: str, folder: Path = FOLDER) -> Path:
    """Return the path of an asset.

    :raises AssetMissing: if it is not there
    """
    path = folder / name
    if not path.is_file():
        raise AssetMissing(name, folder)
    return path
