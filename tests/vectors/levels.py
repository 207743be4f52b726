"""Kinds of vectors about service levels: uptime, ratio."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.engine.evidence.records import AnyRecord, Exclusion, State, Status, Tally
from tests.vectors.terms import Stretch, document, instant, stretch
from tests.vectors.trial import Given, Trial, trial_of_one

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
    return f"{{id: {component['id']}, since: {instant(since):%Y-%m-%dT%H:%M:%SZ}}}"


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
    empty = {"met": "met", "missed": "missed"}.get(str(given.get("no_data")), "undecided")
    at = datetime(2025, 1, 1, tzinfo=UTC)
    end = at + timedelta(days=int(given.get("days_in_period", 31)))
    when = stretch({"from": at.isoformat(), "to": end.isoformat()})
    text = document(given, term=when.term, measure=f"{{kind: ratio, of: events, good: good, empty: {empty}}}")
    records = [
        _tally(result, count, at)
        for result, count in (("good", given["good"]), ("bad", given["total"] - given["good"]))
        if count
    ]
    return trial_of_one(text, records, when.label)


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
