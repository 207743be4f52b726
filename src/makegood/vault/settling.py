"""Settling with a vault: gather the evidence, ask the engine, keep the statements in the book."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from makegood.engine.agreement.document import Document
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.disputes import is_dispute, late_disputes, moments_of
from makegood.engine.evidence.records import Correction
from makegood.engine.money.closing import Account, Closing, account, close_periods, due_periods
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
    evidence = known(agreement=agreement, vault=vault, book=book)
    closed = book.closed
    due = {each.label for each in due_periods(agreement, due_at)}
    periods = [each for each in periods_of(agreement) if each.label in closed or each.label in due]
    closings = close_periods(
        agreement=agreement,
        seen=account(agreement=agreement, periods=periods, evidence=evidence, standing=book.standing(now)),
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
    """Return verdicts and credits of the closed periods, as the evidence in the vault has them now.

    What was final at the last settlement stays as it was booked.
    """
    closed = [period for period in periods_of(agreement) if period.label in book.closed]
    evidence = known(agreement=agreement, vault=vault, book=book)
    return account(agreement=agreement, periods=closed, evidence=evidence, standing=book.standing())


def known(*, agreement: Agreement, vault: Vault, book: Book, until: int | None = None) -> Evidence:
    """Return the evidence that counts between the parties: that of the vault, without disputes that came too late."""
    return vault.evidence(until, without=void_disputes(agreement, vault, book.closed_at, until))


def void_disputes(
    agreement: Agreement, vault: Vault, closed_at: Mapping[str, datetime], until: int | None = None
) -> frozenset[str]:
    """Return the disputes that came too late, given when each period was closed."""
    corrections = [each for each in vault.records(until, {Correction.kind}) if isinstance(each, Correction)]
    if not any(is_dispute(agreement, each) for each in corrections):
        return frozenset()
    happened = moments_of(vault.records(until), (each.target for each in corrections))
    return late_disputes(agreement, corrections, happened, closed_at)
