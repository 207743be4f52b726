"""Kinds of vectors about service levels: uptime, ratio, slots, percent_within, per_unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status, Tally, Transition
from makegood.engine.money.per_unit import shortfall, units_short
from tests.vectors.terms import Stretch, document, instant, stretch
from tests.vectors.trial import CannotSay, Given, Trial, agreed, judged, number, trial_of_one

SOURCE = "vector"
COMBINED = {"any_down": "all_of", "all_down": "any_of", "component_seconds": "each"}
QUANTISED = {
    "seconds": "seconds",
    "minutes_touched": "touched_minutes",
    "minutes_full": "full_minutes",
    "elapsed_minutes_floor": "elapsed_minutes",
}
APRIL = Stretch("{from: 2025-04-01, until: 2025-05-01, timezone: UTC}", "2025-04")
JANUARY = Stretch("{from: 2025-01-01, until: 2025-02-01, timezone: UTC}", "2025-01")


def uptime(given: Given) -> Trial:
    """Components with down and unknown stretches, exclusions, and a policy of how they count."""
    when = stretch(given["period"])
    policy = given["policy"]
    ignore = policy.get("ignore") or {}
    effect = {"remove_from_total": "shrink", "count_as_up": "up"}[policy["excluded"]]
    unknown = {"up": "up", "down": "down", "remove_from_total": "excluded"}[policy["unknown"]]
    count = [
        f"granularity: {QUANTISED[policy['quantise']]}",
        f"from: {'reported' if policy['count_from'] == 'reported_at' else 'outage_start'}",
    ]
    if "shorter_than_s" in ignore:
        count.append(f"ignore_shorter_than: {ignore['shorter_than_s']}s")
    if "not_longer_than_s" in ignore:
        count.append(f"ignore_up_to: {ignore['not_longer_than_s']}s")
    parts = ", ".join(_component(each) for each in given["components"])
    text = document(
        given,
        term=when.term,
        services=f"service: {{title: The service, critical: true, made_of: {{{COMBINED[policy['combine']]}: [{parts}]}}}}",
        measure=f"{{kind: availability, of: service, count: {{{', '.join(count)}}},"
        f" excluded: {{agreed: {{effect: {effect}}}}}, unknown: {{as: {unknown}}}}}",
    )
    return trial_of_one(text, list(_states(given)), when.label)


def _component(component: dict[str, Any]) -> str:
    since = component.get("since")
    if since is None:
        return str(component["id"])
    if instant(since).time() != datetime.min.time():
        raise CannotSay("a component that counts from an instant within a day")
    return f"{{id: {component['id']}, since: {instant(since):%Y-%m-%d}}}"


def _states(given: Given) -> Iterator[AnyRecord]:
    start, end = instant(given["period"]["from"]), instant(given["period"]["to"])
    for component in given["components"]:
        name = component["id"]
        since = instant(component["since"]) if "since" in component else start
        yield _state(f"{name}-up", name, Status.UP, min(since, start) if "since" not in component else since, end)
        for number_, out in enumerate(component["down"]):
            yield _state(f"{name}-down-{number_}", name, Status.DOWN, instant(out["from"]), instant(out["to"]), out)
        for number_, gap in enumerate(component.get("unknown", [])):
            yield _state(f"{name}-gap-{number_}", name, Status.UNKNOWN, instant(gap["from"]), instant(gap["to"]))
    for number_, span in enumerate(given["excluded"]):
        yield Exclusion(
            source=SOURCE,
            source_id=f"excluded-{number_}",
            cause="agreed",
            start=instant(span["from"]),
            end=instant(span["to"]),
        )


def _state(
    name: str, subject: str, status: Status, start: datetime, end: datetime, out: dict[str, str] | None = None
) -> State:
    reported = instant(out["reported_at"]) if out and "reported_at" in out else None
    return State(
        source=SOURCE, source_id=name, subject=subject, status=status, start=start, end=end, reported_at=reported
    )


def ratio(given: Given) -> Trial:
    """Good of total."""
    text = document(given, term=APRIL.term, measure="{kind: ratio, of: events, good: good}")
    at = datetime(2025, 4, 10, tzinfo=UTC)
    records = [
        _tally(result, count, at)
        for result, count in (("good", given["good"]), ("bad", given["total"] - given["good"]))
        if count
    ]
    return trial_of_one(text, records, APRIL.label)


def slots(given: Given) -> Trial:
    """Slots of equal length, each with requests and bad ones, laid end to end over whole days of a year's start."""
    policy = given["policy"]
    total = sum(slot["count"] for slot in given["slots"])
    every = next((minutes for minutes in (1, 5, 10, 15, 30, 60) if _fits(total * minutes)), None)
    if every is None:
        raise CannotSay("slots that fill no whole days")
    start = datetime(2025, 1, 1, tzinfo=UTC)
    when = stretch({"from": start.isoformat(), "to": (start + timedelta(minutes=total * every)).isoformat()})
    terms = [f"every: {every}m"]
    if policy["mode"] == "mean_error_rate":
        terms += ["method: mean_error_rate", f"weight: {'equal' if policy['weight'] == 'equal' else 'by_events'}"]
        terms.append(f"empty: {'good' if policy['empty'] == 'zero_error' else 'skipped'}")
    else:
        sign = {"gt": ">", "gte": ">="}[policy["bad_if"]["op"]]
        terms += ["method: share_of_bad_slices", f'bad_when: "{sign} {policy["bad_if"]["value"]}%"', "empty: good"]
    text = document(
        given, term=when.term, measure=f"{{kind: ratio, of: events, good: good, slices: {{{', '.join(terms)}}}}}"
    )
    return trial_of_one(text, list(_slices(given, start, timedelta(minutes=every))), when.label)


