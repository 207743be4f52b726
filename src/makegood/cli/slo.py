"""``makegood slo``: objectives of OpenSLO, sloth and Pyrra become the draft of an agreement, and outcomes OpenSLO."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from makegood.cli import clock
from makegood.cli.output import Json, counted, err, findings_form, print_findings, print_json, print_plain
from makegood.cli.refusal import Exit, Refusal
from makegood.cli.workspace import readable
from makegood.engine.agreement.document import LANGUAGE
from makegood.engine.agreement.exchange.draft import Frame
from makegood.engine.agreement.exchange.export import exported
from makegood.engine.agreement.exchange.imports import imported
from makegood.engine.agreement.reader import read_document
from makegood.engine.agreement.terms import Agreement
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.engine.vocabulary.period import Every

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Exchange objectives with other tools: import OpenSLO, sloth and Pyrra, export OpenSLO.",
)
Output = Annotated[Path | None, typer.Option("--output", "-o", help="The file to write; without it, standard output.")]


@app.command("import")
def import_objectives(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="OpenSLO v1, sloth or Pyrra (YAML).")],
    output: Output = None,
    agreement: Annotated[str, typer.Option("--agreement", help="The identifier of the draft.")] = Frame.agreement,
    provider: Annotated[str, typer.Option("--provider", help="Who will owe the outcomes.")] = Frame.provider,
    customer: Annotated[str, typer.Option("--customer", help="Who will be owed them.")] = Frame.customer,
    start: Annotated[
        str, typer.Option("--from", metavar="DATE", help="The first day; without it, the first of next month.")
    ] = "",
    months: Annotated[int, typer.Option("--months", min=1, max=600, help="How long it will run.")] = Frame.months,
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="The zone; without it that of the objectives, or UTC.")
    ] = "",
    currency: Annotated[str, typer.Option("--currency", help="The currency of the money to come.")] = Frame.currency,
    every: Annotated[
        Every | None, typer.Option("--period", help="The period of judging; without it that of most objectives.")
    ] = None,
    json: Json = False,
) -> None:
    """Draft an agreement from objectives of OpenSLO, sloth or Pyrra, and say what could not be carried over."""
    frame = Frame(
        start=_day(start),
        months=months,
        agreement=agreement,
        provider=provider,
        customer=customer,
        currency=currency,
        zone=timezone,
        every=every,
    )
    result = imported({str(file): _text(file) for file in files}, frame)
    _answer(result.text, result.objectives, result.findings, output, json=json)


@app.command("export")
def export_objectives(
    agreement: Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The agreement document.")],
    output: Output = None,
    json: Json = False,
) -> None:
    """Write the outcomes of an agreement as OpenSLO v1, and say what it has no words for."""
    document, terms = readable(agreement)
    places = read_document(document.text, str(agreement), Agreement, LANGUAGE).places
    result = exported(terms, places)
    _answer(result.text, result.objectives, result.findings, output, json=json)


def _answer(text: str | None, number: int, findings: Sequence[Finding], output: Path | None, *, json: bool) -> None:
    """Print or write a document, and say what there is to say about it where it does not get into the document."""
    if text is not None and output is not None:
        output.write_text(text, encoding="utf-8")
    if json:
        print_json({"document": text, "objectives": number, "findings": findings_form(findings)})
    else:
        print_findings(findings, err)
        if text is not None and output is None:
            print_plain(text.removesuffix("\n"))
        carried = counted(number if text is not None else 0, "objective")
        told = counted(sum(each.severity is not Severity.NOTE for each in findings), "finding")
        err.print(f"{carried} carried over, {told} to read" + (f"; written to {output}." if output and text else "."))
    if text is None or any(finding.severity is Severity.ERROR for finding in findings):
        raise typer.Exit(Exit.FINDINGS)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(f"{file} is not UTF-8 text: byte {error.start} does not fit", "Save it as UTF-8.") from None
    except FileNotFoundError:
        raise Refusal(f"there is no file {file}", "Check the name.", Exit.USAGE) from None


def _day(text: str) -> date:
    if not text:
        return (clock.now().date().replace(day=1) + timedelta(days=32)).replace(day=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(f"{text!r} is no day", "Write it like 2026-03-01.", Exit.USAGE) from None
