"""Writing a report: the page and the PDF side by side in one folder."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from makegood.cli.refusal import Refusal
from makegood.cli.report.drawings import drawings
from makegood.cli.report.html import charts_of, html
from makegood.cli.report.origin import Origin
from makegood.cli.report.pdf import pdf
from makegood.cli.report.report import report
from makegood.drawing.assets import REMEDY, AssetMissing
from makegood.engine.review.review import Review


class Written(NamedTuple):
    """Where the two files are."""

    html: Path
    pdf: Path


def write_report(review: Review, *, origin: Origin, directory: Path) -> Written:
    """Write ``report.html`` and ``report.pdf`` into ``directory``, which is made if need be.

    The same review and origin give the same bytes.

    :raises Refusal: if a file that the report is drawn with is missing, or the folder cannot be written
    """
    content = report(review, origin)
    written = Written(directory / "report.html", directory / "report.pdf")
    try:
        drawn = drawings(review, charts_of(content))
        page, document = html(content, drawn).encode(), pdf(content, drawn, origin.generated_at)
    except AssetMissing as missing:
        raise Refusal(str(missing), REMEDY) from None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        written.html.write_bytes(page)
        written.pdf.write_bytes(document)
    except OSError as error:
        raise Refusal(f"the report cannot be written to {directory}: {error.strerror}", "Check the folder.") from None
    return written
