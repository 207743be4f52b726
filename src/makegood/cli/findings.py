"""What ``check`` and ``lint`` print: the findings on some documents, their number, and the exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.output import counted, findings_form, out, print_findings, print_json
from makegood.cli.refusal import Exit
from makegood.cli.workspace import read_file
from makegood.engine.agreement.document import Document
from makegood.engine.agreement.underpinning_checks import underpinning_findings
from makegood.engine.vocabulary.finding import Finding, Severity

Underpinning = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="UNDERPINNING", help="An agreement with a supplier to check them against."),
]
Checked = tuple[dict[str, Document], dict[str, tuple[Finding, ...]]]


def checked(agreements: Sequence[Path], underpinning: Sequence[Path] | None) -> Checked:
    """Read documents, also those behind them, and return them with what there is to say about each, by file."""
    documents = {str(path): read_file(path) for path in agreements}
    behind = {str(path): read_file(path) for path in underpinning or ()}
    findings = {name: document.findings for name, document in (documents | behind).items()}
    if behind:
        for name, document in documents.items():
            findings[name] = (*findings[name], *underpinning_findings(document, [*behind.values()]))
    return documents | behind, findings


def tell_findings(
    documents: Mapping[str, Document], findings: Mapping[str, Sequence[Finding]], *, strict: bool, json: bool
) -> None:
    """Print the findings on documents by their file; leave with 1 if there are errors, or ``strict``, warnings."""
    if json:
        print_json(
            {
                "documents": [
                    {"file": name, "digest": document.digest, "findings": findings_form(findings[name])}
                    for name, document in documents.items()
                ]
            }
        )
    found = [finding for name in documents for finding in findings[name]]
    if not json:
        print_findings(found)
        counts = [sum(finding.severity is severity for finding in found) for severity in Severity]
        out.print(
            f"{counted(len(documents), 'document')}: {counted(counts[0], 'error')},"
            f" {counted(counts[1], 'warning')}, {counted(counts[2], 'note')}."
        )
    refused = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if any(finding.severity in refused for finding in found):
        raise typer.Exit(Exit.FINDINGS)
