"""The stage of the demonstration: its folder, its day and its address. Nothing here needs Django."""

from __future__ import annotations

import os
import shutil
import socket
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from makegood.platform.demo.year import TODAY
from makegood.platform.running.house import UnableToRun

_MARK, _COMPLETE = ".made-by-makegood-demo", ".complete"
_PORTS: Final = 20


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the demonstration plays."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def is_complete(self) -> bool:
        """Whether a world was made here today; the made-up month would be over one day."""
        return _read(self.folder / _COMPLETE) == _today().isoformat()

    def complete(self) -> None:
        """Keep that the world is whole."""
        (self.folder / _COMPLETE).write_text(f"{_today()}\n", "utf-8")


def set_stage(folder: Path, port: int) -> Stage:
    """Make the folder, in place of a world that is not whole or not of today, and name everything in the environment.

    :raises UnableToRun: if the folder holds what no demonstration made, or no port is free
    """
    stage = Stage(folder.resolve(), _free_port(port))
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise UnableToRun(f"{folder} holds files that no demonstration made", "Name another folder with --to.")
        if not stage.is_complete:
            shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    os.environ.update(
        MAKEGOOD_DATA=str(stage.folder),
        MAKEGOOD_URL=stage.address,
        MAKEGOOD_DAYS_SHIFTED=str((TODAY - _today()).days),
        MAKEGOOD_MAIL=f"file:{stage.folder / 'mails'}",
        MAKEGOOD_LOG="WARNING",
    )
    for name in ("MAKEGOOD_SECRET_KEY", "MAKEGOOD_HOSTS", "MAKEGOOD_OIDC", "MAKEGOOD_PROXIES"):
        os.environ.pop(name, None)
    return stage


def _free_port(wanted: int) -> int:
    for port in range(wanted, wanted + _PORTS):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise UnableToRun(f"no port from {wanted} to {wanted + _PORTS - 1} is free", "Name another one with --port.")


def _read(file: Path) -> str:
    return file.read_text("utf-8").strip() if file.exists() else ""


def _today() -> date:
    return datetime.now(UTC).date()
