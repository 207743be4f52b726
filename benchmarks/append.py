"""Appending to a vault: what a commit returned from is on the disk; alone, by many at a time, and in batches.

How many commits a second there are is first of all a matter of the disk, which the first contestant shows.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

import numpy as np

from benchmarks.race import Answer, Contestant, Figure, Goal, Race, Size
from makegood.engine.evidence.probes import Series
from makegood.engine.evidence.records import AnyRecord, State, Status
from makegood.vault.probes.columns import NO_VALUE, ProbeColumns, second_of
from makegood.vault.probes.payload import payload_bytes
from makegood.vault.vault import Vault
from makegood.vault.writer import Writer

NOW = datetime(2026, 11, 22, tzinfo=UTC)
START = datetime(2026, 10, 1, tzinfo=UTC)
BATCH = 1_000
THREADS, COLLECTORS = 32, 4
COMMITS, SLOWER = "commits/s", "× the CPU of the first tenth for the last"
PLAIN, SQLITE, RECORDS, PROBES = "write and fdatasync", "SQLite, WAL, FULL", "makegood, records", "makegood, probes"
MANY, MANY_PROBES = f"makegood, records, {THREADS} threads", f"makegood, probes, {COLLECTORS} threads"

Batch = TypeVar("Batch")


def races(size: Size) -> Iterator[Race]:
    single, probes, batches = (10_000, 2_000, 1_000) if size is Size.FULL else (200, 100, 50)
    yield _race(
        f"{single:,} commits of one record",
        (
            Contestant(PLAIN, _written, ready=partial(_lines, single, 1)),
            Contestant(SQLITE, _records_in_sqlite, ready=partial(_texts, single, 1)),
            Contestant(RECORDS, _records_in_vault, ready=partial(_records, single, 1)),
            Contestant(MANY, partial(_records_in_vault, threads=THREADS), ready=partial(_records, single, 1)),
        ),
        (*_near_the_disk(RECORDS), Figure(MANY, COMMITS, at_least=1_000)),
    )
    yield _race(
        f"{probes:,} commits of one probe",
        (
            Contestant(PLAIN, _written, ready=partial(_payloads, probes, 1)),
            Contestant(SQLITE, _probes_in_sqlite, ready=partial(_rounds, probes, 1)),
            Contestant(PROBES, _probes_in_vault, ready=partial(_rounds, probes, 1)),
        ),
        _near_the_disk(PROBES),
    )
    yield _race(
        f"{batches // 5:,} commits of {BATCH:,} records",
        (
            Contestant(PLAIN, _written, ready=partial(_lines, batches // 5, BATCH)),
            Contestant(SQLITE, _records_in_sqlite, ready=partial(_texts, batches // 5, BATCH)),
            Contestant(RECORDS, _records_in_vault, ready=partial(_records, batches // 5, BATCH)),
        ),
        (_no_slower(RECORDS),),
    )
    yield _race(
        f"{batches:,} commits of {BATCH:,} probes",
        (
            Contestant(PLAIN, _written, ready=partial(_payloads, batches, BATCH)),
            Contestant(SQLITE, _probes_in_sqlite, ready=partial(_rounds, batches, BATCH)),
            Contestant(PROBES, _probes_in_vault, ready=partial(_rounds, batches, BATCH)),
            Contestant(
                MANY_PROBES, partial(_probes_in_vault, threads=COLLECTORS), ready=partial(_rounds, batches, BATCH)
            ),
        ),
        (_no_slower(PROBES), *(Figure(each, COMMITS, at_least=300_000 / BATCH) for each in (PROBES, MANY_PROBES))),
    )


def _race(title: str, contestants: tuple[Contestant, ...], goals: tuple[Goal, ...]) -> Race:
    return Race(title, _nothing, contestants, goals)


def _near_the_disk(contestant: str) -> tuple[Goal, ...]:
    """Return what holds on any disk: most of the commits that it takes at all, and the last as quick as the first."""
    return Figure(contestant, COMMITS, over=PLAIN, at_least=0.7), _no_slower(contestant)


def _no_slower(contestant: str) -> Figure:
    return Figure(contestant, SLOWER, at_most=1.2)


# --- what is appended -------------------------------------------------------------------------------------------------


def _nothing(_folder: Path) -> None:
    """There is nothing to prepare: what is appended is made in memory, by each contestant in its own form."""


def _records(commits: int, size: int, _folder: Path) -> list[list[AnyRecord]]:
    """Return batches of records: states of a hundred subjects."""
    every = (
        State(
            source="monitoring",
            source_id=f"probe-{row}",
            subject=f"web-{row % 100}",
            status=Status.UP,
            start=START + timedelta(seconds=row),
        )
        for row in range(commits * size)
    )
    return [[next(every) for _ in range(size)] for _ in range(commits)]


def _texts(commits: int, size: int, folder: Path) -> list[list[tuple[str, str, str]]]:
    """Return the same records by their identities, with the text that a vault keeps of each."""
    batches = _records(commits, size, folder)
    return [[(record.source, record.source_id, record.canonical) for record in batch] for batch in batches]


def _lines(commits: int, size: int, folder: Path) -> list[bytes]:
    return ["".join(f"{text}\n" for *_, text in batch).encode() for batch in _texts(commits, size, folder)]


def _rounds(commits: int, size: int, _folder: Path) -> list[ProbeColumns]:
    """Return rounds of monitoring, one a second, of four collectors in turn; each probes all of its series once."""
    series = [
        tuple(Series(f"collector-{number}", f"web-{each:04}", "http", "response-time", "ms") for each in range(size))
        for number in range(COLLECTORS)
    ]
    random = np.random.default_rng(20261001)
    return [
        ProbeColumns(
            series[number % COLLECTORS],
            np.arange(size, dtype=np.int32),
            np.full(size, second_of(START) + number),
            (2 * (random.random(size) < 0.01)).astype(np.uint8),
            np.where(random.random(size) < 0.1, NO_VALUE, random.integers(1_000_000, 900_000_000, size)),
        )
        for number in range(commits)
    ]


def _payloads(commits: int, size: int, folder: Path) -> list[bytes]:
    return [payload_bytes(each) for each in _rounds(commits, size, folder)]


# --- the contestants --------------------------------------------------------------------------------------------------


def _records_in_vault(batches: list[list[AnyRecord]], threads: int = 1) -> Answer:
    return _in_vault(batches, lambda writer, batch: writer.append(batch), threads)


def _probes_in_vault(rounds: list[ProbeColumns], threads: int = 1) -> Answer:
    return _in_vault(rounds, lambda writer, columns: writer.append_probes(columns), threads)


def _in_vault(batches: Sequence[Batch], append: Callable[[Writer, Batch], object], threads: int) -> Answer:
    vault = Vault.create(Path("vault"))
    with vault.writer(now=NOW) as writer:
        figures = _timed(batches, partial(append, writer), threads)
    return Answer({"rows": sum(entry.rows for entry in vault.entries())}, figures)


def _written(batches: list[bytes]) -> Answer:
    """Write the bytes alone: what the disk needs, and nothing is known or checked of them."""
    with Path("log").open("ab", buffering=0) as log:

        def commit(content: bytes) -> None:
            log.write(content)
            os.fdatasync(log.fileno())

        return Answer(figures=_timed(batches, commit))


def _records_in_sqlite(batches: list[list[tuple[str, str, str]]]) -> Answer:
    return _in_sqlite("source text, id text, content text, primary key (source, id)", batches)


def _probes_in_sqlite(rounds: list[ProbeColumns]) -> Answer:
    columns = ([each.series, each.at, each.status, each.value] for each in rounds)
    batches = [list(zip(*(column.tolist() for column in each), strict=True)) for each in columns]
    return _in_sqlite("series int, at int, status int, value int, primary key (series, at)", batches)


def _in_sqlite(columns: str, batches: Sequence[Sequence[tuple[Any, ...]]]) -> Answer:
    """Insert rows into a table that knows each by its identity, as a vault does; a transaction a batch."""
    with closing(sqlite3.connect("base.db", isolation_level=None)) as base:
        base.execute("pragma journal_mode=wal")
        base.execute("pragma synchronous=full")
        base.execute(f"create table evidence ({columns}) without rowid")
        insert = f"insert into evidence values ({','.join('?' * len(batches[0][0]))})"  # noqa: S608  # question marks

        def commit(rows: Iterable[tuple[Any, ...]]) -> None:
            base.execute("begin")
            base.executemany(insert, rows)
            base.execute("commit")

        figures = _timed(batches, commit)
        return Answer({"rows": base.execute("select count(*) from evidence").fetchone()[0]}, figures)


def _timed(batches: Sequence[Batch], commit: Callable[[Batch], object], threads: int = 1) -> dict[str, float]:
    """Commit batches, one after the other in each thread, and return the figures of it."""
    tenth = len(batches) // 10
    used = []
    began = perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        in_turn = pool.map if threads > 1 else map
        for first in range(0, len(batches), tenth):
            before = process_time()
            list(in_turn(commit, batches[first : first + tenth]))
            used.append(process_time() - before)
    return {COMMITS: len(batches) / (perf_counter() - began), SLOWER: used[-1] / used[0]}
