"""The web server."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from makegood.platform.running.database import demand_current

TARGET = "makegood.platform.wsgi:application"


def serve(*, host: str, port: int, workers: int, threads: int, tell: Callable[[str], None]) -> None:
    """Answer requests until the program is told to stop.

    :raises UnableToRun: if the database is not ready
    """
    demand_current()
    tell(f"Listening at http://{host}:{port}; Ctrl-C stops it.")
    os.environ.setdefault("MAKEGOOD_CONNECTIONS", str(threads))
    with _figures_of(workers):
        server = Granian(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            respawn_failed_workers=True,
            workers_kill_timeout=30,
            websockets=False,
            log_level=LogLevels.warning,
            log_dictconfig=settings.LOGGING,
        )
        server.serve()


@contextmanager
def _figures_of(workers: int) -> Iterator[None]:
    """Let several processes add up their figures in a folder; one keeps them in memory."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="makegood-figures-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield
