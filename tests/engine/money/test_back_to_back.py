from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.underpinning import CircularReliance
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Attribution, State, Status
from makegood.engine.judging.judge import judge_periods
from makegood.engine.money.account import account_credits
from makegood.engine.money.back_to_back import Recovery, back_to_back
from makegood.engine.money.finality import Standing
from makegood.engine.money.settlement import settle
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant
from tests.engine.money.scene import amended

OUTAGE = "INC-7"


def agreement(name: str, provider: str, customer: str, *outcomes: tuple[str, str], **terms: str) -> Agreement:
    """Return an agreement whose outcomes pay an amount each when the line was down for a second."""
    document = read(written(name, provider, customer, *outcomes, **terms))
    assert document.agreement is not None, document.findings
    return document.agreement


def written(
    name: str,
    provider: str,
    customer: str,
    *outcomes: tuple[str, str],
    more: str = "",
    zone: str = "UTC",
    start: str = "2025-04-01",
    every: str = "month",
) -> str:
    promised = "".join(
        f'  {outcome}:\n    promise: It is up.\n    critical: true\n    measure: {{kind: availability, of: line}}\n    target: ">= 100%"\n'
        + (f"    stake: {{of: {amount} EUR}}\n" if amount else "")
        for outcome, amount in outcomes
    )
    return (
        f"makegood: agreement/1\nagreement: {name}\ntitle: An agreement\n"
        f"parties: {{provider: {provider}, customer: {customer}}}\n"
        f"term: {{from: {start}, months: 3, timezone: {zone}, period: {{every: {every}}}}}\nmoney: {{currency: EUR}}\n"
        f"services: {{line: {{title: The line, critical: true}}}}\noutcomes:\n{promised}{more}"
    )


def down(*shares: tuple[str, Ratio], month: int = 4, day: int = 10) -> list[AnyRecord]:
    start = datetime(2025, month, day, tzinfo=UTC)
    return [
        State(source="probe", source_id="up", subject="line", status=Status.UP, start=datetime(2025, 3, 1, tzinfo=UTC)),
        State(
            source="probe",
            source_id=f"down-{month}-{day}",
            subject="line",
            status=Status.DOWN,
            start=start,
            end=start.replace(hour=2),
            incident=OUTAGE,
        ),
        *(
            Attribution(source="review", source_id=party, incident=OUTAGE, party=party, share=share)
            for party, share in shares
        ),
    ]


def recovered(
    sold: Agreement,
    *underpinning: Agreement,
    records: list[AnyRecord],
    months: int = 1,
    standing: Standing = Standing(),  # noqa: B008  # a value
) -> list[Recovery]:
    return list(
        back_to_back(
            agreement=sold,
            underpinning=underpinning,
            periods=periods_of(sold)[:months],
            evidence=Evidence.of(records),
            standing=standing,
        )
    )


SOLD = agreement("erp", "msp", "acme", ("uptime", "1000.00"))
HALF = Ratio(1, 2)


def plain(recovery: Recovery) -> list[tuple[int, str, str, str, str]]:
    return [
        (each.tier, each.affiliate, each.attributed.plain, each.own_credit.plain, each.amount.plain)
        for each in recovery.claims
    ]


