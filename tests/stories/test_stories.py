"""Every story comes out as it is told: read, judged and settled by what the command line uses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.judging.judge import judge
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.book import Book
from makegood.vault.settling import settle_due
from makegood.vault.vault import Vault
from tests.stories.story import Block, blocks, records

STORIES = sorted(Path(__file__).parent.glob("*.md"))
SEALED_AT = datetime(2026, 11, 22, tzinfo=UTC)


class Telling:
    """One agreement of a story with its vault and its book, as the events go by."""

    def __init__(self, block: Block, file: str, folder: Path) -> None:
        self.document: Document = read(block.text, file)
        serious = [str(each) for each in self.document.findings if each.severity is not Severity.NOTE]
        assert not serious
        assert self.document.agreement is not None
        self.agreement: Agreement = self.document.agreement
        self.vault = Vault.create(folder / self.agreement.agreement)
        self.book = Book.open(self.vault, self.agreement.agreement)

    def evidence(self, block: Block) -> None:
        with self.vault.writer(now=SEALED_AT) as writer:
            accepted = writer.append(records(block, self.agreement.term.timezone))
        assert not accepted.conflicts

    def settle(self, block: Block) -> None:
        closings = settle_due(
            document=self.document,
            agreement=self.agreement,
            vault=self.vault,
            book=self.book,
            due_at=datetime.fromisoformat(block.argument).replace(tzinfo=UTC),
            now=SEALED_AT,
        )
        told = []
        for line in block.lines:
            match = re.fullmatch(r"(\S+)(?:\s+in (\S+))?\s+(credit|adjustment)\s+(\S+ [A-Z]{3})", line)
            assert match is not None, line
            told.append((match[1], match[2] or match[1].split("/")[0], match[3], Amount.parse(match[4])))
        assert told == [
            (each.id, each.in_period, each.kind.value, each.amount) for closing in closings for each in closing.postings
        ]

    def expect(self, block: Block) -> None:
        periods = {period.label: period for period in periods_of(self.agreement)}
        evidence = self.vault.evidence()
        for line in block.lines:
            match = re.fullmatch(
                r"(\S+)\s+(\S+)\s+(MET|MISSED|UNDECIDED)(?:\s+([\d/]+))?\s+credit (\S+ [A-Z]{3})", line
            )
            assert match is not None, line
            judgement = judge(self.agreement, periods[match[1]], evidence)
            verdict = judgement.of(match[2])
            value = Ratio.parse(match[4]) if match[4] else None
            assert (verdict.ruling, verdict.measurement.value) == (match[3], value), "\n".join(verdict.reason.lines())
            credits = period_credits(self.agreement, judgement)
            amounts = {credit.outcome: credit.amount for credit in credits.credits}
            assert amounts[match[2]] == Amount.parse(match[5]), "\n".join(credits.reason.lines())


class TestStory:
    @pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
    def test_comes_out_as_it_is_told(self, path: Path, tmp_path: Path) -> None:
        telling: Telling | None = None
        steps = 0
        for block in blocks(path):
            if block.word == "agreement":
                telling = Telling(block, path.name, tmp_path)
                continue
            assert telling is not None
            {"evidence": telling.evidence, "settle": telling.settle, "expect": telling.expect}[block.word](block)
            steps += block.word in ("settle", "expect")
        assert steps, "a story has to expect something"


class TestStories:
    def test_are_at_least_twelve(self) -> None:
        assert len(STORIES) >= 12
