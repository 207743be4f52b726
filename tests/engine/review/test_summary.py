from collections.abc import Sequence
from dataclasses import replace

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.verdict import Judgement, Measurement, Ruling
from makegood.engine.money.settlement import Posting, PostingKind
from makegood.engine.review.review import EvidenceCount, Review, review
from makegood.engine.review.summary import summary
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.engine.review.sample import AGREEMENT, credits_of, months, verdict, year

FREE = replace(AGREEMENT, outcomes={name: replace(terms, stake=None) for name, terms in AGREEMENT.outcomes.items()})
NO_EVIDENCE = "There is no evidence."
MET, MISSED, UNDECIDED = Ruling


def ruled(*rulings: Sequence[Ruling], agreement: Agreement = FREE, cents: Sequence[Sequence[int]] = ()) -> Review:
    """Return the review of so many months with these rulings on orders, availability and p1-resolution."""
    judgements = []
    for period, row in zip(months(len(rulings)), rulings, strict=True):
        verdicts = []
        for outcome, ruling in zip(AGREEMENT.outcomes, row, strict=False):
            value = None if ruling is UNDECIDED else Ratio(int(ruling is MET))
            measured = Measurement(value, Unit.SHARE, 0, 1, Reason("value"))
            verdicts.append(verdict(outcome, period, measured, ruling=ruling))
        judgements.append(Judgement("acme-erp", period, 1, tuple(verdicts)))
    computed = [credits_of(period, row) for period, row in zip(months(len(cents)), cents, strict=True)] if cents else []
    return review(agreement=agreement, judgements=judgements, computed=computed)


class TestTheSummaryOfAYear:
    def test_says_what_the_figures_say(self) -> None:
        assert summary(year()) == (
            "In 12 months 28 of 36 verdicts were met, 7 were missed and 1 was undecided.",
            "1,212.00 EUR were credited, 0.51 % of fees of 240,000.00 EUR; 28,800.00 EUR were at risk.",
            "February 2025 was the worst month: 3 of 3 verdicts missed and 600.00 EUR credited.",
            "Missed most often: p1-resolution, in 3 of 12 months.",
            "The largest cause of missing orders was channel web: 167 of 253 in the 2 months missed.",
            "The largest cause of missing availability was INC-0096: 1 hour 36 minutes of 2 hours 23 minutes in the 2 months missed.",
            "In the last three months 1 verdict was missed, against 2 in the three before.",
            (
                "Undecided: availability in May 2025, because the state was known in 91.2 % of agreed time,"
                " at least 99 % is needed."
            ),
            "1 adjustment takes back 120.00 EUR of what was credited before.",
            "All this rests on 700,131 records of evidence.",
        )

    def test_counts_causes_in_the_periods_that_were_missed_only(self) -> None:
        assert "The largest cause of missing orders was channel web: 96 of 146 in the month missed." in summary(year(2))


class TestTheFirstSentence:
    @pytest.mark.parametrize(
        ("sentence", "rulings"),
        [
            ("In January 2025 no outcome was judged.", [[]]),
            ("In January 2025 the one verdict was met.", [[MET]]),
            ("In January 2025 the one verdict was missed.", [[MISSED]]),
            ("In January 2025 the one verdict was undecided.", [[UNDECIDED]]),
            ("In January 2025 all 3 verdicts were met.", [[MET, MET, MET]]),
            ("In 2 months all 4 verdicts were missed.", [[MISSED, MISSED], [MISSED, MISSED]]),
            ("In 2 months all 4 verdicts were undecided.", [[UNDECIDED, UNDECIDED], [UNDECIDED, UNDECIDED]]),
            ("In January 2025 1 of 2 verdicts was met and 1 was undecided.", [[MET, UNDECIDED]]),
            ("In January 2025 none of 3 verdicts was met, 2 were missed and 1 was undecided.",
             [[MISSED, UNDECIDED, MISSED]]),
        ],
    )  # fmt: skip
    def test_counts_in_good_english(self, sentence: str, rulings: list[list[Ruling]]) -> None:
        assert summary(ruled(*rulings))[0] == sentence

    def test_says_when_there_is_nothing(self) -> None:
        assert summary(review(agreement=AGREEMENT, judgements=[])) == ("No period has been judged yet.",)


