"""Versions, disputes and finality in a book, and what verification makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.records import AnyRecord, Correction, State, Status
from makegood.vault.book import Book
from makegood.vault.bundle import write_bundle
from makegood.vault.settling import closed_account, settle_due
from makegood.vault.vault import Vault
from makegood.vault.verification import Verification, verify

FIRST = """\
makegood: agreement/1
agreement: line
title: A line
parties: {provider: till-care, customer: bakery}
term: {from: 2025-01-01, months: 12, timezone: UTC}
money: {currency: EUR}
services: {line: {title: The line, fee: {monthly: 1000.00}, critical: true}}
outcomes:
  uptime:
    promise: The line is up.
    measure: {kind: availability, of: line}
    target: ">= 99.9%"
    stake: {of: 100% of service_fee, tiers: [{below: 99.9%, credit: 10%}]}
"""


def at(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2025, month, day, hour, tzinfo=UTC)


def amended(text: str, effective: str, *, version: int = 2, more: str = "") -> str:
    head = f"amendment: {{version: {version}, effective: {effective}, amends: {read(text).digest}{more}}}\n"
    return head + text.replace("credit: 10%", f"credit: {version}0%")


@dataclass
class Story:
    """A vault, its book, and the texts of an agreement as time goes by."""

    folder: Path
    vault: Vault
    book: Book

    @classmethod
    def begun(cls, folder: Path) -> Story:
        vault = Vault.create(folder / "vault")
        story = cls(folder, vault, Book.open(vault, "line"))
        story.told(at(1, 1), state("1", Status.UP, at(1, 1)), state("2", Status.DOWN, at(1, 15, 8), at(1, 15, 12)))
        return story

    def told(self, now: datetime, *records: AnyRecord) -> None:
        with self.vault.writer(now=now) as writer:
            writer.append(list(records))

    def settled(self, now: datetime, *texts: str) -> list[tuple[str, str]]:
        """Settle what is due by the newest of these texts, and return the lines that were booked."""
        document, agreement = chained(*texts)
        closings = settle_due(
            document=document, agreement=agreement, vault=self.vault, book=self.book, due_at=now, now=now
        )
        return [(posting.id, str(posting.amount)) for each in closings for posting in each.postings]

    def verified(self, *texts: str, earlier: tuple[str, ...] | None = None) -> Verification:
        document, agreement = chained(*texts)
        path = self.folder / "line.bundle"
        write_bundle(
            path,
            document=document,
            agreement=agreement,
            vault=self.vault,
            book=self.book,
            seen=closed_account(agreement=agreement, vault=self.vault, book=self.book),
            earlier=[read(text) for text in (texts[:-1] if earlier is None else earlier)],
        )
        return verify(path)


def chained(*texts: str) -> tuple[Document, Agreement]:
    document = read(texts[-1])
    agreement = chain_of(document, [read(text) for text in texts[:-1]]).agreement
    assert agreement is not None
    return document, agreement


def state(number: str, status: Status, start: datetime, end: datetime | None = None) -> State:
    return State(source="probe", source_id=number, subject="line", status=status, start=start, end=end)


def correction(number: str, corrects: str, by: str = "") -> Correction:
    return Correction(source="desk", source_id=number, of="probe", corrects=corrects, reason="It was not so.", by=by)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story.begun(tmp_path)


SECOND = amended(FIRST, "2025-02-15")


class TestAnAmendedAgreement:
    def test_is_settled_and_verified_by_the_text_of_each_time(self, story: Story) -> None:
        assert story.settled(at(2, 10), FIRST) == [("2025-01/uptime", "100.00 EUR")]
        story.told(at(3, 1), state("3", Status.DOWN, at(2, 20), at(2, 21)))
        assert story.settled(at(3, 10), FIRST, SECOND) == [
            *(("2025-02.v1/uptime", "0.00 EUR"), ("2025-02.v2/uptime", "100.00 EUR")),
        ]
        found = story.verified(FIRST, SECOND)
        assert [each.found for each in found.checks if not each.holds] == []

    def test_is_not_verified_with_a_text_that_is_none_of_its_versions(self, story: Story) -> None:
        story.settled(at(2, 10), FIRST)
        found = story.verified(FIRST, SECOND, earlier=(FIRST, FIRST + "# something else\n"))
        assert found.checks[-1].found == "it holds a text in versions that is no version of the agreement"

    def test_is_not_verified_without_its_earlier_text(self, story: Story) -> None:
        story.settled(at(2, 10), FIRST)
        found = story.verified(FIRST, SECOND, earlier=())
        assert "MG710" in found.checks[-1].found

    def test_is_not_verified_if_it_went_back_to_an_earlier_text(self, story: Story) -> None:
        story.settled(at(3, 10), FIRST, amended(FIRST, "2025-11-01"))
        story.settled(at(4, 10), FIRST)
        found = story.verified(FIRST, amended(FIRST, "2025-11-01"))
        assert found.checks[-1].found == "2025-03: it was settled by an earlier text than the statement before it"

    def test_is_not_verified_if_it_reached_back_without_leave(self, story: Story) -> None:
        back = amended(FIRST, "2025-02-01")
        story.settled(at(3, 10), FIRST)
        story.settled(at(4, 10), FIRST, back)
        found = story.verified(FIRST, back).checks[-1].found
        assert found == "2025-03: 2025-02 was closed under version 1, and version 2 would govern it"

    def test_restates_what_was_closed_if_that_was_agreed(self, story: Story) -> None:
        story.told(at(2, 27), state("3", Status.DOWN, at(2, 20), at(2, 21)))
        assert story.settled(at(3, 10), FIRST)[-1] == ("2025-02/uptime", "100.00 EUR")
        back = amended(FIRST, "2025-02-01", more=", retroactive: true")
        assert story.settled(at(3, 11), FIRST, back) == [("2025-02/uptime/2", "100.00 EUR")]
        assert story.verified(FIRST, back).holds

    def test_closes_no_period_before_the_one_before_it(self, story: Story) -> None:
        slow = FIRST.replace("money:", "closing: {after: 60 days}\nmoney:")
        quick = amended(slow, "2025-03-01").replace("{after: 60 days}", "{after: 1h}")
        lines = story.settled(at(4, 10), slow, quick)
        assert lines == [("2025-01/uptime", "100.00 EUR")]
        story.settled(at(4, 30), slow, quick)
        assert story.book.closed == ("2025-01", "2025-02", "2025-03")
        assert story.verified(slow, quick).holds


class TestADispute:
    def test_that_came_in_time_is_settled_and_verified(self, story: Story) -> None:
        story.settled(at(2, 10), FIRST)
        story.told(at(3, 12), correction("1", "2", by="till-care"))
        assert story.settled(at(3, 12), FIRST)[0] == ("2025-01/uptime/2", "-100.00 EUR")
        assert story.verified(FIRST).holds

    def test_that_came_too_late_changes_nothing(self, story: Story) -> None:
        story.settled(at(2, 10), FIRST)
        story.told(at(3, 13), correction("1", "2", by="till-care"))
        assert story.settled(at(3, 13), FIRST) == [("2025-02/uptime", "0.00 EUR")]
        assert story.verified(FIRST).holds


class TestFinality:
    @pytest.mark.parametrize(
        ("final", "line"),
        [("customer", None), ("both", None), ("nobody", ("2025-01/uptime/2", "-100.00 EUR"))],
    )
    def test_keeps_what_the_customer_has(self, final: str, line: tuple[str, str] | None, story: Story) -> None:
        text = FIRST + f"closing: {{final: {{for: {final}}}}}\n"
        story.settled(at(2, 10), text)
        story.settled(at(3, 10), text)
        story.told(at(3, 20), correction("1", "2"))
        assert story.settled(at(3, 20), text) == ([line] if line else [])
        assert story.verified(text).holds

    @pytest.mark.parametrize(("final", "lines"), [("customer", [("2025-02/uptime/2", "100.00 EUR")]), ("both", [])])
    def test_still_gives_more(self, final: str, lines: list[tuple[str, str]], story: Story) -> None:
        text = FIRST + f"closing: {{final: {{for: {final}}}}}\n"
        story.settled(at(3, 10), text)
        story.told(at(3, 20), state("3", Status.DOWN, at(2, 20), at(2, 21)))
        assert story.settled(at(4, 10), text) == [*lines, ("2025-03/uptime", "0.00 EUR")]
        assert story.verified(text).holds

    def test_lets_a_cap_count_what_stays(self, story: Story) -> None:
        """January keeps its 100.00 EUR, so that a cap of 150.00 EUR a year leaves 50.00 EUR to February."""
        text = FIRST + "caps: [{per: 12 months, at: 150.00 EUR}]\n"
        story.settled(at(2, 10), text)
        story.told(at(3, 20), correction("1", "2"), state("3", Status.DOWN, at(2, 20), at(2, 21)))
        assert story.settled(at(3, 20), text) == [("2025-02/uptime", "50.00 EUR")]
        assert story.verified(text).holds


class TestAClosedPeriodOfWhichEvidenceWasRemoved:
    def test_stays_as_it_was_booked(self, story: Story) -> None:
        (booked,) = story.settled(at(2, 10), FIRST)
        story.vault.seal(now=at(2, 10))
        gone = story.vault.retain(before=at(2, 1).date(), kinds={"state"}, reason="kept for a month", now=at(2, 11))
        assert [each.part for each in gone] == ["2025-01"]
        assert story.settled(at(2, 12), FIRST) == []
        _, agreement = chained(FIRST)
        (credits,) = closed_account(agreement=agreement, vault=story.vault, book=story.book).credits
        assert str(credits.total) == booked[1]
        assert "evidence of the period was removed" in str(list(credits.reason.lines()))
