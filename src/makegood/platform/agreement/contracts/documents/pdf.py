"""Documents as PDF on A4, set by Typst; texts go in as data, so that no text of anybody can inject markup."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import typst

from makegood.drawing.assets import FOLDER as TYPEFACES
from makegood.platform.agreement.contracts.documents.content import Paper

_TEMPLATE: Final = Path(__file__).parent / "document.typ"
_STANDARD: Final[typst.PDFStandard] = "ua-1"
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is printed on."""

    name: str
    colour: str
    logo: bytes = b""
    logo_type: str = ""


def pdf(paper: Paper, letterhead: Letterhead, at: datetime) -> bytes:
    """Return a document as PDF; the same document at the same time gives the same bytes."""
    with TemporaryDirectory() as folder:
        work = Path(folder)
        ending = _ENDINGS.get(letterhead.logo_type, "") if letterhead.logo else ""
        logo = f"logo.{ending}" if ending else ""
        if logo:
            (work / logo).write_bytes(letterhead.logo)
        content = {**paper.plain(), "brand": letterhead.name, "colour": letterhead.colour, "logo": logo}
        content["printed"] = f"{at:%Y-%m-%d %H:%M} UTC"
        (work / "document.json").write_text(json.dumps(content), encoding="utf-8")
        (work / "document.typ").write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        made = typst.compile(
            work / "document.typ",
            root=work,
            font_paths=[TYPEFACES] if TYPEFACES.is_dir() else [],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARD,
            timestamp=at,
        )
    return bytes(made)
