"""Kinds of vectors about money: pool, overlap, ledger; and those that ask the vocabulary alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from makegood.engine.agreement.terms import PartialPeriod
from makegood.engine.evidence.body import Evidence
from makegood.engine.evidence.records import AnyRecord, Correction, Statement, Tally
from makegood.engine.money.closing import account, close_periods, due_periods
from makegood.engine.money.fee import months_charged
from makegood.engine.money.settlement import Posting
from makegood.engine.vocabulary.amount import Amount
from makegood.engine.vocabulary.calendar import Calendar, Window
from makegood.engine.vocabulary.interval import Interval
from makegood.engine.vocabulary.period import Every, periods
from makegood.engine.vocabulary.ratio import Ratio
from makegood.engine.vocabulary.rounding import Rounding
from makegood.engine.vocabulary.times import show_instant
from tests.vectors.levels import APRIL, SOURCE
from tests.vectors.terms import credit_block, document, instant, target_text
from tests.vectors.trial import CannotSay, Given, Trial, agreed, judged, number

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_PARTS = (
    "makegood: agreement/1\nagreement: vector\ntitle: A vector\nparties: {provider: provider, customer: customer}\n"
)


def pool(given: Given) -> Trial:
    """Defaults in percent of the charge, or by their part of a pool of weights, capped at the amount at risk."""
    weighted = [each for each in given["defaults"] if "pct_of_charge" not in each]
    stakes = {each["id"]: _stake(each, given) for each in given["defaults"]}
    more = f"caps: [{{per: period, at: {given['at_risk_pct']}% of monthly_fee}}]\n"
    money = "{currency: EUR}"
    if weighted:
        weights = sum((_weight(each, given) for each in weighted), Ratio(0))
        most = max(weights, number(given.get("pool_pct", 100)) / 100)
        money = f"{{currency: EUR, at_risk: {{percent: {given['at_risk_pct']}%, pool: {_percent(most)}}}}}"
    text = _missed(stakes, charge=given["charge"], more=more, money=money)
    _, credits = judged(text, _all_bad(stakes), APRIL.label)
    uncapped = Amount.total((credit.raw for credit in credits.credits), "EUR")
    each = {credit.outcome: credit.raw.plain for credit in credits.credits}
    found = {"uncapped": uncapped.plain, "credit": credits.total.plain, "defaults": each, "credits": each}
    at_risk = Amount.parse(given["charge"], "EUR").times(number(given["at_risk_pct"]) / 100)
    return Trial(text, _all_bad(stakes), {**found, "at_risk": at_risk.plain})


def _stake(default: dict[str, str], given: Given) -> str:
    if "pct_of_charge" in default:
        return f"{{of: {default['pct_of_charge']}% of monthly_fee}}"
    return f"{{weight: {_percent(_weight(default, given))}}}"


def _weight(default: dict[str, str], given: Given) -> Ratio:
    """Return the part of the amount at risk that a default has: its allocation of the pool."""
    whole = number(default.get("pool_pct", given.get("pool_pct", 100))) / 100
    return whole * number(default.get("alloc_pct", 100)) / 100


def _percent(share: Ratio) -> str:
    text = f"{share * 100}%"
    if "/" in text:
        raise CannotSay("a share whose decimals never end")
    return text


def overlap(given: Given) -> Trial:
    """One incident that made several outcomes miss."""
    stakes = {name: f"{{of: {amount} EUR}}" for name, amount in given["credits"].items()}
    text = _missed(stakes, charge="0.00", more=f"per_incident: {given['rule']}\n")
    records = _all_bad(stakes, incident="I-1")
    if given["rule"] == "customer_choice" and given.get("choice"):
        at = datetime(2025, 4, 20, tzinfo=UTC)
        chosen = given["choice"]
        records.append(
            Statement(
                source=SOURCE,
                source_id="choice",
                subject=chosen,
                of="I-1",
                value=Ratio(1),
                unit="choice",
                at=at,
                by="customer",
            )
        )
    _, credits = judged(text, records, APRIL.label)
    counted = sorted(credit.outcome for credit in credits.credits if credit.amount)
    return Trial(text, records, {"credit": credits.total.plain, "counted": counted})


def _missed(stakes: dict[str, str], *, charge: str, more: str, money: str = "{currency: EUR}") -> str:
    outcomes = "".join(
        f"  {name}:\n    promise: It is kept.\n    critical: true\n"
        f'    measure: {{kind: ratio, of: {name}, good: good}}\n    target: ">= 100%"\n    stake: {stake}\n'
        for name, stake in stakes.items()
    )
    fee = f"services: {{service: {{title: The service, fee: {{monthly: {charge}}}}}}}\n"
    return f"{NO_PARTS}term: {APRIL.term}\nmoney: {money}\n{fee}outcomes:\n{outcomes}{more}"


def _all_bad(stakes: dict[str, str], incident: str = "") -> list[AnyRecord]:
    at = datetime(2025, 4, 10, tzinfo=UTC)
    return [
        Tally(
            source=SOURCE,
            source_id=name,
            subject="",
            of=name,
            result="bad",
            count=1,
            start=at,
            end=at,
            incident=incident,
        )
        for name in stakes
    ]


def ledger(given: Given) -> Trial:
    """Measurements that come and are corrected while periods close."""
    events = sorted(given["events"], key=lambda event: event["at"])
    labels = sorted({event["period"] for event in events})
    first = datetime.strptime(f"{labels[0]}-01", "%Y-%m-%d").replace(tzinfo=UTC)
    rule = {**given["rule"], "charge": given["charge"]}
    text = document(
        rule,
        term=f"{{from: {first:%Y-%m-%d}, months: 60, timezone: UTC}}",
        measure="{kind: ratio, of: events, good: good}",
        stake=credit_block(rule, "EUR"),
        target=target_text(rule["target"]),
        more="closing: {after: 1h}",
    )
    agreement = agreed(text)
    records: list[AnyRecord] = []
    booked: list[Posting] = []
    closed: list[str] = []
    for place, event in enumerate(events):
        if event["type"] != "close":
            records += _measured(event, place, records)
            continue
        now = datetime.combine(date.fromisoformat(event["at"]), time(), UTC)
        due = [each for each in due_periods(agreement, now) if each.label in {*closed, event["period"]}]
        seen = account(agreement=agreement, periods=due, evidence=Evidence.of(records))
        for closing in close_periods(agreement=agreement, seen=seen, booked=booked, closed=closed, snapshot=place):
            booked += closing.postings
            closed += [closing.in_period] if closing.closes else []
    entries = [
        {
            "in_period": each.in_period,
            "for_period": each.for_period,
            "amount": each.amount.plain,
            "kind": each.kind.value,
        }
        for each in booked
    ]
    final = {
        label: Amount.total((each.amount for each in booked if each.for_period == label), "EUR").plain
        for label in dict.fromkeys(each.for_period for each in booked)
    }
    return Trial(text, records, {"entries": entries, "final": final})


def _measured(event: dict[str, str], place: int, before: list[AnyRecord]) -> list[AnyRecord]:
    """Return the evidence of a value, and what withdraws the evidence of the value before it."""
    value = number(event["value"]) / 100
    at = datetime.strptime(f"{event['period']}-10", "%Y-%m-%d").replace(tzinfo=UTC)
    found: list[AnyRecord] = [
        Correction(source=SOURCE, source_id=f"{place}-{each.source_id}", of=SOURCE, corrects=each.source_id, reason="?")
        for each in before
        if isinstance(each, Tally) and each.start == at
    ]
    for result, count in (("good", value.numerator), ("bad", value.denominator - value.numerator)):
        found.append(
            Tally(
                source=SOURCE,
                source_id=f"{place}-{result}",
                subject="",
                of="events",
                result=result,
                count=count,
                start=at,
                end=at,
            )
        )
    return found


def month(given: Given) -> Trial:
    """A month that starts on any day, cut in a zone."""
    first = date(given["year"], given["month"], 1)
    found = periods(
        start=first - timedelta(days=31),
        end=first + timedelta(days=93),
        every=Every.MONTH,
        starts_on=given["start_day"],
        zone=given["timezone"],
    )
    wanted = next(each for each in found if not each.partial and each.first_day.month == given["month"])
    span = wanted.interval
    return Trial(found={"from": show_instant(span.start), "to": show_instant(span.end), "seconds": span.seconds})


def clock(given: Given) -> Trial:
    """Elapsed and due time on a business calendar."""
    calendar = _calendar(given["calendar"])
    start = instant(given["start"])
    pauses = [Interval(instant(each["from"]), instant(each["to"])) for each in given.get("pauses", [])]
    found: dict[str, Any] = {}
    if "target_s" in given:
        found["due"] = show_instant(calendar.due(start, given["target_s"], pauses=pauses))
    if "end" in given:
        found["elapsed_s"] = calendar.elapsed(start, instant(given["end"]), pauses=pauses)
        if "target_s" in given:
            found["met"] = found["elapsed_s"] <= given["target_s"]
    return Trial(found=found)


def _calendar(given: dict[str, Any]) -> Calendar:
    if given.get("always"):
        return Calendar.always()
    weekly = tuple(
        tuple(Window(_minute(opens), _minute(closes)) for opens, closes in given["weekly"].get(day, [])) for day in DAYS
    )
    closed = frozenset(date.fromisoformat(day) for day in given.get("holidays", []))
    return Calendar("vector", given["timezone"], weekly, closed=closed)


def _minute(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def prorate(given: Given) -> Trial:
    """A monthly charge for part of a month."""
    basis = {"actual_days": "actual_days", "thirty": "thirty", "actual_seconds": "actual_seconds"}[given["basis"]]
    start, end = date.fromisoformat(given["from"]), date.fromisoformat(given["to"])
    (period,) = periods(start=start, end=end, every=Every.MONTH, zone=given.get("timezone", "UTC"))
    months = months_charged(period, Every.MONTH, PartialPeriod(basis))
    whole = Amount.parse(given["monthly"], "EUR")
    charge = whole.times(months)
    return Trial(found={"charge": charge.plain, "rest": (whole - charge).plain})


def money_ops(given: Given) -> Trial:
    """Exact operations, rounded to cents where money comes out."""
    results = [Amount.of(_value(each), "EUR", Rounding.HALF_UP).plain for each in given["ops"]]
    return Trial(found={"results": results})


def _value(term: Any) -> Ratio:
    """Return the exact value of a term: a number, or an operation on terms."""
    if isinstance(term, str):
        return number(term)
    if "op" not in term:
        ((name, parts),) = term.items()
        first, *rest = [_value(each) for each in parts]
        return _folded(name, first, rest)
    values = [_value(each) for each in (term["of"] if isinstance(term["of"], list) else [term["of"]])]
    match term["op"]:
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "round":
            return Amount.of(values[0], "EUR").value
        case other:
            raise CannotSay(f"the operation {other}")


def _folded(name: str, found: Ratio, rest: Sequence[Ratio]) -> Ratio:
    for each in rest:
        match name:
            case "add":
                found += each
            case "sub":
                found -= each
            case "mul":
                found *= each
            case _:
                raise CannotSay(f"the operation {name}")
    return found
