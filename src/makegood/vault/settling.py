"""Settling with a vault: gather the evidence, ask the engine, keep the statements in the book."""

from __future__ import annotations

from datetime import datetime

from makegood.engine.agreement.document import Document
from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.closing import Account, Closing, account, close_periods
from makegood.vault.book import Book
from makegood.vault.run import Run
from makegood.vault.vault import Vault


def settle_due(
    *,
    document: Document,
    agreement: Agreement,
    vault: Vault,
    book: Book,
    due_at: datetime,
    now: datetime,
    keep: bool = True,
) -> tuple[Closing, ...]:
    """Close what is due at ``due_at``, and with ``keep`` write one run a statement into the book at ``now``.

    Periods that were closed before are always adjusted, also those that were not due yet at ``due_at``: a statement
    must follow from its snapshot and the book alone, or nobody could verify it.

    :raises VaultInUse: if another process writes to the vault; nothing was booked
    """
    evidence = vault.evidence()
    closed = book.closed
    periods = [each for each in periods_of(agreement) if each.label in closed or closes_at(agreement, each) <= due_at]
    closings = close_periods(
        agreement=agreement,
        seen=account(agreement=agreement, periods=periods, evidence=evidence),
        booked=book.postings,
        closed=closed,
        snapshot=evidence.snapshot,
    )
    if keep:
        for closing in closings:
            book.append(
                Run(
                    sequence=len(book.runs) + 1,
                    agreement=agreement.agreement,
                    digest=document.digest,
                    settled_at=now,
                    snapshot=evidence.snapshot,
                    in_period=closing.in_period,
                    closed=(closing.in_period,) if closing.closes else (),
                    postings=closing.postings,
                )
            )
    return closings


def closed_account(*, agreement: Agreement, vault: Vault, book: Book) -> Account:
    """Return verdicts and credits of the closed periods, as the evidence in the vault has them now."""
    closed = [period for period in periods_of(agreement) if period.label in book.closed]
    return account(agreement=agreement, periods=closed, evidence=vault.evidence())
