"""Verdicts and credits as plain data: the one form in which they are printed, sealed in bundles and compared."""

from __future__ import annotations

from typing import Any

from makegood.engine.judging.verdict import Judgement, Verdict
from makegood.engine.money.credit import PeriodCredits, Right
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant

Plain = dict[str, Any]


def judgement_form(judgement: Judgement) -> Plain:
    """Return a judgement as JSON-ready data.

    Unit: exact values are texts like ``105/106``; instants are UTC; integers are seconds, cases or events.
    """
    return {
        "agreement": judgement.agreement,
        "period": period_form(judgement.period),
        "snapshot": judgement.snapshot,
        "verdicts": [verdict_form(verdict) for verdict in judgement.verdicts],
    }


def verdict_form(verdict: Verdict) -> Plain:
    """Return a verdict as JSON-ready data.

    Unit: as in ``judgement_form``.
    """
    measured = verdict.measurement
    return {
        "outcome": verdict.outcome,
        "ruling": verdict.ruling.value,
        "value": _exact(measured.value),
        "shown": verdict.shown_value,
        "target": str(verdict.target),
        "good": measured.good,
        "total": measured.total,
        "coverage": _exact(measured.coverage),
        "misses": [
            {"what": miss.what, "size": miss.size, "incident": miss.incident, "evidence": list(miss.evidence)}
            for miss in measured.misses
        ],
        "parts": [{"label": part.label, "good": part.good, "total": part.total} for part in measured.parts],
        "readings": [
            {"term": reading.term, "value": reading.value, "written": reading.written} for reading in verdict.readings
        ],
        "reason": verdict.reason.as_json(),
    }


def credits_form(credits: PeriodCredits) -> Plain:
    """Return a period's credits as JSON-ready data.

    Unit: amounts as texts with currency, as in ``1,200.00 EUR``.
    """
    return {
        "agreement": credits.agreement,
        "period": period_form(credits.period),
        "fee": str(credits.fee),
        "at_risk": str(credits.at_risk),
        "credits": [
            {
                "outcome": credit.outcome,
                "amount": str(credit.amount),
                "raw": str(credit.raw),
                "reason": credit.reason.as_json(),
            }
            for credit in credits.credits
        ],
        "total": str(credits.total),
        "reason": credits.reason.as_json(),
        "rights": [right_form(right) for right in credits.rights],
    }


def right_form(right: Right) -> Plain:
    """Return a right that arose as JSON-ready data.

    Unit: the outcome is empty if it arose from several together.
    """
    return {
        "gives": right.gives,
        "sequence": right.sequence,
        "outcome": right.outcome,
        "reason": right.reason.as_json(),
    }


def period_form(period: Period) -> Plain:
    """Return a period as JSON-ready data.

    Unit: instants in UTC, half-open; seconds are real seconds.
    """
    return {
        "label": period.label,
        "from": show_instant(period.interval.start),
        "to": show_instant(period.interval.end),
        "zone": period.zone,
        "seconds": period.seconds,
        "partial": period.partial,
    }


def _exact(value: Ratio | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"
