"""Users: how much an outage weighs where it counts by the people whom it touched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from makegood.engine.agreement.measures.availability import Together, Users
from makegood.engine.evidence.records import State
from makegood.engine.judging.timeline import Held
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.times import seconds_between


def user_seconds(pieces: Iterable[Interval], records: Iterable[Held], users: Users) -> int:
    """Return the time that an outage cost its users, given the pieces of it that count and the records that make it.

    Unit: seconds times users.
    Rule: every moment counts with the users that its records name: their sum, or the largest number if they touch the
        ``same`` users, and never more than there are. A moment of which no record tells, and a record that names no
        number, counts with all users.
    Source: docs/explanation/judging/availability.md

    >>> from datetime import UTC
    >>> from makegood.engine.evidence.records import Status
    >>> nine, noon = datetime(2025, 3, 12, 9, tzinfo=UTC), datetime(2025, 3, 12, 12, tzinfo=UTC)
    >>> down = State(source="desk", source_id="1", subject="mail", status=Status.DOWN, start=nine, end=noon,
    ...              labels=(("users", "30"),))
    >>> user_seconds([Interval(nine, noon)], [Held(nine, noon, down)], Users(total=100))
    324000
    """
    edges = _edges(pieces, records, users)
    active: Counter[int] = Counter()
    lost = counting = 0
    since = None
    for moment, number, step in sorted(edges, key=lambda edge: edge[0]):
        if counting and since is not None:
            lost += seconds_between(since, moment) * _touched(active, users)
        since = moment
        if number is None:
            counting += step
        else:
            active[number] += step
    return lost


def _edges(
    pieces: Iterable[Interval], records: Iterable[Held], users: Users
) -> Iterator[tuple[datetime, int | None, int]]:
    """Yield where pieces, which have no number, and records begin and end."""
    for piece in pieces:
        yield piece.start, None, 1
        yield piece.end, None, -1
    for each in records:
        number = users_of(each.state, users)
        yield each.start, number, 1
        yield each.end, number, -1


def users_of(state: State, users: Users) -> int:
    """Return how many users a record names.

    Unit: users.
    Rule: the whole number in its label, at most all of them; all of them if it has no such label or no number in it.
    Source: docs/explanation/judging/availability.md

    >>> from datetime import UTC
    >>> from makegood.engine.evidence.records import Status
    >>> noon = datetime(2025, 3, 12, 12, tzinfo=UTC)
    >>> down = State(source="desk", source_id="1", subject="mail", status=Status.DOWN, start=noon,
    ...              labels=(("users", "30"),))
    >>> users_of(down, Users(total=100)), users_of(down, Users(total=20)), users_of(down, Users(total=9, label="seats"))
    (30, 20, 9)
    """
    named = dict(state.labels).get(users.label, "")
    return min(users.total, int(named)) if re.fullmatch("[0-9]{1,18}", named) else users.total


def _touched(active: Counter[int], users: Users) -> int:
    numbers: Sequence[tuple[int, int]] = [(number, times) for number, times in active.items() if times]
    if not numbers:
        return users.total
    if users.together is Together.HIGHEST:
        return max(number for number, _ in numbers)
    return min(users.total, sum(number * times for number, times in numbers))
