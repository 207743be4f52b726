"""The canonical records of evidence: what operations leave behind, whatever tool it came from.

Every record names its source and its identifier there, and tells apart when something happened, when it was
observed, and when it was recorded here. Records are added and never changed: a correction is a record of its own.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import ClassVar

from makegood.engine.vocabulary.calendar import FIRST_YEAR, LAST_YEAR
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.times import show_instant, utc

Labels = tuple[tuple[str, str], ...]

LARGEST_COUNT = 2**63 - 1


class Status(StrEnum):
    """The state of a subject."""

    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record carries: where it comes from, and when it was observed and recorded (UTC)."""

    kind: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    """The texts without which a record of this kind says nothing."""

    source: str
    source_id: str
    observed_at: datetime | None = None
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        if "#" in self.source:
            raise ValueError(f"a source has no # in its name: {self.source!r}")
        for name in ("source", "source_id", *self.needs):
            if not getattr(self, name):
                raise ValueError(f"a {self.kind} needs a {name}")
        for name in _instants(self.kind):
            moment = getattr(self, name)
            if moment is None:
                continue
            if moment.tzinfo is not UTC or moment.microsecond:
                moment = _instant(moment)
                object.__setattr__(self, name, moment)
            if not FIRST_YEAR <= moment.year <= LAST_YEAR:
                raise ValueError(far_away(name, moment))
        start, end = getattr(self, "start", None), getattr(self, "end", None)
        if start is not None and end is not None and end < start:
            raise ValueError(f"a {self.kind} ends before it starts: {show_instant(start)} .. {show_instant(end)}")
        labels: Labels = getattr(self, "labels", ())
        if len(labels) > 1:
            object.__setattr__(self, "labels", _in_order(labels))

    @property
    def id(self) -> str:
        """The name under which explanations cite the record."""
        return f"{self.source}#{self.source_id}"

    @property
    def canonical(self) -> str:
        """The record as JSON in the one way in which it is written, without ``recorded_at``.

        What is as it is by default is left out, so that a field which the language learns later changes no digest.
        """
        found = ((name, getattr(self, name), default) for name, default in _content(self.kind))
        content: dict[str, object] = {name: value for name, value, default in found if value != default}
        content["kind"] = self.kind
        labels: Labels = getattr(self, "labels", ())
        if labels:
            content["labels"] = dict(labels)
        return _CANONICAL.encode(content)

    @property
    def digest(self) -> str:
        """SHA-256 of what is canonical: the same fact has the same digest whenever it arrives."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Record):
    """A subject is in a state from ``start`` on; without ``end`` until its next state from the same source.

    ``seen_until`` is when a state without ``end`` was seen last, if it was seen again and again since its start.
    ``reported_at`` is when the customer reported the outage, ``incident`` the incident that it belongs to.
    """

    kind: ClassVar[str] = "state"
    needs: ClassVar[tuple[str, ...]] = ("subject",)

    subject: str
    status: Status
    start: datetime
    end: datetime | None = None
    seen_until: datetime | None = None
    reported_at: datetime | None = None
    incident: str = ""
    labels: Labels = ()

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.seen_until is None:
            return
        if self.end is not None:
            raise ValueError("a state that has an end needs no seen_until")
        if self.seen_until < self.start:
            start, seen = show_instant(self.start), show_instant(self.seen_until)
            raise ValueError(f"a state was seen last before it starts: {start} .. {seen}")

    @property
    def latest(self) -> datetime:
        """The last instant at which anything is known of it."""
        return self.end or self.seen_until or self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge(Record):
    """A number with its unit at an instant, as in a response time; so many samples had the same value.

    With a ``count`` above 1, ``at`` is when the first of them was taken.
    """

    kind: ClassVar[str] = "gauge"
    needs: ClassVar[tuple[str, ...]] = ("subject", "of")

    subject: str
    of: str
    value: Ratio
    unit: str
    at: datetime
    count: int = 1
    labels: Labels = ()

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if type(self.count) is not int or not 1 <= self.count <= LARGEST_COUNT:
            raise ValueError(f"a gauge stands for a whole number of samples, one or more, not {self.count!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Record):
    """So many events of one sort had the same result in a stretch; one event has ``count`` 1 and start = end.

    ``of`` names the events (orders, flights, seats), ``result`` what became of them (accepted, cancelled).
    """

    kind: ClassVar[str] = "tally"
    needs: ClassVar[tuple[str, ...]] = ("of", "result")

    subject: str
    of: str
    result: str
    count: int
    start: datetime
    end: datetime
    incident: str = ""
    labels: Labels = ()

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if type(self.count) is not int or not 0 <= self.count <= LARGEST_COUNT:
            raise ValueError(f"a tally counts a whole number of events, none or more, not {self.count!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(Record):
    """A case (ticket, job, patch, change) enters a state at an instant; ``priority`` is the one it then had."""

    kind: ClassVar[str] = "transition"
    needs: ClassVar[tuple[str, ...]] = ("case", "of", "state")

    case: str
    of: str
    state: str
    at: datetime
    priority: str = ""
    incident: str = ""
    labels: Labels = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion(Record):
    """A stretch, or a case, that the parties agreed not to hold against the provider.

    An empty ``subject`` concerns every subject; ``case`` concerns that case alone.
    """

    kind: ClassVar[str] = "exclusion"
    needs: ClassVar[tuple[str, ...]] = ("cause",)

    cause: str
    start: datetime
    end: datetime
    subject: str = ""
    case: str = ""
    announced_at: datetime | None = None
    approved_by: str = ""
    labels: Labels = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution(Record):
    """A party's share in the cause of an incident, or of what went wrong in a stretch; ``by`` is who found so.

    With a stretch the share is that of each of its moments; without an incident it is about whatever failed then.
    """

    kind: ClassVar[str] = "attribution"
    needs: ClassVar[tuple[str, ...]] = ("party",)

    incident: str = ""
    party: str
    share: Ratio
    by: str = ""
    start: datetime | None = None
    end: datetime | None = None

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not 0 <= self.share <= 1:
            raise ValueError(f"a party's share in a cause lies between 0 and 1: {self.share}")
        if (self.start is None) is not (self.end is None):
            raise ValueError("a stretch of an attribution has a start and an end")
        if not self.incident and self.start is None:
            raise ValueError("an attribution needs an incident or a stretch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Record):
    """A value or a fact attested by a named person."""

    kind: ClassVar[str] = "statement"
    needs: ClassVar[tuple[str, ...]] = ("subject", "of", "by")

    subject: str
    of: str
    value: Ratio
    unit: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction(Record):
    """The record ``corrects`` (of source ``of``) no longer counts; what is right instead is a record of its own.

    A correction can itself be corrected: then the first record counts again. ``by`` is who corrects; if that is a
    party of the agreement, it is a dispute. ``agreed_by`` is who of the other side agreed.
    """

    kind: ClassVar[str] = "correction"
    needs: ClassVar[tuple[str, ...]] = ("of", "corrects", "reason")

    of: str
    corrects: str
    reason: str
    by: str = ""
    at: datetime | None = None
    agreed_by: str = ""

    @property
    def target(self) -> str:
        return f"{self.of}#{self.corrects}"


AnyRecord = State | Gauge | Tally | Transition | Exclusion | Attribution | Statement | Correction

KINDS: dict[str, type[Record]] = {
    form.kind: form for form in (State, Gauge, Tally, Transition, Exclusion, Attribution, Statement, Correction)
}


@cache
def _content(kind: str) -> tuple[tuple[str, object], ...]:
    """Return the names of the fields that make a record of a kind, each with its default."""
    return tuple((entry.name, entry.default) for entry in fields(KINDS[kind]) if entry.name != "recorded_at")


@cache
def _instants(kind: str) -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(KINDS[kind]) if str(entry.type).startswith("datetime"))


def _instant(moment: datetime) -> datetime:
    """Return the moment in UTC; evidence is kept to the whole second, so that two readers agree on its length."""
    if moment.microsecond:
        raise ValueError(f"instants are kept to the whole second: {moment}")
    return utc(moment)


def far_away(name: str, moment: datetime) -> str:
    """Return what is wrong with a year that no calendar answers for: it stands in the place of an unknown time."""
    years = f"outside of {FIRST_YEAR} to {LAST_YEAR}"
    return f"{name} lies in the year {moment.year}, {years}; leave out a time that nobody knows"


def _in_order(labels: Labels) -> Labels:
    """Return the labels sorted by name, so that the order in which they were written makes no other record."""
    if len({name for name, _ in labels}) < len(labels):
        raise ValueError(f"a label is given twice: {', '.join(name for name, _ in labels)}")
    return tuple(sorted(labels))


def _plain(value: datetime | Ratio) -> str:
    """Return the canonical text of what JSON has no form for."""
    if isinstance(value, datetime):
        return f"{value.isoformat()[:-6]}Z"  # as show_instant writes it, in a third of the time: it is in UTC already
    return f"{value.numerator}/{value.denominator}"


_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
