"""The river on a month of made-up orders: what sealing, reading and judging cost beside the bare file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pyarrow.parquet as pq

from benchmarks.comparison import Comparison
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.judging.judge import judge
from makegood.vault.intake import import_file
from makegood.vault.vault import Vault

ORDERS = 50_000
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


def comparisons() -> Iterator[Comparison]:
    folder = Path(mkdtemp(prefix="makegood-bench-"))
    log, mapping = _log(folder), folder / "mapping.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    vault = Vault.create(folder / "vault")
    import_file(vault, mapping, log, now=NOW)
    agreement = read(AGREEMENT).agreement
    assert agreement is not None
    period = periods_of(agreement)[0]
    evidence = vault.evidence()
    accepted = judge(agreement, period, evidence).of("orders").measurement.good
    assert accepted == _counted(log)

    def imported() -> None:
        import_file(Vault.create(Path(mkdtemp(dir=folder))), mapping, log, now=NOW)

    yield Comparison(
        f"import {ORDERS:,} rows of CSV into a vault", imported, lambda: _counted(log), "reading them with csv"
    )
    yield Comparison(
        "read all evidence of a vault", vault.evidence, lambda: _scanned(vault), "reading its segments with pyarrow"
    )
    yield Comparison(
        "judge a month of it",
        lambda: judge(agreement, period, evidence),
        lambda: _added(evidence),
        "adding it up in a loop",
    )


def _log(folder: Path) -> Path:
    """Write a seeded month of orders, one a row."""
    random = Random(20250301)  # noqa: S311 - seeded on purpose, nothing secret
    path = folder / "orders.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["order", "site", "at", "result"])
        for number in range(ORDERS):
            at = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(seconds=random.randrange(31 * 86_400))
            result = "refused" if random.random() < 0.02 else "accepted"
            rows.writerow([number, random.choice(["north", "south"]), at.isoformat(), result])
    return path


def _counted(log: Path) -> int:
    with log.open(encoding="utf-8", newline="") as file:
        return sum(row["result"] == "accepted" for row in csv.DictReader(file))


def _scanned(vault: Vault) -> int:
    names = [segment.file for seal in vault.seals() for segment in seal.segments]
    return sum(pq.read_table(vault.path / "segments" / name).num_rows for name in names)


def _added(evidence: Evidence) -> int:
    return sum(tally.count for tally in evidence.tallies["orders"] if tally.result == "accepted")
