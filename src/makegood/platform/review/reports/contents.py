"""Everything that a monthly report shows, gathered from what was kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from makegood.platform.agreement.contracts.queries import terms_of
from makegood.platform.amounts import shown
from makegood.platform.evidence.intake.queries import coverage_board, disputes
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.queries import periods
from makegood.platform.judging.verdicts.queries import latest_verdicts, rulings
from makegood.platform.money.settlement.queries import corrective_actions, statements
from makegood.platform.review.governance.queries import impacts
from makegood.platform.review.pictures.promises import history_of
from makegood.platform.review.reports.desk_work import desk_work
from makegood.platform.review.reports.models import Recommendation
from makegood.platform.review.reports.summary import sentences
from makegood.platform.tenancy.viewer import Viewer

PERIODS_OF_TREND = 12


def contents(*, period: Period, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """Return the figures and words of a period as JSON-ready data.

    Unit: amounts are integers of minor units of ``currency``; ``shown`` has them as people write them.
    """
    contract = period.contract
    agreement = terms_of(contract=contract)[1]
    stated = list(statements(viewer=viewer, contract=contract).filter(period=period))
    lines = [line for each in stated for line in each.lines]
    form: dict[str, Any] = {
        "agreement": contract.slug,
        "title": contract.title,
        "provider": contract.provider.name,
        "customer": contract.customer.name,
        "period": period.label,
        "first_day": f"{period.starts_at:%Y-%m-%d}",
        "timezone": agreement.term.timezone,
        "currency": period.currency,
        "fee": period.fee,
        "at_risk": period.at_risk,
        "credit": period.credit,
        "shown": {name: shown(getattr(period, name), period.currency) for name in ("fee", "at_risk", "credit")},
        "outcomes": _outcomes(period, viewer, {name: each.promise or "" for name, each in agreement.outcomes.items()}),
        "lines": [_line(each) for each in lines],
        "adjustments": sum(each["for_period"] != each["in_period"] for each in lines),
        "coverage": _coverage(period, viewer, now),
        "actions": _actions(period, viewer),
        "impacts": _impacts(period, viewer),
        "disputes": _disputes(period, viewer),
        "recommendations": _recommendations(period),
        "trend": _trend(period, viewer),
        "desk": desk_work(period, now),
        "made_at": f"{now:%Y-%m-%d %H:%M} UTC",
    }
    return {**form, "summary": sentences(form)}


def _outcomes(period: Period, viewer: Viewer, promises: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "outcome": each.outcome,
            "promise": promises.get(each.outcome, ""),
            "ruling": each.ruling,
            "value": each.shown,
            "target": each.target.replace(">=", "≥").replace("<=", "≤"),
            "coverage": each.coverage,
            "credit": each.credit,
            "credit_shown": "" if each.credit is None else shown(each.credit, each.currency),
            "misses": [{"what": miss["what"], "size": miss["size"]} for miss in each.form["misses"][:20]],
            "digest": each.digest,
            "history": history_of(viewer=viewer, verdict=each),
        }
        for each in latest_verdicts(viewer=viewer, contract=period.contract, period=period)
    ]


def _line(line: dict[str, Any]) -> dict[str, Any]:
    amount = line["amount"]
    return {
        "outcome": line["outcome"],
        "for_period": line["for_period"],
        "cause": line["cause"],
        "amount": amount["minor"],
        "amount_shown": shown(amount["minor"], amount["currency"]),
    }


def _coverage(period: Period, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "what": each.what,
            "source": each.source or ", ".join(each.declared),
            "records": each.records,
            "missing_since": f"{each.missing_since:%Y-%m-%d %H:%M} UTC" if each.missing_since else "",
        }
        for each in coverage_board(viewer=viewer, contract=period.contract, now=now)
    ]


def _actions(period: Period, viewer: Viewer) -> list[dict[str, Any]]:
    found = corrective_actions(viewer=viewer, contract=period.contract).filter(period=period)
    return [
        {
            "outcome": each.outcome,
            "cause": each.cause,
            "action": each.action,
            "due_date": each.due_date.isoformat(),
            "done": each.done_at is not None,
        }
        for each in found
    ]


def _impacts(period: Period, viewer: Viewer) -> list[dict[str, Any]]:
    """Return what the misses of a period did to the customer's business, as was said last."""
    return [
        {
            "outcome": each.outcome,
            "people": "" if each.people is None else str(each.people),
            "minutes": "" if each.minutes is None else str(each.minutes),
            "amount_shown": "" if each.amount is None else shown(each.amount, each.currency),
            "words": each.words,
            "confirmed": each.entered_for_id == period.contract.customer_id,
        }
        for each in impacts(viewer=viewer, contract=period.contract)
        if each.period_id == period.pk
    ]


def _disputes(period: Period, viewer: Viewer) -> list[dict[str, Any]]:
    found = disputes(viewer=viewer, contract=period.contract).filter(period=period.label)
    return [{"outcome": each.outcome, "reason": each.reason, "state": each.get_state_display()} for each in found]


def _recommendations(period: Period) -> list[dict[str, Any]]:
    found = Recommendation.objects.filter(contract=period.contract)
    return [
        {
            "text": each.text,
            "cost": each.cost,
            "decision": each.decision,
            "due_date": each.due_date.isoformat() if each.due_date else "",
        }
        for each in found
    ]


def _trend(period: Period, viewer: Viewer) -> list[dict[str, Any]]:
    """Return how often promises were kept in each of the last periods, up to this one."""
    none = {"MET": 0, "MISSED": 0, "UNDECIDED": 0}
    counts = rulings(viewer=viewer, contract=period.contract)
    every = periods(viewer=viewer, contract=period.contract).filter(starts_at__lte=period.starts_at)
    return [
        {
            "period": each.label,
            "met": counts.get(each.pk, none)["MET"],
            "missed": counts.get(each.pk, none)["MISSED"],
            "undecided": counts.get(each.pk, none)["UNDECIDED"],
            "credit": each.credit,
            "credit_shown": shown(each.credit, each.currency),
        }
        for each in list(every)[-PERIODS_OF_TREND:]
    ]
