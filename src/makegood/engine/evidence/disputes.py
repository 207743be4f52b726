"""Disputes: corrections by a party of the agreement, and which of them came too late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from makegood.engine.agreement.schedule import after, closes_at, disputable_until, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.versions import version_for
from makegood.engine.evidence.records import AnyRecord, Correction
from makegood.engine.vocabulary.period import Period


def is_dispute(agreement: Agreement, correction: Correction) -> bool:
    """Tell whether a party of the agreement itself says that a record is wrong."""
    return correction.by in (agreement.parties.provider.id, agreement.parties.customer.id)


def late_disputes(
    agreement: Agreement,
    corrections: Iterable[Correction],
    happened: Mapping[str, datetime],
    closed_at: Mapping[str, datetime],
) -> frozenset[str]:
    """Return the identifiers of the disputes that came too late and were not agreed; they do not count.

    ``happened`` says when what a record tells of happened, by the identifier of the record, and ``closed_at`` when
    each period was really closed; about one that was not, nothing comes too late. A dispute about another correction is
    one about the record below it.
    """
    known = {each.id: each for each in corrections}
    periods = periods_of(agreement)
    late = set()
    for each in known.values():
        if not is_dispute(agreement, each) or each.agreed_by or each.recorded_at is None:
            continue
        period = _period_of(periods, happened.get(_target(each, known)))
        closed = closed_at.get(period.label) if period is not None else None
        if period is not None and closed is not None and each.recorded_at > until(agreement, period, closed):
            late.add(each.id)
    return frozenset(late)


def until(agreement: Agreement, period: Period, closed_at: datetime) -> datetime:
    """Return the instant up to which the verdicts of a period can be disputed, given when it was really closed."""
    if closed_at <= closes_at(agreement, period):
        return disputable_until(agreement, period)
    terms = version_for(agreement, period)
    return after(terms, closed_at, terms.closing.dispute_within)


def moments_of(records: Iterable[AnyRecord], wanted: Iterable[str]) -> dict[str, datetime]:
    """Return when each of the wanted records happened; those that do not say are left out."""
    names = frozenset(wanted)
    found = {}
    for each in records:
        moment = getattr(each, "start", None) or getattr(each, "at", None)
        if each.id in names and moment is not None:
            found[each.id] = moment
    return found


def _target(correction: Correction, known: Mapping[str, Correction]) -> str:
    """Return the record that a correction is about in the end; in a circle, whichever comes last."""
    seen = {correction.id}
    while correction.target in known and correction.target not in seen:
        correction = known[correction.target]
        seen.add(correction.id)
    return correction.target


def _period_of(periods: Iterable[Period], moment: datetime | None) -> Period | None:
    return next((each for each in periods if moment is not None and each.interval.contains(moment)), None)
