"""Asking again: the same agreement judged anew, and with what was kept when it was judged one hundredth earlier."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.race import Answer, Contestant, Race, Ratio, Size
from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.probes import Series
from makegood.engine.evidence.records import Tally, Transition
from makegood.engine.judging.asked import Asked
from makegood.engine.judging.judge import judge_periods
from makegood.vault.measuring.evidence.kept import MEASURED
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.vault import Vault

FIRST, DAY, EVERY = 1_772_323_200, 86_400, 60  # from 2026-03-01, a probe a minute
NOW = datetime(2026, 4, 1, tzinfo=UTC)
PARTS = 100
AT_MOST = 0.1
BEFORE = "before"
STEPS = {"opened": 0, "active": 10, "waiting": 20, "working": 50, "resolved": 60, "closed": 3 * 1440}

TEXT = """\
makegood: agreement/1
agreement: hosting
title: Hosting
parties: {provider: provider, customer: customer}
term: {from: 2026-03-01, months: 1, timezone: UTC}
money: {currency: EUR, at_risk: {percent: 10%, of: monthly_fee}}
calendars:
  office: {days: {mon-fri: "08:00-18:00"}}
services:
  host-0000: {title: A host, fee: {monthly: 1000.00}}
outcomes:
  up:
    promise: The host is up.
    measure: {kind: availability, of: host-0000, unknown: {as: down, after: 3m}}
    target: ">= 99.5%"
  fast:
    promise: Answers are fast.
    measure: {kind: quantile, of: time, unit: time, quantile: 95%}
    target: "<= 500 ms"
  solved:
    promise: Incidents are solved in time.
    measure: {kind: within, cases: incident, limit: 10h, clock: {on: office, pause: [waiting]}}
    target: ">= 95%"
  orders:
    promise: Orders are accepted.
    measure: {kind: ratio, of: orders, good: accepted}
    target: ">= 95%"
"""


def races(size: Size) -> Iterator[Race]:
    full = size is Size.FULL
    probes, events, cases = (100_000_000, 1_000_000, 6_000_000) if full else (1_200_000, 120_000, 120_000)
    for name, rows, write in (
        ("probes", probes, _probes),
        ("events", events, _events),
        ("transitions of cases", cases, _transitions),
    ):
        yield Race(
            f"judge {rows:,} {name}, and one hundredth more",
            partial(_write, partial(write, rows)),
            (Contestant("anew", partial(_ask, anew=True)), Contestant("again", partial(_ask, anew=False), ready=_kept)),
            (Ratio("again", over="anew", at_most=AT_MOST),),
        )


def _write(write: Callable[[Vault, range], None], folder: Path) -> None:
    """Write a vault, ask, remember what was kept, and add one hundredth."""
    vault = Vault.create(folder / "vault")
    write(vault, range(PARTS))
    _ask(folder, anew=False)
    (vault.path / MEASURED).rename(folder / BEFORE)
    write(vault, range(PARTS, PARTS + 1))


def _probes(rows: int, vault: Vault, parts: range) -> None:
    """Add a part of a month of probes of equally many series in each minute."""
    random = np.random.default_rng(20260301 + parts.start)
    minutes = 30 * DAY // EVERY // (PARTS + 1)
    series = max(rows // PARTS // minutes, 1)
    names = tuple(Series("monitoring", f"host-{number:04}", "http", "time", "ms") for number in range(series))
    with vault.writer(now=NOW) as writer:
        for part in parts:
            if part % 10 == 0:
                writer.seal()
            count = series * minutes
            at = FIRST + EVERY * np.arange(part * minutes, (part + 1) * minutes)
            writer.append_probes(
                ProbeColumns(
                    names,
                    np.repeat(np.arange(series, dtype=np.int32), minutes),
                    np.tile(at, series),
                    np.where(random.random(count) < 0.001, 2, 0).astype(np.uint8),
                    1_000_000 * np.round(random.lognormal(5, 0.6, count)).astype(np.int64),
                )
            )
        writer.seal()


def _events(rows: int, vault: Vault, parts: range) -> None:
    """Add parts of a month of events."""
    random = np.random.default_rng(20260301 + parts.start)
    first, each = datetime.fromtimestamp(FIRST, UTC), rows // PARTS
    with vault.writer(now=NOW) as writer:
        for part in parts:
            seconds = np.sort(random.integers(0, 30 * DAY // (PARTS + 1), each)) + part * (30 * DAY // (PARTS + 1))
            refused = random.random(each) < 0.001
            writer.append(
                Tally(
                    source="shop",
                    source_id=f"{part}-{number}",
                    subject="",
                    of="orders",
                    result="refused" if bad else "accepted",
                    count=1,
                    start=first + timedelta(seconds=second),
                    end=first + timedelta(seconds=second),
                )
                for number, (second, bad) in enumerate(zip(seconds.tolist(), refused.tolist(), strict=True))
            )
        writer.seal()


def _transitions(rows: int, vault: Vault, parts: range) -> None:
    """Add parts of a month of cases, of which one in a thousand is late."""
    random = np.random.default_rng(20260301 + parts.start)
    each, span = rows // PARTS // len(STEPS), 30 * DAY // (PARTS + 1)
    with vault.writer(now=NOW) as writer:
        for part in parts:
            opened = FIRST + part * span + np.sort(random.integers(0, span, each))
            slow = np.where(random.random(each) < 0.001, 50, 1)
            writer.append(
                Transition(
                    source="desk",
                    source_id=f"{part}-{number}-{state}",
                    case=f"{part}-{number}",
                    of="incident",
                    state=state,
                    at=datetime.fromtimestamp(second + minutes * 60 * factor, UTC),
                    priority="P3",
                )
                for number, (second, factor) in enumerate(zip(opened.tolist(), slow.tolist(), strict=True))
                for state, minutes in STEPS.items()
            )
            if part % 10 == 0:
                writer.seal()
        writer.seal()


def _kept(folder: Path) -> Path:
    """Put back what was kept when the last hundredth was not there yet."""
    measured = folder / "vault" / MEASURED
    shutil.rmtree(measured, ignore_errors=True)
    shutil.copytree(folder / BEFORE, measured)
    return folder


def _ask(folder: Path, *, anew: bool) -> Answer:
    agreement = _agreement()
    evidence = Vault(folder / "vault").evidence(asked=Asked.of(agreement), anew=anew)
    judged = judge_periods(agreement, periods_of(agreement), evidence)
    return Answer({each.outcome: str(each.measurement.value) for judgement in judged for each in judgement.verdicts})


def _agreement() -> Agreement:
    agreement = read(TEXT).agreement
    if agreement is None:
        raise ValueError("the agreement of this benchmark cannot be read")
    return agreement
