"""A race: several ways of doing the same work on the same data, measured in turns, and what they must reach.

A module beside this one takes part by a function ``races(size)``; ``./run bench`` finds it. Example:

    def races(size: Size) -> Iterator[Race]:
        yield Race(
            "measure a month of status records",
            partial(_write, rows=100_000_000 if size is Size.FULL else 1_000_000),
            (
                Contestant("bare scan", _scan),
                Contestant("makegood, compiled", _measure, ready=_compiled),
                Contestant("DuckDB", _sql),
            ),
            (
                Ratio("makegood, compiled", over="bare scan", at_most=3.5),
                Ratio("DuckDB", over="makegood, compiled", at_least=8),
                Peak("makegood, compiled", at_most=1024 * MIB),
            ),
        )
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, Final, Protocol

MIB: Final = 1024 * 1024


class Size(StrEnum):
    """How much data there is: ``full`` is what the targets speak of, ``small`` ends within two minutes in all."""

    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a contestant found: named parts, and figures that it took itself.

    Whoever names a part must agree on it with all others that name it; a bare scan may name few or none. Parts are
    numbers, texts, bytes, lists or mappings of them, or arrays. Figures (as records a second) need not agree.
    """

    parts: Mapping[str, object] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)


def _folder(folder: Path) -> Path:
    return folder


@dataclass(frozen=True, slots=True)
class Contestant:
    """One way to do the work.

    ``ready`` is given the folder with the prepared data and is not measured: there belong imports, compilation, and
    the start of servers. ``work`` is given what ``ready`` returned (by default the folder) and is measured. Both run
    in a process of their own, whose current folder is empty, its own, and thrown away.
    """

    name: str
    work: Callable[[Any], Answer]
    ready: Callable[[Path], Any] = _folder


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run: seconds of CPU and of the clock, the peak of memory in bytes, and what it answered."""

    cpu: float
    wall: float
    peak: int
    digests: dict[str, str]
    figures: dict[str, float]
    versions: dict[str, str]


# The runs of each contestant, one a round.
Runs = Mapping[str, list[Run]]


class Goal(Protocol):
    """What one contestant must reach; exactly one of ``at_most`` and ``at_least`` is given."""

    @property
    def of(self) -> str: ...
    @property
    def at_most(self) -> float | None: ...
    @property
    def at_least(self) -> float | None: ...
    @property
    def unit(self) -> str: ...
    def value(self, runs: Runs) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    at_most: float | None = None
    at_least: float | None = None

    def __post_init__(self) -> None:
        if (self.at_most is None) is (self.at_least is None):
            raise ValueError("a goal is at most or at least a number")


@dataclass(frozen=True, slots=True)
class Ratio(_Target):
    """The CPU of one contestant as a multiple of another's: the median over the rounds."""

    of: str
    over: str

    @property
    def unit(self) -> str:
        return f"× {self.over}"

    def value(self, runs: Runs) -> float:
        return median(ours.cpu / theirs.cpu for ours, theirs in zip(runs[self.of], runs[self.over], strict=True))


@dataclass(frozen=True, slots=True)
class Peak(_Target):
    """The peak memory of a contestant's process tree, in bytes: the median over the rounds."""

    of: str
    unit: ClassVar[str] = "MiB"

    def value(self, runs: Runs) -> float:
        return median(run.peak for run in runs[self.of])


@dataclass(frozen=True, slots=True)
class Figure(_Target):
    """A figure that a contestant takes itself, by its name in the answer, or as a multiple of another's: the median."""

    of: str
    name: str
    over: str = ""

    @property
    def unit(self) -> str:
        return f"× the {self.name} of {self.over}" if self.over else self.name

    def value(self, runs: Runs) -> float:
        found = [run.figures[self.name] for run in runs[self.of]]
        if not self.over:
            return median(found)
        others = (run.figures[self.name] for run in runs[self.over])
        return median(ours / theirs for ours, theirs in zip(found, others, strict=True))


@dataclass(frozen=True, slots=True)
class Race:
    """The same work on the same data by several contestants; the first is what the others are shown relative to.

    ``prepare`` writes the data into an empty folder, once, in a process of its own.
    """

    title: str
    prepare: Callable[[Path], object]
    contestants: tuple[Contestant, ...]
    goals: tuple[Goal, ...] = ()

    def __post_init__(self) -> None:
        names = [each.name for each in self.contestants]
        named = {name for goal in self.goals for name in (goal.of, getattr(goal, "over", "") or goal.of)}
        if len(set(names)) < len(names) or not named <= set(names):
            raise ValueError(f"{self.title}: each goal is about contestants, and each of those has its own name")

    def contestant(self, name: str) -> Contestant:
        """Return the contestant of this name."""
        return next(each for each in self.contestants if each.name == name)


class Races(Protocol):
    """What a module of benchmarks offers."""

    def __call__(self, size: Size) -> Iterator[Race]: ...
