"""Settling with a vault: gather the evidence, ask the engine, keep the statements in the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from makegood.engine.agreement.document import Document
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.disputes import is_dispute, late_disputes, moments_of
from makegood.engine.evidence.records import Correction
from makegood.engine.judging.asked import Asked
from makegood.engine.money.closing import Account, Closing, account, close_periods, due_periods, open_period
from makegood.engine.money.credit import Right
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
    must follow from its snapshot and the book alone, or nobody could verify it. A right of the customer that arises in
    a closed period because of what came in since the last settlement is told in the first statement.

    :raises VaultInUse: if another process writes to the vault; nothing was booked
    """
    # What is booked is measured from the evidence itself, whatever was kept of an earlier measuring.
    evidence = known(agreement=agreement, vault=vault, book=book, anew=True)
    closed = book.closed
    due = {each.label for each in due_periods(agreement, due_at)}
    periods = [each for each in periods_of(agreement) if each.label in closed or each.label in due]
    seen = account(agreement=agreement, periods=periods, evidence=evidence, standing=book.standing(now))
    closings = close_periods(
        agreement=agreement, seen=seen, booked=book.postings, closed=closed, snapshot=evidence.snapshot
    )
    closings = _with_rights(closings, _arisen_since(agreement, seen, vault, book), open_period(agreement, closed))
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


def _arisen_since(agreement: Agreement, seen: Account, vault: Vault, book: Book) -> tuple[Right, ...]:
    """Return the rights that arise in closed periods now, and did not by what was known at the last settlement."""
    closed = book.closed
    rights = {key: right for key, right in _rights(seen).items() if key[0] in closed}
    if not rights:
        return ()
    periods = [each for each in periods_of(agreement) if each.label in closed]
    evidence = known(agreement=agreement, vault=vault, book=book, until=book.runs[-1].snapshot, anew=True)
    told = _rights(account(agreement=agreement, periods=periods, evidence=evidence, standing=book.standing()))
    return tuple(right for key, right in rights.items() if key not in told)


def _rights(seen: Account) -> dict[tuple[str, str, str, str], Right]:
    return {
        (each.period.label, right.gives, right.sequence, right.outcome): right
        for each in seen.credits
        for right in each.rights
    }


def _with_rights(closings: tuple[Closing, ...], arisen: tuple[Right, ...], in_period: str) -> tuple[Closing, ...]:
    """Return the statements, the first of which tells what arose in closed periods; if there is none, one is made."""
    if not arisen:
        return closings
    first, *others = closings or (Closing(in_period, closes=False, postings=()),)
    return (replace(first, rights=(*arisen, *first.rights)), *others)


def closed_account(*, agreement: Agreement, vault: Vault, book: Book) -> Account:
    """Return verdicts and credits of the closed periods, as the evidence in the vault has them now.

    What was final at the last settlement stays as it was booked.
    """
    closed = [period for period in periods_of(agreement) if period.label in book.closed]
    evidence = known(agreement=agreement, vault=vault, book=book, anew=True)
    return account(agreement=agreement, periods=closed, evidence=evidence, standing=book.standing())


def known(
    *,
    agreement: Agreement,
    vault: Vault,
    book: Book,
    until: int | None = None,
    whole: bool = False,
    anew: bool = False,
) -> Evidence:
    """Return the evidence that counts between the parties: that of the vault, without disputes that came too late.

    Of very much evidence it is what decides about this agreement, unless the ``whole`` of it is wanted; it is measured
    as by ``Vault.evidence``.
    """
    void = void_disputes(agreement, vault, book.closed_at, until)
    return vault.evidence(until, without=void, asked=None if whole else Asked.of(agreement), anew=anew)


def void_disputes(
    agreement: Agreement, vault: Vault, closed_at: Mapping[str, datetime], until: int | None = None
) -> frozenset[str]:
    """Return the disputes that came too late, given when each period was closed."""
    corrections = [each for each in vault.records(until, {Correction.kind}) if isinstance(each, Correction)]
    if not any(is_dispute(agreement, each) for each in corrections):
        return frozenset()
    happened = moments_of(vault.records(until), (each.target for each in corrections))
    return late_disputes(agreement, corrections, happened, closed_at)
