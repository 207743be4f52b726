"""Claims: which record claims which outcome, and from when on the time for it runs."""

from __future__ import annotations

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Transition
from makegood.engine.judging.claims import end_of_cycle
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Claim
from tests.engine.judging.scene import YEAR, agreement, at, down, period, up

OFFICE = "{office: {days: {mon-fri: ['08:00-18:00']}}}"
# A Wednesday evening to a Thursday morning: ten minutes before closing time, and five after opening.
OUTAGE = (up("04-01 00:00 .. 05-01 00:00"), down("04-09 17:50 .. 04-10 08:05", incident="I-1"))


def step(of: str, name: str, state: str, when: str, **labels: str) -> Transition:
    return Transition(
        source="desk",
        source_id=f"{name}/{state}",
        case=name,
        of=of,
        state=state,
        at=at(when),
        labels=tuple(labels.items()),
    )


def claim(terms: str, *records: AnyRecord) -> Claim:
    """Return what became of the claim on an outage that closing time cuts in two."""
    own = agreement(
        "{kind: availability, of: s, on: office}",
        target=">= 100%",
        calendars=OFFICE,
        more=f"stake: {{of: 120.00 EUR}}\nclaims: {{{terms}}}",
    )
    return judge(own, period(own, "2025-04"), Evidence.of([*OUTAGE, *records])).claims[0]


class TestAClaim:
    @pytest.mark.parametrize(
        ("labels", "accepted"),
        [
            ({"period": "2025-04"}, True),
            ({"period": "2025-04", "outcome": "it"}, True),
            ({"period": "2025-04", "outcome": "other"}, False),
            ({"period": "2025-03", "outcome": "it"}, False),
        ],
    )
    def test_is_of_the_outcome_that_its_labels_name(self, labels: dict[str, str], accepted: bool) -> None:
        found = claim("after_period: 30 days", step("claim", "C-1", "received", "05-10 10:00", **labels))
        assert (found.accepted, found.reason.evidence) == (accepted, ("desk#C-1/received",) * accepted)

    def test_is_due_so_long_after_the_incident_began(self) -> None:
        """Not after it went on the next morning."""
        assert claim("after_incident: 1 day").deadline == at("04-10 17:50")

    def test_in_business_days_is_due_by_the_days_of_the_agreement(self) -> None:
        """Two business days after the beginning is the Friday."""
        assert claim("after_incident: 2 business days").deadline == at("04-11 17:50")


class TestATicket:
    @pytest.mark.parametrize(
        ("opened", "accepted"), [("04-10 17:49", True), ("04-10 17:50", False), ("04-11 08:00", False)]
    )
    def test_is_opened_within_days_of_the_beginning(self, opened: str, accepted: bool) -> None:
        found = claim(
            "after_period: 30 days, ticket: ticket, ticket_within: 1 day",
            step("ticket", "I-1", "opened", opened),
            step("claim", "2025-04", "received", "05-10 10:00"),
        )
        assert found.accepted is accepted


class TestACycle:
    def test_ends_on_the_day_on_which_periods_begin(self) -> None:
        term = YEAR.replace("timezone", "period: {every: month, starts_on: 15}, timezone")
        own = agreement("{kind: availability, of: s}", term=term)
        fourth = next(each for each in periods_of(own) if each.interval.start == at("04-15 00:00"))
        assert end_of_cycle(fourth, own, 2) == at("07-15 00:00")
