"""Pages about what was found: the periods of an agreement, one period, one verdict. All sites have them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from makegood.engine.vocabulary.reason import Reason
from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.evidence.intake.queries import disputes
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.models import Verdict
from makegood.platform.judging.verdicts.operations import judge_now
from makegood.platform.judging.verdicts.queries import (
    burn_and_forecast,
    earlier_verdicts,
    latest_verdicts,
    rulings,
    sees_money,
)
from makegood.platform.tenancy.viewer import Role, Site
from makegood.platform.web.doors import Request, door
from makegood.platform.web.parts.answers import back_to, told
from makegood.platform.web.parts.credit_claims import claiming
from makegood.platform.web.parts.found import contract_of
from makegood.platform.web.parts.sentences.recognised import in_language, said

MOST_EVIDENCE = 50
"""So many rows of evidence are named at a step; the bundle has all of them."""


def addresses(site: Site) -> list[URLPattern]:
    """Return the addresses of these pages at a site."""
    opened = partial(door, site)
    found = [
        path("agreements/<slug:slug>/periods/", opened()(all_periods), name="periods"),
        path("agreements/<slug:slug>/periods/<str:label>/", opened()(period), name="period"),
    ]
    if site is Site.CONSOLE:
        judges = opened(Role.OWNER, Role.SERVICE_MANAGER, Role.ENGINEER)
        found.append(path("agreements/<slug:slug>/judge/", judges(judge), name="judge"))
    return found


def all_periods(request: Request, slug: str) -> HttpResponse:
    """Show the periods of an agreement, the latest first, with how often promises were met."""
    contract = contract_of(request, slug)
    counts = rulings(viewer=request.viewer, contract=contract)
    none = dict.fromkeys(Verdict.Ruling.values, 0)
    found = periods(viewer=request.viewer, contract=contract).order_by("-starts_at")
    seen = {
        "contract": contract,
        "rows": [{"period": each, **counts.get(each.pk, none)} for each in found],
        "money": sees_money(viewer=request.viewer, contract=contract),
    }
    return render(request, "parts/periods.html", seen)


def period(request: Request, slug: str, label: str) -> HttpResponse:
    """Show one period: every promise, what was found, what it costs, and what is disputed."""
    contract, found = _period(request, slug, label)
    verdicts = latest_verdicts(viewer=request.viewer, contract=contract, period=found)
    now = clock.now()
    rows = [
        {"verdict": each, "promise": _promise(contract, each), "burn": burn_and_forecast(verdict=each, now=now)}
        for each in verdicts
    ]
    seen = {
        "contract": contract,
        "period": found,
        "rows": rows,
        "money": sees_money(viewer=request.viewer, contract=contract),
        "disputes": disputes(viewer=request.viewer, contract=contract).filter(period=label),
        "zone": _zone(contract),
    }
    return render(request, "parts/period.html", seen)


def shown_verdict(request: Request, found: Verdict, followed: dict[str, Any], status: int = 200) -> HttpResponse:
    """Show one verdict with its reading, its steps and its evidence, how to verify it, and what followed from it."""
    contract = found.period.contract
    money = sees_money(viewer=request.viewer, contract=contract)
    seen = {
        "contract": contract,
        "period": found.period,
        "verdict": found,
        "promise": _promise(contract, found),
        "steps": shown_step(Reason.from_json(found.form["reason"])),
        "credit_steps": shown_step(Reason.from_json(found.credit_form["reason"]))
        if money and found.credit_form
        else None,
        "money": money,
        "misses": found.form["misses"][:MOST_EVIDENCE],
        "more_misses": max(len(found.form["misses"]) - MOST_EVIDENCE, 0),
        "earlier": earlier_verdicts(viewer=request.viewer, verdict=found),
        "burn": burn_and_forecast(verdict=found, now=clock.now()),
        "zone": _zone(contract),
        **claiming(request.viewer, found),
        **followed,
    }
    return render(request, "parts/verdict.html", seen, status=status)


@require_POST
def judge(request: Request, slug: str) -> HttpResponse:
    """Judge the open periods by all evidence that is there now."""
    contract = contract_of(request, slug)
    told(
        request,
        lambda: judge_now(contract=contract, by=request.viewer, now=clock.now()),
        _("The open periods were judged."),
    )
    return back_to(request, "periods", slug)


def _period(request: Request, slug: str, label: str) -> tuple[Contract, Period]:
    contract = contract_of(request, slug)
    return contract, get_object_or_404(periods(viewer=request.viewer, contract=contract), label=label)


def _promise(contract: Contract, verdict: Verdict) -> str:
    """Return the promise in words, as the version in force has it."""
    outcome = terms_of(contract=contract)[1].outcomes.get(verdict.outcome)
    return (outcome.promise or "") if outcome is not None else ""


def _zone(contract: Contract) -> str:
    return terms_of(contract=contract)[1].term.timezone


def shown_step(reason: Reason) -> dict[str, Any]:
    """Return an explanation for a page, in the reader's language: long lists of evidence are cut and counted.

    A sentence that nobody has translated stays ``english``.
    """
    text = said(reason.text)
    return {
        "text": text or reason.text,
        "english": text is None,
        "value": in_language(reason.value),
        "rule": reason.rule,
        "evidence": reason.evidence[:MOST_EVIDENCE],
        "more_evidence": max(len(reason.evidence) - MOST_EVIDENCE, 0),
        "steps": [shown_step(each) for each in reason.children[:MOST_EVIDENCE]],
        "more_steps": max(len(reason.children) - MOST_EVIDENCE, 0),
    }
