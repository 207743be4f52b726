"""Money by terms that are no outcome, and rights: the tables add up, and leave nothing out."""

from __future__ import annotations

import pytest

from makegood.cli.report import tables
from makegood.cli.report.content import Table
from makegood.cli.report.report import report
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.account import account_credits
from makegood.engine.review.review import Review, review
from makegood.engine.review.summary import summary
from tests.cli.report.sample import ORIGIN
from tests.engine.money.scene import agreement, judged, outcome

TERM = "{from: 2025-03-01, months: 3, timezone: Europe/Berlin}"
PLAIN = agreement(outcome("backup", ">= 98%", "{of: 1% of monthly_fee}"), term=TERM)
REMEMBERING = agreement(
    outcome("backup", ">= 98%", "{of: 1% of monthly_fee}"),
    term=TERM,
    more="""\
    sequences:
      back: {kind: earn_back, steps: [{after: 1, returns: 50%}]}
      twice: {kind: chronic, missed: 2 consecutive, gives: termination right}
    """,
)

EARNING = agreement(
    outcome("backup", ">= 98%", "{of: 1% of monthly_fee}", "bonus: {tiers: [{at_least: 100%, pays: 1%}]}"), term=TERM
)


def of(terms: Agreement, *values: str) -> Review:
    judgements = [judged(terms, number, backup=value) for number, value in enumerate(values)]
    return review(agreement=terms, judgements=judgements, computed=account_credits(terms, judgements))


def words(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


class TestOtherTerms:
    def test_have_a_column_of_their_own_so_that_rows_add_up(self) -> None:
        table = tables.credits(of(REMEMBERING, "90/100", "99/100"))
        assert [column.text for column in table.columns][-3:] == ["backup", "other terms", "credited"]
        assert [row[-3:] for row in words(table)] == [
            ["200.00", "–", "200.00"],
            ["–", "-100.00", "-100.00"],
            ["200.00", "-100.00", "100.00"],
        ]

    def test_have_none_where_there_are_none(self) -> None:
        assert "other terms" not in [column.text for column in tables.credits(of(PLAIN, "90/100")).columns]

    @pytest.mark.parametrize(
        ("values", "sentences"),
        [
            (
                ("90/100", "99/100"),
                [
                    "Missed outcomes come to 200.00 EUR, other terms to -100.00 EUR.",
                    "100.00 EUR were credited, 0.25 % of fees of 40,000.00 EUR.",
                ],
            ),
            (
                ("100/100", "99/100"),
                [
                    "Missed outcomes come to 0.00 EUR, other terms to -200.00 EUR.",
                    "200.00 EUR were charged, 0.50 % of fees of 40,000.00 EUR.",
                ],
            ),
            (
                ("90/100", "100/100"),
                [
                    "Missed outcomes come to 200.00 EUR, other terms to -200.00 EUR.",
                    "Nothing is left to pay on fees of 40,000.00 EUR.",
                ],
            ),
        ],
    )
    def test_are_told_apart_in_the_summary(self, values: tuple[str, ...], sentences: list[str]) -> None:
        told = summary(of(EARNING if "100/100" in values else REMEMBERING, *values))
        assert [each for each in told if "EUR" in each][:2] == sentences


class TestAPeriodThatCharges:
    def test_says_so_instead_of_crediting_less_than_nothing(self) -> None:
        made = report(of(EARNING, "100/100"), ORIGIN)
        assert [(each.name, each.value) for each in made.figures][1] == ("Charged", "200.00 EUR")
        assert made.credits_chart is None
        assert made.periods[0].line == "1 met; 200.00 EUR charged"


class TestRights:
    def test_are_listed_with_their_reason(self) -> None:
        table = tables.rights(of(REMEMBERING, "90/100", "91/100"))
        assert table is not None
        assert [row[1] for row in words(table)] == ["termination right"]
        assert "2 consecutive" in words(table)[0][2]

    def test_are_no_table_if_none_arose(self) -> None:
        assert tables.rights(of(PLAIN, "90/100", "91/100")) is None
