"""Kinds of vectors about cases, slices and users: slots, percent_within, user_minutes, late_penalty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status, Tally, Transition
from makegood.engine.judging.judge import judge
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.interval import Interval, clip, union
from tests.vectors.levels import SOURCE
from tests.vectors.terms import document, instant, stretch
from tests.vectors.trial import CannotSay, Given, Trial, agreed, figures, trial_of_one, warnings

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
WHOLE = {
    days: datetime(year, month, 1, tzinfo=UTC)
    for days, year, month in (
        *((28, 2025, 2), (29, 2024, 2), (30, 2025, 4), (31, 2025, 1)),
        *((90, 2025, 1), (91, 2025, 4), (92, 2025, 7), (365, 2025, 1), (366, 2024, 1)),
    )
}
MOST_SLOTS = 40 * 366 * 24 * 60  # so many minutes lie in a term of forty years
POPULATIONS = ("resolved_in_period", "opened_in_period", "resolved_plus_open_overdue")
PARTS = {"up": "started", "ceil": "started", "down": "completed", "floor": "completed"}
COUNTED = {"exact": "exact", "whole": "completed", **PARTS}


def _empty(given: Given) -> str:
    """Return the term that says what a period with nothing in it is."""
    rule = {"met": "met", "missed": "missed", "not_measured": "undecided"}[given.get("no_data", "not_measured")]
    return f"empty: {rule}"


def slots(given: Given) -> Trial:
    """Slots of equal length, each with requests and bad ones, laid end to end."""
    policy = given["policy"]
    number = sum(slot["count"] for slot in given["slots"])
    start, every = _laid_out(number)
    when = stretch({"from": start.isoformat(), "to": (start + number * every).isoformat()})
    terms = [f"every: {int(every.total_seconds())}s"]
    if policy["mode"] == "mean_error_rate":
        weight = "equal" if policy.get("weight", "equal") == "equal" else "by_events"
        empty = "good" if policy.get("empty", "zero_error") == "zero_error" else "skipped"
        terms += ["method: mean_error_rate", f"weight: {weight}", f"empty: {empty}"]
    else:
        sign = {"gt": ">", "gte": ">="}[policy["bad_if"]["op"]]
        terms += ["method: share_of_bad_slices", f'bad_when: "{sign} {policy["bad_if"]["value"]}%"', "empty: good"]
    measure = f"{{kind: ratio, of: events, good: good, {_empty(given)}, slices: {{{', '.join(terms)}}}}}"
    return trial_of_one(
        document(given, term=when.term, measure=measure), list(_slices(given, start, every)), when.label
    )


def _laid_out(number: int) -> tuple[datetime, timedelta]:
    """Return when slots begin and how long each is: so that they fill a month, quarter or year if they can."""
    for minutes in (1, 5, 10, 15, 30, 60):
        days, rest = divmod(number * minutes, 24 * 60)
        if not rest and days in WHOLE:
            return WHOLE[days], timedelta(minutes=minutes)
    return BEGINNING, timedelta(minutes=1) if number <= MOST_SLOTS else timedelta(seconds=1)


def _slices(given: Given, start: datetime, every: timedelta) -> Iterator[AnyRecord]:
    """Yield what was counted in each slot; in the first it is counted even if it is nothing."""
    at = start
    for slot in given["slots"]:
        for _ in range(slot["count"]):
            for result, count in (("good", slot["requests"] - slot["bad"]), ("bad", slot["bad"])):
                if count or at == start:
                    name = f"{result}/{at.isoformat()}"
                    yield Tally(
                        source=SOURCE,
                        source_id=name,
                        subject="",
                        of="events",
                        result=result,
                        count=count,
                        start=at,
                        end=at,
                    )
            at += every


def user_minutes(given: Given) -> Trial:
    """Outages that touch some of the users."""
    when = stretch(given["period"])
    start, end = instant(given["period"]["from"]), instant(given["period"]["to"])
    text = document(
        given,
        term=when.term,
        services="service: {title: The service, critical: true}",
        measure=f"{{kind: availability, of: service, users: {{total: {given['users']}}}, unknown: {{as: up}}}}",
    )
    records = [_down("up", start, end, Status.UP)]
    records += [
        _down(f"down-{place}", instant(each["from"]), instant(each["to"]), Status.DOWN, str(each["users"]))
        for place, each in enumerate(given["outages"])
    ]
    return trial_of_one(text, records, when.label)


def _down(name: str, start: datetime, end: datetime, status: Status, users: str = "") -> AnyRecord:
    labels = (("users", users),) if users else ()
    return State(source=SOURCE, source_id=name, subject="service", status=status, start=start, end=end, labels=labels)


def percent_within(given: Given) -> Trial:
    """Tickets with limits by priority, on a calendar."""
    if given["population"] not in POPULATIONS:
        raise CannotSay(f"the population {given['population']}")
    when = stretch(given["period"])
    limits = ", ".join(f"{priority}: {seconds}s" for priority, seconds in given["targets"].items())
    calendar, clock = _calendar(given["calendar"])
    text = document(
        given,
        term=when.term,
        more=calendar,
        measure=f"{{kind: within, cases: ticket, limits: {{{limits}}}, population: {given['population']},"
        f" clock: {{pause: paused{clock}}}, excluded: {{agreed: {{effect: shrink}}}}, {_empty(given)}}}",
    )
    records = [record for ticket in given["tickets"] for record in _ticket(ticket, given["targets"])]
    return trial_of_one(text, records, when.label)


def _calendar(given: Mapping[str, Any]) -> tuple[str, str]:
    """Return the calendars of the document, and the term that puts a clock on one."""
    if given.get("always"):
        return "", ""
    days = ", ".join(f"{day}: [{_windows(windows)}]" for day, windows in given["weekly"].items())
    closed = ", ".join(given.get("holidays", []))
    terms = f"days: {{{days}}}, timezone: {given['timezone']}, extra_closed: [{closed}]"
    return f"calendars:\n  hours: {{{terms}}}", ", on: hours"


def _windows(windows: Sequence[Sequence[str]]) -> str:
    return ", ".join(f'"{opens}-{closes}"' for opens, closes in windows)


def _ticket(ticket: Mapping[str, Any], targets: Mapping[str, Any]) -> Iterator[AnyRecord]:
    steps = [("opened", instant(ticket["opened"]))]
    resolved = instant(ticket["resolved"]) if ticket.get("resolved") else None
    for pause in _pauses(ticket, resolved):
        steps += [("paused", pause.start)]
        if resolved is None or pause.end < resolved:
            steps += [("active", pause.end)]
    if resolved is not None:
        steps.append(("resolved", resolved))
    alone = next(iter(targets)) if len(targets) == 1 else "default"
    for place, (state, at) in enumerate(steps):
        yield Transition(
            source=SOURCE,
            source_id=f"{ticket['id']}/{place}",
            case=str(ticket["id"]),
            of="ticket",
            state=state,
            at=at,
            priority=ticket.get("priority") or alone,
        )
    if ticket.get("excluded"):
        at = instant(ticket["opened"])
        yield Exclusion(
            source=SOURCE, source_id=f"{ticket['id']}/out", cause="agreed", case=str(ticket["id"]), start=at, end=at
        )


def _pauses(ticket: Mapping[str, Any], resolved: datetime | None) -> tuple[Interval, ...]:
    """Return the pauses between opening and resolution: apart from one another, each once."""
    end = resolved or datetime(2190, 1, 1, tzinfo=UTC)
    opened = instant(ticket["opened"])
    pauses = [
        Interval(instant(each["from"]), instant(each["to"]) if each.get("to") else end)
        for each in ticket.get("pauses") or []
    ]
    return clip(union(pauses), Interval(opened, max(opened, end)))


def late_penalty(given: Given) -> Trial:
    """Something delivered late."""
    due, delivered = instant(given["agreed"]), instant(given["delivered"])
    first, last = min(due, delivered) - timedelta(days=1), max(due, delivered) + timedelta(days=1)
    when = stretch({"from": first.isoformat(), "to": last.isoformat()})
    unit = f"count_in: {given['unit_s']}s, parts: {PARTS[given['partial_unit']]}"
    stop = f", long_stop_units: {given['terminate_after_units']}" if "terminate_after_units" in given else ""
    every = f"unit: {given.get('every', 1)}, counted: {COUNTED[given.get('partial_every', 'exact')]}"
    cap = f", at_most: {given['cap_pct']}%" if given.get("cap_pct") else ""
    text = document(
        given,
        term=when.term,
        measure=f"{{kind: milestone, of: delivery, due: {due:%Y-%m-%dT%H:%M:%SZ}, {unit}{stop}}}",
        target=f"<= {given.get('grace_units', 0)}",
        stake=f"{{of: {given['base']} EUR, per_unit: {{{every}, credit: {given['pct']}%}}{cap}}}",
    )
    reached = Transition(
        source=SOURCE, source_id="delivered", case="delivery", of="milestone", state="reached", at=delivered
    )
    agreement = agreed(text)
    (period,) = periods_of(agreement)
    judgement = judge(agreement, period, Evidence.of([reached]))
    credits, value = period_credits(agreement, judgement), judgement.verdicts[0].measurement.value
    found = {
        **figures(judgement.verdicts[0]),
        "units": value.numerator if value is not None else None,
        "credit": credits.total.plain,
        "may_terminate": bool(credits.rights),
        "warnings": warnings(credits),
    }
    return Trial(text, [reached], found)
