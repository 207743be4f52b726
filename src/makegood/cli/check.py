"""``makegood check``, ``text`` and ``schema``: what an agreement document says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.output import Json, counted, findings_form, out, print_findings, print_json, print_plain
from makegood.cli.refusal import Exit
from makegood.cli.workspace import AgreementFile, read_file, readable
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.agreement.schema import json_schema
from makegood.engine.vocabulary.finding import Severity


def check(
    agreements: Annotated[list[Path], typer.Argument(metavar="AGREEMENT...", help="Agreement documents (YAML).")],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    json: Json = False,
) -> None:
    """Read agreement documents and say everything that is wrong with them, all at once."""
    documents = {str(path): read_file(path) for path in agreements}
    findings = [finding for document in documents.values() for finding in document.findings]
    refused = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    if json:
        print_json(
            {
                "documents": [
                    {"file": name, "digest": document.digest, "findings": findings_form(document.findings)}
                    for name, document in documents.items()
                ]
            }
        )
    else:
        print_findings(findings)
        counts = [sum(finding.severity is severity for finding in findings) for severity in Severity]
        out.print(
            f"{counted(len(documents), 'document')}: {counted(counts[0], 'error')},"
            f" {counted(counts[1], 'warning')}, {counted(counts[2], 'note')}."
        )
    if any(finding.severity in refused for finding in findings):
        raise typer.Exit(Exit.FINDINGS)


def text(agreement: AgreementFile, json: Json = False) -> None:
    """Write the agreement out as the service level text that people sign; it comes from the same terms."""
    _, terms = readable(agreement)
    sections = service_level_text(terms)
    if json:
        print_json(
            {
                "agreement": terms.agreement,
                "sections": [{"title": s.title, "text": as_markdown((s,))} for s in sections],
            }
        )
    else:
        print_plain(as_markdown(sections))


def schema(_json: Json = True) -> None:
    """Print the JSON Schema of agreement documents, for editors that complete and underline."""
    print_json(json_schema())
