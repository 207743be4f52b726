"""``makegood settle``: periods whose time has come are closed; closed ones are adjusted by differences only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli import clock
from makegood.cli.output import Json, counted, out, print_json, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, AsOf, VaultFolder, instant, workspace
from makegood.engine.agreement.schedule import closes_at, periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.money.closing import Closing
from makegood.engine.review.form import right_form
from makegood.engine.vocabulary.amount import Amount
from makegood.vault.bundle import is_bundle
from makegood.vault.settling import settle_due


def settle(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    as_of: AsOf = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be booked; book nothing.")] = False,
    json: Json = False,
) -> None:
    """Close every period whose closing time has come, and book what evidence since then has changed.

    Booked lines are never altered: what differs is booked as an adjustment in the period that is open.
    """
    if is_bundle(agreement) and not dry_run:
        raise Refusal(
            f"{agreement} is a bundle: it shows what was settled, and nothing can be booked in it",
            "Settle the agreement with its vault, or look with --dry-run.",
            Exit.USAGE,
        )
    with workspace(agreement, vault) as opened:
        terms = opened.agreement
        due_at = instant(as_of, terms.term.timezone)
        if due_at > clock.now() and not dry_run:
            raise Refusal(
                f"{as_of} lies in the future: no period is closed before its time", "Try it with --dry-run.", Exit.USAGE
            )
        closings = settle_due(
            document=opened.document,
            agreement=terms,
            vault=opened.vault,
            book=opened.book,
            due_at=due_at,
            now=clock.now(),
            keep=not dry_run,
        )
        void = opened.void_disputes()
    if json:
        statements = [closing_form(each) for each in closings]
        print_json({"booked": not dry_run, "statements": statements, "void_disputes": void})
        return
    for dispute in void:
        out.print(f"The dispute {dispute} came too late and nobody agreed to it; it does not count.", style="yellow")
    for closing in closings:
        out.print(statement_table(closing, terms.money.currency), soft_wrap=False)
        for right in closing.rights:
            out.print(f"The customer has this right now: {right.gives} ({right.reason.text})")
    if not closings:
        out.print(f"Nothing to book: every closed period stands as it was settled.{next_closing(terms, due_at)}")
    elif dry_run:
        out.print("Nothing was booked: this was a dry run.")
    else:
        out.print(f"{counted(sum(len(each.postings) for each in closings), 'line')} booked.")


def next_closing(agreement: Agreement, now: datetime) -> str:
    """Return a sentence that says when the next period closes, or nothing after the last."""
    for period in periods_of(agreement):
        closing = closes_at(agreement, period)
        if closing > now:
            return f" {period.label} closes on {closing:%Y-%m-%d at %H:%M} UTC."
    return ""


def closing_form(closing: Closing) -> dict[str, object]:
    """Return a statement as JSON-ready data."""
    return {
        "in_period": closing.in_period,
        "closes": closing.closes,
        "postings": [
            {
                "id": posting.id,
                "outcome": posting.outcome,
                "for_period": posting.for_period,
                "kind": posting.kind.value,
                "amount": str(posting.amount),
                "snapshot": posting.snapshot,
                "cause": posting.cause,
            }
            for posting in closing.postings
        ],
        "rights": [right_form(right) for right in closing.rights],
    }


def statement_table(closing: Closing, currency: str) -> Table:
    """Return one statement as a table, its sum at the end."""
    title = f"Statement of {closing.in_period}" + ("" if closing.closes else " (still open)")
    table = table_of(title, footer=True)
    total = Amount.total((posting.amount for posting in closing.postings), currency)
    owed_by_customer = total < Amount.zero(currency)
    table.add_column("line", footer="charged to the customer" if owed_by_customer else "credited to the customer")
    table.add_column("kind")
    table.add_column("amount", justify="right", footer=str(-total if owed_by_customer else total))
    table.add_column("cause")
    for posting in closing.postings:
        table.add_row(posting.id, posting.kind.value, str(posting.amount), posting.cause)
    return table
