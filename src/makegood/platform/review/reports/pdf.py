"""A report as PDF on A4, set by Typst; texts go in as data, so that no text of anybody can inject markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import typst
from django.utils.translation import gettext as _

from makegood.drawing.assets import FOLDER as TYPEFACES
from makegood.platform.review.pictures.money import booked_picture
from makegood.platform.review.pictures.promises import values_picture
from makegood.platform.tenancy.branding.models import Brand

_TEMPLATE: Final = Path(__file__).parent / "report.typ"
_ENDINGS: Final = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_STANDARD: Final[typst.PDFStandard] = "ua-1"


def pdf(*, form: Mapping[str, Any], brand: Brand, at: datetime) -> bytes:
    """Return a report as PDF in the language that is active; the same at the same time gives the same bytes.

    A logo that cannot be drawn is left out.
    """
    try:
        return _set(form, brand, at, with_logo=bool(brand.logo))
    except typst.TypstError:
        if not brand.logo:
            raise
        return _set(form, brand, at, with_logo=False)


def _set(form: Mapping[str, Any], brand: Brand, at: datetime, *, with_logo: bool) -> bytes:
    with TemporaryDirectory() as folder:
        work = Path(folder)
        ending = _ENDINGS.get(brand.logo_type, "") if with_logo else ""
        if ending:
            (work / f"logo.{ending}").write_bytes(bytes(brand.logo or b""))
        content = {
            "report": form,
            "charts": _charts(form, work),
            "words": _words(),
            "brand": brand.name,
            "colour": brand.colour,
            "logo": f"logo.{ending}" if ending else "",
        }
        (work / "report.json").write_text(json.dumps(content), encoding="utf-8")
        (work / "report.typ").write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
        made = typst.compile(
            work / "report.typ",
            root=work,
            font_paths=[TYPEFACES] if TYPEFACES.is_dir() else [],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=_STANDARD,
            timestamp=at,
        )
    return bytes(made)


def _charts(form: Mapping[str, Any], work: Path) -> dict[str, dict[str, str]]:
    """Draw the charts of a report into a folder; return files and words by outcome, of the credits by none."""
    drawn = {
        each["outcome"]: values_picture(outcome=each["outcome"], history=each.get("history", []))
        for each in form["outcomes"]
    }
    drawn[""] = booked_picture(unit=form["currency"], trend=form["trend"])
    found = {}
    for number, (outcome, picture) in enumerate(drawn.items()):
        if picture is not None:
            name = f"chart-{number}"
            (work / f"{name}.svg").write_text(picture.drawn(name=name), encoding="utf-8")
            found[outcome] = {"file": f"{name}.svg", "label": picture.label}
    return found


def _words() -> dict[str, str]:
    """Return the fixed words of the page."""
    return {
        "report": _("Service report"),
        "summary": _("Summary"),
        "outcomes": _("Outcomes"),
        "promise": _("Promise"),
        "ruling": _("Ruling"),
        "found": _("Found"),
        "target": _("Target"),
        "evidence": _("Evidence"),
        "credit": _("Credit"),
        "MET": _("met"),
        "MISSED": _("missed"),
        "UNDECIDED": _("undecided"),
        "money": _("Money"),
        "line": _("Line"),
        "for": _("For"),
        "cause": _("Cause"),
        "amount": _("Amount"),
        "none_booked": _("Nothing was credited."),
        "coverage": _("What evidence came in"),
        "what": _("What"),
        "source": _("Source"),
        "records": _("Records"),
        "missing": _("Silent since"),
        "actions": _("Corrective actions"),
        "why": _("Why it was missed"),
        "action": _("What is done"),
        "until": _("Until"),
        "done": _("done"),
        "impacts": _("What misses did to the business"),
        "people": _("People affected"),
        "minutes": _("Minutes"),
        "desk": _("What the service desk did"),
        "disputes": _("Disputes"),
        "state": _("State"),
        "recommendations": _("Recommendations"),
        "cost": _("Cost"),
        "decision": _("Decision"),
        "trend": _("The last periods"),
        "period": _("Period"),
        "for_customer": _("for"),
        "made": _("made"),
        "nothing": _("None."),
    }
