"""``makegood report``: one page and one PDF that both sides like to read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.output import Json, out, print_json
from makegood.cli.refusal import Refusal
from makegood.cli.report.origin import Origin
from makegood.cli.report.write import Written, write_report
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, VaultFolder, Workspace, workspace
from makegood.engine.money.closing import Account
from makegood.engine.review.review import EvidenceCount, review
from makegood.vault.bundle import software
from makegood.vault.manifest import ENTRIES, RUNS
from makegood.vault.settling import closed_account
from makegood.vault.vault import Vault


def report(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    to: Annotated[Path, typer.Option("--to", help="The folder to write to.")] = Path("report"),
    seal: Annotated[str, typer.Option("--seal", help="The seal of the bundle that goes with it, to be printed.")] = "",
    json: Json = False,
) -> None:
    """Write the report of all closed periods as one HTML file and one PDF."""
    with workspace(agreement, vault) as opened:
        if not opened.book.runs:
            raise Refusal(f"no period of {opened.agreement.agreement} is closed yet", "Run makegood settle first.")
        account = closed_account(agreement=opened.agreement, vault=opened.vault, book=opened.book)
        written = written_report(opened, to, account=account, seal=seal)
    if json:
        print_json({"html": str(written.html), "pdf": str(written.pdf)})
    else:
        out.print(f"Written to {written.html} and {written.pdf}.")


def written_report(opened: Workspace, to: Path, *, account: Account, seal: str, bundle: str = "") -> Written:
    """Write the report of an account, and return where it is."""
    made_with = software()
    return write_report(
        review(
            agreement=opened.agreement,
            judgements=account.judgements,
            computed=account.credits,
            postings=opened.book.postings,
            evidence=evidence_counts(opened.vault),
        ),
        origin=Origin(
            generated_at=clock.now(),
            snapshot=opened.vault.head,
            seal=seal,
            document=opened.source.name,
            digest=opened.document.digest,
            bundle=bundle or f"{opened.agreement.agreement}.bundle",
            makegood=made_with["makegood"],
            tzdata=made_with["tzdata"],
        ),
        directory=to,
    )


def evidence_counts(vault: Vault) -> tuple[EvidenceCount, ...]:
    """Return how much evidence of each kind there is, and from when to when it speaks."""
    kinds = sorted(vault.stats().kinds, key=lambda each: each.kind)
    return tuple(
        EvidenceCount(each.kind, each.rows, each.first_at, each.last_at)
        for each in kinds
        if each.kind not in (RUNS, ENTRIES)
    )
