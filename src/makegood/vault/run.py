"""Runs of settlement, as lines of a book: what was closed and booked, each line chained to the one before."""

from __future__ import annotations

import hashlib
import json
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
from makegood.vault.seal import hashed_line, read_hashed_line


@dataclass(frozen=True, slots=True)
class Run:
    """One settlement of an agreement: the periods it ``closed``, and what it booked in the statement of ``in_period``.

    ``digest`` is the one of the agreement's text, ``snapshot`` the last seal of the evidence that was judged.
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
    """A book's file: its runs, what is wrong with it, and where its last whole line ends.

    What follows ``end`` is the torn line of a settlement that was killed while it was written; it never counted.
    """

    runs: tuple[Run, ...]
    findings: tuple[Finding, ...]
    end: int
    previous: str

    @classmethod
    def read(cls, path: Path, agreement: str) -> Pages:
        """Read a book; one that was never written to is empty."""
        content = path.read_bytes() if path.exists() else b""
        end = len(content) if _is_whole(content) else content.rfind(b"\n") + 1
        runs: list[Run] = []
        findings: list[Finding] = []
        previous = ""
        for number, line in enumerate(content[:end].splitlines(keepends=True), start=1):
            try:
                runs.append(_next_run(line, number, agreement, previous))
            except (ValueError, KeyError, TypeError) as error:
                place = Place(f"{path.parent.name}/{path.name}", number, 1)
                text = f"line {number} of the book of {agreement} is not what was written: {error}"
                findings.append(codes.BOOK_DAMAGED.at(place, text))
                break  # what follows is chained to it
            previous = hashlib.sha256(line).hexdigest()
        return cls(tuple(runs), tuple(findings), end, previous)


def _next_run(line: bytes, number: int, agreement: str, previous: str) -> Run:
    """Return the run of a line, if the line follows from the one before it."""
    written = read_hashed_line(line)
    run = Run.of(written)
    if (run.sequence, run.agreement) != (number, agreement) or run.line(previous) != line:
        raise ValueError("it does not follow from the line before it")
    return run


def _is_whole(content: bytes) -> bool:
    """Tell whether the last line was written to its end; one whose very end was altered is whole, and damaged."""
    last = content[content.rfind(b"\n") + 1 :].decode(errors="replace")
    try:
        _, end = json.JSONDecoder().raw_decode(last)
    except ValueError:
        return not last
    return end < len(last)


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
