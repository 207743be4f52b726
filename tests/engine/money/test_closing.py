"""Closing: which statements are booked, when, and where what changes afterwards is booked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Tally
from makegood.engine.judging.verdict import Ruling
from makegood.engine.money.closing import Account, Closing, account, close_periods, due_periods, open_period
from makegood.engine.money.finality import Standing
from makegood.engine.money.settlement import Posting
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import parse_instant
from tests.engine.money.scene import agreement, judged, outcome
from tests.engine.money.sequences.scene import course

TIERS = "{of: 100.00 EUR, tiers: [{below: 99%, credit: 100%}]}"
QUARTER = agreement(
    outcome("backup", ">= 99%", TIERS),
    term="{from: 2025-01-01, months: 3, timezone: UTC}",
    more=(
        "closing: {after: 10 days}\n"
        "sequences: {exit: {kind: chronic, missed: 2 consecutive, gives: termination right}}\n"
    ),
)
LABELS = ["2025-01", "2025-02", "2025-03"]


def seen(*values: str) -> Account:
    """Return what a snapshot shows, given the share of backups that were done in each month so far."""
    judgements = tuple(judged(QUARTER, number, backup=value) for number, value in enumerate(values))
    return Account(judgements, course(QUARTER, backup=values))


def closed(shown: Account, *labels: str, booked: tuple[Posting, ...] = (), snapshot: int = 1) -> tuple[Closing, ...]:
    return close_periods(agreement=QUARTER, seen=shown, booked=booked, closed=labels, snapshot=snapshot)


def lines(closings: tuple[Closing, ...]) -> list[tuple[str, bool, list[tuple[str, str, str, int]]]]:
    """Return of each statement its period, whether it closes it, and what it books."""
    return [
        (
            each.in_period,
            each.closes,
            [(line.id, line.in_period, line.amount.plain, line.snapshot) for line in each.postings],
        )
        for each in closings
    ]


class TestAPeriod:
    @pytest.mark.parametrize(
        ("_case", "now", "expected"),
        [
            ("before the first has ended", "2025-01-31T23:59:59Z", 0),
            ("a second before its closing", "2025-02-10T23:59:59Z", 0),
            ("exactly at its closing", "2025-02-11T00:00:00Z", 1),
            ("when all have closed", "2026-01-01T00:00:00Z", 3),
        ],
    )
    def test_is_due_from_its_closing_on(self, _case: str, now: str, expected: int) -> None:
        assert [each.label for each in due_periods(QUARTER, parse_instant(now))] == LABELS[:expected]

    @pytest.mark.parametrize(
        ("labels", "expected"),
        [([], "2025-01"), (LABELS[:1], "2025-02"), (LABELS[1:], "2025-01"), (LABELS, "after the term")],
    )
    def test_that_is_the_first_not_closed_is_the_open_one(self, labels: list[str], expected: str) -> None:
        assert open_period(QUARTER, labels) == expected


class TestAnAccount:
    BAD = Evidence.of(
        [
            Tally(
                source="t",
                source_id=result,
                subject="",
                of="backups",
                result=result,
                count=count,
                start=parse_instant("2025-01-10T00:00:00Z"),
                end=parse_instant("2025-01-11T00:00:00Z"),
            )
            for result, count in (("done", 9), ("failed", 1))
        ]
    )

    def credits(self, standing: Standing) -> list[tuple[str, str]]:
        found = account(agreement=QUARTER, periods=periods_of(QUARTER)[:2], evidence=self.BAD, standing=standing)
        assert [each.of("backup").ruling for each in found.judgements] == [Ruling.MISSED, Ruling.UNDECIDED]
        return [(each.period.label, each.total.plain) for each in found.credits]

    def test_is_of_the_verdicts_of_each_period(self) -> None:
        assert self.credits(Standing()) == [("2025-01", "100.00"), ("2025-02", "0.00")]

    def test_leaves_what_is_final_as_it_was_booked(self) -> None:
        (first,) = closed(seen("98%"))
        dearer = tuple(replace(line, amount=line.amount.times(Ratio(2))) for line in first.postings)
        closed_at, later = map(parse_instant, ("2025-02-11T00:00:00Z", "2025-06-01T00:00:00Z"))
        standing = Standing(dearer, {"2025-01": closed_at}, later)
        assert self.credits(standing) == [("2025-01", "200.00"), ("2025-02", "0.00")]


class TestClosing:
    def test_books_each_period_in_a_statement_of_its_own(self) -> None:
        found = closed(seen("98%", "99%", "98%"), snapshot=7)
        assert lines(found) == [
            ("2025-01", True, [("2025-01/backup", "2025-01", "100.00", 7)]),
            ("2025-02", True, [("2025-02/backup", "2025-02", "0.00", 7)]),
            ("2025-03", True, [("2025-03/backup", "2025-03", "100.00", 7)]),
        ]

    def test_tells_the_rights_that_arose_in_the_period_that_closes(self) -> None:
        found = closed(seen("98%", "98%", "98%"))
        assert [[right.gives for right in each.rights] for each in found] == [[], ["termination right"], []]

    def test_adjusts_earlier_periods_in_the_first_statement_that_is_open(self) -> None:
        (first,) = closed(seen("99%"))
        found = closed(seen("98%", "98%", "99%"), "2025-01", booked=first.postings, snapshot=2)
        assert lines(found) == [
            (
                "2025-02",
                True,
                [("2025-01/backup/2", "2025-02", "100.00", 2), ("2025-02/backup", "2025-02", "100.00", 2)],
            ),
            ("2025-03", True, [("2025-03/backup", "2025-03", "0.00", 2)]),
        ]

    def test_adjusts_in_the_open_period_when_none_closes(self) -> None:
        (first,) = closed(seen("99%"))
        found = closed(seen("98%"), "2025-01", booked=first.postings, snapshot=2)
        assert lines(found) == [("2025-02", False, [("2025-01/backup/2", "2025-02", "100.00", 2)])]
        assert found[0].rights == ()

    def test_adjusts_after_the_term_when_all_have_closed(self) -> None:
        statements = closed(seen("98%", "99%", "99%"))
        booked = tuple(line for each in statements for line in each.postings)
        found = closed(seen("99%", "99%", "98%"), *LABELS, booked=booked, snapshot=2)
        assert lines(found) == [
            (
                "after the term",
                False,
                [
                    ("2025-01/backup/2", "after the term", "-100.00", 2),
                    ("2025-03/backup/2", "after the term", "100.00", 2),
                ],
            )
        ]

    def test_of_nothing_new_is_no_statement(self) -> None:
        (first,) = closed(seen("98%"))
        assert closed(seen("98%"), "2025-01", booked=first.postings, snapshot=2) == ()
