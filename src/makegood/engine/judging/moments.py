"""Moments: how a service tree stood from one change of its parts to the next, and what that cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise

from makegood.engine.agreement.measures.availability import UnknownAs
from makegood.engine.judging.tree import ALL, NOTHING, Tree, degree
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.ratio import Ratio

Stretches = Sequence[Interval]

_UP, _DOWN, _UNKNOWN, _SHRUNK = "up", "down", "unknown", "shrunk"


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of one component in a period; every set of intervals is sorted and apart."""

    name: str
    there: Stretches
    down: Stretches
    known: Stretches
    shrunk: Stretches = ()
    excused: Stretches = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """How each second of a stretch counts: what is taken out of it, unknown, agreed and lost, each from 0 to 1."""

    shrunk: Ratio
    unknown: Ratio
    agreed: Ratio
    lost: Ratio
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch in which the same parts kept a service from being whole, in seconds."""

    interval: Interval
    shrunk: Ratio
    unknown: Ratio
    agreed: Ratio
    lost: Ratio
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{', '.join(self.parts) or 'nothing'} down {self.interval}"


@dataclass(frozen=True, slots=True)
class Spent:
    """Where the time of a period went, in exact seconds; ``open`` is what exclusions leave, ``known`` is among it."""

    shrunk: Ratio
    open: Ratio
    known: Ratio
    agreed: Ratio
    lost: Ratio


def moment_of(tree: Tree, states: dict[str, str], silence: UnknownAs) -> Moment:
    """Return how a moment counts, given the state of each component that is there.

    Unit: exact ratios from 0 to 1, of each second.
    Rule: taken out is by how much the service would be better if the excluded parts were up than if they were down;
        unknown is the same of the parts of which nothing is known. Lost is what is lacking with excluded parts up, and
        unknown ones as agreed. So an exclusion that names one part excuses that part and never another.
    Source: docs/explanation/judging/composite.md

    >>> from makegood.engine.agreement.terms import Component
    >>> from makegood.engine.judging.tree import Needs
    >>> pair = Tree(Component(id="pair"), Needs.ALL, tuple(Tree(Component(id=n), Needs.ITSELF) for n in "ab"))
    >>> moment_of(pair, {"a": "shrunk", "b": "up"}, UnknownAs.DOWN).agreed
    Ratio(0)
    >>> moment_of(pair, {"a": "shrunk", "b": "down"}, UnknownAs.DOWN).lost
    Ratio(1)
    """

    def how_much(*, shrunk: Ratio, unknown: Ratio) -> Ratio:
        worth = {_UP: ALL, _DOWN: NOTHING, _UNKNOWN: unknown, _SHRUNK: shrunk}
        return degree(tree, {name: worth[state] for name, state in states.items()}) or NOTHING

    standing = ALL if silence is UnknownAs.UP else NOTHING
    shrunk = how_much(shrunk=ALL, unknown=standing) - how_much(shrunk=NOTHING, unknown=standing)
    best, worst = how_much(shrunk=ALL, unknown=ALL), how_much(shrunk=ALL, unknown=NOTHING)
    unknown = min(best - worst, 1 - shrunk)
    agreed = 1 - shrunk - (unknown if silence is UnknownAs.EXCLUDED else 0)
    lost = min(1 - (worst if silence is UnknownAs.DOWN else best), agreed)
    return Moment(shrunk, unknown, agreed, lost, _critical(tree, states, silence) if lost else ())


def spells_of(tree: Tree, watched: Sequence[Watched], offered: Stretches, silence: UnknownAs) -> tuple[Spell, ...]:
    """Return the service time of a period in stretches that count alike, in order of time.

    Unit: exact seconds.
    Rule: a stretch ends where a part changes; neighbours that count alike and for the same parts are one.
    Source: docs/explanation/judging/composite.md

    >>> spells_of(Tree.__new__(Tree), [], [], UnknownAs.DOWN)
    ()
    """
    counted = cache(lambda states: moment_of(tree, dict(states), silence))
    found: list[tuple[Interval, Moment]] = []
    for stretch, states in _constant(watched, offered):
        moment = counted(states)
        if found and found[-1][1] == moment and found[-1][0].end == stretch.start:
            stretch = Interval(found.pop()[0].start, stretch.end)  # noqa: PLW2901  # it grows together
        found.append((stretch, moment))
    return tuple(
        Spell(
            each,
            moment.shrunk * each.seconds,
            moment.unknown * each.seconds,
            moment.agreed * each.seconds,
            moment.lost * each.seconds,
            moment.parts,
        )
        for each, moment in found
    )


def spent_on(spells: Iterable[Spell]) -> Spent:
    """Return where the time of a period went.

    Unit: exact seconds.
    Rule: the sums of all stretches.
    Source: docs/explanation/judging/composite.md

    >>> spent_on([]).agreed
    Ratio(0)
    """
    shrunk = opened = unknown = agreed = lost = NOTHING
    for each in spells:
        shrunk += each.shrunk
        opened += each.interval.seconds - each.shrunk
        unknown += each.unknown
        agreed += each.agreed
        lost += each.lost
    return Spent(shrunk, opened, opened - unknown, agreed, lost)


def _critical(tree: Tree, states: dict[str, str], silence: UnknownAs) -> tuple[str, ...]:
    """Return the parts on the critical path: those whose being up would make it better, or all that are down."""
    counts_down = {_DOWN, _UNKNOWN} if silence is UnknownAs.DOWN else {_DOWN}
    up = {name: NOTHING if state in counts_down else ALL for name, state in states.items()}
    down = [name for name, each in up.items() if not each]
    before = degree(tree, up) or NOTHING
    alone = [name for name in down if (degree(tree, {**up, name: ALL}) or NOTHING) > before]
    return tuple(alone or down)


def _constant(watched: Sequence[Watched], offered: Stretches) -> Iterator[tuple[Interval, tuple[tuple[str, str], ...]]]:
    """Yield the service time in stretches in which no part changes, with the state of each part that is there."""
    edges: dict[datetime, list[tuple[str, str, int]]] = {}
    for each in watched:
        for what in ("there", "down", "known", "shrunk", "excused"):
            for stretch in getattr(each, what):
                edges.setdefault(stretch.start, []).append((each.name, what, 1))
                edges.setdefault(stretch.end, []).append((each.name, what, -1))
    for stretch in offered:
        edges.setdefault(stretch.start, []).append(("", "offered", 1))
        edges.setdefault(stretch.end, []).append(("", "offered", -1))
    now: dict[tuple[str, str], int] = {}
    for start, end in pairwise(sorted(edges)):
        for name, what, step in edges[start]:
            now[name, what] = now.get((name, what), 0) + step
        if now.get(("", "offered")):
            names = [each.name for each in watched if now.get((each.name, "there"))]
            if names:
                yield Interval(start, end), tuple((name, _state(name, now)) for name in names)


def _state(name: str, now: dict[tuple[str, str], int]) -> str:
    if now.get((name, "shrunk")):
        return _SHRUNK
    if now.get((name, "excused")):
        return _UP
    if now.get((name, "down")):
        return _DOWN
    return _UP if now.get((name, "known")) else _UNKNOWN
