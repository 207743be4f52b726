"""The demonstration in the browser: the made-up world, a web server and a worker, until Ctrl-C."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Final

from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.table import Table

from makegood.platform import clock
from makegood.platform.agreement.contracts.models import Contract
from makegood.platform.demo.first_page import first_page, is_healthy
from makegood.platform.demo.people import ENGINEER, EVERYBODY, PASSWORD, SPONSOR, viewer
from makegood.platform.demo.seeding import report_year, seed_flights, seed_world
from makegood.platform.demo.stage import Stage
from makegood.platform.demo.year import still_up
from makegood.platform.evidence.intake.operations import receive_records
from makegood.platform.running.house import UnableToRun

_PATIENCE, _LOOKS_EVERY, _STOPS_WITHIN = 60, 300, 30
_out: Final = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def show(stage: Stage, *, until_first_page: bool) -> None:
    """Make the world, open the house, tell how to come in, and stay until Ctrl-C, or until a first page was seen.

    :raises UnableToRun: if the house does not answer
    """
    began = time.monotonic()
    known = stage.is_complete
    _step(f"PostgreSQL and web server, with their data in {stage.folder}")
    call_command("migrate", verbosity=0, interactive=False)
    with ExitStack() as stack:
        stack.enter_context(_child(stage, "serve", "--port", str(stage.port)))
        if not known:
            seed_world(clock.now(), _step)
        stack.enter_context(_child(stage, "worker"))
        _wait_for_first_page(stage)
        _tell(stage, time.monotonic() - began)
        if until_first_page:
            return
        if not known:
            _on_the_command_line(stage.folder.parent)
            report_year(_step)
            seed_flights(clock.now(), _step)
            stage.complete()
        _out.print(f"\nEverything is there. {stage.address} – Ctrl-C stops it.", style="bold")
        _watch()


def _step(text: str) -> None:
    _out.print(f"• {text}")


def _wait_for_first_page(stage: Stage) -> None:
    until = time.monotonic() + _PATIENCE
    while not is_healthy(stage.address):
        if time.monotonic() > until:
            raise UnableToRun("the web server does not answer", f"Look into {stage.log}.")
        time.sleep(0.2)
    status, _text = first_page(stage.address, email=SPONSOR.email, password=PASSWORD)
    if status != 200:
        raise UnableToRun(f"the first page of {SPONSOR.email} answers {status}", f"Look into {stage.log}.")


def _tell(stage: Stage, seconds: float) -> None:
    table = Table(title=None, box=None, pad_edge=False, header_style="bold")
    for heading in ("sign in as", "role", "of"):
        table.add_column(heading, no_wrap=True)
    for each in EVERYBODY:
        table.add_row(each.email, str(each.role.label), each.organisation)
    _out.print()
    _out.print(table)
    _out.print(f"\nThe password of all of them: {PASSWORD}")
    _out.print(f"Everybody and everything at Acme is made up; today is {clock.now():%A %-d %B %Y}.")
    _out.print(f"Mails that would be sent lie in {stage.folder / 'mails'}; the log is {stage.log}.")
    _out.print(f"\nLook at {stage.address} (first page after {seconds:.0f} s).", style="bold")


def _on_the_command_line(folder: Path) -> None:
    """Show the same on the command line: the whole year of flights, judged, settled, reported and verified."""
    _out.print("\nMeanwhile on the command line: the same flights, without a house around them", style="bold")
    command = [str(Path(sys.executable).with_name("makegood")), "demo", "--to", str(folder / "flights")]
    with _process(command) as running:
        running.wait()


def _watch() -> None:
    """Let the monitoring go on looking, so that the open month stays known; until interrupted."""
    since = clock.now().replace(second=0)
    pause = threading.Event()
    while not pause.wait(_LOOKS_EVERY):
        now = clock.now().replace(second=0)
        for contract in Contract.objects.filter(slug__in=("acme-erp", "hosting-erp")):
            receive_records(
                contract=contract,
                lines=still_up(since - timedelta(minutes=1), now),
                key=f"monitoring-{now:%Y-%m-%d-%H-%M}",
                source="monitoring",
                by=viewer(ENGINEER),
                now=now,
            )
        since = now
        connection.close()


@contextmanager
def _child(stage: Stage, *words: str) -> Iterator[None]:
    """Run a word of the house beside us, and let it finish what it does in the end."""
    with stage.log.open("ab") as log, _process([sys.executable, "-m", "makegood.platform", *words], log):
        yield


@contextmanager
def _process(command: list[str], log: IO[bytes] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in a group of its own, so that Ctrl-C reaches it through us and in order."""
    with subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as running:  # noqa: S603  # our own
        try:
            yield running
        finally:
            if running.poll() is None:
                running.send_signal(signal.SIGTERM)
            try:
                running.wait(_STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                running.kill()
