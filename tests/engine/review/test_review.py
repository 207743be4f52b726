from dataclasses import replace

import pytest

from makegood.engine.agreement.shapes import Unit
from makegood.engine.judging.verdict import Judgement, Part, Reading, Ruling
from makegood.engine.review.figures import Rulings
from makegood.engine.review.review import review
from makegood.engine.review.series import ReadingsUsed
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from tests.engine.review.sample import (
    AGREEMENT,
    NOTHING,
    READINGS,
    YEAR,
    credits_of,
    judgement,
    months,
    orders,
    posted,
    year,
)

JANUARY, FEBRUARY = months(2)


def euros(text: str) -> Amount:
    return Amount.parse(text, "EUR")


class TestTheReviewOfAYear:
    def test_counts_verdicts(self) -> None:
        assert year().rulings == Rulings(met=28, missed=7, undecided=1)
        assert [each.rulings for each in year().outcomes] == [Rulings(10, 2, 0), Rulings(9, 2, 1), Rulings(9, 3, 0)]

    def test_adds_up_money(self) -> None:
        found = year()
        assert (found.fees, found.at_risk, found.credited) == (euros("240000"), euros("28800"), euros("1212"))
        assert found.credited_share == Ratio(1212, 240000)
        assert [each.credited for each in found.outcomes] == [euros("600"), euros("252"), euros("360")]

    def test_names_the_worst_month(self) -> None:
        assert [each.label for each in year().worst] == ["2025-02"]

    def test_names_all_worst_months_when_they_are_equal(self) -> None:
        assert [each.label for each in year(24).worst] == ["2025-02", "2026-02"]

    def test_has_a_point_for_each_month(self) -> None:
        orders_of_february = year().outcomes[0].points[1]
        assert orders_of_february.period.label == "2025-02"
        assert orders_of_february.value == Ratio(13731, 13877)
        assert orders_of_february.ruling is Ruling.MISSED
        assert str(orders_of_february.target) == ">= 99.5 %"
        assert orders_of_february.credit == euros("300")

    def test_adds_up_parts_the_worst_first(self) -> None:
        found = year().outcomes[0].parts
        assert [(part.label, part.total - part.good) for part in found] == [
            ("web", 502),
            ("EDI", 239),
            ("telephone", 64),
        ]
        assert sum(part.total for part in found) == sum(row[1] for row in YEAR)
        assert year().outcomes[1].parts == ()

    def test_knows_the_lowest_coverage(self) -> None:
        assert [each.lowest_coverage for each in year().outcomes] == [None, Ratio(912, 1000), None]

    def test_knows_what_is_booked(self) -> None:
        assert year().unbooked == NOTHING
        assert [posting.id for posting in year().adjustments] == ["2025-08/orders/2"]

    def test_knows_the_unit_of_each_outcome(self) -> None:
        assert {each.unit for each in year().outcomes} == {Unit.SHARE}

    def test_tells_readings_apart_that_changed(self) -> None:
        other = (Reading("measure.good", "accepted, corrected", written=True),)
        first, second = (orders(period, (0, 0, 0), 10) for period in (JANUARY, FEBRUARY))
        verdicts = (first, replace(second, readings=other))
        found = review(
            agreement=AGREEMENT,
            judgements=[Judgement("acme-erp", each.period, 1, (each,)) for each in verdicts],
        )
        assert found.outcomes[0].readings == (
            ReadingsUsed(READINGS["orders"], ("2025-01",)),
            ReadingsUsed(other, ("2025-02",)),
        )


class TestAReview:
    def test_of_nothing_is_empty(self) -> None:
        found = review(agreement=AGREEMENT, judgements=[])
        assert (found.periods, found.outcomes, found.worst, found.trend) == ((), (), (), None)
        assert (found.rulings.total, found.credited, found.credited_share) == (0, NOTHING, None)

    def test_without_money_has_no_fee_and_no_credit(self) -> None:
        plain = replace(
            AGREEMENT, outcomes={name: replace(terms, stake=None) for name, terms in AGREEMENT.outcomes.items()}
        )
        found = review(agreement=plain, judgements=[judgement(FEBRUARY, YEAR[1])])
        assert (found.has_money, found.fees, found.at_risk, found.credited) == (False, NOTHING, NOTHING, NOTHING)

    def test_puts_periods_in_order_of_time(self) -> None:
        found = review(agreement=AGREEMENT, judgements=[judgement(FEBRUARY, YEAR[1]), judgement(JANUARY, YEAR[0])])
        assert [each.label for each in found.periods] == ["2025-01", "2025-02"]

    def test_leaves_out_an_outcome_that_was_never_judged(self) -> None:
        found = review(
            agreement=AGREEMENT, judgements=[Judgement("acme-erp", JANUARY, 1, (orders(JANUARY, (0, 0, 0), 10),))]
        )
        assert [each.outcome for each in found.outcomes] == ["orders"]
        assert found.outcomes[0].parts == (Part("EDI", 3, 3), Part("telephone", 1, 1), Part("web", 6, 6))

    def test_counts_only_bookings_for_its_own_periods(self) -> None:
        computed = [credits_of(period, row[4]) for period, row in zip(months(), YEAR, strict=True)]
        found = review(
            agreement=AGREEMENT,
            judgements=[judgement(FEBRUARY, YEAR[1])],
            computed=[computed[1]],
            postings=posted(computed)[1:],
        )
        assert found.unbooked == euros("300")

    @pytest.mark.parametrize(
        ("_case", "judged", "credited", "sentence"),
        [
            ("judged twice", [JANUARY, JANUARY], [], "a period is in the review twice"),
            ("credited twice", [JANUARY], [JANUARY, JANUARY], "a period is in the review twice"),
            ("credits without judgement", [JANUARY], [FEBRUARY], "credits of 2025-02 have no judgement"),
        ],
    )
    def test_refuses_what_does_not_belong_together(
        self, _case: str, judged: list[Period], credited: list[Period], sentence: str
    ) -> None:
        with pytest.raises(ValueError, match=f"^{sentence}$"):
            review(
                agreement=AGREEMENT,
                judgements=[judgement(period, YEAR[0]) for period in judged],
                computed=[credits_of(period, (0, 0, 0)) for period in credited],
            )

    def test_refuses_a_verdict_that_nobody_promised(self) -> None:
        stray = replace(orders(JANUARY, (0, 0, 0), 10), outcome="coffee")
        with pytest.raises(ValueError, match=r"^acme-erp does not promise coffee$"):
            review(agreement=AGREEMENT, judgements=[Judgement("acme-erp", JANUARY, 1, (stray,))])