class TestMoney:
    @pytest.mark.parametrize(
        ("_case", "sentence", "agreement", "cents"),
        [
            ("none agreed", "No money depends on these verdicts.", FREE, []),
            ("no fee known", "No credit was due.", AGREEMENT, []),
            ("nothing due", "No credit was due on fees of 20,000.00 EUR; 2,400.00 EUR were at risk.", AGREEMENT,
             [[0, 0, 0]]),
            ("next to nothing", ("0.01 EUR were credited, less than 0.01 % of fees of 20,000.00 EUR;"
             " 2,400.00 EUR were at risk."), AGREEMENT, [[1, 0, 0]]),
        ],
    )  # fmt: skip
    def test_is_told_exactly(self, _case: str, sentence: str, agreement: Agreement, cents: list[list[int]]) -> None:
        assert summary(ruled([MET], agreement=agreement, cents=cents))[1] == sentence

    def test_is_told_without_fees(self) -> None:
        period = months(1)[0]
        free_of_fee = credits_of(period, (500, 0, 0), fee=Amount.zero("EUR"), at_risk=Amount.zero("EUR"))
        judged = ruled([MISSED]).periods[0].judgement
        found = summary(review(agreement=AGREEMENT, judgements=[judged], computed=[free_of_fee]))
        assert found[1:3] == ("5.00 EUR were credited.", "5.00 EUR of these credits are not booked yet.")

    def test_that_was_booked_too_much_is_said(self) -> None:
        period = months(1)[0]
        booked = Posting(
            "2025-01/orders", "orders", "2025-01", "2025-01", PostingKind.CREDIT, Amount(900, "EUR"), 1, ""
        )
        judged = ruled([MISSED]).periods[0].judgement
        found = review(
            agreement=AGREEMENT, judgements=[judged], computed=[credits_of(period, (500, 0, 0))], postings=[booked]
        )
        assert summary(found)[-2] == (
            "4.00 EUR more were booked than these verdicts credit; the next settlement takes them back."
        )


class TestTheWorst:
    def test_of_one_month_is_not_said(self) -> None:
        assert summary(ruled([MISSED])) == (
            "In January 2025 the one verdict was missed.",
            "No money depends on these verdicts.",
            NO_EVIDENCE,
        )

    def test_is_said_without_money(self) -> None:
        assert summary(ruled([MISSED], [MET]))[2] == "January 2025 was the worst month: 1 of 1 verdict missed."

    def test_is_shared_by_a_few(self) -> None:
        assert summary(ruled([MISSED], [MET], [MISSED]))[2] == (
            "January 2025 and March 2025 were the worst months, each with 1 of 1 verdict missed."
        )

    def test_is_nobody_when_too_many_are_equal(self) -> None:
        assert summary(ruled(*[[MISSED]] * 4, [MET]))[2] == (
            "No single month was the worst: 4 months had 1 of 1 verdict missed each."
        )


class TestTheTrend:
    @pytest.mark.parametrize(
        ("sentence", "missed"),
        [
            ("In the last three months no verdict was missed, against 2 in the three before.", [1, 1, 0, 0, 0, 0]),
            ("In the last three months 2 verdicts were missed, against none in the three before.", [0, 0, 0, 1, 1, 0]),
        ],
    )
    def test_is_told_in_verdicts(self, sentence: str, missed: list[int]) -> None:
        assert sentence in summary(ruled(*[[MISSED if each else MET] for each in missed]))

    def test_is_not_told_when_all_is_well(self) -> None:
        assert summary(ruled(*[[MET]] * 6)) == (
            "In 6 months all 6 verdicts were met.",
            "No money depends on these verdicts.",
            NO_EVIDENCE,
        )


class TestUndecidedVerdicts:
    def test_are_named_one_by_one_when_they_are_few(self) -> None:
        assert "Undecided: orders in January 2025." in summary(ruled([UNDECIDED], [MET]))

    def test_are_only_counted_when_they_are_many(self) -> None:
        assert summary(ruled(*[[UNDECIDED]] * 4))[2:] == (NO_EVIDENCE,)


class TestAdjustments:
    @pytest.mark.parametrize(
        ("sentence", "cents"),
        [
            ("1 adjustment adds 1.00 EUR to what was credited before.", [100]),
            ("2 adjustments together add 3.00 EUR to what was credited before.", [100, 200]),
            ("2 adjustments together take back 1.00 EUR of what was credited before.", [100, -200]),
            ("2 adjustments together leave the sum of credits as it was.", [100, -100]),
        ],
    )
    def test_are_told_with_their_sum(self, sentence: str, cents: list[int]) -> None:
        postings = [
            Posting(
                f"2024-12/orders/{n}",
                "orders",
                "2024-12",
                "2025-01",
                PostingKind.ADJUSTMENT,
                Amount(each, "EUR"),
                1,
                "",
            )
            for n, each in enumerate(cents, start=2)
        ]
        judged = ruled([MET]).periods[0].judgement
        assert sentence in summary(review(agreement=FREE, judgements=[judged], postings=postings))


class TestEvidence:
    def test_is_counted(self) -> None:
        judged = ruled([MET]).periods[0].judgement
        found = summary(review(agreement=FREE, judgements=[judged], evidence=[EvidenceCount("state", 1)]))
        assert found[-1] == "All this rests on 1 record of evidence."
