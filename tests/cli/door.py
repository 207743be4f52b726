"""The command line as a person meets it: what is typed, what is printed, and the exit code."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from makegood.cli.main import main

AGREEMENT = """\
makegood: agreement/1
agreement: bakery-till
title: The till of the bakery
parties: {provider: {id: till-care, name: Till Care}, customer: {id: bakery, name: The Bakery}}
term: {from: 2026-01-01, months: 6, timezone: Europe/Berlin}
money: {currency: EUR}
calendars:
  shop: {days: {mon-fri: "08:00-18:00"}}
services:
  till: {title: The till, fee: {monthly: 1200.00}, critical: true}
outcomes:
  till-availability:
    promise: The till can be used whenever the shop is open.
    measure: {kind: availability, of: till, on: shop, excluded: {customer_caused: {effect: up}}}
    target: ">= 99.9%"
    stake:
      of: 100% of service_fee
      tiers: [{below: 99.9%, credit: 5%}, {below: 99.0%, credit: 25%}]
"""
UP = {
    "kind": "state",
    "source": "probe",
    "source_id": "1",
    "subject": "till",
    "status": "up",
    "start": "2026-01-01T00:00:00+01:00",
}
DOWN = {
    "kind": "state",
    "source": "probe",
    "source_id": "2",
    "subject": "till",
    "status": "down",
    "start": "2026-03-06T17:00:00+01:00",
    "end": "2026-03-06T19:00:00+01:00",
    "incident": "INC-7",
}
EXCUSE = {
    "kind": "exclusion",
    "source": "tickets",
    "source_id": "9",
    "cause": "customer_caused",
    "subject": "till",
    "start": "2026-03-06T17:00:00+01:00",
    "end": "2026-03-06T19:00:00+01:00",
}
DISPUTE = {
    "kind": "correction",
    "source": "disputes",
    "source_id": "1",
    "of": "tickets",
    "corrects": "9",
    "reason": "Nobody of the bakery touched it.",
}


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def makegood(*words: str | Path) -> Answer:
    """Run a command in this process, through the same door as a terminal."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with patch.object(sys, "argv", ["makegood", *map(str, words)]), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as ending:
            code = int(ending.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Shop:
    """A folder with an agreement and a vault."""

    folder: Path

    @property
    def agreement(self) -> Path:
        return self.folder / "till.yaml"

    @property
    def vault(self) -> Path:
        return self.folder / "vault"

    def bring(self, *records: Mapping[str, object]) -> Answer:
        """Import records in our own form."""
        file = self.folder / "records.jsonl"
        file.write_text("".join(json.dumps(dict(record)) + "\n" for record in records), encoding="utf-8")
        return makegood("import", file, "--vault", self.vault)

    def __call__(self, word: str, *more: str | Path) -> Answer:
        return makegood(word, self.agreement, "--vault", self.vault, *more)


def opened_shop(folder: Path) -> Shop:
    """Return a shop whose till was up, but for two hours on a Friday in March."""
    shop = Shop(folder)
    shop.agreement.write_text(AGREEMENT, encoding="utf-8")
    answer = shop.bring(UP, DOWN)
    assert answer.code == 0, answer.err
    return shop