def _fits(minutes: int) -> bool:
    days, rest = divmod(minutes, 24 * 60)
    return not rest and days in {14, 30, 31, 59, 90}


def _slices(given: Given, at: datetime, every: timedelta) -> Iterator[AnyRecord]:
    for slot in given["slots"]:
        for _ in range(slot["count"]):
            good = slot["requests"] - slot["bad"]
            if good:
                yield _tally("good", good, at)
            if slot["bad"]:
                yield _tally("bad", slot["bad"], at)
            at += every


def _tally(result: str, count: int, at: datetime) -> Tally:
    return Tally(
        source=SOURCE,
        source_id=f"{result}/{at.isoformat()}",
        subject="service",
        of="events",
        result=result,
        count=count,
        start=at,
        end=at,
    )


def percent_within(given: Given) -> Trial:
    """Tickets with limits by priority."""
    if not given["calendar"].get("always"):
        raise CannotSay("a calendar of its own in percent_within")
    when = stretch(given["period"])
    limits = ", ".join(f"{priority}: {seconds}s" for priority, seconds in given["targets"].items())
    text = document(
        given,
        term=when.term,
        measure=f"{{kind: within, cases: ticket, limits: {{{limits}}}, population: {given['population']},"
        " clock: {pause: paused}, excluded: {agreed: {effect: shrink}}}",
    )
    records = [record for ticket in given["tickets"] for record in _ticket(ticket)]
    return trial_of_one(text, records, when.label)


def _ticket(ticket: dict[str, Any]) -> Iterator[AnyRecord]:
    steps = [("opened", ticket["opened"])]
    for pause in ticket.get("pauses", []):
        steps += [("paused", pause["from"]), ("active", pause["to"])]
    if "resolved" in ticket:
        steps.append(("resolved", ticket["resolved"]))
    for place, (state, at) in enumerate(steps):
        yield Transition(
            source=SOURCE,
            source_id=f"{ticket['id']}/{place}",
            case=ticket["id"],
            of="ticket",
            state=state,
            at=instant(at),
            priority=ticket.get("priority", ""),
        )
    if ticket.get("excluded"):
        at = instant(ticket["opened"])
        yield Exclusion(
            source=SOURCE, source_id=f"{ticket['id']}/out", cause="agreed", case=ticket["id"], start=at, end=at
        )


def per_unit(given: Given) -> Trial:
    """Units of downtime beyond an allowance."""
    when = {30: APRIL, 31: JANUARY}.get(given["total_s"] // 86_400)
    if when is None or given["total_s"] % 86_400:
        raise CannotSay("a period of another length than a month")
    allowed = f"{given['allowance_s']}s" if "allowance_s" in given else f"{100 - number(given['allowance_pct'])}%"
    counted = {"ceil": "started", "floor": "completed", "exact": "exact"}[given["unit_rounding"]]
    unit = f"unit: {given['unit_s']}s, counted: {counted}, allowance: {allowed}"
    text = document(
        given,
        term=when.term,
        services="service: {title: The service, critical: true}",
        measure="{kind: availability, of: service}",
        target=">= 100%",
        stake=f"{{of: {given['charge']} EUR, per_unit: {{{unit}, credit: {_per_unit(given)}}},"
        f" at_most: {given['cap_pct']}%}}",
    )
    year, month = map(int, when.label.split("-"))
    start = datetime(year, month, 1, tzinfo=UTC)
    records = [
        _state("up", "service", Status.UP, start, start + timedelta(seconds=given["total_s"])),
        _state("down", "service", Status.DOWN, start, start + timedelta(seconds=given["downtime_s"])),
    ]
    trial = trial_of_one(text, records, when.label)
    outcome = agreed(text).outcomes["outcome"]
    if outcome.stake is None or outcome.stake.per_unit is None:
        raise AssertionError("the document has a stake by units")
    measured = judged(text, records, when.label)[0].verdicts[0].measurement
    units = units_short(outcome.stake.per_unit, shortfall(outcome.stake.per_unit, outcome.target, measured))
    return Trial(text, records, {**trial.found, "units": str(units)})


def _per_unit(given: Given) -> str:
    per = given["per_unit"]
    if "pct" in per:
        return f"{per['pct']}%"
    if "days" in per:
        share = number(per["days"]) * 100 / per["days_in_period"]
        amount = number(given["charge"]) * share / 100
        if (amount * 100).denominator == 1:
            return f"{amount.decimal(2)} EUR"
    raise CannotSay("a credit in days or in multiples of the prorated fee")
