"""The report as a PDF on A4, set by Typst; texts go in as data, so that no document can inject markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typst

from makegood.cli.report.content import Report, plain
from makegood.cli.report.drawings import Drawing
from makegood.drawing.assets import FOLDER, TYPEFACES, asset
from makegood.drawing.palette import TOKENS

_TEMPLATE: Final = Path(__file__).parent / "report.typ"
_STANDARD: Final[typst.PDFStandard] = "ua-1"


def pdf(report: Report, drawn: Mapping[str, Drawing], generated_at: datetime) -> bytes:
    """Return the document; the same report at the same time gives the same bytes.

    Only the typefaces that we ship and those inside Typst are used, whatever the machine has.

    :raises AssetMissing: if the typefaces are not installed
    """
    for name in TYPEFACES:
        asset(name)
    colours = {token.name: token.light for token in TOKENS}
    with TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "report.json").write_text(json.dumps({**plain(report), "colours": colours}), encoding="utf-8")
        (work / "report.typ").write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        for name, drawing in drawn.items():
            (work / f"{name}.svg").write_text(drawing.wide, encoding="utf-8")
        made = typst.compile(
            work / "report.typ",
            root=work,
            font_paths=[FOLDER],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARD,
            timestamp=generated_at,
        )
    return bytes(made)
