"""Charts as images, each at an address of its own: pages show them without a script. All sites have them."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache, partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path

from makegood.drawing.charts import for_image, svg
from makegood.platform import clock
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.queries import verdict as one_verdict
from makegood.platform.review.pictures.money import booked_picture, money_picture, months_pictures
from makegood.platform.review.pictures.picture import NARROW, WIDE, Picture
from makegood.platform.review.pictures.promises import burn_picture, coverage_picture, history_of, values_picture
from makegood.platform.review.reports.models import Report
from makegood.platform.review.reports.queries import reports
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.found import contract_of

WALLS = "default-src 'none'; style-src 'unsafe-inline'"
"""An image may have a style of its own, and nothing else."""
_WITH_MONEY = {
    Site.CONSOLE: (Role.OWNER, Role.SERVICE_MANAGER, Role.BILLING, Role.AUDITOR),
    Site.PORTAL: (Role.SPONSOR, Role.MANAGER),
    Site.PARTNER: (Role.AFFILIATE,),
}


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of the charts at a site."""
    opened = partial(door, site)
    money = opened(*_WITH_MONEY[site])
    found = [
        path("agreements/<slug:slug>/verdicts/<int:verdict>/values.svg", opened()(values), name="values-chart"),
        path("agreements/<slug:slug>/verdicts/<int:verdict>/burn.svg", opened()(burn), name="burn-chart"),
        path("agreements/<slug:slug>/money.svg", money(by_period), name="money-chart"),
        path("agreements/<slug:slug>/reports/<int:report>/money.svg", money(reported_money), name="report-money-chart"),
        path("agreements/<slug:slug>/reports/<int:report>/values.svg", money(reported), name="report-values-chart"),
        path("agreements/<slug:slug>/coverage.svg", opened()(coverage), name="coverage-chart"),
    ]
    if site is Site.CONSOLE:
        found.append(path("credits.svg", money(by_month), name="credits-chart"))
    return found


def values(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Draw the values of an outcome by period."""
    found = _verdict(request, slug, verdict)
    history = history_of(viewer=request.viewer, verdict=found)
    return _image(request, values_picture(outcome=found.outcome, history=history))


def burn(request: Request, slug: str, verdict: int) -> HttpResponse:
    """Draw how what may go wrong in a period is used up."""
    found = _verdict(request, slug, verdict)
    return _image(request, burn_picture(viewer=request.viewer, verdict=found, now=clock.now()))


def by_period(request: Request, slug: str) -> HttpResponse:
    """Draw what was booked by period."""
    return _image(request, money_picture(viewer=request.viewer, contract=contract_of(request, slug)))


def coverage(request: Request, slug: str) -> HttpResponse:
    """Draw how much of each period the evidence covers."""
    return _image(request, coverage_picture(viewer=request.viewer, contract=contract_of(request, slug)))


def reported(request: Request, slug: str, report: int) -> HttpResponse:
    """Draw the values of an outcome as a report has them; without a name those of its first."""
    wanted = request.GET.get("outcome")
    outcomes = _report(request, slug, report).form["outcomes"]
    found = next((each for each in outcomes if wanted in {None, each["outcome"]}), None)
    if found is None:
        raise Http404
    return _image(request, values_picture(outcome=found["outcome"], history=found.get("history", [])))


def reported_money(request: Request, slug: str, report: int) -> HttpResponse:
    """Draw the credits of the last periods as a report has them."""
    form = _report(request, slug, report).form
    return _image(request, booked_picture(unit=form["currency"], trend=form["trend"]))


def by_month(request: Request) -> HttpResponse:
    """Draw what the house credits by month."""
    unit = request.GET.get("unit", "")
    found = months_pictures(viewer=request.viewer, now=clock.now())
    return _image(request, next((each for each in found if unit in {"", each.name}), None))


def _report(request: Request, slug: str, number: int) -> Report:
    contract = contract_of(request, slug)
    return get_object_or_404(reports(viewer=request.viewer, contract=contract), pk=number)


def _verdict(request: Request, slug: str, number: int) -> Verdict:
    found = one_verdict(viewer=request.viewer, pk=number)
    if found is None or found.period.contract.slug != slug:
        raise Http404
    return found


def _image(request: Request, picture: Picture | None) -> HttpResponse:
    """Answer with an image, or say that what was shown before is still the same: its name is the digest of its content.

    :raises Http404: if there is nothing to draw
    """
    if picture is None:
        raise Http404
    narrow = "narrow" in request.GET
    option = json.dumps(picture.option(narrow), ensure_ascii=False, sort_keys=True)
    size = NARROW if narrow else WIDE
    name = hashlib.sha256(f"{size} {picture.height} {picture.label} {option}".encode()).hexdigest()
    etag = f'"{name}"'
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(_drawn(option, size, picture.height, picture.label), content_type="image/svg+xml")
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Security-Policy"] = WALLS
    return answer


@lru_cache(maxsize=256)
def _drawn(option: str, width: int, height: int, label: str) -> bytes:
    return for_image(svg(json.loads(option), width=width, height=height, name="chart"), label=label).encode()
