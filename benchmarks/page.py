"""The page of results: one part for each module of benchmarks, so that one can be run alone."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median

from benchmarks.race import MIB, Figure, Goal, Peak, Race, Runs, Size

PAGE = Path(__file__).parent / "RESULTS.md"
HEAD = """\
# Benchmarks

`./run bench` writes this page, `./run bench NAME` only the part of that name. CPU is user and system time of all
threads and processes, relative to the first contestant of the same work; contestants run in turns, and medians are
shown. Memory is the peak of the whole process tree. All contestants gave the same answer.
"""
_COLUMNS = "| work | contestant | CPU | peak memory | measured | target | reached |\n|---|---|--:|--:|---|---|---|"


def rows(race: Race, runs: Runs) -> Iterator[str]:
    """Return the rows of a race: one a contestant, and one more for each further goal or figure that it has."""
    first = race.contestants[0].name
    for number, contestant in enumerate(race.contestants):
        name = contestant.name
        cpu = median(ours.cpu / theirs.cpu for ours, theirs in zip(runs[name], runs[first], strict=True))
        memory = median(run.peak for run in runs[name])
        cells = ["" if number else race.title, name, _number(cpu), f"{memory / MIB:,.0f} MiB"]
        goals = [_goal(goal, runs) for goal in race.goals if goal.of == name]
        goals += [_figure(figure, runs) for figure in _without_goal(race, runs, name)]
        yield _row(*cells, *(goals[0] if goals else ("", "", "")))
        for goal in goals[1:]:
            yield _row("", "", "", "", *goal)


def part(name: str, size: Size, rounds: int, races: Iterable[tuple[Race, Runs]]) -> str:
    """Return the part of the page that one module fills, with the machine and the versions that it ran on."""
    races = list(races)
    used = {name: version for _, runs in races for each in runs.values() for name, version in each[0].versions.items()}
    versions = ", ".join(f"{name} {version}" for name, version in {"Python": platform.python_version(), **used}.items())
    told = f"Size {size}, {rounds} rounds; {_machine()}; {versions}."
    table = "\n".join(row for race, runs in races for row in rows(race, runs))
    return f"## {name}\n\n{told}\n\n{_COLUMNS}\n{table}\n"


def with_part(page: str, name: str, text: str) -> str:
    """Return the page with one part written anew; parts stand in the order of their names."""
    found = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    parts = {each.partition("\n")[0]: f"## {each.rstrip()}\n" for each in found}
    parts[name] = text
    return "\n".join([HEAD, *(parts[each] for each in sorted(parts))])


def _goal(goal: Goal, runs: Runs) -> tuple[str, str, str]:
    value = goal.value(runs)
    scale = MIB if isinstance(goal, Peak) else 1
    limit, sign, reached = goal.at_least, "≥", value >= (goal.at_least or 0)
    if goal.at_most is not None:
        limit, sign, reached = goal.at_most, "≤", value <= goal.at_most
    assert limit is not None
    return f"{_number(value / scale)} {goal.unit}", f"{sign} {limit / scale:,g}", "yes" if reached else "**no**"


def _without_goal(race: Race, runs: Runs, name: str) -> list[Figure]:
    """Return the figures that a contestant took, of which nothing is expected."""
    wanted = {goal.unit for goal in race.goals if goal.of == name}
    return [Figure(name, each, at_least=0) for each in runs[name][0].figures if each not in wanted]


def _figure(figure: Figure, runs: Runs) -> tuple[str, str, str]:
    return f"{_number(figure.value(runs))} {figure.unit}", "", ""


def _number(value: float) -> str:
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _machine() -> str:
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text("utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024 / MIB
    return f"{os.cpu_count()} cores, {model[1] if model else platform.machine()}, {memory:.0f} GiB"
