"""``makegood bundle`` and ``makegood verify``: seal what was settled, and check it without trusting anyone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from makegood.cli.output import Json, counted, err, out, print_json
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, AgreementFile, VaultFolder, Workspace, workspace
from makegood.engine.money.closing import Account
from makegood.vault.bundle import Manifest, is_bundle, write_bundle
from makegood.vault.settling import closed_account
from makegood.vault.verification import Check
from makegood.vault.verification import verify as verified


def bundle(
    agreement: AgreementFile,
    vault: VaultFolder = DEFAULT_VAULT,
    to: Annotated[Path, typer.Option("--to", help="The file to write.")] = Path("makegood.bundle"),
    json: Json = False,
) -> None:
    """Seal agreement, evidence, verdicts, credits and book into one file that anyone can verify."""
    with workspace(agreement, vault) as opened:
        manifest = sealed(opened, to)
    if json:
        print_json({"file": str(to), "seal": manifest.seal, "bytes": to.stat().st_size, "files": dict(manifest.files)})
        return
    out.print(f"Written to {to}: {counted(len(manifest.files), 'file')}, {to.stat().st_size:,} bytes.")
    out.print(f"Its seal is {manifest.seal}. Tell it to the other side by another way than the file.")


def sealed(opened: Workspace, to: Path, account: Account | None = None) -> Manifest:
    """Write the bundle of a workspace; ``account`` is that of its closed periods, if it was computed already.

    :raises Refusal: if nothing was settled yet, or the file cannot be written
    """
    if not opened.book.runs:
        raise Refusal(f"nothing of {opened.agreement.agreement} was settled yet", "Run makegood settle first.")
    if not to.name or (to.exists() and not is_bundle(to)):
        raise Refusal(f"{to} is there already, and is no bundle", "Name another file with --to.", Exit.USAGE)
    try:
        return write_bundle(
            to,
            document=opened.document,
            agreement=opened.agreement,
            vault=opened.vault,
            book=opened.book,
            earlier=opened.chain.documents[:-1],
            seen=account or closed_account(agreement=opened.agreement, vault=opened.vault, book=opened.book),
        )
    except OSError as error:
        raise Refusal(
            f"{to} cannot be written: {error.strerror}", "Check the folder and the space on the disk."
        ) from None


def verify(
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="The bundle to check.")],
    seal: Annotated[str, typer.Option("--seal", help="The seal that you were told, or its first 16 digits.")] = "",
    json: Json = False,
) -> None:
    """Check every byte of a bundle and compute every verdict and cent again, from nothing but the bundle."""
    if not bundle.is_file():
        raise Refusal(f"there is no file {bundle}", "Check the name.", Exit.USAGE)
    result = verified(bundle, seal=seal, tell=(lambda _check: None) if json else tell_check)
    if json:
        print_json(
            {
                "verified": result.holds,
                "seal": result.seal,
                "checks": [{"what": each.what, "holds": each.holds, "found": each.found} for each in result.checks],
                "notes": list(result.notes),
            }
        )
    else:
        for note in result.notes:
            err.print(f"Note: {note}", style="yellow")
        if result.holds:
            out.print(f"Verified. Seal {result.seal}")
            if not seal:
                out.print("Compare the seal with the one you were told, or pass it with --seal.")
        else:
            out.print("NOT VERIFIED. Do not rely on this file; ask for it again.", style="bold red")
    if not result.holds:
        raise typer.Exit(Exit.NOT_VERIFIED)


def tell_check(check: Check) -> None:
    """Print one line of a verification."""
    mark = Text("✓ ", style="green") if check.holds else Text("✗ ", style="bold red")
    out.print(Text.assemble(mark, check.what, (f"  {check.found}", "dim" if check.holds else "red")))
