"""Schedulers: the same status measured over the same days on threads, in processes and by Ray, once they run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.race import Answer, Contestant, Race, Ratio, Size
from makegood.engine.evidence.probes import Series
from makegood.engine.vocabulary.ratio import Ratio as Share
from makegood.vault.layout import sha256
from makegood.vault.manifest import PROBES, Segment
from makegood.vault.measuring.schedule.named import SchedulerName, scheduler_named
from makegood.vault.measuring.schedule.scheduler import Scheduler
from makegood.vault.measuring.schedule.status import Partition, measured_by, partitions
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.plan import Quantile, StatusPlan, Windows
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.probes.runs import runs_bytes, runs_of
from makegood.vault.probes.segment import segment_bytes
from makegood.vault.storage import Storage

WORKERS = 2
FIRST, DAY, EVERY = 1_772_323_200, 86_400, 60  # from 2026-03-01, a probe a minute
EXCLUSIONS = 5_000
AT_MOST = 1.5

Given = tuple[Scheduler, StatusPlan, Storage, list[Partition]]


def races(size: Size) -> Iterator[Race]:
    series, days = (1_000, 20) if size is Size.FULL else (250, 4)
    threads, *others = SchedulerName
    yield Race(
        f"status of {series * days * DAY // EVERY / 1e6:,.1f} million probes, {days} days, {WORKERS} workers",
        partial(write, series, days),
        tuple(Contestant(name, _measure, ready=partial(_started, name, days)) for name in SchedulerName),
        tuple(Ratio(name, over=threads, at_most=AT_MOST) for name in others),
    )


def _names(series: int) -> tuple[Series, ...]:
    return tuple(Series("monitoring", f"host-{number:04}", "http", "time", "ms") for number in range(series))


def write(series: int, days: int, folder: Path) -> None:
    """Write a segment a day, its runs, and the lines of the manifest that name the segments."""
    random = np.random.default_rng(20260301)
    names, minutes = _names(series), DAY // EVERY
    segments = []
    for start in range(FIRST, FIRST + days * DAY, DAY):
        rows = series * minutes
        columns = ProbeColumns(
            names,
            np.repeat(np.arange(series, dtype=np.int32), minutes),
            np.tile(np.arange(start, start + DAY, EVERY), series) + random.integers(0, 3, rows),
            np.where(np.repeat(random.random(rows // 20) < 0.01, 20), 2, 0).astype(np.uint8),
            1_000 * np.round(1_000 * random.lognormal(5, 0.6, rows)).astype(np.int64),
            np.tile((np.arange(start, start + DAY, EVERY) - FIRST) // EVERY + 1, series),
        )
        content = segment_bytes(columns)
        (folder / f"runs-{start}").write_bytes(runs_bytes(runs_of(columns)))
        ends = instant_of(start), instant_of(start + DAY - 1)
        part = f"{ends[0].date()}.0"
        segment = Segment(PROBES, part, sha256(content), rows, 1, 1, *ends, ("monitoring",))
        (folder / segment.file).write_bytes(content)
        segments.append(segment.as_json())
    (folder / "segments.json").write_text(json.dumps(segments), encoding="utf-8")


def asked(days: int, folder: Path) -> tuple[StatusPlan, list[Segment]]:
    """Return what is asked of the segments in a folder, and these."""
    segments = [Segment.of(each) for each in json.loads((folder / "segments.json").read_text(encoding="utf-8"))]
    series = segments[0].rows * EVERY // DAY
    random = np.random.default_rng(4)
    since = FIRST + random.integers(0, days * DAY, EXCLUSIONS)
    excluded = random.integers(0, series, EXCLUSIONS), since, since + random.integers(60, 7_200, EXCLUSIONS)
    month = np.array([FIRST]), np.array([FIRST + days * DAY])
    plan = StatusPlan(
        names=_names(series),
        counting=Counting.of(series, month, excluded),
        after=3 * EVERY,
        quantile=Quantile(share=Share(19, 20), most=np.full(series, days * DAY // EVERY)),
        windows=Windows(start=FIRST, every=300, level=Share(9, 10)),
    )
    return plan, segments


def _started(name: SchedulerName, days: int, folder: Path) -> Given:
    """Start a scheduler, and let each worker do the work once: it loads and compiles what it needs."""
    plan, segments = asked(days, folder)
    # It goes on until this process, which is the contestant's own, comes to its end.
    given = scheduler_named(name, WORKERS).__enter__(), plan, Storage(str(folder)), partitions(segments, WORKERS)
    _measure(given)
    return given


def _measure(given: Given) -> Answer:
    figures = measured_by(*given).figures()
    return Answer({name: getattr(figures, name) for name in ("probes", "seconds", "windows", "bad", "quantile")})
