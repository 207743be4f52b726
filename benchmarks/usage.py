"""What a tree of processes has used: CPU of all its threads and processes, and the peak of its memory."""

from __future__ import annotations

import os
import resource
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def descendants(process: int) -> list[int]:
    """Return the processes that were started by this one, or by those, and are still there."""
    found = []
    for task in (_PROC / str(process) / "task").glob("*"):
        for child in map(int, _text(task / "children").split()):
            found += [child, *descendants(child)]
    return found


def cpu_of_tree() -> float:
    """Return the seconds of CPU, user and system, of this process, its threads, and its processes, ended or not."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in own) + sum(map(_cpu, descendants(os.getpid())))


def forget_peak() -> None:
    """Let the peak of this process begin anew with what it has now."""
    (_PROC / "self/clear_refs").write_text("5", encoding="ascii")


def peak() -> int:
    """Return the peak memory of this process since ``forget_peak``, in bytes."""
    return _kibibytes("self/status", "VmHWM:")


def memory_of_tree(process: int) -> int:
    """Return the memory of a process and its descendants now, in bytes; what they share counts once."""
    return sum(_kibibytes(f"{each}/smaps_rollup", "Pss:") for each in (process, *descendants(process)))


def _cpu(process: int) -> float:
    """Return the CPU of another process and of those that it has waited for."""
    fields = _text(_PROC / str(process) / "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS


def _kibibytes(file: str, name: str) -> int:
    lines = (line.split() for line in _text(_PROC / file).splitlines())
    return sum(1024 * int(line[1]) for line in lines if line[0] == name)


def _text(path: Path) -> str:
    """Return a file of the system, empty if its process has just ended."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