class TestAClaim:
    @pytest.mark.parametrize(
        ("own", "claim", "leaks"),
        [("200.00", "200.00", "800.00"), ("900.00", "600.00", "400.00"), ("", "0.00", "1000.00")],
    )
    def test_is_the_smaller_of_what_was_caused_and_what_is_owed(self, own: str, claim: str, leaks: str) -> None:
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", own))
        records = down(("hosting", Ratio(3, 5)), ("msp", Ratio(2, 5)))
        (found,) = recovered(SOLD, hosting, records=records)
        assert {party: each.plain for party, each in found.attributed.items()} == {"hosting": "600.00", "msp": "400.00"}
        assert plain(found) == [(1, "hosting", "600.00", own or "0.00", claim)]
        assert (found.leakage.plain, found.claims[0].shortfall.plain) == (leaks, found.claims[0].shortfall.plain)
        assert (found.claims[0].shortfall + found.claims[0].amount).plain == "600.00"

    def test_has_to_be_made_while_the_verdict_of_the_supplier_can_be_disputed(self) -> None:
        more = "closing: {after: 1 day, dispute_within: 10 days}\n"
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "1.00"), more=more)
        (found,) = recovered(SOLD, hosting, records=down(("hosting", Ratio(1))))
        deadline = found.claims[0].deadline
        assert deadline is not None
        assert show_instant(deadline) == "2025-05-12T00:00:00Z"

    def test_is_due_when_the_supplier_wants_it_and_comes_to_what_it_pays_then(self) -> None:
        hosting = agreement(
            "hosting-25", "hosting", "msp", ("uptime", "70.00"), more="claims: {after_period: 10 days}\n"
        )
        (found,) = recovered(SOLD, hosting, records=down(("hosting", Ratio(1))))
        deadline = found.claims[0].deadline
        assert deadline is not None
        assert (found.claims[0].amount.plain, show_instant(deadline)) == ("70.00", "2025-05-11T00:00:00Z")

    def test_follows_the_version_of_the_supplier_that_was_in_force(self) -> None:
        first, second = (
            written("hosting-25", "hosting", "msp", ("uptime", amount), more=f"claims: {{after_period: {days} days}}\n")
            for amount, days in (("70.00", 10), ("90.00", 20))
        )
        hosting = amended(first, ("2025-05-01", second))
        records = down(("hosting", Ratio(1))) + down(month=5)[1:]
        found = recovered(SOLD, hosting, records=records, months=2)
        claims = [claim for each in found for claim in each.claims]
        assert [(each.agreement, each.amount.plain) for each in claims] == [
            ("hosting-25", "70.00"),
            ("hosting-25", "90.00"),
        ]
        assert [each.deadline and show_instant(each.deadline) for each in claims] == [
            "2025-05-11T00:00:00Z",
            "2025-06-21T00:00:00Z",
        ]

    def test_adds_up_what_shorter_periods_of_the_supplier_pay(self) -> None:
        more = "claims: {after_period: 10 days}\n"
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "70.00"), more=more, every="week")
        records = [*down(("hosting", Ratio(1))), *down(day=16)[1:]]
        (found,) = recovered(SOLD, hosting, records=records)
        assert plain(found) == [(1, "hosting", "1000.00", "140.00", "140.00")]
        deadline = found.claims[0].deadline
        assert deadline is not None
        assert show_instant(deadline) == "2025-05-01T00:00:00Z"

    def test_passes_over_suppliers_that_are_not_concerned_or_pay_nothing(self) -> None:
        hosting, fibre, power = (
            agreement(f"{name}-25", name, "msp", ("uptime", amount))
            for name, amount in (("hosting", "200.00"), ("fibre", ""), ("power", "600.00"))
        )
        (found,) = recovered(SOLD, hosting, fibre, power, records=down(("fibre", HALF), ("power", HALF)))
        assert plain(found) == [(1, "fibre", "500.00", "0.00", "0.00"), (1, "power", "500.00", "600.00", "500.00")]

    def test_leaves_others_what_they_caused(self) -> None:
        hosting, power = (agreement(f"{name}-25", name, "msp", ("uptime", "300.00")) for name in ("hosting", "power"))
        (found,) = recovered(SOLD, hosting, power, records=down(("hosting", HALF), ("power", HALF)))
        assert plain(found) == [
            (1, "hosting", "500.00", "300.00", "300.00"),
            (1, "power", "500.00", "300.00", "300.00"),
        ]

    def test_uses_an_own_credit_once_for_several_outcomes(self) -> None:
        sold = agreement("erp", "msp", "acme", ("uptime", "100.00"), ("access", "100.00"), more="per_incident: sum\n")
        hosting = agreement("hosting-25", "hosting", "msp", ("host", "150.00"))
        found = recovered(sold, hosting, records=down(("hosting", Ratio(1))))
        assert [plain(each) for each in found] == [
            [(1, "hosting", "100.00", "150.00", "100.00")],
            [(1, "hosting", "100.00", "50.00", "50.00")],
        ]

    def test_says_all_that_the_agreement_credits_by_its_own_periods(self) -> None:
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "200.00"), start="2025-03-31", every="week")
        (found,) = recovered(SOLD, hosting, records=down(("hosting", HALF)))
        (claim,) = found.claims
        assert {label: str(each) for label, each in claim.own.items() if each} == {"2025-W15": "200.00 EUR"}
        assert sum(each.minor for each in claim.own.values()) == claim.own_credit.minor

    def test_goes_to_a_second_agreement_for_what_the_first_did_not_pay(self) -> None:
        first, second = (agreement(f"h-{n}", "hosting", "msp", ("uptime", f"{n}00.00")) for n in (3, 4))
        (found,) = recovered(SOLD, first, second, records=down(("hosting", HALF)))
        assert plain(found) == [
            (1, "hosting", "500.00", "300.00", "300.00"),
            (1, "hosting", "200.00", "400.00", "200.00"),
        ]

    def test_is_made_on_nobody_who_caused_nothing(self) -> None:
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "200.00"))
        (found,) = recovered(SOLD, hosting, records=down(("msp", Ratio(1))))
        assert (plain(found), found.leakage.plain) == ([], "1000.00")

    def test_takes_the_period_that_has_its_middle_in_the_customers_period(self) -> None:
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "200.00"), zone="Europe/Berlin")
        records = down(("hosting", Ratio(1))) + down(month=5)[1:]
        found = recovered(SOLD, hosting, records=records, months=3)
        assert [(each.period.label, plain(each)[0][4]) for each in found] == [
            ("2025-04", "200.00"),
            ("2025-05", "200.00"),
        ]

    def test_takes_a_period_that_begins_in_another_month_by_its_middle(self) -> None:
        hosting = agreement(
            "hosting-25", "hosting", "msp", ("uptime", "200.00"), start="2025-03-20", every="month, starts_on: 20"
        )
        found = recovered(SOLD, hosting, records=down(("hosting", Ratio(1))))
        assert [(each.period.label, plain(each)[0][4]) for each in found] == [("2025-04", "200.00")]

    def test_has_no_deadline_where_the_supplier_has_no_period(self) -> None:
        later = read(
            "makegood: agreement/1\nagreement: late\ntitle: L\nparties: {provider: hosting, customer: msp}\n"
            "term: {from: 2025-06-01, months: 1, timezone: UTC}\nmoney: {currency: EUR}\n"
            "services: {line: {title: L, critical: true}}\noutcomes:\n  uptime:\n    promise: Up.\n"
            '    measure: {kind: availability, of: line}\n    target: ">= 100%"\n    stake: {of: 5.00 EUR}\n'
        ).agreement
        assert later is not None
        (found,) = recovered(SOLD, later, records=down(("hosting", Ratio(1))))
        assert (found.claims[0].deadline, found.claims[0].amount.plain) == (None, "0.00")

    def test_is_none_without_periods(self) -> None:
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "200.00"))
        assert recovered(SOLD, hosting, records=[], months=0) == []


