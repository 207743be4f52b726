"""Three days of probes in a vault, what is asked of them, and how workers come to grief."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np

from makegood.engine.evidence.probes import MICRO, Probe, Series
from makegood.engine.evidence.records import Status
from makegood.engine.vocabulary.ratio import Ratio
from makegood.vault.manifest import PROBES, Segment
from makegood.vault.measuring.schedule.cluster import Cluster
from makegood.vault.measuring.schedule.status import Partition, StatusOf, Told
from makegood.vault.measuring.status.arrays import add
from makegood.vault.measuring.status.counting import Counting
from makegood.vault.measuring.status.measure import measured
from makegood.vault.measuring.status.part import StatusFigures
from makegood.vault.measuring.status.plan import Quantile, StatusPlan, Windows
from makegood.vault.probes.columns import ProbeColumns, instant_of
from makegood.vault.vault import Vault

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MIDNIGHT = 1_772_755_200  # 2026-03-06
DAY = 86_400
SERIES = (
    Series("monitoring", "db-1", "http", "time", "ms"),
    Series("monitoring", "web-1", "http", "time", "ms"),
    Series("watcher", "web-1", "http", "time", "ms"),
)
MONTH = np.array([MIDNIGHT + 600]), np.array([MIDNIGHT + 3 * DAY - 600])
LUNCH = np.array([1]), np.array([MIDNIGHT + 12 * 3600]), np.array([MIDNIGHT + 13 * 3600])
PLAN = StatusPlan(
    names=SERIES,
    counting=Counting.of(3, MONTH, LUNCH),
    after=1800,
    quantile=Quantile(share=Ratio(19, 20), most=np.array([1000, 1000, 1000])),
    windows=Windows(start=MIDNIGHT, every=3600, level=Ratio(9, 10)),
)


def probes() -> list[Probe]:
    """Return a probe of each series every ten minutes or so, for three days."""
    random = Random(4)  # noqa: S311  # seeded on purpose, nothing secret
    statuses = [Status.UP] * 9 + [Status.DOWN]
    return [
        Probe(name, instant_of(at), random.choice(statuses), Ratio(random.randrange(5 * MICRO), MICRO))
        for name in SERIES
        for at in range(MIDNIGHT, MIDNIGHT + 3 * DAY, random.choice([580, 600, 620]))
    ]


def sealed(folder: Path, buckets: int = 1) -> Vault:
    """Return a vault with the probes, some of which came late: of one day there are two segments."""
    every = probes()
    late = [each for number, each in enumerate(every) if number % 100 == 40]
    vault = Vault.create(folder, buckets=buckets)
    for batch in ([each for each in every if each not in late], late):
        with vault.writer(now=NOW) as writer:
            writer.append_probes(ProbeColumns.of(batch))
            writer.seal()
    return vault


def segments(vault: Vault) -> list[Segment]:
    return [each for each in vault.segments() if each.kind == PROBES]


def answer(figures: StatusFigures) -> list[bytes]:
    """Return the bytes of an answer."""
    columns = (figures.probes, figures.seconds, figures.windows, figures.bad, figures.quantile)
    return [column.astype("<i8").tobytes() for column in columns]


def expected(every: list[Probe] | None = None) -> list[bytes]:
    """Return the bytes of the answer that all probes give when they are measured at once, in NumPy."""
    return answer(measured(PLAN, [ProbeColumns.of(every or probes())], add).figures())


def doubled(partition: int) -> int:
    return 2 * partition


def refused(partition: int) -> int:
    raise ValueError(f"partition {partition} is refused")


def killed(_partition: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def joined(address: str) -> list[int]:
    """Return what the cluster at an address makes of three partitions."""
    with Cluster(2, address) as cluster:
        return list(cluster.parts(doubled, [1, 2, 3]))


@dataclass(frozen=True, slots=True)
class KilledOnce:
    """What a partition tells, in processes of which the one that comes to the second day is killed, once."""

    status: StatusOf
    mark: Path

    def __call__(self, partition: Partition) -> Told:
        if partition[0].part.startswith("2026-03-07") and not self.mark.exists():
            self.mark.touch()
            killed(0)
        return self.status(partition)
