"""Late reports: an outcome whose report comes too late counts as missed."""

from __future__ import annotations

from datetime import datetime

from makegood.engine.agreement.reports import ReportDue, Undelivered
from makegood.engine.agreement.schedule import after
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Transition
from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant

DELIVERED = "delivered"


def late_report(agreement: Agreement, term: ReportDue, period: Period, evidence: Evidence) -> Reason | None:
    """Return why the report of a period makes its outcome missed, or None if it does not.

    Unit: none.
    Rule: the first ``delivered`` of the case that bears the label of the period counts; delivered exactly when due is
        in time. Without any, the outcome stays as it was measured, unless the agreement says that it is missed.
    Source: docs/explanation/judging/late-report.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> from makegood.engine.vocabulary.duration import Days
    >>> shop = read(GOOD).agreement
    >>> late_report(shop, ReportDue(due=Days(5, business=True)), periods_of(shop)[0], Evidence.of([])) is None
    True
    """
    due = after(agreement, period.interval.end, term.due)
    delivery = _delivery(term, period, evidence)
    if delivery is None:
        if term.undelivered is Undelivered.AS_MEASURED:
            return None
        text = f"The report of {period.label} was due {show_instant(due)}, and no delivery is recorded"
        return Reason(text, Ruling.MISSED, rule="late-report")
    if delivery.at <= due:
        return None
    return Reason(_late(period, due, delivery.at), Ruling.MISSED, evidence=(delivery.id,), rule="late-report")


def _delivery(term: ReportDue, period: Period, evidence: Evidence) -> Transition | None:
    steps = evidence.cases.get(term.of, {}).get(period.label, ())
    return next((step for step in steps if step.state == DELIVERED), None)


def _late(period: Period, due: datetime, delivered: datetime) -> str:
    return f"The report of {period.label} was due {show_instant(due)} and delivered {show_instant(delivered)}"
