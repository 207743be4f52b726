"""From evidence to the cent: judged as the command line judges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status, Tally, Transition
from makegood.engine.judging.judge import judge
from makegood.engine.money.credit import PeriodCredits
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.times import parse_instant
from tests.engine.money.scene import agreement, outcome, shown

MANAGED = agreement(
    outcome("availability", ">= 99.9%", "{weight: 50%}").replace(
        "of: erp}", "of: erp, excluded: {maintenance: {effect: up}}}"
    ),
    outcome("resolution", ">= 95%", "{weight: 30%}", "low_volume: {below: 10, allowed_misses: 1}"),
    outcome("backup", ">= 98%", "{weight: 20%}"),
    money="{currency: EUR, at_risk: {percent: 12, of: monthly_fee}}",
)


def at(text: str) -> datetime:
    return parse_instant(f"2025-03-{text}Z")


def state(number: int, status: Status, start: datetime, end: datetime | None = None, incident: str = "") -> State:
    return State(
        source="probe", source_id=f"{number}", subject="erp", status=status, start=start, end=end, incident=incident
    )


def case(name: str, opened: str, resolved: str, incident: str = "") -> list[AnyRecord]:
    steps = (("opened", opened), ("resolved", resolved))
    return [
        Transition(
            source="desk",
            source_id=f"{name} {step}",
            case=name,
            of="incident",
            state=step,
            at=at(moment),
            incident=incident,
        )
        for step, moment in steps
    ]


def backups(result: str, count: int) -> Tally:
    return Tally(
        source="backup",
        source_id=result,
        subject="erp",
        of="backups",
        result=result,
        count=count,
        start=at("31T20:00:00"),
        end=at("31T20:00:00"),
    )


def credited(terms: Agreement, *records: AnyRecord) -> PeriodCredits:
    return period_credits(terms, judge(terms, periods_of(terms)[0], Evidence.of(records)))


class TestAMonthOfEvidence:
    def test_comes_to_the_cent(self) -> None:
        found = credited(
            MANAGED,
            state(1, Status.UP, at("01T00:00:00") - timedelta(days=1)),
            state(2, Status.DOWN, at("12T08:00:00"), at("12T09:10:00"), "INC-7"),
            state(3, Status.UP, at("12T09:10:00")),
            Exclusion(
                source="calendar",
                source_id="1",
                cause="maintenance",
                start=at("12T08:00:00"),
                end=at("12T08:20:00"),
                approved_by="acme",
            ),
            *case("T-1", "12T08:05:00", "12T13:00:00", "INC-7"),
            *case("T-2", "12T08:07:00", "12T14:00:00", "INC-7"),
            *case("T-3", "20T10:00:00", "20T11:00:00"),
            backups("done", 587),
            backups("failed", 13),
        )
        assert [credit.raw.plain for credit in found.credits] == ["1200.00", "720.00", "480.00"]
        assert shown(found) == {"availability": "1200.00", "resolution": "0.00", "backup": "480.00"}
        assert found.total.plain == "1680.00"


STAKES = (
    "{weight: 100%, tiers: [{below: 99.9%, credit: 10%}, {below: 99%, credit: 25%}, {below: 95%, credit: 100%}]}",
    "{weight: 100%, per_unit: {unit: 30m, credit: 1%, counted: completed}}",
    "{weight: 100%, per_unit: {unit: 1%, credit: 7%, counted: exact}, at_most: 80%}",
)
OUTAGES = st.lists(st.tuples(st.integers(0, 743 * 60), st.integers(1, 3000)), max_size=5)


def outages(spans: list[tuple[int, int]]) -> list[AnyRecord]:
    """Return outages as minutes after the first of March and lengths in minutes."""
    start = datetime(2025, 3, 1, tzinfo=UTC)
    return [
        State(
            source="desk",
            source_id=f"{number}",
            subject="erp",
            status=Status.DOWN,
            start=start + timedelta(minutes=after),
            end=start + timedelta(minutes=after + length),
        )
        for number, (after, length) in enumerate(spans)
    ]


class TestMoreOutage:
    @pytest.mark.parametrize(
        "terms",
        [
            agreement(
                outcome("availability", ">= 99.9%", stake).replace("of: erp}", "of: erp, unknown: {as: up}}"),
                money="{currency: EUR, at_risk: {percent: 12, of: monthly_fee}}",
                more="caps: [{per: period, at: 1500.00 EUR}]\nminimum_credit: {more_than: 50.00 EUR}",
            )
            for stake in STAKES
        ],
    )
    @settings(max_examples=40)
    @given(some=OUTAGES, more=OUTAGES)
    def test_never_costs_the_provider_less(
        self, terms: Agreement, some: list[tuple[int, int]], more: list[tuple[int, int]]
    ) -> None:
        totals = [credited(terms, *outages(spans)).total for spans in ([], some, some + more)]
        assert totals == sorted(totals)
        assert totals[-1] <= Amount(150000, "EUR")
