"""Schedulers: the same bytes from each of them, and from those whose workers are killed."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from itertools import islice
from pathlib import Path

import pytest

from makegood.vault.measuring.schedule.cluster import LOCAL, Cluster, RayNotInstalled
from makegood.vault.measuring.schedule.named import SchedulerName, scheduler_named
from makegood.vault.measuring.schedule.processes import Processes, run
from makegood.vault.measuring.schedule.scheduler import Scheduler, WorkersLost, merged_parts
from makegood.vault.measuring.schedule.status import StatusOf, measured_by, partitions
from makegood.vault.measuring.schedule.threads import Threads
from makegood.vault.measuring.status.part import StatusPart
from makegood.vault.storage import SegmentUnusable, Storage
from makegood.vault.vault import Vault
from tests.vault.measuring.schedule.scene import (
    MIDNIGHT,
    PLAN,
    KilledOnce,
    answer,
    doubled,
    expected,
    joined,
    killed,
    probes,
    refused,
    sealed,
    segments,
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    return sealed(tmp_path_factory.mktemp("kept") / "vault")


@pytest.fixture(scope="module")
def started() -> Iterator[Callable[[SchedulerName], Scheduler]]:
    """Start each scheduler once, when it is first asked for: Ray takes ten seconds."""
    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(scheduler_named(name, 2)))


@pytest.fixture(params=list(SchedulerName))
def scheduler(request: pytest.FixtureRequest, started: Callable[[SchedulerName], Scheduler]) -> Scheduler:
    return started(request.param)


def storage_of(vault: Vault) -> Storage:
    return Storage(str(vault.path / "segments"))


class TestEveryScheduler:
    def test_tells_of_partitions_in_their_order(self, scheduler: Scheduler) -> None:
        assert list(scheduler.parts(doubled, range(20))) == list(range(0, 40, 2))
        assert list(islice(scheduler.parts(doubled, range(20)), 2)) == [0, 2]
        assert list(scheduler.parts(doubled, [])) == []

    def test_raises_what_a_partition_raises(self, scheduler: Scheduler) -> None:
        with pytest.raises(ValueError, match=r"^partition 7 is refused$") as raised:
            list(scheduler.parts(refused, [7]))
        assert raised.type is ValueError
        assert list(scheduler.parts(doubled, [1])) == [2]

    def test_gives_the_bytes_that_all_probes_give_at_once(self, scheduler: Scheduler, vault: Vault) -> None:
        found = measured_by(scheduler, PLAN, storage_of(vault), partitions(segments(vault), 2))
        assert answer(found.figures()) == expected()

    def test_measures_what_was_known_at_an_entry(self, scheduler: Scheduler, vault: Vault) -> None:
        known = [each for number, each in enumerate(probes()) if number % 100 != 40]
        found = measured_by(scheduler, PLAN, storage_of(vault), partitions(segments(vault), 2), until=1)
        assert answer(found.figures()) == expected(known)
        assert answer(found.figures()) != expected()

    def test_reads_no_more_than_what_it_is_given(self, scheduler: Scheduler, vault: Vault) -> None:
        first, *_ = partitions(segments(vault), 2)
        known = [each for each in probes() if each.at.day == 6]
        found = measured_by(scheduler, PLAN, storage_of(vault), [first])
        assert answer(found.figures()) == expected(known)
        assert {each.at.timestamp() // 86_400 for each in known} == {MIDNIGHT / 86_400}

    def test_refuses_a_segment_that_is_not_there(self, scheduler: Scheduler, tmp_path: Path, vault: Vault) -> None:
        first = segments(vault)[0]
        with pytest.raises(SegmentUnusable) as refusal:
            measured_by(scheduler, PLAN, Storage(str(tmp_path)), [(first,)])
        assert refusal.value.file == first.file
        assert str(refusal.value) == (
            f"{first.file} in {tmp_path} cannot be used: it is not there; copy it there again from the vault"
        )


class TestLostWorker:
    @pytest.fixture(params=[SchedulerName.PROCESSES, SchedulerName.RAY])
    def scheduler(self, request: pytest.FixtureRequest, started: Callable[[SchedulerName], Scheduler]) -> Scheduler:
        return started(request.param)

    def test_changes_nothing(self, scheduler: Scheduler, vault: Vault, tmp_path: Path) -> None:
        status = StatusOf(PLAN, storage_of(vault))
        measure = KilledOnce(status, tmp_path / "killed")
        found = partitions(segments(vault), 2)
        part = merged_parts(scheduler, measure, found, status.merged, StatusPart.of(PLAN))
        assert measure.mark.exists()
        assert answer(part.figures()) == expected()

    def test_is_given_up_on_if_it_is_lost_again_and_again(self, scheduler: Scheduler) -> None:
        with pytest.raises(
            WorkersLost, match=r"workers were lost again and again .*: perhaps one partition needs more"
        ):
            list(scheduler.parts(killed, [1]))
        assert list(scheduler.parts(doubled, [1])) == [2]


class TestCluster:
    def test_is_reached_from_this_machine_only(self, started: Callable[[SchedulerName], Scheduler]) -> None:
        import ray

        assert isinstance(started(SchedulerName.RAY), Cluster)
        assert ray.get_runtime_context().gcs_address.startswith("127.0.0.1:")

    def test_may_be_there_already(self, started: Callable[[SchedulerName], Scheduler]) -> None:
        """Another process joins the cluster that is there."""
        import ray

        assert isinstance(started(SchedulerName.RAY), Cluster)
        with Processes(1) as processes:
            assert list(processes.parts(joined, [ray.get_runtime_context().gcs_address])) == [[2, 4, 6]]


class TestWorker:
    def test_is_sent_a_function_and_a_partition(self) -> None:
        assert run(pickle.dumps(doubled), 4) == 8

    def test_reads_a_segment_group_by_group(self, vault: Vault) -> None:
        known = [each for number, each in enumerate(probes()) if number % 100 != 40 and each.at.day == 6]
        first = min(segments(vault), key=lambda each: (each.part, each.first))
        assert answer(measured_by(Threads(1), PLAN, storage_of(vault), [(first,)]).figures()) == expected(known)


class TestPartitions:
    def test_are_days_if_there_are_fewer_buckets_than_workers(self, vault: Vault) -> None:
        found = partitions(segments(vault), 2)
        assert [[each.part for each in partition] for partition in found] == [
            ["2026-03-06.0", "2026-03-06.0"],
            ["2026-03-07.0", "2026-03-07.0"],
            ["2026-03-08.0", "2026-03-08.0"],
        ]

    def test_are_buckets_if_there_are_enough(self, vault: Vault) -> None:
        (found,) = partitions(segments(vault), 1)
        assert sorted(each.part for each in found) == sorted(each.part for each in segments(vault))
        assert answer(measured_by(Threads(1), PLAN, storage_of(vault), [found]).figures()) == expected()

    def test_give_the_same_bytes_either_way(self, tmp_path: Path) -> None:
        divided = sealed(tmp_path / "vault", buckets=3)  # 0 has the watcher, 2 the monitoring
        storage = storage_of(divided)
        by_bucket, by_day = (partitions(segments(divided), workers) for workers in (2, 3))
        assert (len(by_bucket), len(by_day)) == (2, 6)
        for found in (by_bucket, by_day):
            assert answer(measured_by(Threads(2), PLAN, storage, found).figures()) == expected()


class TestSchedulersByName:
    def test_are_threads_processes_and_ray(self) -> None:
        with scheduler_named(SchedulerName.THREADS, 3) as threads:
            assert threads == Threads(3)
        with scheduler_named(SchedulerName.PROCESSES, 1) as processes:
            assert isinstance(processes, Processes)

    @pytest.mark.parametrize("address", [LOCAL, "127.0.0.1:1"])
    def test_say_what_is_missing(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "ray", None)
        with pytest.raises(RayNotInstalled, match=r"pip install 'makegood\[vault,cluster\]'$"):
            Cluster(1, address)
