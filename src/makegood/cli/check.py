"""``makegood check``, ``text`` and ``schema``: what an agreement document says, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from makegood.cli.findings import Underpinning, checked, tell_findings
from makegood.cli.output import Json, print_json, print_plain
from makegood.cli.workspace import AgreementFile, readable
from makegood.engine.agreement.prose import as_markdown, service_level_text
from makegood.engine.agreement.schema import json_schema


def check(
    agreements: Annotated[list[Path], typer.Argument(metavar="AGREEMENT...", help="Agreement documents (YAML).")],
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings count as errors.")] = False,
    with_: Underpinning = None,
    json: Json = False,
) -> None:
    """Read agreement documents and say everything that is wrong with them, all at once."""
    documents, findings = checked(agreements, with_)
    tell_findings(documents, findings, strict=strict, json=json)


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
