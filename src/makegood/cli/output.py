"""What commands print: tables and sentences for people, one JSON document for machines."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from makegood.engine.judging.verdict import Ruling
from makegood.engine.vocabulary.finding import Finding, Severity
from makegood.engine.vocabulary.reason import Reason

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text for people.")]

# Where nobody looks there is no width to fit into, and a table that is cut would lose figures.
_WIDTH = None if sys.stdout.isatty() else 160


def nobody_reads() -> NoReturn:
    """Leave without complaint: whoever read the output has seen enough of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(0)


class _Console(Console):
    """A console that takes texts as they are: a name in brackets or between colons is a name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(highlight=False, soft_wrap=True, markup=False, emoji=False, **options)

    def on_broken_pipe(self) -> NoReturn:
        nobody_reads()


out = _Console(width=_WIDTH)
err = _Console(stderr=True)

RULING_STYLE = {Ruling.MET: "green", Ruling.MISSED: "bold red", Ruling.UNDECIDED: "yellow"}
_SEVERITY_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def print_json(document: object) -> None:
    """Print one JSON document to standard output; nothing else goes there."""
    print_plain(json.dumps(document, ensure_ascii=False, indent=2))


def print_plain(text: str) -> None:
    """Print a text that is neither wrapped nor coloured."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        nobody_reads()


def print_findings(findings: Iterable[Finding], to: Console = out) -> None:
    """Print findings one a line, as ``file:line:column: CODE severity: sentence (hint)``."""
    for finding in findings:
        line = Text(str(finding))
        line.stylize(_SEVERITY_STYLE[finding.severity], *_span(str(finding), f"{finding.code} {finding.severity}"))
        to.print(line)


def findings_form(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as JSON-ready data."""
    return [dict(finding.as_json()) for finding in findings]


def table_of(title: str, *, footer: bool = False) -> Table:
    """Return an empty table in the one style of the command line."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        show_footer=footer,
    )


def reason_tree(reason: Reason, rows: int) -> Tree:
    """Return an explanation as a tree to print; at its leaves at most ``rows`` records of evidence each."""
    tree = Tree(_reason_text(reason), guide_style="dim")
    _grow(tree, reason, rows)
    return tree


def cite(tree: Tree, evidence: Sequence[str], rows: int) -> None:
    """Hang records of evidence into a tree, and say how many were not listed."""
    for cited in evidence[:rows]:
        tree.add(Text(cited, style="dim"))
    if rows and len(evidence) > rows:
        tree.add(Text(f"and {len(evidence) - rows:,} more", style="dim"))


@contextmanager
def progress_bar(title: str, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that moves a bar on standard error to ``done`` of ``total``; silent where nobody looks."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=err,
        transient=True,
        disable=not (shown and err.is_terminal),
    )
    with bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=max(total, 1))


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 period``, ``1,200 periods``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _grow(tree: Tree, reason: Reason, rows: int) -> None:
    for child in reason.children:
        _grow(tree.add(_reason_text(child)), child, rows)
    cite(tree, reason.evidence, rows)


def _reason_text(reason: Reason) -> Text:
    text = Text(reason.text)
    if reason.value:
        text.append("  ").append(reason.value, style="bold")
    return text


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.find(part)
    return start, start + len(part)
