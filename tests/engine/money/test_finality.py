from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.engine.agreement.catalogue import GOOD
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.credit import Credit, PeriodCredits
from makegood.engine.money.finality import Standing, as_final, final_from
from makegood.engine.money.settlement import settle
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.reason import Reason

CLOSED = datetime(2026, 2, 10, 12, tzinfo=UTC)
FINAL = CLOSED + timedelta(days=30)
LATER = FINAL + timedelta(seconds=1)


def agreed(final: str = "") -> Agreement:
    document = read(GOOD + (f"closing: {{final: {final}}}\n" if final else ""))
    assert document.agreement is not None
    return document.agreement


def january(**lines: int) -> PeriodCredits:
    credits = tuple(
        Credit(name, Amount(cents, "EUR"), Amount(cents, "EUR"), Reason(name)) for name, cents in lines.items()
    )
    nothing, sum_ = Amount(0, "EUR"), Amount(sum(lines.values()), "EUR")
    return PeriodCredits("acme-web-shop", periods_of(agreed())[0], nothing, nothing, credits, sum_, Reason("January"))


def booked(credits: PeriodCredits, now: datetime) -> Standing:
    postings = settle(computed=[credits], booked=(), in_period="2026-01", snapshot=1)
    return Standing(postings, {"2026-01": CLOSED}, now)


def lines(credits: PeriodCredits) -> dict[str, int]:
    return {credit.outcome: credit.amount.minor for credit in credits.credits}


class TestWhatIsFinal:
    @pytest.mark.parametrize(
        ("_case", "final", "now", "computed", "expected"),
        [
            ("less, in time", "", FINAL, 0, 0),
            ("less, too late", "", LATER, 0, 10000),
            ("more, too late", "", LATER, 25000, 25000),
            ("less, too late for both", "{for: both}", LATER, 0, 10000),
            ("more, too late for both", "{for: both}", LATER, 25000, 10000),
            ("less, in time for both", "{for: both}", FINAL, 0, 0),
            ("less, where nothing is ever final", "{for: nobody}", LATER, 0, 0),
            ("less, within a longer time", "{after: 90 days}", LATER, 0, 0),
            ("the same", "", LATER, 10000, 10000),
        ],
    )
    def test_is_not_taken_back(self, _case: str, final: str, now: datetime, computed: int, expected: int) -> None:
        standing = booked(january(open=10000), now)
        found = as_final(agreed(final), january(open=computed), standing)
        assert lines(found) == {"open": expected}
        assert found.total.minor == expected

    def test_is_the_sum_and_not_the_line(self) -> None:
        standing = booked(january(open=10000, fast=0), LATER)
        moved = january(open=0, fast=10000)
        assert as_final(agreed(), moved, standing) is moved

    def test_says_what_it_would_be_otherwise(self) -> None:
        found = as_final(agreed(), january(fast=3000), booked(january(open=10000), LATER))
        assert lines(found) == {"fast": 0, "open": 10000}
        assert [credit.reason.text for credit in found.credits] == [
            "fast would be 30.00 EUR; it is final since 2026-03-12 12:00 UTC, and stays as it was booked",
            "open would be 0.00 EUR; it is final since 2026-03-12 12:00 UTC, and stays as it was booked",
        ]
        assert found.reason.children[-1].text.startswith("The period would credit 30.00 EUR")

    @pytest.mark.parametrize("standing", [Standing(), Standing((), {"2026-01": CLOSED}), Standing((), {}, LATER)])
    def test_is_nothing_that_is_not_closed_yet(self, standing: Standing) -> None:
        computed = january(open=0)
        assert as_final(agreed(), computed, standing) is computed

    def test_is_never_final_for_nobody(self) -> None:
        assert final_from(agreed("{for: nobody}"), periods_of(agreed())[0], CLOSED) is None

    @given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["", "{for: both}", "{for: nobody}"]))
    def test_never_leaves_the_customer_with_less_and_settles_once(self, had: int, due: int, final: str) -> None:
        standing = booked(january(open=had), LATER)
        found = as_final(agreed(final), january(open=due), standing)
        if final != "{for: nobody}":
            assert found.total.minor >= had
        assert found.total.minor in (had, due)
        again = settle(computed=[found], booked=standing.postings, in_period="2026-02", snapshot=2)
        twice = settle(computed=[found], booked=[*standing.postings, *again], in_period="2026-02", snapshot=2)
        assert twice == ()
