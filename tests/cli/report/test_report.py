from dataclasses import replace
from datetime import date

import pytest

from makegood.cli.report import shown, tables
from makegood.cli.report.content import Cell, Step
from makegood.cli.report.options import value_chart
from makegood.cli.report.report import report
from makegood.drawing.typesetting import typeset
from makegood.engine.agreement.measures.count import CountOf
from makegood.engine.agreement.shapes import TARGET, Unit
from makegood.engine.agreement.terms import Outcome, PeriodTerm, TermOfAgreement
from makegood.engine.judging.verdict import Judgement, Measurement, Miss, Part
from makegood.engine.review.review import Review, review
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason
from tests.cli.report.sample import ORIGIN
from tests.engine.review.sample import AGREEMENT, verdict, year

STRANDED = Outcome(
    promise="Few passengers stay on the ground.",
    measure=CountOf(of="seats", counting=("not-flown",), by="carrier"),
    target=TARGET.read("<= 60000"),
)


def texts(row: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in row]


def quarter(*, parts: tuple[Part, ...] = (), misses: tuple[Miss, ...] = ()) -> Review:
    """Return the review of one quarter with one count and no money."""
    term = TermOfAgreement(from_=date(2025, 1, 1), months=3, timezone="UTC", period=PeriodTerm(every=Every.QUARTER))
    period = periods(start=date(2025, 1, 1), end=date(2025, 4, 1), every=Every.QUARTER, zone="UTC")[0]
    measured = Measurement(Ratio(78150), Unit.NUMBER, 1, 78151, Reason("seats"), parts=parts, misses=misses)
    agreement = replace(AGREEMENT, term=term, outcomes={"stranded": STRANDED})
    judged = verdict("stranded", period, measured, target=STRANDED.target)
    return review(agreement=agreement, judgements=[Judgement("acme-erp", period, 1, (judged,))])


class TestTheReport:
    def test_begins_with_the_figures(self) -> None:
        assert [(each.name, each.value, each.below) for each in report(year(), ORIGIN).figures] == [
            ("Verdicts met", "28 of 36", "7 missed, 1 undecided"),
            ("Credited", "1,212.00 EUR", "0.51 % of the fees"),
            ("Fees", "240,000.00 EUR", "12 months"),
            ("At risk", "28,800.00 EUR", "4.21 % of it credited"),
            ("Adjustments", "-120.00 EUR", "1 line"),
            ("Evidence", "700,131", "records"),
        ]

    def test_shows_each_month_with_its_rulings_and_its_credit(self) -> None:
        overview = report(year(), ORIGIN).overview
        assert [column.text for column in overview.columns] == [
            "month", "orders", "availability", "p1-resolution", "credit (EUR)",
        ]  # fmt: skip
        assert texts(overview.rows[4]) == ["May 2025", "met", "undecided", "met", "–"]
        assert [cell.below for cell in overview.rows[4]] == ["", "99.57 %", "no value", "100.00 %", ""]
        assert texts(overview.rows[-1]) == ["all", "10 of 12 met", "9 of 12 met", "9 of 12 met", "1,212.00"]

    def test_lists_what_was_booked(self) -> None:
        settlement = tables.settlement(year())
        assert texts(settlement.rows[-2]) == [
            "2025-08/orders/2", "2025-10", "adjustment", "late evidence: 31 orders were accepted after all", "4588",
            "-120.00",
        ]  # fmt: skip
        assert texts(settlement.rows[-1])[-1] == "1,212.00"

    def test_shows_how_the_last_months_went(self) -> None:
        found = tables.trend(year())
        assert found is not None
        assert [texts(row) for row in found.rows] == [
            ["orders", "99.49 %", "99.60 %", "better"],
            ["availability", "99.82 %", "99.96 %", "better"],
            ["p1-resolution", "100.00 %", "93.94 %", "worse"],
        ]

    def test_tells_the_integers_behind_each_value(self) -> None:
        details = [verdict.detail for verdict in report(year(), ORIGIN).periods[1].verdicts]
        assert details == [
            "13,731 of 13,877",
            "1 hour 36 minutes down of 183 hours 20 minutes agreed; coverage 99.87 %",
            "5 of 6",
        ]

    def test_speaks_of_remedies_only_where_something_was_owed(self) -> None:
        found = report(year(), ORIGIN).periods
        assert [bool(each.remedies) for each in found[:3]] == [False, True, False]
        assert [each.text for each in found[1].remedies] == [
            "credit for orders", "credit for availability", "credit for p1-resolution", "order of remedies",
        ]  # fmt: skip


