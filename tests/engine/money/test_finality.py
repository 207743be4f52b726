from __future__ import annotations

from dataclasses import replace
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
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.reason import Reason
from makegood.engine.vocabulary.times import show_instant
from tests.engine.money.scene import amended

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

    def test_for_both_is_the_line_as_well(self) -> None:
        standing = booked(january(open=10000, fast=0), LATER)
        found = as_final(agreed("{for: both}"), january(open=0, fast=10000), standing)
        assert (lines(found), found.total.minor) == ({"open": 10000, "fast": 0}, 10000)
        same = january(open=10000, fast=0)
        assert as_final(agreed("{for: both}"), same, standing) is same

    def test_is_decided_by_the_terms_at_the_end_of_the_period(self) -> None:
        first, second = (
            f"{GOOD}closing: {{final: {each}}}\n" for each in ("{for: nobody}", "{for: both, after: 60 days}")
        )
        terms = amended(first, ("2026-01-16", second))
        period = periods_of(terms)[0]
        final = final_from(terms, period, CLOSED)
        assert (period.label, final and show_instant(final)) == ("2026-01.v1", "2026-04-11T11:00:00Z")
        had, more = (replace(january(open=cents), period=period) for cents in (10000, 25000))
        postings = settle(computed=[had], booked=(), in_period="2026-01.v1", snapshot=1)
        standing = Standing(postings, {"2026-01.v1": CLOSED}, CLOSED + timedelta(days=61))
        assert lines(as_final(terms, more, standing)) == {"open": 10000}

    def test_says_what_it_would_be_otherwise(self) -> None:
        standing = booked(january(open=10000, same=500), LATER)
        found = as_final(agreed(), january(fast=3000, same=500), standing)
        assert [(each.outcome, each.amount.minor, each.raw.minor) for each in found.credits] == [
            ("fast", 0, 3000),
            ("same", 500, 500),
            ("open", 10000, 0),
        ]
        assert [line for credit in found.credits for line in credit.reason.lines()] == [
            "fast would be 30.00 EUR; it is final since 2026-03-12 12:00 UTC, and it stays as it was booked: 0.00 EUR [final]",
            "  fast",
            "same",
            "open would be 0.00 EUR; it is final since 2026-03-12 12:00 UTC, and it stays as it was booked: 100.00 EUR [final]",
            "  open is not owed any more: 0.00 EUR",
        ]
        assert list(found.reason.lines()) == [
            "January: 105.00 EUR",
            "  The period would credit 35.00 EUR; it is final since 2026-03-12 12:00 UTC, and it stays as it was booked:"
            " 105.00 EUR [final]",
        ]

    @pytest.mark.parametrize("final", ["", "{for: nobody}"])
    @pytest.mark.parametrize("computed", [0, 25000])
    def test_is_every_closed_period_of_which_evidence_was_removed(self, final: str, computed: int) -> None:
        period = january(open=10000).period.interval
        standing = booked(january(open=10000), CLOSED)
        gone = replace(standing, removed=(Interval(period.end - timedelta(hours=1), period.end),))
        found = as_final(agreed(final), january(open=computed), gone)
        assert lines(found) == {"open": 10000}
        assert next(line for credit in found.credits for line in credit.reason.lines()) == (
            f"open would be {computed // 100}.00 EUR; evidence of the period was removed, and it stays as it was booked:"
            " 100.00 EUR [final]"
        )
        later = replace(standing, removed=(Interval(period.end, period.end + timedelta(hours=1)),))
        assert lines(as_final(agreed(final), january(open=computed), later)) == {"open": computed}

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