class TestSeveralTiers:
    HOSTING = agreement("hosting-25", "hosting", "msp", ("uptime", "600.00"))
    FIBRE = agreement("fibre-25", "fibre", "hosting", ("uptime", "100.00"))

    def test_answer_for_those_below_and_pass_on_what_they_paid(self) -> None:
        records = down(("fibre", HALF), ("hosting", Ratio(1, 4)), ("msp", Ratio(1, 4)))
        (found,) = recovered(SOLD, self.HOSTING, self.FIBRE, records=records)
        assert plain(found) == [
            (1, "hosting", "750.00", "600.00", "600.00"),
            (2, "fibre", "400.00", "100.00", "100.00"),
        ]
        assert found.recovered.plain == "600.00"

    def test_end_where_nothing_is_claimed(self) -> None:
        free = agreement("hosting-25", "hosting", "msp", ("uptime", ""))
        (found,) = recovered(SOLD, free, self.FIBRE, records=down(("fibre", Ratio(1))))
        assert plain(found) == [(1, "hosting", "1000.00", "0.00", "0.00")]

    def test_in_a_circle_are_refused(self) -> None:
        loop = agreement("loop-25", "hosting", "fibre", ("uptime", "1.00"))
        with pytest.raises(CircularReliance, match="hosting relies on fibre relies on hosting"):
            recovered(SOLD, self.HOSTING, self.FIBRE, loop, records=down())


