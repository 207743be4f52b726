"""``makegood``: the door for people at a terminal and for scripts.

Every command answers with an exit code of docs/reference/exit-codes.md. What goes wrong is told in a sentence with its
remedy; with ``MAKEGOOD_TRACEBACK=1`` an unforeseen error shows where it came from.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from makegood.cli import bundle, check, demo, evidence, explain, judge, report_command, settle
from makegood.cli.output import err
from makegood.cli.refusal import Exit, Refusal
from makegood.vault.bundle import DamagedBundle
from makegood.vault.refusals import UnableToUseVault

app = typer.Typer(
    name="makegood",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Judge agreements on their evidence, settle them to the cent, and prove it.",
)
app.command()(check.check)
app.command()(check.text)
app.command()(check.schema)
app.command("import")(evidence.import_evidence)
app.command()(judge.judge)
app.command()(settle.settle)
app.command()(explain.explain)
app.command("report")(report_command.report)
app.command()(bundle.bundle)
app.command()(bundle.verify)
app.command()(demo.demo)


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


def main() -> None:
    """Run the command line; every way out has its exit code."""
    try:
        app()
    except Refusal as refusal:
        _say(refusal.sentence, refusal.remedy)
        sys.exit(refusal.code)
    except (UnableToUseVault, DamagedBundle) as refusal:
        _say(str(refusal), "")
        sys.exit(Exit.REFUSED)
    except KeyboardInterrupt:
        _say("interrupted; what was acknowledged is kept", "")
        sys.exit(Exit.INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
    except Exception as error:
        if os.environ.get("MAKEGOOD_TRACEBACK"):
            raise
        _say(
            f"this should not have happened: {type(error).__name__}: {error}",
            "Nothing was half-written. Please report it with the output under MAKEGOOD_TRACEBACK=1.",
        )
        sys.exit(Exit.REFUSED)


def _say(sentence: str, remedy: str) -> None:
    err.print(f"makegood: {sentence.rstrip('.')}.", style="bold red")
    if remedy:
        err.print(remedy)
