"""Usage: a tree of processes is measured as a whole."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from benchmarks.usage import cpu_of_tree, descendants, forget_peak, memory_of_tree, peak

MIB = 1024 * 1024
# Works until it has used 0.3 s of CPU and holds 64 MiB, says so, and waits.
CHILD = """
import time
held = bytearray(b"x" * (64 * 1024 * 1024))
while time.process_time() < 0.3:
    pass
print("ready", flush=True)
input()
"""


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", CHILD], stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


class TestATreeOfProcesses:
    def test_counts_children_that_are_at_work(self, child: subprocess.Popen[bytes]) -> None:
        with_child = cpu_of_tree()
        before = os.times()
        assert child.pid in descendants(os.getpid())
        assert with_child - (before.user + before.system + before.children_user + before.children_system) > 0.25
        assert memory_of_tree(os.getpid()) - memory_of_tree(child.pid) > 0
        assert memory_of_tree(child.pid) > 64 * MIB

    def test_counts_children_that_have_ended(self, child: subprocess.Popen[bytes]) -> None:
        at_work = cpu_of_tree()
        child.kill()
        child.wait()
        assert cpu_of_tree() > at_work - 0.02
        assert child.pid not in descendants(os.getpid())


class TestThePeakOfMemory:
    def test_begins_anew(self) -> None:
        held = bytearray(b"x" * (64 * MIB))
        before = peak()
        del held
        forget_peak()
        assert before - peak() > 60 * MIB
