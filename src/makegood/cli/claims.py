"""``makegood claims``: what suppliers owe for what the customer was credited, and what leaks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from makegood.cli.output import Json, out, print_findings, print_json, table_of
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import (
    DEFAULT_VAULT,
    AgreementFile,
    AsOf,
    VaultFolder,
    Workspace,
    instant,
    readable_chain,
    workspace,
)
from makegood.engine.agreement.terms import Agreement
from makegood.engine.agreement.underpinning_checks import underpinning_findings
from makegood.engine.money.back_to_back import Claim, Recovery, back_to_back
from makegood.engine.money.closing import due_periods
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.finding import Severity
from makegood.engine.vocabulary.times import show_instant


def claims(
    agreement: AgreementFile,
    underpinning: Annotated[
        list[Path], typer.Argument(metavar="UNDERPINNING...", help="The agreements with suppliers, of every tier.")
    ],
    vault: VaultFolder = DEFAULT_VAULT,
    as_of: AsOf = "",
    json: Json = False,
) -> None:
    """Work out what can be claimed from suppliers for each credit of the customer, until when, and what leaks."""
    with workspace(agreement, vault) as opened:
        now = instant(as_of, opened.agreement.term.timezone)
        found = back_to_back(
            agreement=opened.agreement,
            underpinning=_fitting(opened, underpinning, quiet=json),
            periods=due_periods(opened.agreement, now),
            evidence=opened.evidence(whole=True),  # the suppliers' agreements ask for other parts of it
            standing=opened.book.standing(now),
        )
    if json:
        print_json({"recoveries": [_form(each) for each in found]})
        return
    if not found:
        out.print("Nothing to claim: no period that may be closed has a credit.")
        return
    out.print(_table(opened.agreement, found), soft_wrap=False)
    currency = opened.agreement.money.currency
    credit = Amount.total((each.credit for each in found), currency)
    recovered = Amount.total((each.recovered for each in found), currency)
    out.print(f"Of {credit} credited, {recovered} can be claimed; {credit - recovered} stays with the provider.")
    late = [each for recovery in found for each in recovery.claims if each.deadline and each.deadline < now]
    if late:
        out.print(f"Deadlines that have passed: {len(late)}.", style="yellow")


def _fitting(opened: Workspace, files: list[Path], *, quiet: bool) -> list[Agreement]:
    """Return the agreements with suppliers, if they can stand behind the one that was sold.

    :raises Refusal: if they contradict it
    """
    chains = [readable_chain(file) for file in files]
    findings = underpinning_findings(opened.document, [chain.documents[-1] for chain, _ in chains])
    errors = [each for each in findings if each.severity is Severity.ERROR]
    if errors:
        raise Refusal("these agreements cannot stand back to back", "Mend the places above.", Exit.FINDINGS, findings)
    if not quiet:
        print_findings(findings)
    return [terms for _, terms in chains]


def _table(agreement: Agreement, found: tuple[Recovery, ...]) -> Table:
    table = table_of(f"Claims for {agreement.title}")
    for name, side in (
        *(("period", "left"), ("outcome", "left"), ("customer credit", "right"), ("attributed to", "left")),
        *(("claim on", "left"), ("own credit", "right"), ("claim", "right"), ("by", "left"), ("leaks", "right")),
    ):
        table.add_column(name, justify=side)  # type: ignore[arg-type]  # rich takes a Literal
    for each in found:
        attributed = ", ".join(f"{party} {amount}" for party, amount in each.attributed.items() if amount)
        rows = [_row(claim) for claim in each.claims] or [("nobody", "", "", "")]
        table.add_row(each.period.label, each.outcome, str(each.credit), attributed, *rows[0], str(each.leakage))
        for row in rows[1:]:
            table.add_row("", "", "", "", *row, "")
    return table


def _row(claim: Claim) -> tuple[str, str, str, str]:
    who = f"{'↳ ' * (claim.tier - 1)}{claim.affiliate} ({claim.agreement})"
    by = f"{claim.deadline:%Y-%m-%d %H:%M} UTC" if claim.deadline is not None else "no period of its own"
    return who, str(claim.own_credit), str(claim.amount), by


def _form(recovery: Recovery) -> dict[str, object]:
    return {
        "period": recovery.period.label,
        "outcome": recovery.outcome,
        "customer_credit": str(recovery.credit),
        "attributed": {party: str(amount) for party, amount in recovery.attributed.items()},
        "claims": [
            {
                "tier": each.tier,
                "affiliate": each.affiliate,
                "agreement": each.agreement,
                "outcome": each.own_outcome,
                "attributed": str(each.attributed),
                "own_credit": str(each.own_credit),
                "claim": str(each.amount),
                "deadline": show_instant(each.deadline) if each.deadline is not None else None,
            }
            for each in recovery.claims
        ],
        "recovered": str(recovery.recovered),
        "leakage": str(recovery.leakage),
    }
