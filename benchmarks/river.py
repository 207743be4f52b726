"""The river on a month of made-up orders: what sealing, reading and judging cost beside the bare file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pyarrow.parquet as pq

from benchmarks.race import Answer, Contestant, Race, Size
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import Tally
from makegood.engine.judging.judge import judge
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault

NOW = datetime(2026, 11, 22, tzinfo=UTC)
AGREEMENT = """\
makegood: agreement/1
agreement: orders
title: Orders
parties: {provider: provider, customer: customer}
term: {from: 2025-03-01, months: 1, timezone: UTC}
money: {currency: EUR}
services: {shop: {title: Shop}}
outcomes:
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted}
    target: ">= 99%"
"""
MAPPING = """\
makegood: mapping/1
mapping: orders
title: Orders
source: orders
records:
  - kind: tally
    id: "{order}"
    subject: "{site}"
    of: orders
    result: "{result}"
    start: "{at}"
"""


def races(size: Size) -> Iterator[Race]:
    orders = 50_000 if size is Size.FULL else 10_000
    yield Race(
        f"import {orders:,} rows of CSV into a vault",
        partial(_write_log, orders),
        (Contestant("read them with csv", _counted), Contestant("import them", _imported)),
    )
    yield Race(
        f"read the evidence of {orders:,} orders",
        partial(_write_vault, orders),
        (Contestant("read the segments with pyarrow", _scanned), Contestant("read it from the vault", _read)),
    )
    yield Race(
        f"judge a month of {orders:,} orders",
        partial(_write_vault, orders),
        (
            Contestant("add them up in a loop", _added, ready=_evidence),
            Contestant("judge them", _judged, ready=_evidence),
        ),
    )


def _write_log(orders: int, folder: Path) -> None:
    """Write a seeded month of orders, one a row, and their mapping."""
    random = Random(20250301)  # noqa: S311 - seeded on purpose, nothing secret
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with (folder / "orders.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["order", "site", "at", "result"])
        for number in range(orders):
            at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(31 * 86_400))
            result = "refused" if random.random() < 0.02 else "accepted"
            rows.writerow([number, random.choice(["north", "south"]), at.isoformat(), result])


def _write_vault(orders: int, folder: Path) -> None:
    _write_log(orders, folder)
    import_file(Vault.create(folder / "vault"), folder / "mapping.yaml", folder / "orders.csv", now=NOW)


def _counted(folder: Path) -> Answer:
    with (folder / "orders.csv").open(encoding="utf-8", newline="") as file:
        return Answer({"rows": sum(bool(row["result"]) for row in csv.DictReader(file))})


def _imported(folder: Path) -> Answer:
    vault = Vault.create(Path("vault"))
    return Answer({"rows": import_file(vault, folder / "mapping.yaml", folder / "orders.csv", now=NOW).added})


def _scanned(folder: Path) -> Answer:
    vault = Vault.open(folder / "vault")
    files = [vault.path / "segments" / each.file for each in vault.segments() if each.kind == Tally.kind]
    return Answer({"rows": sum(pq.read_table(file).num_rows for file in files)})


def _read(folder: Path) -> Answer:
    return Answer({"rows": len(Vault.open(folder / "vault").evidence().tallies["orders"])})


def _evidence(folder: Path) -> Evidence:
    return Vault.open(folder / "vault").evidence()


def _added(evidence: Evidence) -> Answer:
    return Answer({"accepted": sum(tally.count for tally in evidence.tallies["orders"] if tally.result == "accepted")})


def _judged(evidence: Evidence) -> Answer:
    agreement = read(AGREEMENT).agreement
    assert agreement is not None
    judgement = judge(agreement, periods_of(agreement)[0], evidence)
    return Answer({"accepted": judgement.of("orders").measurement.good})
