"""What grows with the evidence, by the probe and by the series: ``python -m benchmarks.growth``.

These are the figures that docs/explanation/beyond-one-machine.md multiplies.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

from benchmarks.schedulers import FIRST, asked, write
from makegood.vault.layout import MANIFEST, sha256
from makegood.vault.manifest import PROBES, RUNS, Act, Change, Manifest, Segment
from makegood.vault.measuring.schedule.status import StatusOf, partitions
from makegood.vault.measuring.status.measure import fastest
from makegood.vault.measuring.status.part import StatusPart
from makegood.vault.measuring.status.runs import seconds_of_runs
from makegood.vault.probes.columns import instant_of
from makegood.vault.probes.runs import joined_runs, runs_columns
from makegood.vault.storage import Storage

SERIES, DAYS, BUCKETS = 500, 10, 64

_Found = TypeVar("_Found")


def main() -> None:
    with TemporaryDirectory(prefix="makegood-bench-") as name:
        folder = Path(name)
        write(SERIES, DAYS, folder)
        _show(folder)
        _show_manifest(folder)


def _show(folder: Path) -> None:
    plan, segments = asked(DAYS, folder)
    rows = sum(each.rows for each in segments)
    paths = [folder / each.file for each in segments]
    size = sum(path.stat().st_size for path in paths)
    runs = list(folder.glob("runs-*"))
    status = StatusOf(plan, Storage(str(folder)))
    fastest()
    (whole,), days = partitions(segments, 1), partitions(segments, 2)
    status(days[0])
    print(f"{rows:,} probes, {SERIES} series, {DAYS} days; seconds of CPU")
    print(
        f"a probe: {size / rows:.2f} bytes in segments, {sum(each.stat().st_size for each in runs) / rows:.2f} in runs"
    )
    hashed, _ = _timed(lambda: [sha256(path.read_bytes()) for path in paths])
    print(f"a GB: {hashed / size * 1e9:.2f} s to verify")
    found, _ = _timed(lambda: seconds_of_runs(plan, joined_runs([runs_columns(each) for each in runs])))
    print(f"a probe: {found / rows * 1e9:.1f} ns for time alone, from runs")
    for by, partition in (("bucket", whole), ("day", days[0])):
        measured, told = _timed(lambda partition=partition: status(partition))  # type: ignore[misc]  # called at once
        merging, _ = _timed(lambda told=told: status.merged(StatusPart.of(plan), told))  # type: ignore[misc]  # as above
        counted = rows if by == "bucket" else rows // DAYS
        print(
            f"by {by}: {measured / counted * 1e9:.0f} ns a probe to read, verify and measure; of each series "
            f"{len(pickle.dumps(told)) / SERIES / 1e3:.1f} kB to send back and {merging / SERIES * 1e6:.0f} µs to merge"
        )


def _show_manifest(folder: Path) -> None:
    """Show what reading the manifest takes, where probes and runs of a year lie in so many buckets."""
    at, previous, lines = instant_of(FIRST), "", []
    for day in range(365):
        adds = tuple(
            Segment(
                kind, f"{(at + timedelta(days=day)).date()}.{bucket}", f"{bucket:064x}", 1, 1, 1, at, at, ("source",)
            )
            for kind in (PROBES, RUNS)
            for bucket in range(BUCKETS)
        )
        lines.append(Change(day + 1, Act.SEAL, at, day + 1, "0" * 64, adds, ()).line(previous))
        previous = sha256(lines[-1])
    (folder / MANIFEST).write_bytes(b"".join(lines))
    took, manifest = _timed(lambda: Manifest.read(folder, b""))
    assert not manifest.findings
    print(
        f"a year in {BUCKETS} buckets: {len(manifest.segments):,} segments, "
        f"{sum(map(len, lines)) / 1e6:.0f} MB of manifest, {took:.1f} s to read"
    )


def _timed(work: Callable[[], _Found]) -> tuple[float, _Found]:
    started = process_time()
    found = work()
    return process_time() - started, found


if __name__ == "__main__":
    main()
