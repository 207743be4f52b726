"""``makegood import``: files of evidence become sealed records and probes; what cannot be read is named and counted."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.output import Json, counted, out, print_findings, print_json, progress_bar
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import DEFAULT_VAULT, VaultFolder
from makegood.engine.evidence.probes import Probe
from makegood.vault.intake import Intake, import_file, read_mapping_file
from makegood.vault.layout import FORMAT_FILE
from makegood.vault.vault import Vault


def import_evidence(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="CSV, JSON Lines or Parquet files.")],
    mapping: Annotated[
        Path | None, typer.Option("--mapping", "-m", help="The mapping document; without it, evidence in our own form.")
    ] = None,
    vault: VaultFolder = DEFAULT_VAULT,
    json: Json = False,
) -> None:
    """Bring evidence into the vault, which is made if there is none. Importing a file again changes nothing."""
    for file in files:
        if not file.is_file():
            raise Refusal(f"there is no file {file}", "Check the name.", Exit.USAGE)
        if mapping is None and {".csv", ".tsv", ".parquet"} & set(file.suffixes):
            raise Refusal(
                f"{file} needs a mapping, which says what its columns are", "Name it with --mapping.", Exit.USAGE
            )
    if mapping is not None:
        read_mapping_file(mapping)  # what is wrong with it shows before anything is made
    opened = Vault.open(vault) if (vault / FORMAT_FILE).exists() else Vault.create(vault)
    reports = [imported(opened, mapping, file, quiet=json) for file in files]
    if json:
        print_json({"files": [report.as_json() for report in reports]})
    if any(report.bad or report.conflicts or not report.complete for report in reports):
        raise typer.Exit(Exit.FINDINGS)


def imported(vault: Vault, mapping: Path | None, file: Path, *, quiet: bool) -> Intake:
    """Import one file with a bar that moves, and unless ``quiet`` say what became of it.

    :raises UnusableMapping: if the mapping has findings
    """
    before = vault.head
    with progress_bar(file.name, shown=not quiet) as moved:
        report = import_file(vault, mapping, file, now=clock.now(), progress=moved)
    if not quiet:
        _tell(report, before, vault.head)
    return report


def _tell(report: Intake, before: int, after: int) -> None:
    print_findings(report.findings)
    if after == before:
        entries = "Nothing new."
    else:
        entries = f"Entry {after}." if after == before + 1 else f"Entries {before + 1} to {after}."
    nouns = _nouns(report)
    out.print(
        f"{Path(report.file).name}: {counted(report.rows, 'row')}; {counted(report.added, *nouns)} new,"
        f" {report.known:,} known. {entries}"
    )
    if report.passed_over:
        out.print(f"  {counted(report.passed_over, 'row')} made void by a later row of the same thing")
    for words, named in report.named.items():
        first = ", ".join(named.first[:3])
        out.print(f"  {named.count:,} {words}: {first}" + (" …" if named.count > len(named.first[:3]) else ""))
    if report.bad:
        out.print(f"  {counted(report.bad, 'row')} could not be read", style="bold red")
    if report.conflicts:
        out.print(
            f"  {counted(report.conflicts, *nouns)} refused: known with other content; send a correction",
            style="bold red",
        )
    if not report.complete:
        out.print("  the file could not be read to its end; what was read is kept", style="bold red")


def _nouns(report: Intake) -> tuple[str, str]:
    """Return what a file brought, one of it and many."""
    match len(report.records), Probe.kind in report.records:
        case 1, True:
            return "probe", "probes"
        case _, True:
            return "record or probe", "records and probes"
        case _:
            return "record", "records"