class TestACountWithoutMoney:
    def test_is_a_number_against_a_ceiling(self) -> None:
        found = report(quarter(), ORIGIN)
        assert found.stretch == "Q1 2025"
        assert [column.text for column in found.outcomes[0].table.columns] == ["quarter", "value", "target", "ruling"]
        assert texts(found.outcomes[0].table.rows[0]) == ["Q1 2025", "78,150", "≤ 60,000", "missed"]
        assert (found.credits, found.settlement, found.evidence, found.coverage, found.trend) == (None,) * 5

    def test_is_drawn_as_bars_from_zero(self) -> None:
        chart = value_chart(quarter().outcomes[0], narrow=False)
        assert [each["type"] for each in chart["series"]] == ["bar", "scatter"]
        assert (chart["yAxis"]["min"], chart["yAxis"]["max"], chart["yAxis"]["interval"]) == (0, 100_000, 50_000)

    def test_sums_up_parts_beyond_the_twentieth(self) -> None:
        parts = tuple(Part(f"carrier {number:02}", 0, 100 - number) for number in range(23))
        shown_parts = report(quarter(parts=parts), ORIGIN).outcomes[0].parts
        assert shown_parts is not None
        assert [texts(row) for row in shown_parts.rows[19:]] == [
            ["carrier 19", "81", "81", "–"],
            ["3 others", "237", "237", "–"],
        ]

    def test_sums_up_causes_beyond_the_tenth(self) -> None:
        misses = tuple(Miss(f"flight {number:02}", 20 - number) for number in range(12))
        found = report(quarter(misses=misses), ORIGIN).outcomes[0].causes
        assert found is not None
        assert [texts(row) for row in found.rows[9:]] == [["flight 09", "11", "1"], ["2 others", "19", "–"]]


class TestAnExplanation:
    def test_is_cut_where_nobody_reads_on_and_counts_the_rest(self) -> None:
        evidence = tuple(f"row {number}" for number in range(5))
        found = shown.steps(Reason("all", "", tuple(Reason(f"step {n}", evidence=evidence) for n in range(15))))
        assert (len(found.steps), found.more_steps) == (12, 3)
        assert found.steps[0] == Step("step 0", "", "", ("row 0", "row 1", "row 2"), 2, (), 0)

    def test_ends_at_a_depth_that_can_be_shown(self) -> None:
        reason = Reason("bottom")
        for depth in range(100):
            reason = Reason(f"step {depth}", "", (reason,))
        found, depth = shown.steps(reason), 0
        while found.steps:
            found, depth = found.steps[0], depth + 1
        assert (depth, found.more_steps) == (6, 1)

    def test_names_what_was_told_before_without_repeating_it(self) -> None:
        told = Reason("verdict", "missed", (Reason("why"),), evidence=("row",), rule="target")
        found = shown.steps(Reason("credit", "5.00 EUR", (told,)), {told})
        assert found.steps == (Step("verdict", "missed", "target", (), 0, (), 0),)


class TestAFigure:
    @pytest.mark.parametrize(
        ("number", "text"),
        [(Ratio(78150), "78,150"), (Ratio(1, 3), "0.33"), (Ratio(-1500), "-1,500")],
    )
    def test_has_its_thousands_apart(self, number: Ratio, text: str) -> None:
        assert shown.value(number, Unit.NUMBER) == text

    @pytest.mark.parametrize(
        ("written", "printed"),
        [
            ("99.9 % of 1,200.00 EUR", "99.9\u00a0% of 1,200.00\u00a0EUR"),
            ("-120.00 EUR", "\u2212120.00\u00a0EUR"),
            ("2025-08-01, p-1, 12 May", "2025-08-01, p-1, 12 May"),
            ("≥ 99 %", "≥\u00a099\u00a0%"),
            ("a\u202eb\x00", "a\ufffdb\ufffd"),
        ],
    )
    def test_is_set_as_in_print(self, written: str, printed: str) -> None:
        assert typeset({"text": [written], "number": 3}) == {"text": [printed], "number": 3}
