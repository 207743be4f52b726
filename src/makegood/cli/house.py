"""``makegood serve``, ``worker`` and ``admin``: the words of the house, which is a program of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec

import typer

from makegood.cli.refusal import Refusal

PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}
_NEEDED = ("django", "granian", "procrastinate", "psycopg")


def serve(context: typer.Context) -> None:
    """Serve the house in the browser; makegood serve --help tells its options."""
    _go_on("serve", context)


def worker(context: typer.Context) -> None:
    """Do the work of the house in the background; makegood worker --help tells its options."""
    _go_on("worker", context)


def admin(context: typer.Context) -> None:
    """Look after the house: create-owner, upgrade, check, backup, restore, rotate-keys; admin --help tells more."""
    _go_on("admin", context)


WORDS: tuple[Callable[[typer.Context], None], ...] = (serve, worker, admin)


def _go_on(word: str, context: typer.Context) -> None:
    """Become the program of the house, with the same arguments."""
    missing = [each for each in _NEEDED if find_spec(each) is None]
    if missing:
        raise Refusal(
            f"the package {missing[0]} is not installed, which the house needs",
            "Install it with pip install 'makegood[platform,vault,report]'.",
        )
    os.execv(sys.executable, [sys.executable, "-m", "makegood.platform", word, *context.args])  # noqa: S606
