"""Deriving changes: each transition of a case learns what came before it. Sealing does this once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from makegood.engine.evidence.records import Transition
from makegood.vault.measuring.clocks.columns import NOTHING, Change, TransitionColumns
from makegood.vault.probes.columns import Column, second_of


@dataclass(frozen=True, slots=True, eq=False)
class StateColumns:
    """Transitions as they were recorded: which ``state`` each ``case`` entered when, with the ``priority`` named then.

    Unit: ``state`` and ``priority`` are indexes into ``states`` and ``priorities``, of which the first priority is
        empty; ``at`` are seconds since 1970 in UTC (int64). Rows are in the order of evidence: by case, then by time,
        source and identifier.
    """

    states: Sequence[str]
    priorities: Sequence[str]
    case: Column
    at: Column
    state: Column
    priority: Column
    sequence: Column | None = None


@dataclass(frozen=True, slots=True)
class _Changes:
    """The changes met so far, by number; with number 0 a case begins."""

    known: list[Change] = field(default_factory=lambda: [NOTHING])
    numbers: dict[Change, int] = field(default_factory=lambda: {NOTHING: 0})

    def number(self, change: Change) -> int:
        if change not in self.numbers:
            self.numbers[change] = len(self.known)
            self.known.append(change)
        return self.numbers[change]


def columns_of(transitions: Iterable[Transition]) -> tuple[list[tuple[str, str]], TransitionColumns]:
    """Return the cases that records tell of, by kind and name in the order of their numbers, and their changes."""
    ordered = sorted(transitions, key=lambda each: (each.of, each.case, each.at, each.source, each.source_id))
    cases = sorted({(each.of, each.case) for each in ordered})
    states = sorted({each.state for each in ordered})
    priorities = sorted({"", *(each.priority for each in ordered)})
    number = {case: place for place, case in enumerate(cases)}
    recorded = StateColumns(
        states,
        priorities,
        np.array([number[each.of, each.case] for each in ordered], np.int32),
        np.array([second_of(each.at) for each in ordered], np.int64),
        np.array([states.index(each.state) for each in ordered], np.int32),
        np.array([priorities.index(each.priority) for each in ordered], np.int32),
    )
    return cases, from_states(recorded)


def from_states(recorded: StateColumns, earlier: TransitionColumns | None = None) -> TransitionColumns:
    """Return the changes that transitions make.

    Rule: ``earlier`` are the last changes of cases that began before, one row each, by case (``last``). A transition
        that comes before them in time changes what follows it: then all of its case must be derived anew.

    :raises ValueError: if rows are out of order, or come before what is there already
    """
    case, at = recorded.case, recorded.at
    follows, passed = np.diff(case, prepend=-1) == 0, np.diff(at, prepend=0)
    changes, number = _Changes(), np.zeros(len(case), np.int32)
    if earlier is not None:
        begins = np.flatnonzero(~follows)
        place, begins = _known(earlier, case, begins)
        number[begins] = np.array([changes.number(each) for each in earlier.changes])[earlier.change[place]]
        passed[begins] = at[begins] - earlier.at[place]
        follows[begins] = True
    if np.any(np.diff(case) < 0) or np.any(passed[follows] < 0):
        raise ValueError("transitions are derived by case, and in each by time")
    token = (recorded.state.astype(np.int64) * len(recorded.priorities) + recorded.priority) * 2
    token += follows & (passed == 0)
    for turn, rows in enumerate(_by_place(case)):
        before = number[rows - 1] if turn else number[rows]
        number[rows] = _next(changes, before, token[rows], recorded)
    return _tidy(changes.known, case, number, at, recorded.sequence)


def _known(earlier: TransitionColumns, case: Column, begins: Column) -> tuple[Column, Column]:
    """Return where the earlier changes of cases are, and the rows with which those cases go on."""
    place = np.searchsorted(earlier.case, case[begins])
    found = np.flatnonzero(np.append(earlier.case, -1)[place] == case[begins])
    return place[found], begins[found]


def _by_place(case: Column) -> Iterator[Column]:
    """Yield the first rows of all cases, then the second ones, and so on."""
    begins = np.flatnonzero(np.diff(case, prepend=-1))
    lengths = np.diff(begins, append=len(case))
    place = np.arange(len(case)) - np.repeat(begins, lengths)
    order = np.argsort(place, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(place)))[:-1]


def _next(changes: _Changes, before: Column, token: Column, recorded: StateColumns) -> Column:
    """Return the numbers of the changes that follow others; a token is a state, a priority, and whether it is tied."""
    tokens = len(recorded.states) * len(recorded.priorities) * 2
    pairs, which = np.unique(before * np.int64(tokens) + token, return_inverse=True)
    found = []
    for pair in pairs.tolist():
        known, rest = divmod(pair, tokens)
        named, tied = divmod(rest, 2)
        state, priority = divmod(named, len(recorded.priorities))
        after = changes.known[known].then(recorded.states[state], recorded.priorities[priority], tied=bool(tied))
        found.append(changes.number(after))
    return np.array(found, np.int32)[which]


def _tidy(
    known: Sequence[Change], case: Column, number: Column, at: Column, sequence: Column | None
) -> TransitionColumns:
    """Return columns whose changes are sorted and all in use, so that equal transitions give equal columns."""
    used = sorted(np.unique(number).tolist(), key=known.__getitem__)
    place = np.zeros(len(known), np.int32)
    place[used] = np.arange(len(used))
    return TransitionColumns(tuple(known[each] for each in used), case.astype(np.int32), place[number], at, sequence)
