"""Charts of the pages, each an image at an address of its own with its table behind it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.review.pictures.money import booked_picture, money_picture
from makegood.platform.review.pictures.picture import Picture
from makegood.platform.review.pictures.promises import burn_picture, coverage_picture, history_of, values_picture
from makegood.platform.review.reports.models import Report
from makegood.platform.tenancy.viewer import Viewer

register = template.Library()
_CHART = "parts/_chart.html"


@register.inclusion_tag(_CHART, takes_context=True)
def values_chart(context: dict[str, Any], verdict: Verdict) -> dict[str, object]:
    """Show the values of an outcome by period up to that of a verdict."""
    viewer = _viewer(context)
    picture = values_picture(outcome=verdict.outcome, history=history_of(viewer=viewer, verdict=verdict))
    found = _shown(picture, viewer, "values-chart", verdict.period.contract.slug, verdict.pk)
    return {**found, "heading": _("Period by period")}


@register.inclusion_tag(_CHART, takes_context=True)
def burn_chart(context: dict[str, Any], verdict: Verdict) -> dict[str, object]:
    """Show how what may go wrong in the period of a verdict is used up."""
    viewer = _viewer(context)
    picture = burn_picture(viewer=viewer, verdict=verdict, now=clock.now())
    return _shown(picture, viewer, "burn-chart", verdict.period.contract.slug, verdict.pk)


@register.inclusion_tag(_CHART, takes_context=True)
def money_chart(context: dict[str, Any], contract: Contract) -> dict[str, object]:
    """Show what was booked by period, to those who may see money."""
    viewer = _viewer(context)
    found = _shown(money_picture(viewer=viewer, contract=contract), viewer, "money-chart", contract.slug)
    return {**found, "heading": _("Money by period")}


@register.inclusion_tag(_CHART, takes_context=True)
def coverage_chart(context: dict[str, Any], contract: Contract) -> dict[str, object]:
    """Show how much of each period the evidence covers."""
    viewer = _viewer(context)
    found = _shown(coverage_picture(viewer=viewer, contract=contract), viewer, "coverage-chart", contract.slug)
    return {**found, "heading": _("Coverage by period")}


@register.inclusion_tag(_CHART, takes_context=True)
def reported_values_chart(context: dict[str, Any], report: Report, outcome: dict[str, Any]) -> dict[str, object]:
    """Show the values of an outcome as a report has them."""
    picture = values_picture(outcome=outcome["outcome"], history=outcome.get("history", []))
    where = report.period.contract.slug, report.pk
    found = _shown(picture, _viewer(context), "report-values-chart", *where, outcome=outcome["outcome"])
    return {**found, "heading": outcome["promise"] or outcome["outcome"]}


@register.inclusion_tag(_CHART, takes_context=True)
def reported_money_chart(context: dict[str, Any], report: Report) -> dict[str, object]:
    """Show the credits of the last periods as a report has them."""
    picture = booked_picture(unit=report.form["currency"], trend=report.form["trend"])
    return _shown(picture, _viewer(context), "report-money-chart", report.period.contract.slug, report.pk)


def _shown(picture: Picture | None, viewer: Viewer, name: str, *where: object, **asked: str) -> dict[str, object]:
    address = reverse(f"{viewer.site}:{name}", args=where) + (f"?{urlencode(asked)}" if asked else "")
    return {"picture": picture, "address": address}


def _viewer(context: dict[str, Any]) -> Viewer:
    viewer: Viewer = context["request"].viewer
    return viewer
