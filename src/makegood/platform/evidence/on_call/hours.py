"""Hours of the week as people write them: ``mon-fri 18:00-08:00; sat-sun 00:00-24:00``."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import Final

from makegood.engine.vocabulary.calendar import DAY_MINUTES, Window
from makegood.platform.evidence.on_call.schedule import Week

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = "|".join(DAYS)
_PART: Final = re.compile(rf"({_DAY})(?:-({_DAY}))? (.+)")
_WINDOW: Final = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


class NoHours(ValueError):
    """The text names no hours of a week."""


@lru_cache(maxsize=256)
def week_of(text: str) -> Week | None:
    """Return the windows of a week as they are written; nothing written means every hour.

    A window that closes before it opens reaches into the next day.

    :raises NoHours: if the text is something else

    >>> [str(each) for each in week_of("mon 18:00-08:00")[1]]
    ['00:00-08:00']
    """
    parts = [each for each in (" ".join(part.split()) for part in text.lower().split(";")) if each]
    if not parts:
        return None
    minutes: list[set[int]] = [set() for _ in DAYS]
    for part in parts:
        found = _PART.fullmatch(part)
        if found is None:
            raise NoHours(part)
        first = DAYS.index(found[1])
        last = DAYS.index(found[2]) if found[2] else first
        windows = [_window(each.strip()) for each in found[3].split(",")]
        for day in range(first, last + 1 if last >= first else last + 8):
            _open(minutes, day, windows)
    return tuple(_windows(each) for each in minutes)


def _window(text: str) -> tuple[int, int]:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise NoHours(text)
    opens, closes = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
    if max(opens, closes) > DAY_MINUTES or opens == closes:
        raise NoHours(text)
    return opens, closes


def _open(minutes: list[set[int]], day: int, windows: list[tuple[int, int]]) -> None:
    for opens, closes in windows:
        if opens < closes:
            minutes[day % 7].update(range(opens, closes))
        else:
            minutes[day % 7].update(range(opens, DAY_MINUTES))
            minutes[(day + 1) % 7].update(range(closes))


def _windows(minutes: set[int]) -> tuple[Window, ...]:
    """Return the windows of one day, apart from one another."""
    edges = sorted(chain(minutes - {each + 1 for each in minutes}, {each + 1 for each in minutes} - minutes))
    return tuple(Window(opens, closes) for opens, closes in zip(edges[::2], edges[1::2], strict=True))
