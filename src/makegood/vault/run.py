"""Runs of settlement, as lines of a book: what was closed and booked, each line chained to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from makegood.engine.money.settlement import Posting, PostingKind
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Finding, Place
from makegood.engine.vocabulary.times import parse_instant, show_instant
from makegood.vault import codes
from makegood.vault.lines import Lines, hashed_line


@dataclass(frozen=True, slots=True)
class Run:
    """One settlement of an agreement: the periods it ``closed``, and what it booked in the statement of ``in_period``.

    ``digest`` is the one of the agreement's text, ``snapshot`` the last entry of the evidence that was judged.
    """

    sequence: int
    agreement: str
    digest: str
    settled_at: datetime
    snapshot: int
    in_period: str
    closed: tuple[str, ...]
    postings: tuple[Posting, ...]

    def line(self, previous: str) -> bytes:
        """Return the run as a line of the book, with the SHA-256 of the line before, empty for the first."""
        return hashed_line(
            {
                "sequence": self.sequence,
                "agreement": self.agreement,
                "digest": self.digest,
                "settled_at": show_instant(self.settled_at),
                "snapshot": self.snapshot,
                "in_period": self.in_period,
                "closed": self.closed,
                "postings": [posting_json(posting) for posting in self.postings],
                "previous": previous,
            }
        )

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Run:
        """Return the run that a line says."""
        return cls(
            sequence=written["sequence"],
            agreement=written["agreement"],
            digest=written["digest"],
            settled_at=parse_instant(written["settled_at"]),
            snapshot=written["snapshot"],
            in_period=written["in_period"],
            closed=tuple(written["closed"]),
            postings=tuple(posting_of(entry) for entry in written["postings"]),
        )


@dataclass(frozen=True, slots=True)
class Pages:
    """A book's file: its runs, what is wrong with it, and where its last whole line ends."""

    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    end: int
    previous: str

    @classmethod
    def read(cls, path: Path, agreement: str) -> Pages:
        """Read a book; one that was never written to is empty."""

        def run_of(written: Mapping[str, Any], number: int) -> Run:
            run = Run.of(written)
            if (run.sequence, run.agreement) != (number, agreement):
                raise ValueError("it does not follow from the line before it")
            return run

        lines = Lines.read(path, run_of)
        findings: tuple[Finding, ...] = ()
        if lines.trouble:
            number = len(lines.found) + 1
            text = f"line {number} of the book of {agreement} is not what was written: {lines.trouble}"
            findings = (codes.BOOK_DAMAGED.at(Place(f"{path.parent.name}/{path.name}", number, 1), text),)
        return cls(lines.found, findings, lines.end, lines.previous)


def posting_json(posting: Posting) -> dict[str, object]:
    """Return a posting as plain values under the names of its fields."""
    return {
        "id": posting.id,
        "outcome": posting.outcome,
        "for_period": posting.for_period,
        "in_period": posting.in_period,
        "kind": posting.kind.value,
        "amount": {"minor": posting.amount.minor, "currency": posting.amount.currency},
        "snapshot": posting.snapshot,
        "cause": posting.cause,
    }


def posting_of(written: Mapping[str, Any]) -> Posting:
    """Return the posting that plain values say."""
    return Posting(
        id=written["id"],
        outcome=written["outcome"],
        for_period=written["for_period"],
        in_period=written["in_period"],
        kind=PostingKind(written["kind"]),
        amount=Amount(written["amount"]["minor"], written["amount"]["currency"]),
        snapshot=written["snapshot"],
        cause=written["cause"],
    )
