"""Claims: what was claimed in time, what was not, and what that does to the statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, State, Statement, Status, Tally, Transition
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Judgement
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import parse_instant
from tests.engine.money.scene import agreement, outcome, shown

TERM = "{from: 2025-01-01, months: 12, timezone: UTC}"
FAULT = "2025-01-15T08:00:00Z"
UP = ("2025-01-01T00:00:00Z", "2025-02-01T00:00:00Z")


def down(at: str = FAULT, incident: str = "I-1", name: str = "down") -> list[AnyRecord]:
    start = parse_instant(at)
    whole = [parse_instant(each) for each in UP]
    return [
        State(source="s", source_id="up", subject="erp", status=Status.UP, start=whole[0], end=whole[1]),
        State(
            source="s",
            source_id=name,
            subject="erp",
            status=Status.DOWN,
            start=start,
            end=start + timedelta(hours=1),
            incident=incident,
        ),
    ]


def step(case: str, state: str, at: str, of: str = "claim", **labels: str) -> Transition:
    return Transition(
        source="c",
        source_id=f"{of}/{case}/{state}/{at}",
        case=case,
        of=of,
        state=state,
        at=parse_instant(at),
        labels=tuple(labels.items()),
    )


def settled(terms: str, *records: AnyRecord, more: str = "") -> tuple[Judgement, PeriodCredits]:
    own = agreement(
        outcome("availability", ">= 100%", "{of: 120.00 EUR}"), term=TERM, more=f"claims: {{{terms}}}\n{more}"
    )
    january = periods_of(own)[0]
    judgement = judge(own, january, Evidence.of([*down(), *records]))
    return judgement, period_credits(own, judgement)


def credit(terms: str, *records: AnyRecord) -> str:
    return settled(terms, *records)[1].total.plain


def told(terms: str, *records: AnyRecord) -> str:
    return settled(terms, *records)[0].claims[0].reason.text


class TestADeadline:
    @pytest.mark.parametrize(
        ("_case", "terms", "received", "expected"),
        [
            ("the last second of the second cycle", "end_of_cycle: 2", "2025-03-31T23:59:59Z", "120.00"),
            ("the end of the second cycle", "end_of_cycle: 2", "2025-04-01T00:00:00Z", "0.00"),
            (
                "the end of it, which is in time",
                "end_of_cycle: 2, at_deadline: in_time",
                "2025-04-01T00:00:00Z",
                "120.00",
            ),
            ("thirty days after the period", "after_period: 30 days", "2025-03-02T23:59:59Z", "120.00"),
            ("a second too late", "after_period: 30 days", "2025-03-03T00:00:00Z", "0.00"),
            ("thirty days after the incident", "after_incident: 30 days", "2025-02-14T07:59:59Z", "120.00"),
            ("a second too late for the incident", "after_incident: 30 days", "2025-02-14T08:00:00Z", "0.00"),
        ],
    )
    def test_decides(self, _case: str, terms: str, received: str, expected: str) -> None:
        assert credit(terms, step("2025-01", "received", received)) == expected

    def test_goes_on_after_the_term(self) -> None:
        own = agreement(
            outcome("availability", ">= 100%", "{of: 120.00 EUR}"),
            term="{from: 2025-01-01, months: 1, timezone: UTC}",
            more="claims: {end_of_cycle: 2}",
        )
        judgement = judge(own, periods_of(own)[0], Evidence.of(down()))
        assert judgement.claims[0].deadline == datetime(2025, 4, 1, tzinfo=UTC)

    def test_counts_from_the_end_of_the_period_for_what_has_no_time(self) -> None:
        own = agreement(
            outcome("backup", ">= 100%", "{of: 120.00 EUR}"), term=TERM, more="claims: {after_incident: 2 days}"
        )
        at = parse_instant(FAULT)
        bad = Tally(source="t", source_id="1", subject="", of="backups", result="lost", count=1, start=at, end=at)
        judgement = judge(own, periods_of(own)[0], Evidence.of([bad]))
        assert judgement.claims[0].deadline == datetime(2025, 2, 3, tzinfo=UTC)


class TestAClaim:
    @pytest.mark.parametrize(
        ("_case", "record", "expected"),
        [
            ("of the period", step("2025-01", "received", "2025-02-01T00:00:00Z"), "120.00"),
            ("of the outcome in it", step("2025-01/availability", "received", "2025-02-01T00:00:00Z"), "120.00"),
            ("with labels", step("CLM-7", "received", "2025-02-01T00:00:00Z", period="2025-01"), "120.00"),
            (
                "with both labels",
                step("CLM-7", "received", "2025-02-01T00:00:00Z", period="2025-01", outcome="availability"),
                "120.00",
            ),
            ("of another outcome", step("2025-01/backup", "received", "2025-02-01T00:00:00Z"), "0.00"),
            ("of another period", step("2025-02", "received", "2025-02-01T00:00:00Z"), "0.00"),
            ("of another kind", step("2025-01", "received", "2025-02-01T00:00:00Z", of="wish"), "0.00"),
        ],
    )
    def test_has_to_be_one_for_what_was_missed(self, _case: str, record: Transition, expected: str) -> None:
        assert credit("end_of_cycle: 2", record) == expected

    @pytest.mark.parametrize(
        ("subject", "expected"),
        [("2025-01", "120.00"), ("2025-01/availability", "120.00"), ("2025-01/backup", "0.00")],
    )
    def test_may_be_a_statement(self, subject: str, expected: str) -> None:
        stated = Statement(
            source="c",
            source_id="1",
            subject=subject,
            of="claim",
            value=Ratio(1),
            unit="",
            at=parse_instant("2025-02-01T00:00:00Z"),
            by="Ann",
        )
        assert credit("end_of_cycle: 2", stated) == expected

    def test_counts_by_its_first_step(self) -> None:
        steps = [step("2025-01", "checked", "2025-05-01T00:00:00Z"), step("2025-01", "sent", "2025-02-01T00:00:00Z")]
        assert credit("end_of_cycle: 2", *steps) == "120.00"

    def test_says_what_became_of_it(self) -> None:
        assert told("end_of_cycle: 2") == "availability was not claimed; the deadline is 2025-04-01T00:00:00Z"
        assert told("end_of_cycle: 2", step("2025-01", "received", "2025-04-02T00:00:00Z")) == (
            "availability was claimed at 2025-04-02T00:00:00Z, too late; the deadline is 2025-04-01T00:00:00Z"
        )
        found, credits_ = settled("end_of_cycle: 2", step("2025-01", "received", "2025-02-02T00:00:00Z"))
        assert found.claims[0].reason.evidence == ("c#claim/2025-01/received/2025-02-02T00:00:00Z",)
        assert "Credits have to be claimed: none forfeited" in [each.text for each in credits_.reason.walk()]

    def test_is_not_needed_for_other_outcomes_than_those_that_are_named(self) -> None:
        own = agreement(
            outcome("availability", ">= 100%", "{of: 120.00 EUR}"),
            outcome("backup", ">= 100%", "{of: 10.00 EUR}"),
            term=TERM,
            more="claims: {end_of_cycle: 2, of: backup}",
        )
        judgement = judge(own, periods_of(own)[0], Evidence.of(down()))
        assert judgement.claims == ()
        assert shown(period_credits(own, judgement)) == {"availability": "120.00", "backup": "0.00"}

    def test_of_nobody_uses_up_no_cap(self) -> None:
        own = agreement(
            outcome("availability", ">= 100%", "{of: 120.00 EUR}"),
            outcome("backup", ">= 100%", "{of: 100.00 EUR}"),
            term=TERM,
            more="claims: {end_of_cycle: 2, of: availability}\ncaps: [{per: period, at: 100.00 EUR}]",
        )
        at = parse_instant(FAULT)
        bad = Tally(source="t", source_id="1", subject="", of="backups", result="lost", count=1, start=at, end=at)
        judgement = judge(own, periods_of(own)[0], Evidence.of([*down(), bad]))
        assert shown(period_credits(own, judgement)) == {"availability": "0.00", "backup": "100.00"}


class TestATicket:
    TERMS = "ticket_within: 72h, after_ticket: 720h, at_deadline: in_time"
    OPENED = step("I-1", "opened", "2025-01-18T08:00:00Z", of="incident")
    CLOSED = step("I-1", "closed", "2025-01-19T10:00:00Z", of="incident")
    CLAIMED = step("2025-01", "received", "2025-02-18T10:00:00Z")

    @pytest.mark.parametrize(
        ("_case", "records", "expected"),
        [
            ("everything at the last moment", [OPENED, CLOSED, CLAIMED], "120.00"),
            ("a claim a second too late", [OPENED, CLOSED, step("2025-01", "x", "2025-02-18T10:00:01Z")], "0.00"),
            (
                "a ticket a second too late",
                [step("I-1", "opened", "2025-01-18T08:00:01Z", of="incident"), CLOSED, CLAIMED],
                "0.00",
            ),
            ("no ticket", [CLAIMED], "0.00"),
            ("a ticket that was never opened", [CLOSED, CLAIMED], "0.00"),
            ("a ticket that is open still", [OPENED, CLAIMED], "120.00"),
            ("no claim", [OPENED, CLOSED], "0.00"),
        ],
    )
    def test_comes_before_the_claim(self, _case: str, records: list[AnyRecord], expected: str) -> None:
        assert credit(self.TERMS, *records) == expected

    def test_that_is_open_has_no_deadline_yet(self) -> None:
        found, _ = settled(self.TERMS, self.OPENED, self.CLAIMED)
        assert (found.claims[0].deadline, found.claims[0].reason.text) == (
            None,
            "availability was claimed in time; its tickets are not closed yet",
        )

    def test_is_asked_for_each_incident(self) -> None:
        second = down("2025-01-20T08:00:00Z", "I-2", "again")[1]
        assert told(self.TERMS, second, self.OPENED, self.CLOSED, self.CLAIMED).startswith("No ticket was opened for ")

    def test_that_is_late_is_told(self) -> None:
        late = step("I-1", "opened", "2025-01-19T08:00:00Z", of="incident")
        assert told(self.TERMS, late, self.CLAIMED).endswith(
            "was opened at 2025-01-19T08:00:00Z, too late to be claimed"
        )
