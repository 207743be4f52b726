"""Every story comes out as it is told: read, judged and settled by what the command line uses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.engine.agreement.chain import chain_of
from makegood.engine.agreement.document import Document, read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.back_to_back import back_to_back
from makegood.engine.money.closing import Account, account
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.book import Book
from makegood.vault.settling import closed_account, settle_due
from makegood.vault.vault import Vault
from tests.kept import compare
from tests.stories.explained import KEPT, Words
from tests.stories.story import Block, blocks, records

STORIES = sorted(Path(__file__).parent.glob("*.md"))
SEALED_AT = datetime(2026, 11, 22, tzinfo=UTC)


class Telling:
    """One agreement of a story with its vault and its book, as the events go by."""

    def __init__(self, block: Block, file: str, folder: Path, *, faults: Sequence[str] = ()) -> None:
        self.document: Document = read(block.text, file)
        serious = [each for each in self.document.findings if each.severity is not Severity.NOTE]
        assert [each.code for each in serious] == list(faults), list(map(str, serious))
        assert self.document.agreement is not None
        self.agreement: Agreement = self.document.agreement
        self.documents = [self.document]
        self.suppliers: list[Agreement] = []
        self.vault = Vault.create(folder / self.agreement.agreement)
        self.book = Book.open(self.vault, self.agreement.agreement)
        self.words = Words()

    def amendment(self, block: Block) -> None:
        """Go on with a later version of the agreement."""
        self.document = read(block.text)
        chain = chain_of(self.document, self.documents)
        assert chain.agreement is not None, chain.findings
        self.agreement = chain.agreement
        self.documents.append(self.document)

    def supplier(self, block: Block) -> None:
        """Add an underpinning agreement; what is loose between it and the other is part of the story."""
        document = read(block.text)
        assert document.agreement is not None, document.findings
        self.suppliers.append(document.agreement)

    def claims(self, block: Block) -> None:
        periods = [period for period in periods_of(self.agreement) if period.label <= block.argument]
        found = back_to_back(
            agreement=self.agreement, underpinning=self.suppliers, periods=periods, evidence=self.vault.evidence()
        )
        told = [
            f"{each.period.label}/{each.outcome} {claim.affiliate} {claim.attributed} {claim.own_credit} {claim.amount}"
            for each in found
            for claim in each.claims
        ]
        told += [f"{each.period.label}/{each.outcome} leaks {each.leakage}" for each in found]
        expected = [" ".join([*line.split()[:2], *re.findall(r"[\d,]+\.\d\d [A-Z]{3}", line)]) for line in block.lines]
        assert sorted(told) == sorted(expected)
        self.words.recoveries(found)

    def evidence(self, block: Block) -> None:
        with self.vault.writer(now=SEALED_AT) as writer:
            accepted = writer.append(records(block, self.agreement.term.timezone))
        assert not accepted.conflicts

    def settle(self, block: Block) -> None:
        day, _, booked = block.argument.partition(" booked ")
        closings = settle_due(
            document=self.document,
            agreement=self.agreement,
            vault=self.vault,
            book=self.book,
            due_at=datetime.fromisoformat(day).replace(tzinfo=UTC),
            now=datetime.fromisoformat(booked).replace(tzinfo=UTC) if booked else SEALED_AT,
        )
        told = []
        for line in block.lines:
            match = re.fullmatch(r"(\S+)(?:\s+in (\S+))?\s+(credit|adjustment)\s+(\S+ [A-Z]{3})", line)
            assert match is not None, line
            told.append((match[1], match[2] or match[1].split("/")[0], match[3], Amount.parse(match[4])))
        assert told == [
            (each.id, each.in_period, each.kind.value, each.amount) for closing in closings for each in closing.postings
        ]
        self.words.statements(closings)
        labels = {each.for_period for closing in closings for each in closing.postings}
        seen = closed_account(agreement=self.agreement, vault=self.vault, book=self.book)
        for judgement, credits in zip(seen.judgements, seen.credits, strict=True):
            if credits.period.label in labels:
                self.words.period(judgement, credits)

    def expect(self, block: Block) -> None:
        periods = {period.label: period for period in periods_of(self.agreement)}
        evidence = self.vault.evidence()
        seen: dict[str, Account] = {}
        for line in block.lines:
            match = re.fullmatch(
                r"(\S+)\s+(\S+)\s+(MET|MISSED|UNDECIDED)(?:\s+([\d/]+))?(?:\s+credit (\S+ [A-Z]{3}))?", line
            )
            assert match is not None, line
            if match[1] not in seen:
                seen[match[1]] = account(agreement=self.agreement, periods=_up_to(periods, match[1]), evidence=evidence)
                self.words.period(seen[match[1]].judgements[-1], seen[match[1]].credits[-1])
            verdict = seen[match[1]].judgements[-1].of(match[2])
            value = Ratio.parse(match[4]) if match[4] else None
            assert (verdict.ruling, verdict.measurement.value) == (match[3], value), "\n".join(verdict.reason.lines())
            credits = seen[match[1]].credits[-1]
            amounts = {credit.outcome: credit.amount for credit in credits.credits}
            told = Amount.parse(match[5]) if match[5] else None  # nothing depends on an outcome without a stake
            assert amounts.get(match[2]) == told, "\n".join(credits.reason.lines())


def _up_to(periods: dict[str, Period], label: str) -> list[Period]:
    """Return the periods of a term up to the one with this label, since some terms remember those before it."""
    return list(periods.values())[: [*periods].index(label) + 1]


class TestStory:
    @pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
    def test_comes_out_as_it_is_told_in_the_words_that_are_kept(self, path: Path, tmp_path: Path) -> None:
        telling: Telling | None = None
        steps = 0
        for block in blocks(path):
            if block.word == "agreement":
                telling = Telling(block, path.name, tmp_path)
                continue
            assert telling is not None
            {
                "evidence": telling.evidence,
                "amendment": telling.amendment,
                "supplier": telling.supplier,
                "settle": telling.settle,
                "expect": telling.expect,
                "claims": telling.claims,
            }[block.word](block)
            steps += block.word in ("settle", "expect", "claims")
        assert steps, "a story has to expect something"
        assert telling is not None
        compare(KEPT / f"{path.stem}.txt", telling.words.lines)


class TestStories:
    def test_are_at_least_twelve(self) -> None:
        assert len(STORIES) >= 12

    def test_are_those_whose_words_are_kept(self) -> None:
        assert {path.stem for path in STORIES} == {path.stem for path in KEPT.glob("*.txt")}
