"""What happened in the year: evidence as it came in, what people said of it, and each month closed when it was due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo import year
from makegood.platform.demo.people import (
    AFFILIATE,
    CUSTOMER,
    ENGINEER,
    HOSTING,
    HOUSE,
    MANAGER,
    SPONSOR,
    Somebody,
    viewer,
)
from makegood.platform.evidence.intake.models import Dispute
from makegood.platform.evidence.intake.operations import (
    attribute,
    decide_dispute,
    decide_exclusion,
    propose_exclusion,
    raise_dispute,
    receive_records,
    remark,
)

OPEN: Final = 12
"""The month that is open today."""


def live_through_the_year(erp: Contract, hosting: Contract, now: datetime) -> Iterator[int]:
    """Let the year happen month by month; yield each month when it is closed."""
    for month in range(1, OPEN + 1):
        told = year.month_end(month, now) + (timedelta(hours=9) if month < OPEN else timedelta())
        _said_during(erp, hosting, month, now)
        _arrived(erp, hosting, month, told)
        if month < OPEN:
            _said_after(erp, month, told)
            yield month


def _arrived(erp: Contract, hosting: Contract, month: int, now: datetime) -> None:
    """Bring in what was measured in a month."""
    seen = year.monitoring(month, now)
    _bring(erp, "monitoring", month, seen, now)
    _bring(hosting, "monitoring", month, seen, now)
    _bring(erp, "orders", month, year.orders(month, now), now + timedelta(minutes=5))
    if month != year.LATE_MONTH:
        _bring(erp, "tickets", month, year.tickets(month, now), now + timedelta(minutes=10))


def _bring(contract: Contract, what: str, month: int, lines: list[str], now: datetime) -> None:
    receive_records(
        contract=contract, lines=lines, key=f"{what}-2013-{month:02}", source=what, by=viewer(ENGINEER), now=now
    )


def _said_during(erp: Contract, hosting: Contract, month: int, now: datetime) -> None:
    if month == year.MAINTENANCE.start.month:
        _maintenance(erp, MANAGER, CUSTOMER)
        _maintenance(hosting, AFFILIATE, MANAGER)
    if month == OPEN:
        propose_exclusion(
            contract=erp, cause="maintenance", subject="erp-berlin", starts_at=year.local(12, 28, 22),
            ends_at=year.local(12, 29, 1), reason="New release of the ERP.", by=viewer(MANAGER),
            now=now - timedelta(hours=18),
        )  # fmt: skip


def _maintenance(contract: Contract, proposed_by: Somebody, approved_by: Somebody) -> None:
    """Announce the maintenance of April in time, and let the other side agree."""
    window = year.MAINTENANCE
    proposed = propose_exclusion(
        contract=contract, cause="maintenance", subject=window.site, starts_at=window.start, ends_at=window.end,
        reason="New storage for the site in Leipzig.", by=viewer(proposed_by), now=window.start - timedelta(days=8),
    )  # fmt: skip
    agreed_at = window.start - timedelta(days=7, hours=3)
    decide_exclusion(exclusion=proposed, approve=True, by=viewer(approved_by), now=agreed_at)


def _said_after(erp: Contract, month: int, told: datetime) -> None:
    """Say what people said of a month before it was closed, or of earlier ones."""
    if month == year.BY_THE_AFFILIATE.start.month:
        _found_the_cause(erp, told + timedelta(hours=20))
    if month == year.SHORT.start.month + 1:
        _disputed_orders(erp, year.local(9, 16, 11))
    if month == year.LATE_MONTH + 1:
        _bring(
            erp,
            "tickets",
            year.LATE_MONTH,
            year.tickets(year.LATE_MONTH, year.month_end(11, told)),
            year.local(11, 20, 15),
        )


def _found_the_cause(erp: Contract, now: datetime) -> None:
    outage, by = year.BY_THE_AFFILIATE, viewer(MANAGER)
    attribute(contract=erp, party=HOSTING, share="100%", start=outage.start, end=year.MENDED, by=by, now=now)
    attribute(contract=erp, party=HOUSE, share="100%", start=year.MENDED, end=outage.end, by=by, now=now)


def _disputed_orders(erp: Contract, now: datetime) -> None:
    """Dispute the orders of an afternoon in August, and agree."""
    day = year.SHORT.start.date()
    wrong = year.refused_on(day)
    right = {name: value for name, value in wrong.items() if name not in {"source", "source_id"}}
    made = raise_dispute(
        contract=erp, period="2013-08", outcome="orders", record_id=f"{wrong['source']}#{wrong['source_id']}",
        reason="The ERP in Leipzig was back, but refused our orders all afternoon. We counted 120.",
        instead={**right, "count": year.REFUSED_REALLY}, by=viewer(CUSTOMER), now=now,
    )  # fmt: skip
    _talk(made, now)
    decide_dispute(
        dispute=made, accept=True, decision="Our counter left out the queue in Leipzig. You are right.",
        by=viewer(MANAGER), now=now + timedelta(days=4),
    )  # fmt: skip


def _talk(dispute: Dispute, now: datetime) -> None:
    remark(
        dispute=dispute, text="We are comparing the log of the queue.", by=viewer(MANAGER), now=now + timedelta(days=1)
    )
    remark(dispute=dispute, text="Our list of that day is on its way.", by=viewer(SPONSOR), now=now + timedelta(days=2))


def dispute_november(erp: Contract, now: datetime) -> Dispute:
    """Dispute something that nobody has decided yet."""
    day = date(2013, 11, 19)
    wrong = year.refused_on(day)
    right = {name: value for name, value in wrong.items() if name not in {"source", "source_id"}}
    made = raise_dispute(
        contract=erp, period="2013-11", outcome="orders", record_id=f"{wrong['source']}#{wrong['source_id']}",
        reason="Forty orders of our web shop were refused and are missing here.",
        instead={**right, "count": wrong["count"] + 40}, by=viewer(CUSTOMER), now=now - timedelta(days=4),
    )  # fmt: skip
    remark(
        dispute=made, text="Which shop was it? We see none in the log of that day.", by=viewer(MANAGER),
        now=now - timedelta(days=3),
    )  # fmt: skip
    return made
