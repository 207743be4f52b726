"""Closing months: what is done about each miss is written first, as the agreement's promises demand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo import year
from makegood.platform.demo.people import AFFILIATE, MANAGER, OWNER, SPONSOR, viewer
from makegood.platform.judging.periods.models import Period
from makegood.platform.judging.periods.operations import lay_out_periods
from makegood.platform.judging.periods.queries import periods
from makegood.platform.money.claims.operations import answer_claim, find_claims, make_claim
from makegood.platform.money.settlement.operations import ActionsLacking, close_due, finish_action, write_action
from makegood.platform.review.reports.operations import decide, make_report, recommend

_DONE: Final = {
    ("2013-03", "availability"): (
        "A switch in the data centre of Hosting GmbH broke, and its twin did not take over.",
        "Hosting GmbH tests the change-over of both switches every quarter; we watch the test.",
    ),
    ("2013-06", "orders"): (
        "An update changed the check of addresses and refused orders from abroad.",
        "Orders of the last month are replayed on the test system before each update.",
    ),
    ("2013-08", "orders"): (
        "The queue in Leipzig refused orders after the restart, and our counter left it out.",
        "The counter reads both queues; the queues restart with the ERP.",
    ),
    ("2013-10", "p1-resolution"): (
        "Two urgent tickets waited for a colleague on holiday.",
        "The rota names a second engineer for every night.",
    ),
}
_OTHERWISE: Final = ("Being looked into.", "The cause is found, and the next review hears of it.")


def close_month(contract: Contract, month: int) -> None:
    """Close a month of 2013 on the day after it is due, with what else has to be booked by then."""
    by = viewer(MANAGER)
    lay_out_periods(contract=contract, now=year.local(month, 2))
    due_at = periods(viewer=by, contract=contract).get(label=f"2013-{month:02}").closes_at
    now = (due_at or year.local(month, 28)) + timedelta(hours=9)
    try:
        close_due(contract=contract, by=by, now=now)
    except ActionsLacking as refusal:
        for label, outcome in refusal.lacking:
            _act(contract, label, outcome, now - timedelta(hours=20))
        close_due(contract=contract, by=by, now=now)


def report_month(contract: Contract, month: int) -> None:
    """Make the report of a month on the day after it was closed."""
    by = viewer(MANAGER)
    period = periods(viewer=by, contract=contract).get(label=f"2013-{month:02}")
    make_report(period=period, by=by, now=(period.closed_at or year.local(month, 28)) + timedelta(hours=24))


def claim_from_affiliate(contract: Contract, now: datetime) -> None:
    """Claim from affiliates what they caused; what is claimed is accepted after a week."""
    for claim in find_claims(contract=contract, now=now):
        if claim.state == claim.State.OPEN:
            made = make_claim(claim=claim, by=viewer(MANAGER), now=now)
            answer_claim(claim=made, accept=True, by=viewer(AFFILIATE), now=now + timedelta(days=7))


def recommend_twice(contract: Contract, now: datetime) -> None:
    """Recommend something that was decided, and something that was not."""
    by, later = viewer(MANAGER), now.date() + timedelta(days=60)
    text = "Put a second line from another carrier into Leipzig."
    first = recommend(
        contract=contract, text=text, cost="180.00 EUR a month", due_date=later, by=by, now=now - timedelta(days=70)
    )
    decide(recommendation=first, decision="Ordered for February.", by=viewer(SPONSOR), now=now - timedelta(days=50))
    text = "Move the replay of orders to a test system of its own, so that updates wait for it no longer."
    recommend(contract=contract, text=text, cost="4 days of work", due_date=later, by=by, now=now - timedelta(days=9))


def close_all(contract: Contract, now: datetime, reason: str) -> None:
    """Close everything that is due, without a word on what is done about it."""
    close_due(contract=contract, by=viewer(OWNER), now=now, without_actions=reason)


def _act(contract: Contract, label: str, outcome: str, now: datetime) -> None:
    by = viewer(MANAGER)
    period: Period = periods(viewer=by, contract=contract).get(label=label)
    cause, action = _DONE.get((label, outcome), _OTHERWISE)
    due = now.date() + timedelta(days=30)
    made = write_action(period=period, outcome=outcome, cause=cause, action=action, due_date=due, by=by, now=now)
    if label < "2013-10":
        finish_action(action=made, by=by, now=now + timedelta(days=25))
