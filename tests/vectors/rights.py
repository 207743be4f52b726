"""Vectors about what has to be asked for or earned: claims and outcome fees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from makegood.engine.agreement.schedule import periods_of
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, State, Statement, Status, Tally, Transition
from makegood.engine.judging.judge import judge
from makegood.engine.money.credits import period_credits
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.times import show_instant, zone
from tests.vectors.levels import SOURCE
from tests.vectors.sums import NO_PARTS
from tests.vectors.terms import instant
from tests.vectors.trial import CannotSay, Given, Trial, agreed, number

HOUR = timedelta(hours=1)
MONTHS = ("month", "cycle", "period", "billing")
PROMISED = ("guaranteed", "guarantee", "guaranteed_saving", "promised")
REFUNDS = ("refund_pct", "guarantee_pct", "credit_pct", "money_back_pct")
FEE_KEYS = ("price", "fee", "charge", "amount", "base")


def claim(given: Given) -> Trial:
    """A credit that has to be claimed within its deadline."""
    incident = instant(given.get("incident") or given["fault"])
    timezone = given.get("timezone", "UTC")
    first = incident.astimezone(zone(timezone)).date().replace(day=1)
    text = (
        f"{NO_PARTS}term: {{from: {first}, months: 36, timezone: {timezone}}}\nmoney: {{currency: EUR}}\n"
        "services: {service: {title: The service}}\n"
        f"claims: {{{_rule(given)}}}\n"
        "outcomes:\n  outcome:\n    promise: What the vector promises.\n    critical: true\n"
        "    measure: {kind: availability, of: service}\n"
        f'    target: ">= 100%"\n    stake: {{of: {given["credit"]} EUR}}\n'
    )
    agreement = agreed(text)
    period = periods_of(agreement)[0]
    records = list(_events(given, incident, period.interval.start, period.interval.end, period.label))
    judgement = judge(agreement, period, Evidence.of(records))
    credits = period_credits(agreement, judgement)
    (found,) = judgement.claims
    deadline = show_instant(found.deadline) if found.deadline is not None else None
    status = "accepted" if found.accepted else "forfeited"
    return Trial(text, records, {"status": status, "deadline": deadline, "credit": credits.total.plain})


def _rule(given: Given) -> str:
    """Return the term that a vector's rule is; what begins with a ticket is in time at its deadline."""
    if given["rule"] == "end_of_nth_cycle_after":
        return f"end_of_cycle: {given['n']}"
    if given["rule"] == "ticket_then_claim":
        ticket = f"ticket_within: {given['ticket_within_s']}s"
        return f"{ticket}, after_ticket: {given['claim_within_s']}s, at_deadline: in_time"
    span = _span(given)
    since = "after_period" if any(word in given["rule"] for word in MONTHS) else "after_incident"
    return f"{since}: {span}"


def _span(given: Given) -> str:
    for key, value in given.items():
        if key in {"n", "days", "within_days"} or key.endswith("_days"):
            return f"{value} days"
        if key.endswith(("_s", "seconds")):
            return f"{value}s"
        if key.endswith("hours"):
            return f"{value}h"
    raise CannotSay(f"the rule {given['rule']}")


def _events(given: Given, incident: datetime, start: datetime, end: datetime, label: str) -> Iterator[AnyRecord]:
    yield _state("up", Status.UP, start, end, "")
    yield _state("down", Status.DOWN, incident, min(incident + HOUR, end), "I-1")
    for key, state in (("ticket", "opened"), ("ticket_opened", "opened"), ("ticket_closed", "closed")):
        if given.get(key):
            yield _step("I-1", "incident", state, instant(given[key]))
    if given.get("received"):
        yield _step(label, "claim", "received", instant(given["received"]))


def _state(name: str, status: Status, start: datetime, end: datetime, incident: str) -> AnyRecord:
    return State(
        source=SOURCE, source_id=name, subject="service", status=status, start=start, end=end, incident=incident
    )


def _step(case: str, of: str, state: str, at: datetime) -> AnyRecord:
    return Transition(source=SOURCE, source_id=f"{of}/{case}/{state}", case=case, of=of, state=state, at=at)


def outcome_fee(given: Given) -> Trial:
    """A share of what was gained, or a fee for a result."""
    kinds = {"gain_share": _gain_share, "guarantee": _guarantee, "milestone": _milestone}
    if given["type"] not in kinds:
        raise CannotSay(f"a fee of the type {given['type']}")
    return kinds[given["type"]](given)


AT = datetime(2025, 4, 10, tzinfo=UTC)
HEAD = (
    f"{NO_PARTS}term: {{from: 2025-04-01, until: 2025-05-01, timezone: UTC}}\nmoney: {{currency: EUR}}\n"
    "services: {service: {title: The service}}\n"
)


def _gain_share(given: Given) -> Trial:
    gates: dict[str, bool] = given.get("gates") or {}
    only_if = f", only_if: [{', '.join(gates)}]" if gates else ""
    cap = f", at_most: {given['cap']} EUR" if given.get("cap") is not None else ""
    text = (
        f"{HEAD}incentives: {{gain: {{kind: gain_share, of: costs, baseline: {given['baseline']},"
        f" share: {given['share_pct']}%{only_if}{cap}}}}}\noutcomes:\n"
        f"{_outcome('costs', '{kind: stated, of: costs, unit: number}', '<= ' + given['baseline'])}"
        + "".join(_gate(name) for name in gates)
    )
    records = [_stated("costs", given["actual"]), *_tallies(gates)]
    total = _settled(text, records)
    return Trial(text, records, {"incentive": (-total).plain})


