"""Critical levels and measurements: whether money depends on an outcome in a period."""

from __future__ import annotations

from datetime import datetime, time

from makegood.engine.agreement.schedule import after
from makegood.engine.agreement.sequences.misses import CriticalLevel, Standing
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.context import Context
from makegood.engine.money.line import Line, Remedied
from makegood.engine.money.sequences.history import concerned
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import local_instant


def standing(term: CriticalLevel, agreement: Agreement, period: Period) -> tuple[Standing, str]:
    """Return what an outcome is in a period, and why.

    Unit: critical level or measurement.
    Rule: a notice takes effect so long after the midnight at which its day begins, and from the first period on that
        begins then or later; of several notices the latest that has taken effect counts.
    Source: docs/explanation/money/critical-levels.md

    >>> from makegood.engine.agreement.catalogue import GOOD
    >>> from makegood.engine.agreement.document import read
    >>> from makegood.engine.agreement.schedule import periods_of
    >>> shop = read(GOOD).agreement
    >>> standing(CriticalLevel(starts_as=Standing.MEASUREMENT), shop, periods_of(shop)[0])[0].value
    'measurement'
    """
    found, why = term.starts_as, "since the start of the agreement"
    for change in term.changes:
        noticed = local_instant(datetime.combine(change.notified, time()), agreement.term.timezone)
        if after(agreement, noticed, change.after) <= period.interval.start:
            found, why = change.to, f"by the notice of {change.notified.isoformat()}"
    return found, why


def only_critical(name: str, term: CriticalLevel, context: Context, lines: tuple[Line, ...]) -> Remedied:
    """Return the lines, those of mere measurements with nothing.

    Unit: lines; a credit is kept whole, or becomes zero.
    Rule: in a period in which an outcome is a measurement its miss is reported, and pays nothing.
    Source: docs/explanation/money/critical-levels.md

    >>> from makegood.engine.agreement.sequences.misses import CriticalLevel
    >>> CriticalLevel().starts_as.value
    'critical'
    """
    found, why = standing(term, context.agreement, context.judgement.period)
    names = concerned(context.agreement, term.of, staked=True)
    reason = Reason(f"{name}: {', '.join(names)} is a {_WORDS[found]} {why}", rule="critical-levels")
    if found is Standing.CRITICAL:
        return Remedied(lines, reason)
    nothing = Amount.zero(context.currency)
    text = f"A measurement {why}: it is reported, and pays nothing"
    because = Reason(text, str(nothing), rule="critical-levels")
    waived = (each.becomes(nothing, because) if each.outcome in names and each.amount else each for each in lines)
    return Remedied(tuple(waived), reason)


_WORDS = {Standing.CRITICAL: "critical level", Standing.MEASUREMENT: "measurement"}
