"""Claims: whether what was missed was claimed, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from makegood.engine.agreement.claims import AtDeadline, Claims
from makegood.engine.agreement.schedule import after
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Statement, Transition
from makegood.engine.judging.verdict import Claim, Ruling, Verdict
from makegood.engine.vocabulary.period import Period, periods
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant


def claims_on(agreement: Agreement, verdicts: tuple[Verdict, ...], evidence: Evidence) -> tuple[Claim, ...]:
    """Return for each missed outcome that has to be claimed whether it was, and in time.

    Unit: one claim an outcome, in the order of the verdicts; none if the agreement asks for none.
    Rule: the earliest claim for the period, or for the outcome in the period, counts. What comes exactly at a deadline
        is late unless the agreement says otherwise. Where tickets are asked for, each incident of the outcome needs
        one in time; a claim whose deadline counts from the closing of tickets is early as long as one is open.
    Source: docs/explanation/money/claims.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> claims_on(read(GOOD).agreement, (), Evidence.of([]))
    ()
    """
    terms = agreement.claims
    if terms is None:
        return ()
    concerned = terms.of or tuple(name for name, outcome in agreement.outcomes.items() if outcome.stake is not None)
    return tuple(
        _claim(agreement, terms, verdict, evidence)
        for verdict in verdicts
        if verdict.ruling is Ruling.MISSED and verdict.outcome in concerned
    )


def end_of_cycle(period: Period, agreement: Agreement, number: int) -> datetime:
    """Return the end of a billing period that comes so many after another.

    Unit: instant, in UTC; it belongs to the period after that.
    Rule: billing periods go on after the term, by the same calendar.
    Source: docs/explanation/money/claims.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> shop = read(GOOD).agreement
    >>> show_instant(end_of_cycle(periods_of(shop)[-1], shop, 2))
    '2027-02-28T23:00:00Z'
    """
    rhythm = agreement.term.period
    until = period.first_day + timedelta(days=367 * (number + 1))
    following = periods(
        start=period.first_day, end=until, every=rhythm.every, starts_on=rhythm.starts_on, zone=period.zone
    )
    return following[number].whole.end


def _claim(agreement: Agreement, terms: Claims, verdict: Verdict, evidence: Evidence) -> Claim:
    received = min(_received(terms, verdict, evidence), key=lambda each: (each.at, each.id), default=None)
    tickets = list(_tickets(terms, verdict, evidence))
    deadline = _deadline(agreement, terms, verdict, tickets)
    problem = _without_ticket(agreement, terms, verdict, tickets)
    due = f"the deadline is {show_instant(deadline)}" if deadline is not None else "its tickets are not closed yet"
    if not problem and received is None:
        problem = f"{verdict.outcome} was not claimed; {due}"
    if not problem and received is not None and deadline is not None and not _in_time(terms, received.at, deadline):
        problem = f"{verdict.outcome} was claimed at {show_instant(received.at)}, too late; {due}"
    text = problem or f"{verdict.outcome} was claimed in time; {due}"
    cited = (received.id,) if received is not None else ()
    reason = Reason(text, "" if problem else "accepted", evidence=cited, rule="claims")
    return Claim(verdict.outcome, not problem, deadline, reason)


def _received(terms: Claims, verdict: Verdict, evidence: Evidence) -> Iterator[Transition | Statement]:
    """Yield what claims the outcome in the period."""
    label = verdict.period.label
    for stated in evidence.statements.get(terms.case, ()):
        if stated.subject in {label, f"{label}/{verdict.outcome}"}:
            yield stated
    for case, steps in evidence.cases.get(terms.case, {}).items():
        for step in steps:
            labels = dict(step.labels)
            named = f"{labels['period']}/{labels.get('outcome', '')}".rstrip("/") if "period" in labels else case
            if named in {label, f"{label}/{verdict.outcome}"}:
                yield step


def _tickets(terms: Claims, verdict: Verdict, evidence: Evidence) -> Iterator[list[Transition]]:
    """Yield the ticket of each incident that has one."""
    known = evidence.cases.get(terms.ticket, {})
    for incident in dict.fromkeys(miss.incident for miss in verdict.measurement.misses):
        if incident in known:
            yield known[incident]


def _deadline(
    agreement: Agreement, terms: Claims, verdict: Verdict, tickets: list[list[Transition]]
) -> datetime | None:
    """Return until when a claim is due; None as long as that depends on a ticket that is open."""
    period = verdict.period
    if terms.end_of_cycle is not None:
        return end_of_cycle(period, agreement, terms.end_of_cycle)
    if terms.after_period is not None:
        return after(agreement, period.interval.end, terms.after_period)
    if terms.after_incident is not None:
        began = max(_beginnings(verdict), default=period.interval.end)
        return after(agreement, began, terms.after_incident)
    closed = [max((step.at for step in steps if step.state == terms.closed), default=None) for steps in tickets]
    last = [moment for moment in closed if moment is not None]
    if terms.after_ticket is None or not last or len(last) < len(closed):
        return None
    return after(agreement, max(last), terms.after_ticket)


def _beginnings(verdict: Verdict) -> Iterator[datetime]:
    """Yield when the misses of an outcome began, as far as they have a time."""
    for miss in verdict.measurement.misses:
        yield from (span.start for span in miss.spans[:1])


def _without_ticket(agreement: Agreement, terms: Claims, verdict: Verdict, tickets: list[list[Transition]]) -> str:
    """Return what is wrong with the tickets that a claim needs, or nothing."""
    if terms.ticket_within is None:
        return ""
    opened = {
        steps[0].case: min((step.at for step in steps if step.state == terms.opened), default=None) for steps in tickets
    }
    for miss in verdict.measurement.misses:
        at = opened.get(miss.incident)
        if at is None:
            return f"No ticket was opened for {miss.what}, so it cannot be claimed"
        latest = [after(agreement, span.start, terms.ticket_within) for span in miss.spans[:1]]
        if any(not _in_time(terms, at, each) for each in latest):
            return f"The ticket of {miss.what} was opened at {show_instant(at)}, too late to be claimed"
    return ""


def _in_time(terms: Claims, moment: datetime, deadline: datetime) -> bool:
    return moment <= deadline if terms.at_deadline is AtDeadline.IN_TIME else moment < deadline