def _guarantee(given: Given) -> Trial:
    """A fixed price of which a part is given back for what was not reached."""
    price = next((given[key] for key in FEE_KEYS if key in given), None)
    promised = next((given[key] for key in PROMISED if key in given), None)
    if promised is not None and "actual" in given:
        return _guaranteed_saving(given, promised, price)
    if price is None:
        raise CannotSay("a guarantee without a price")
    met = _met(given)
    refund = next((given[key] for key in REFUNDS if key in given), "100")
    text = f"{_fees({'result': price})}" + _gate(
        "result", f"    stake: {{of: {price} EUR, tiers: [{{below: 100%, credit: {refund}%}}]}}\n"
    )
    records = list(_tallies({"result": met}))
    back = Amount.zero("EUR") if met else _settled(text, records)
    return Trial(text, records, _sums(Amount.parse(price, "EUR") - back, back))


def _guaranteed_saving(given: Given, promised: str, price: str | None) -> Trial:
    """A saving that is guaranteed: the provider makes up for what is lacking, up to its price."""
    limit = given.get("cap", price)
    most = f", loss_at_most: {limit} EUR" if limit is not None else ""
    share = next((given[key] for key in (*REFUNDS, "share_pct") if key in given), "100")
    text = (
        f"{HEAD}incentives: {{saving: {{kind: gain_share, of: saved, baseline: {promised}, share: 0%,"
        f" loss_share: {share}%{most}}}}}\noutcomes:\n"
        f"{_outcome('saved', '{kind: stated, of: saved, unit: number}', '>= ' + promised)}"
    )
    records = [_stated("saved", given["actual"])]
    back = _settled(text, records)
    return Trial(text, records, _sums(Amount.parse(price or "0.00", "EUR") - back, back))


def _milestone(given: Given) -> Trial:
    """Fees that are due when their milestones are reached."""
    price = next((given[key] for key in FEE_KEYS if key in given), None)
    parts = {f"m-{place}": each for place, each in enumerate(given.get("milestones", [given]))}
    fees = {name: _part(each, price) for name, each in parts.items()}
    text = _fees(fees) + "".join(_gate(name) for name in parts)
    records = list(_tallies({name: _met(each) for name, each in parts.items()}))
    paid = -_settled(text, records)
    return Trial(
        text, records, _sums(paid, Amount.total((Amount.parse(fee, "EUR") for fee in fees.values()), "EUR") - paid)
    )


def _part(milestone: dict[str, Any], price: str | None) -> str:
    """Return the fee of a milestone: its own, or its part of the price."""
    own = next((milestone[key] for key in FEE_KEYS if key in milestone), None)
    share = next((milestone[key] for key in ("pct", "share_pct", "fee_pct") if key in milestone), None)
    if share is not None and price is not None:
        return Amount.parse(price, "EUR").times(number(share) / 100).plain
    if own is None:
        raise CannotSay("a milestone without a fee")
    return str(own)


def _fees(fees: dict[str, str]) -> str:
    listed = ", ".join(
        f"fee-{name}: {{kind: outcome_fee, fee: {fee} EUR, paid_when: {name}}}" for name, fee in fees.items()
    )
    return f"{HEAD}incentives: {{{listed}}}\noutcomes:\n"


def _sums(paid: Amount, back: Amount) -> dict[str, str]:
    """Return the two sums of a fee under the names that it may have: what is paid, and what is not or comes back."""
    names = dict.fromkeys(("fee", "payable", "payment", "paid", "incentive", "due"), paid.plain)
    return names | dict.fromkeys(("refund", "credit", "withheld", "reduction", "guarantee_payment"), back.plain)


def _met(given: Given) -> bool:
    """Tell whether the result was reached: as the vector says, or by its value and target, or by its date."""
    for key in ("met", "accepted", "achieved", "reached", "done", "passed"):
        if key in given:
            return bool(given[key])
    if "target" in given:
        value = number(next(given[key] for key in ("value", "actual", "measured") if key in given))
        target: Any = given["target"]
        op, level = (target["op"], target["value"]) if isinstance(target, dict) else ("gte", target)
        level = number(level)
        return {"gte": value >= level, "gt": value > level, "lte": value <= level, "lt": value < level}[op]
    if "due" in given:
        done = next((given[key] for key in ("delivered", "accepted_at", "done", "completed") if given.get(key)), None)
        return done is not None and done <= given["due"]
    raise CannotSay("a result that the vector does not tell")


def _outcome(name: str, measure: str, target: str, more: str = "") -> str:
    return (
        f"  {name}:\n    promise: It is kept.\n    critical: true\n    measure: {measure}\n"
        f'    target: "{target}"\n{more}'
    )


def _gate(name: str, more: str = "") -> str:
    return _outcome(name, f"{{kind: ratio, of: {name}, good: good}}", ">= 100%", more)


def _tallies(gates: dict[str, bool]) -> Iterator[AnyRecord]:
    for name, met in gates.items():
        result = "good" if met else "bad"
        yield Tally(source=SOURCE, source_id=name, subject="", of=name, result=result, count=1, start=AT, end=AT)


def _stated(of: str, value: str) -> AnyRecord:
    return Statement(
        source=SOURCE, source_id=of, subject="service", of=of, value=number(value), unit="EUR", at=AT, by="customer"
    )


def _settled(text: str, records: list[AnyRecord]) -> Amount:
    agreement = agreed(text)
    (period,) = periods_of(agreement)
    return period_credits(agreement, judge(agreement, period, Evidence.of(records))).total
