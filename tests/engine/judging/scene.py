"""What the tests of judging are played with: one promise in the agreement's own language, and records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from makegood.engine.agreement.document import read
from makegood.engine.agreement.schedule import periods_of
from makegood.engine.agreement.terms import Agreement
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, Gauge, State, Statement, Status, Tally, Transition
from makegood.engine.judging.judge import judge
from makegood.engine.judging.verdict import Measurement, Miss, Verdict
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Period
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.reason import Reason

YEAR = "{from: 2025-01-01, months: 12, timezone: UTC}"
SERVICES = "{s: {title: The service}}"

_numbers: Iterator[int] = count(1)


def agreement(
    measure: str,
    *,
    target: str = ">= 99.9%",
    term: str = YEAR,
    services: str = SERVICES,
    calendars: str = "{}",
    more: str = "",
) -> Agreement:
    """Read an agreement with one outcome, called ``it``, as the command line reads one."""
    document = read(
        f"makegood: agreement/1\nagreement: one\ntitle: One promise\nparties: {{provider: p, customer: c}}\n"
        f"term: {term}\nmoney: {{currency: EUR}}\nservices: {services}\ncalendars: {calendars}\n"
        f"outcomes:\n  it:\n    promise: It is kept.\n    measure: {measure}\n    target: '{target}'\n    {more}\n"
    )
    assert document.agreement is not None, "\n".join(map(str, document.findings))
    return document.agreement


def period(terms: Agreement, label: str) -> Period:
    """Return a period of an agreement by its label."""
    return next(each for each in periods_of(terms) if each.label == label)


def verdict(terms: Agreement, when: str | Period, *records: AnyRecord) -> Verdict:
    """Judge the one outcome in a period, given by its label or as it is."""
    chosen = period(terms, when) if isinstance(when, str) else when
    return judge(terms, chosen, Evidence.of(records)).of("it")


def measured(terms: Agreement, when: str | Period, *records: AnyRecord) -> Measurement:
    """Measure the one outcome in a period."""
    return verdict(terms, when, *records).measurement


def at(text: str) -> datetime:
    """Return an instant of 2025 from ``04-10 10:00`` or ``04-10 10:00:30``, or of any year if it is written."""
    return datetime.fromisoformat(text if text[:2] == "20" else f"2025-{text}").replace(tzinfo=UTC)


def span(text: str) -> Interval:
    """Return the stretch of ``04-10 10:00 .. 04-10 10:20``."""
    start, end = text.split(" .. ")
    return Interval(at(start), at(end))


def state(
    status: Status,
    when: str,
    subject: str = "s",
    *,
    source: str = "monitor",
    incident: str = "",
    reported: str = "",
    labels: tuple[tuple[str, str], ...] = (),
    name: str = "",
) -> State:
    """Return a state from ``04-10 10:00 .. 04-10 10:20``, or without an end from ``04-10 10:00 ..``."""
    start, _, end = when.partition(" ..")
    return State(
        source=source,
        source_id=name or str(next(_numbers)),
        subject=subject,
        status=status,
        start=at(start),
        end=at(end.strip()) if end.strip() else None,
        reported_at=at(reported) if reported else None,
        incident=incident,
        labels=labels,
    )


def down(when: str, subject: str = "s", *, incident: str = "", reported: str = "", name: str = "") -> State:
    """Return an outage."""
    return state(Status.DOWN, when, subject, incident=incident, reported=reported, name=name)


def up(when: str, subject: str = "s") -> State:
    """Return a stretch in which a subject was up."""
    return state(Status.UP, when, subject)


def excluded(
    when: str,
    subject: str = "",
    *,
    cause: str = "maintenance",
    announced: str = "",
    case: str = "",
    labels: tuple[tuple[str, str], ...] = (),
    name: str = "",
) -> Exclusion:
    """Return an exclusion."""
    stretch = span(when)
    return Exclusion(
        source="plan",
        source_id=name or str(next(_numbers)),
        cause=cause,
        start=stretch.start,
        end=stretch.end,
        subject=subject,
        case=case,
        announced_at=at(announced) if announced else None,
        labels=labels,
    )


def tally(
    when: str,
    result: str,
    number: int = 1,
    *,
    of: str = "orders",
    subject: str = "shop",
    incident: str = "",
    labels: tuple[tuple[str, str], ...] = (),
    name: str = "",
) -> Tally:
    """Return so many events with one result at an instant."""
    return Tally(
        source="shop",
        source_id=name or str(next(_numbers)),
        subject=subject,
        of=of,
        result=result,
        count=number,
        start=at(when),
        end=at(when),
        incident=incident,
        labels=labels,
    )


def case(
    name: str, *steps: str, priority: str = "", incident: str = "", labels: tuple[tuple[str, str], ...] = ()
) -> list[Transition]:
    """Return the transitions of a case, written ``opened 04-02 08:00`` or ``active P1 04-02 09:00``."""
    found = []
    for place, step in enumerate(steps):
        entered, *named, day, hour = step.split()
        found.append(
            Transition(
                source="desk",
                source_id=f"{name}/{place}",
                case=name,
                of="incident",
                state=entered,
                at=at(f"{day} {hour}"),
                priority=named[0] if named else priority if place == 0 else "",
                incident=incident,
                labels=labels,
            )
        )
    return found


def gauge(
    when: str,
    value: str,
    subject: str = "s",
    *,
    of: str = "latency",
    unit: str = "ms",
    source: str = "probe",
    labels: tuple[tuple[str, str], ...] = (),
    name: str = "",
) -> Gauge:
    """Return a sample of a gauge."""
    return Gauge(
        source=source,
        source_id=name or str(next(_numbers)),
        subject=subject,
        of=of,
        value=Ratio.parse(value),
        unit=unit,
        at=at(when),
        labels=labels,
    )


def statement(
    when: str,
    value: str,
    *,
    by: str = "Erika",
    of: str = "satisfaction",
    unit: str = "",
    subject: str = "s",
    name: str = "",
) -> Statement:
    """Return what a person states."""
    return Statement(
        source="signed",
        source_id=name or str(next(_numbers)),
        subject=subject,
        of=of,
        value=Ratio.parse(value),
        unit=unit,
        at=at(when),
        by=by,
    )


def texts(reason: Reason) -> list[str]:
    """Return every sentence of an explanation, with its value."""
    return [f"{each.text}: {each.value}" if each.value else each.text for each in reason.walk()]


def minutes(start: datetime, *offsets: int) -> list[datetime]:
    """Return instants so many minutes after another."""
    return [start + timedelta(minutes=offset) for offset in offsets]


def shuffled(records: Iterable[AnyRecord]) -> list[AnyRecord]:
    """Return records in another order."""
    given = list(records)
    return given[1::2] + given[::2][::-1]


def told(found: Measurement) -> str:
    """Return all of a measurement as text: its figures, its explanation, what went wrong, and its parts."""
    figures = (
        f"{found.value} {found.unit}, {found.good} of {found.total}, coverage {found.coverage}, empty {found.empty}"
    )
    further = {
        "invalid": found.invalid or "",
        "undecided": found.undecided,
        "breached": found.breached,
        "earlier": "" if found.earlier is None else found.earlier,
        "right": found.right,
        "bad windows": found.bad_windows or "",
    }
    figures += "".join(f"; {name}: {value}" for name, value in further.items() if value != "")
    assert all(isinstance(each.value, str) for each in found.reason.walk())
    return "\n".join([figures, *found.reason.lines(), *map(_missed, found.misses), *map(str, found.parts), ""])


def _missed(miss: Miss) -> str:
    named = f"{miss.incident!r}, {miss.evidence}, {tuple(map(str, miss.spans))}"
    return f"miss: {miss.what}, {miss.size}, {named}, {miss.step!r}, {miss.item!r}"
