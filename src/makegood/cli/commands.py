"""The commands of ``makegood`` in one application, and every way out of it.

Every command answers with an exit code of docs/reference/exit-codes.md. What goes wrong is told in a sentence with its
remedy; with ``MAKEGOOD_TRACEBACK=1`` an unforeseen error shows where it came from.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Annotated, NoReturn

import typer

from makegood.cli import (
    bundle,
    check,
    claims,
    demo,
    diff,
    evidence,
    explain,
    house,
    incentive,
    judge,
    lint,
    new,
    price,
    report_command,
    settle,
    shares,
    simulate,
    slo,
    terminate,
    vault,
)
from makegood.cli.output import err, findings_form, nobody_reads, print_findings, print_json
from makegood.cli.refusal import Exit, Refusal
from makegood.engine.vocabulary.finding import Finding
from makegood.vault.bundle import DamagedBundle, UnableToUnpack
from makegood.vault.intake import UnusableMapping
from makegood.vault.refusals import UnableToUseVault

app = typer.Typer(
    name="makegood",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Judge agreements on their evidence, settle them to the cent, and prove it.",
)
app.command()(new.new)
app.command()(check.check)
app.command()(lint.lint)
app.command()(check.text)
app.command()(check.schema)
app.command("import")(evidence.import_evidence)
app.command()(judge.judge)
app.command()(settle.settle)
app.command()(explain.explain)
app.command()(diff.diff)
app.command()(claims.claims)
app.command()(shares.shares)
app.command()(simulate.simulate)
app.command()(price.price)
app.command()(incentive.incentive)
app.command()(terminate.terminate)
app.command("report")(report_command.report)
app.command()(bundle.bundle)
app.command()(bundle.verify)
app.add_typer(slo.app, name="slo")
app.add_typer(vault.app, name="vault")
app.command()(demo.demo)
for word in house.WORDS:
    app.command(context_settings=house.PASSED_ON, add_help_option=False)(word)


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"makegood {version('makegood')}")
        raise typer.Exit(Exit.DONE)


@app.callback()
def makegood(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Judge agreements on their evidence, settle them to the cent, and prove it."""


def run() -> None:
    """Run a command; every way out has its exit code."""
    try:
        app()
    except Refusal as refusal:
        _stop(refusal.sentence, refusal.remedy, refusal.code, refusal.findings)
    except UnusableMapping as unusable:
        _stop("the mapping cannot be used", "Mend the places above.", Exit.FINDINGS, unusable.findings)
    except (UnableToUseVault, DamagedBundle, UnableToUnpack) as refusal:
        _stop(str(refusal))
    except KeyboardInterrupt:
        _stop("interrupted; what was acknowledged is kept", code=Exit.INTERRUPTED)
    except BrokenPipeError:
        nobody_reads()
    except Exception as error:
        if os.environ.get("MAKEGOOD_TRACEBACK"):
            raise
        if isinstance(error, OSError) and error.strerror:
            where = error.filename or "something that is needed"
            _stop(f"{where} cannot be used: {error.strerror}", "Check the permissions and the space on the disk.")
        _stop(
            f"this should not have happened: {type(error).__name__}: {error}",
            "Nothing was half-written. Please report it with the output under MAKEGOOD_TRACEBACK=1.",
        )


def _stop(sentence: str, remedy: str = "", code: Exit = Exit.REFUSED, findings: Sequence[Finding] = ()) -> NoReturn:
    """Say why, and leave; whoever asked for JSON gets that as the one document of standard output, too."""
    if "--json" in sys.argv[1:]:
        print_json({"refused": sentence, "remedy": remedy, "exit_code": int(code), "findings": findings_form(findings)})
    else:
        print_findings(findings)
    err.print(f"makegood: {sentence.rstrip('.')}.", style="bold red")
    if remedy:
        err.print(remedy)
    sys.exit(code)
