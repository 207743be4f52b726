"""Vectors about money for time: per unit of outage, in proportion to it, and by windows of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.engine.evidence.records import AnyRecord, State, Status
from makegood.engine.money.per_unit import shortfall, units_short
from tests.vectors.levels import SOURCE
from tests.vectors.terms import Stretch, document, instant, stretch
from tests.vectors.trial import CannotSay, Given, Trial, agreed, judged, number, trial_of_one

START = datetime(2025, 1, 1, tzinfo=UTC)
SERVICE = "service: {title: The service, critical: true}"
COUNTED = {"ceil": "started", "floor": "completed", "exact": "exact"}


def _lasting(seconds: int) -> Stretch:
    return stretch({"from": START.isoformat(), "to": (START + timedelta(seconds=seconds)).isoformat()})


def _state(name: str, status: Status, start: datetime, end: datetime, users: str = "") -> AnyRecord:
    labels = (("users", users),) if users else ()
    return State(source=SOURCE, source_id=name, subject="service", status=status, start=start, end=end, labels=labels)


def _outage(total: int, down: int, users: str = "") -> list[AnyRecord]:
    return [
        _state("up", Status.UP, START, START + timedelta(seconds=total)),
        _state("down", Status.DOWN, START, START + timedelta(seconds=down), users),
    ]


def per_unit(given: Given) -> Trial:
    """Units of downtime beyond an allowance."""
    when = _lasting(given["total_s"])
    allowed = "0s"
    if "allowance_pct" in given:
        allowed = f"{100 - number(given['allowance_pct'])}%"
    if "allowance_s" in given:
        allowed = f"{given['allowance_s']}s"
    unit = f"unit: {given['unit_s']}s, counted: {COUNTED[given['unit_rounding']]}, allowance: {allowed}"
    cap = f", at_most: {given['cap_pct']}%" if given.get("cap_pct") is not None else ""
    text = document(
        given,
        term=when.term,
        services=SERVICE,
        measure="{kind: availability, of: service}",
        target=">= 100%",
        stake=f"{{of: {given['charge']} EUR, per_unit: {{{unit}, credit: {_each(given)}}}{cap}}}",
    )
    records = _outage(given["total_s"], given["downtime_s"])
    trial = trial_of_one(text, records, when.label)
    outcome = agreed(text).outcomes["outcome"]
    if outcome.stake is None or outcome.stake.per_unit is None:
        raise AssertionError("the document has a stake by units")
    measured = judged(text, records, when.label)[0].verdicts[0].measurement
    units = units_short(outcome.stake.per_unit, shortfall(outcome.stake.per_unit, outcome.target, measured))
    return Trial(text, records, {**trial.found, "units": units.decimal(6) if "/" in str(units) else str(units)})


def _each(given: Given) -> str:
    """Return what a unit pays."""
    per: dict[str, Any] = given["per_unit"]
    if "pct" in per:
        return f"{per['pct']}%"
    if "amount" in per:
        return f"{per['amount']} EUR"
    if "times_prorated" in per:
        return f"{per['times_prorated']}x prorated"
    if "days" not in per:
        raise CannotSay(f"a unit that pays by {', '.join(per)}")
    if int(per["days_in_period"]) * 86_400 == given["total_s"]:
        return f"{per['days']} days"
    share = f"{number(per['days']) * 100 / number(per['days_in_period'])}"
    if "/" in share:
        raise CannotSay("days of another period than the one that is judged")
    return f"{share}%"


def prorated_fraction(given: Given) -> Trial:
    """An outage that touched a share of the users, credited in proportion, and several times that."""
    scheduled = int(given["scheduled_s"])
    when = _lasting(scheduled)
    touched = number(given.get("affected_ratio", "1"))
    cap = given.get("cap")
    more = ""
    if cap is not None:
        before = f"brought_forward: {{credits: {cap.get('already_credited', '0.00')} EUR}}"
        more = f"caps: [{{per: contract, at: {cap['amount']} EUR, {before}}}]"
    text = document(
        given,
        term=when.term,
        services=SERVICE,
        measure=f"{{kind: availability, of: service, users: {{total: {touched.denominator}}}}}",
        target=">= 100%",
        stake=f"{{of: {given['charge']} EUR, linear: {{times: {given.get('multiplier', '1')}}}}}",
        more=more,
    )
    records = _outage(scheduled, int(given["outage_s"]), str(touched.numerator))
    return trial_of_one(text, records, when.label)


def window_refund(given: Given) -> Trial:
    """Fixed windows of which each bad one is refunded."""
    when = stretch(given["period"])
    window = f"every: {given['window_s']}s, below: {given['below_pct']}%, price: {given['price_per_window']}"
    text = document(
        given,
        term=when.term,
        services=SERVICE,
        measure="{kind: availability, of: service}",
        target=">= 100%",
        stake=f"{{windows: {{{window}}}}}",
    )
    records = [_state("up", Status.UP, instant(given["period"]["from"]), instant(given["period"]["to"]))]
    records += [
        _state(f"down-{place}", Status.DOWN, instant(each["from"]), instant(each["to"]))
        for place, each in enumerate(given["down"])
    ]
    trial = trial_of_one(text, records, when.label)
    bad = judged(text, records, when.label)[0].verdicts[0].measurement.bad_windows
    return Trial(text, records, {**trial.found, "windows": bad})