class TestRecovery:
    def test_is_of_every_credit_down_to_a_cent(self) -> None:
        sold = agreement("erp", "msp", "acme", ("uptime", "0.01"), ("access", "1000.00"), more="per_incident: sum\n")
        found = recovered(sold, records=down())
        assert [(each.outcome, each.credit.plain, each.leakage.plain) for each in found] == [
            ("uptime", "0.01", "0.01"),
            ("access", "1000.00", "1000.00"),
        ]

    def test_passes_over_what_is_not_paid(self) -> None:
        sold = agreement("erp", "msp", "acme", ("uptime", "1.00"), ("access", "1000.00"))
        assert [each.outcome for each in recovered(sold, records=down())] == ["access"]

    def test_is_of_what_stays_as_it_was_booked(self) -> None:
        dearer = agreement("erp", "msp", "acme", ("uptime", "1500.00"))
        (computed,) = account_credits(dearer, judge_periods(dearer, periods_of(dearer)[:1], Evidence.of(down())))
        postings = settle(computed=[computed], booked=(), in_period="2025-04", snapshot=1)
        closed_at, now = datetime(2025, 5, 10, tzinfo=UTC), datetime(2026, 5, 10, tzinfo=UTC)
        (found,) = recovered(SOLD, records=down(), standing=Standing(postings, {"2025-04": closed_at}, now))
        assert found.credit.plain == "1500.00"

    @given(
        st.integers(0, 100000),
        st.lists(
            st.tuples(st.sampled_from(["hosting", "fibre", "msp", "weather"]), st.integers(0, 9)),
            max_size=4,
            unique_by=lambda each: each[0],
        ),
        st.integers(1, 50000),
        st.integers(1, 50000),
    )
    def test_never_exceeds_what_was_caused_or_owed(
        self, credit: int, causes: list[tuple[str, int]], first: int, second: int
    ) -> None:
        def euro(cents: int) -> str:
            return f"{cents // 100}.{cents % 100:02}" if cents else ""

        sold = agreement("erp", "msp", "acme", ("uptime", euro(credit)))
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", euro(first)))
        fibre = agreement("fibre-25", "fibre", "hosting", ("uptime", euro(second)))
        records = down(*((party, Ratio(tenths, 10)) for party, tenths in causes))
        for found in recovered(sold, hosting, fibre, records=records):
            assert sum(each.minor for each in found.attributed.values()) == found.credit.minor == credit
            assert 0 <= found.leakage.minor <= credit
            assert found.recovered + found.leakage == found.credit
            for claim in found.claims:
                assert claim.amount == min(claim.attributed, claim.own_credit)


class TestACreditWithoutAVerdict:
    def test_belongs_to_nobody(self) -> None:
        sold = agreement(
            *("erp", "msp", "acme", ("uptime", "10.00")),
            more="sequences: {often: {kind: persistent, of: uptime, every: 1, pays: 5.00 EUR}}\n",
        )
        hosting = agreement("hosting-25", "hosting", "msp", ("uptime", "200.00"))
        found = recovered(sold, hosting, records=down(("hosting", Ratio(1))))
        assert [(each.outcome, each.attributed.keys() == {"unattributed"}, each.claims == ()) for each in found] == [
            ("uptime", False, False),
            ("often", True, True),
        ]
