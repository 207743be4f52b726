"""Records, vaults and runs to test with."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from makegood.engine.evidence.probes import Probe, Series
from makegood.engine.evidence.records import (
    AnyRecord,
    Attribution,
    Correction,
    Exclusion,
    Gauge,
    State,
    Statement,
    Status,
    Tally,
    Transition,
)
from makegood.engine.money.settlement import Posting, PostingKind
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.probes.columns import ProbeColumns
from makegood.vault.run import Run
from makegood.vault.vault import Vault

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = datetime(2026, 3, 6, 16, tzinfo=UTC)
LATER = datetime(2026, 3, 6, 18, tzinfo=UTC)


def tally(number: int, **more: Any) -> Tally:
    """Return one order of a shop, a minute after the one before."""
    at = AT + timedelta(minutes=number)
    values = {"source": "shop", "source_id": f"{number}", "subject": "till", "of": "orders", "result": "accepted"}
    return Tally(**{**values, "count": 1, "start": at, "end": at, "labels": (("site", "mill"),), **more})


def one_of_each() -> list[AnyRecord]:
    """Return a record of every kind, with every field that may be left out given in one and left out in another."""
    return [
        State(source="probes", source_id="1", subject="till", status=Status.DOWN, start=AT),
        State(
            source="probes",
            source_id="2",
            observed_at=LATER,
            subject="till",
            status=Status.UP,
            start=AT,
            end=LATER,
            reported_at=LATER,
            incident="I-1",
            labels=(("city", "Köln"), ("site", "mill")),
        ),
        Gauge(source="probes", source_id="3", subject="till", of="load", value=Ratio(1, 3), unit="1", at=AT),
        tally(4, count=2**63 - 1),
        Transition(source="desk", source_id="5", case="T-1", of="incident", state="opened", at=AT, priority="P1"),
        Exclusion(source="desk", source_id="6", cause="weather", start=AT, end=LATER, announced_at=AT, approved_by="M"),
        Attribution(source="desk", source_id="7", incident="I-1", party="hosting", share=Ratio(1, 2), by="us"),
        Statement(source="desk", source_id="8", subject="a", of="b", value=Ratio(-4), unit="c", at=AT, by="M"),
        Correction(source="desk", source_id="9", of="probes", corrects="1", reason="a test"),
        Correction(source="desk", source_id="10", of="probes", corrects="2", reason="a test", by="M", at=AT),
    ]


def probe(minute: int, status: Status = Status.UP, *, subject: str = "till", value: Ratio | None = None) -> Probe:
    """Return what a check of a subject found in a minute."""
    of, unit = ("load", "1") if value is not None else ("", "")
    series = Series("ping", subject, "icmp", of, unit, (("site", "mill"),))
    return Probe(series, AT + timedelta(minutes=minute), status, value)


def probes(*found: Probe) -> ProbeColumns:
    """Return probes as columns."""
    return ProbeColumns.of(found)


def minutes(first: int, last: int, *, subject: str = "till") -> ProbeColumns:
    """Return a probe a minute, from the first up to but not including the last; every tenth minute it is down."""
    found = (probe(each, Status.DOWN if each % 10 == 0 else Status.UP, subject=subject) for each in range(first, last))
    return ProbeColumns.of(found)


def filled(folder: Path) -> Vault:
    """Return a vault with three entries in its log: two kinds of records, one order, and two more orders."""
    vault = Vault.create(folder)
    with vault.writer(now=NOW) as writer:
        writer.append([*one_of_each()[:2], tally(1)])
        writer.append([tally(2)])
        writer.append([tally(3), tally(4)])
    return vault


@contextmanager
def full_disk(*, after: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as a disk does that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def run(sequence: int, *, agreement: str = "acme", minor: int = 2000) -> Run:
    """Return a settlement run that books one line."""
    period = f"2026-{sequence:02}"
    posting = Posting(
        id=f"{period}/open",
        outcome="open",
        for_period=period,
        in_period=period,
        kind=PostingKind.CREDIT,
        amount=Amount(minor, "EUR"),
        snapshot=3,
        cause="late evidence — “ümläut”",
    )
    return Run(
        sequence=sequence,
        agreement=agreement,
        digest="0" * 64,
        settled_at=NOW,
        snapshot=3,
        in_period=period,
        closed=(period,),
        postings=(posting,),
    )


def sealed(folder: Path) -> Vault:
    """Return a vault whose three entries are sealed, one by one."""
    vault = Vault.create(folder)
    with vault.writer(now=NOW) as writer:
        for batch in ([*one_of_each()[:2], tally(1)], [tally(2)], [tally(3), tally(4)]):
            writer.append(batch)
            writer.seal()
    return vault


def mixed(folder: Path) -> Vault:
    """Return a vault with records and probes of two days in segments and in the log, in seven entries."""
    vault = Vault.create(folder)
    with vault.writer(now=NOW) as writer:
        writer.append(one_of_each())
        writer.append_probes(minutes(0, 30))
        writer.append_probes(minutes(400, 600))
        writer.seal()
        writer.append([tally(11), tally(50_000)])
        writer.append_probes(minutes(30, 60))
        writer.seal()
        writer.append([tally(12)])
        writer.append_probes(minutes(60, 70))
    return vault
